"""From a document (JSON) to a typed record, with every problem told at once."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from ruhu.errors import UserErrors
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document, json_default
from ruhu.survey.facts.catalogue import MODELS, Fact, FactKind, catalogue, sections
from ruhu.survey.models.common import Record
from ruhu.survey.validation.consistency import find_contradictions
from ruhu.survey.validation.identity import complete_identities
from ruhu.survey.validation.problems import Problem


class RecordErrors(UserErrors):
    """A document that is no valid record; `details` has a `Problem` for each fault."""

    def __init__(self, details: list[Problem]) -> None:
        super().__init__([problem.text for problem in details])
        self.details = details


PROGRAM_KEYS = ("roster", "not_known", "papers", "signature", "origin", "sent_back")
"""What a record holds beside the contract's facts: what a roster said word for word, what was asked
in vain, its photos and papers, who signed it, and which household it was split from or joined with,
and what the county sent it back for."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A valid record, and what the reader should be told of it."""

    record: Record
    document: Document
    unknown_keys: list[str] = field(default_factory=list)
    notes: list[BilingualText] = field(default_factory=list)


def drop_nulls(value: Any) -> Any:
    """Drop keys whose value is null: absent and null are the same."""
    if isinstance(value, dict):
        return {k: drop_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [drop_nulls(item) for item in value]
    return value


def fact_path(document: Any, location: tuple[int | str, ...], kind: str) -> str:
    """Write a location in `document` as a fact path, list items by their id."""
    facts = catalogue(kind)
    path, plain, value = "", "", document
    for part in location:
        if isinstance(part, int):
            item = value[part] if isinstance(value, list) and part < len(value) else None
            key = facts[plain].item_key if plain in facts else None
            name = item.get(key) if isinstance(item, dict) and key else None
            path += f"[{name}]" if isinstance(name, str) and name else f"[#{part + 1}]"
            plain += "[]"
            value = item
        else:
            path += f".{part}" if path else part
            plain += f".{part}" if plain else part
            value = value.get(part) if isinstance(value, dict) else None
    return path


def _plain(location: tuple[int | str, ...]) -> str:
    text = "".join("[]" if isinstance(part, int) else f".{part}" for part in location)
    return text.removeprefix(".")


_SECTION = BilingualText("一组事实（JSON 对象）", "a group of facts (a JSON object)")
_ITEM = BilingualText("列表中的一项（JSON 对象）", "an item of the list (a JSON object)")


def _accepted(kind: str, location: tuple[int | str, ...]) -> tuple[Fact | None, BilingualText]:
    plain = _plain(location)
    fact = catalogue(kind).get(plain)
    if fact is not None:
        return fact, fact.accepts
    if plain.endswith("[]"):
        return None, _ITEM
    if plain in sections(kind):
        return None, _SECTION
    return None, BilingualText("合规的值", "a valid value")


def _problems(error: ValidationError, document: Document, kind: str) -> list[Problem]:
    found = []
    for detail in error.errors(include_url=False, include_context=False):
        location = detail["loc"]
        fact, accepted = _accepted(kind, location)
        found.append(
            Problem(
                fact_path(document, location, kind),
                None if detail["type"] == "missing" else detail["input"],
                accepted,
                fact.label if fact else None,
            )
        )
    return found


def _unknown_keys(document: Any, kind: str) -> list[str]:
    """Paths of keys that no model names."""
    facts, groups = catalogue(kind), sections(kind)
    found: list[str] = []

    def visit(value: Any, plain: str, path: str) -> None:
        for key, child in value.items():
            below = f"{plain}.{key}" if plain else key
            here = f"{path}.{key}" if path else key
            fact = facts.get(below)
            if key in PROGRAM_KEYS:
                continue
            if fact is None and below not in groups and below != "kind":
                found.append(here)
            elif isinstance(child, dict):
                visit(child, below, here)
            elif isinstance(child, list) and fact is not None and fact.item_key:
                for item in child:
                    if isinstance(item, dict):
                        visit(item, f"{below}[]", f"{here}[{item.get(fact.item_key)}]")

    visit(document, "", "")
    return found


def _repeated_ids(document: Document, kind: str) -> list[Problem]:
    """Items of one list that carry the same id."""
    found: list[Problem] = []

    def visit(value: Document, plain: str, path: str) -> None:
        for name, child in value.items():
            below = f"{plain}.{name}" if plain else name
            here = f"{path}.{name}" if path else name
            if isinstance(child, dict):
                visit(child, below, here)
            fact = catalogue(kind).get(below)
            if not isinstance(child, list) or fact is None or fact.kind is not FactKind.LIST:
                continue
            seen: set[str] = set()
            for item in child:
                key = item.get(fact.item_key) if isinstance(item, dict) else None
                if not isinstance(key, str):
                    continue
                if key in seen and fact.item_key != "stage":
                    found.append(
                        Problem(
                            f"{here}[{key}].{fact.item_key}",
                            key,
                            BilingualText("列表内不重复的编号", "an id that is unique in its list"),
                            fact.label,
                        )
                    )
                seen.add(key)
                visit(item, f"{below}[]", f"{here}[{key}]")

    visit(document, "", "")
    return found


def parse_record(document: Any) -> Parsed:
    """Validate a document against the model of its kind.

    Absent birth dates and sexes are taken from valid id numbers; `Parsed.document` holds the
    normalised document, unknown keys included. Raises `RecordErrors` with every problem.
    """
    if not isinstance(document, dict):
        raise RecordErrors([Problem("", document, _SECTION, None)])
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in MODELS:
        words = ", ".join(MODELS)
        raise RecordErrors(
            [Problem("kind", kind, BilingualText(words, words), BilingualText("类型", "Kind"))]
        )
    clean: Document = drop_nulls(document)
    problems: list[Problem] = []
    if kind == "household":
        clean, faults, notes = complete_identities(clean)
        problems += faults
    else:
        notes = []
    record: Record | None = None
    try:
        record = MODELS[kind].model_validate(clean)  # type: ignore[assignment]
    except ValidationError as error:
        problems += _problems(error, clean, kind)
    problems += _repeated_ids(clean, kind)
    problems += find_contradictions(clean, kind)
    if problems or record is None:
        raise RecordErrors(problems)
    return Parsed(record, clean, _unknown_keys(clean, kind), notes)


def parse_draft(document: Document) -> tuple[Parsed, list[Problem]]:
    """Parse what can be read of an unfinished document, leaving out the facts with problems.

    Returns the readable part and the problems of the facts left out. Raises `RecordErrors` when
    nothing can be read (no kind, no record id).
    """
    clean: Document = drop_nulls(document)
    told: list[Problem] = []
    while True:
        try:
            return parse_record(clean), told
        except RecordErrors as errors:
            told += errors.details
            smaller = clean
            for problem in errors.details:
                smaller = _without(smaller, problem.path)
            if smaller == clean:
                raise
            clean = smaller


def _without(document: Any, path: str) -> Any:
    """A copy of `document` without the value at an addressed path; a list item goes whole."""
    first, _, rest = path.partition(".")
    name, _, item = first.partition("[")
    if not isinstance(document, dict) or name not in document:
        return document
    if item:
        items = document[name]
        if not isinstance(items, list):
            return document
        label = item.rstrip("]")
        kept = []
        for index, child in enumerate(items):
            named = isinstance(child, dict) and label in child.values()
            if not named and label != f"#{index + 1}":
                kept.append(child)
            elif rest and isinstance(child, dict):
                slimmer = _without(child, rest)
                if slimmer != child:
                    kept.append(slimmer)
        return {**document, name: kept}
    if not rest or not isinstance(document[name], dict):
        return {k: v for k, v in document.items() if k != name}
    return {**document, name: _without(document[name], rest)}


def to_document(value: Any) -> Any:
    """Make a document JSON-ready: decimals as plain strings."""
    if isinstance(value, dict):
        return {k: to_document(v) for k, v in value.items()}
    if isinstance(value, list):
        return [to_document(item) for item in value]
    return json_default(value) if isinstance(value, Decimal) else value
