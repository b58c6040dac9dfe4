"""Validate a JSON document into a typed record, reporting every problem at once."""

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
    """A document is not a valid record; `details` has a `Problem` for each fault."""

    def __init__(self, details: list[Problem]) -> None:
        super().__init__([problem.text for problem in details])
        self.details = details


PROGRAM_KEYS = ("roster", "not_known", "papers", "signature", "origin", "sent_back")
"""Keys next to the contract's facts: the roster's wording, facts asked in vain, photos and papers, the
signature, the origin by split or join, and the county's request.
"""


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """A valid record, with its unknown keys and notes for the user."""

    record: Record
    document: Document
    unknown_keys: list[str] = field(default_factory=list)
    notes: list[BilingualText] = field(default_factory=list)


def drop_nulls(value: Any) -> Any:
    """Return a copy without null values: absent and null are the same."""
    if isinstance(value, dict):
        return {k: drop_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [drop_nulls(item) for item in value]
    return value


def fact_path(document: Any, location: tuple[int | str, ...], kind: str) -> str:
    """Return a location in `document` as a fact path, list items by their id."""
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
    problems = []
    for detail in error.errors(include_url=False, include_context=False):
        location = detail["loc"]
        fact, accepted = _accepted(kind, location)
        problems.append(
            Problem(
                fact_path(document, location, kind),
                None if detail["type"] == "missing" else detail["input"],
                accepted,
                fact.label if fact else None,
            )
        )
    return problems


def _unknown_keys(document: Any, kind: str) -> list[str]:
    """Return the paths of keys that no model defines."""
    facts, groups = catalogue(kind), sections(kind)
    unknown: list[str] = []

    def visit(value: Any, plain: str, path: str) -> None:
        for key, child in value.items():
            schema_path = f"{plain}.{key}" if plain else key
            path_here = f"{path}.{key}" if path else key
            fact = facts.get(schema_path)
            if key in PROGRAM_KEYS:
                continue
            if fact is None and schema_path not in groups and schema_path != "kind":
                unknown.append(path_here)
            elif isinstance(child, dict):
                visit(child, schema_path, path_here)
            elif isinstance(child, list) and fact is not None and fact.item_key:
                for item in child:
                    if isinstance(item, dict):
                        visit(item, f"{schema_path}[]", f"{path_here}[{item.get(fact.item_key)}]")

    visit(document, "", "")
    return unknown


def _repeated_ids(document: Document, kind: str) -> list[Problem]:
    """Return a problem for each repeated id in a list."""
    problems: list[Problem] = []

    def visit(value: Document, plain: str, path: str) -> None:
        for name, child in value.items():
            schema_path = f"{plain}.{name}" if plain else name
            path_here = f"{path}.{name}" if path else name
            if isinstance(child, dict):
                visit(child, schema_path, path_here)
            fact = catalogue(kind).get(schema_path)
            if not isinstance(child, list) or fact is None or fact.kind is not FactKind.LIST:
                continue
            seen: set[str] = set()
            for item in child:
                key = item.get(fact.item_key) if isinstance(item, dict) else None
                if not isinstance(key, str):
                    continue
                if key in seen and fact.item_key != "stage":
                    problems.append(
                        Problem(
                            f"{path_here}[{key}].{fact.item_key}",
                            key,
                            BilingualText("列表内不重复的编号", "an id that is unique in its list"),
                            fact.label,
                        )
                    )
                seen.add(key)
                visit(item, f"{schema_path}[]", f"{path_here}[{key}]")

    visit(document, "", "")
    return problems


def parse_record(document: Any) -> ParsedRecord:
    """Validate a document against the model of its kind.

    Absent birth dates and sexes are taken from valid id numbers. `Parsed.document` is the normalised
    document, unknown keys included. Raises `RecordErrors` with every problem.
    """
    if not isinstance(document, dict):
        raise RecordErrors([Problem("", document, _SECTION, None)])
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in MODELS:
        kinds = ", ".join(MODELS)
        raise RecordErrors(
            [Problem("kind", kind, BilingualText(kinds, kinds), BilingualText("类型", "Kind"))]
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
    return ParsedRecord(record, clean, _unknown_keys(clean, kind), notes)


def parse_draft(document: Document) -> tuple[ParsedRecord, list[Problem]]:
    """Parse the readable part of an unfinished document.

    Returns it and the problems of the facts left out. Raises `RecordErrors` if nothing can be read (no kind,
    no record id).
    """
    clean: Document = drop_nulls(document)
    problems: list[Problem] = []
    while True:
        try:
            return parse_record(clean), problems
        except RecordErrors as errors:
            problems += errors.details
            smaller = clean
            for problem in errors.details:
                smaller = _without(smaller, problem.path)
            if smaller == clean:
                raise
            clean = smaller


def _without(document: Any, path: str) -> Any:
    """Return a copy of `document` without the value at a path; a list item is removed as a whole."""
    first, _, rest = path.partition(".")
    name, _, item = first.partition("[")
    if not isinstance(document, dict) or name not in document:
        return document
    if item:
        items = document[name]
        if not isinstance(items, list):
            return document
        label = item.rstrip("]")
        remaining = []
        for index, child in enumerate(items):
            named = isinstance(child, dict) and label in child.values()
            if not named and label != f"#{index + 1}":
                remaining.append(child)
            elif rest and isinstance(child, dict):
                reduced = _without(child, rest)
                if reduced != child:
                    remaining.append(reduced)
        return {**document, name: remaining}
    if not rest or not isinstance(document[name], dict):
        return {k: v for k, v in document.items() if k != name}
    return {**document, name: _without(document[name], rest)}


def to_document(value: Any) -> Any:
    """Return a JSON-ready copy: decimals as plain strings."""
    if isinstance(value, dict):
        return {k: to_document(v) for k, v in value.items()}
    if isinstance(value, list):
        return [to_document(item) for item in value]
    return json_default(value) if isinstance(value, Decimal) else value
