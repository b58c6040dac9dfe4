"""Changes to a record's document, without Qt or store."""

from datetime import date

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import catalogue, schema_path
from ruhu.survey.facts.paths import get_value, put_value
from ruhu.survey.facts.unknown import clear_mark, move_marks
from ruhu.survey.validation.id_number import IdNumber, read_id_number
from ruhu.ui.surveyor.form.form_model import problems_of, sentence


class InvalidRecord(UserError):
    """A record with invalid facts; `path` is the first of them."""

    def __init__(self, text: BilingualText, path: str) -> None:
        super().__init__(text)
        self.path = path


def require_valid(document: Document) -> None:
    """Raise `InvalidRecord` if a fact is invalid."""
    problems = problems_of(document)
    if not problems:
        return
    first = next(iter(problems.values()))
    text = BilingualText(
        "还有{n}处要改。{fact}：{what}", "{n} facts need correcting. {fact}: {what}"
    )
    message = text.format(
        n=len(problems),
        fact=first.label or BilingualText(first.path, first.path),
        what=sentence(first),
    )
    raise InvalidRecord(message, first.path)


def with_visit(document: Document, surveyor: str) -> Document:
    """Return a copy surveyed today by `surveyor`; an unknown surveyor is left out."""
    survey = {"date": date.today().isoformat(), "surveyor": surveyor}  # noqa: DTZ011
    return {**document, "survey": {name: value for name, value in survey.items() if value}}


def with_identity(document: Document, path: str, kind: str) -> Document:
    """Return a copy in which a valid id number at `path` sets its holder's birth date and sex."""
    if not path.endswith(".id_number"):
        return document
    number = read_id_number(str(get_value(document, path, kind) or ""))
    if not isinstance(number, IdNumber):
        return document
    member = path.removesuffix(".id_number")
    document = put_value(document, f"{member}.birth_date", number.birth_date.isoformat(), kind)
    return put_value(document, f"{member}.sex", number.sex.value, kind)


def item_key(kind: str, list_path: str) -> str:
    """Return the name of the field that identifies the items of a list."""
    return catalogue(kind)[schema_path(list_path)].item_key or ""


def with_items(document: Document, list_path: str, items: list[Document], kind: str) -> Document:
    """Return a copy with a list replaced; removed items lose their "not known" marks."""
    changed = put_value(document, list_path, items, kind)
    key = item_key(kind, list_path)
    remaining = {str(item.get(key)) for item in items}
    for item in get_value(document, list_path, kind) or []:
        if str(item.get(key)) not in remaining:
            changed = clear_mark(changed, f"{list_path}[{item.get(key)}]")
    return changed


def with_renamed_item(
    document: Document, list_path: str, old: str, new: str, kind: str
) -> Document | None:
    """Return a copy in which an item has another key, or None if that key is in use."""
    key = item_key(kind, list_path)
    items: list[Document] = get_value(document, list_path, kind) or []
    if any(item.get(key) == new for item in items):
        return None
    renamed = [{**item, key: new} if item.get(key) == old else item for item in items]
    document = put_value(document, list_path, renamed, kind)
    return move_marks(document, f"{list_path}[{old}]", f"{list_path}[{new}]")


def id_numbers(document: Document) -> list[str]:
    """Return the id numbers of a record's members."""
    return [str(m["id_number"]) for m in document.get("members") or [] if m.get("id_number")]
