"""Read a document directly into subjects, with a fast path for valid records.

A county reads thousands of records, a laptop one at every keystroke, and the same few thousand values recur,
so parsed values are cached. Any irregular document goes through `parse_record`, which alone reports problems
and unknown keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, cast, get_args

import msgspec
from pydantic import BeforeValidator, TypeAdapter
from pydantic.fields import FieldInfo

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.record_tree import Subject, Value, compile_reader, subject_of
from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import MODELS, Fact, FactKind, catalogue, unwrap_annotation
from ruhu.survey.models.base import Section
from ruhu.survey.validation.consistency import PARTS
from ruhu.survey.validation.identity import complete_identities
from ruhu.survey.validation.validate import PROGRAM_KEYS, ParsedRecord, parse_draft, parse_record

MAX_CACHED_VALUES = 50_000
"""Parsed values cached for each fact."""


class _NeedsFullParse(Exception):
    """The document needs the full parser."""


class RecordView(msgspec.Struct, frozen=True):
    """A valid record for the rules, with notes for the user.

    `document` is the input, with absent birth dates and sexes taken from the id numbers.
    """

    root: Subject
    document: Document
    unknown_keys: tuple[str, ...] = ()
    notes: tuple[BilingualText, ...] = ()

    def __repr__(self) -> str:
        """Return a representation without the household's facts."""
        return f"Reading({self.record_id!r})"

    @property
    def kind(self) -> str:
        """The kind of record: household, enterprise, training class or village."""
        return str(self.root.values["kind"])

    @property
    def record_id(self) -> str:
        """The record's id (a UUID)."""
        return str(self.root.values["record_id"])

    @property
    def county(self) -> str | None:
        """The division code of the record's county, `None` if unknown."""
        return cast("str | None", self.root.values["place.county"])

    @property
    def survey_day(self) -> date | None:
        """The day of the survey, `None` if unknown."""
        return cast("date | None", self.root.values["survey.date"])


def read_record(document: Any) -> RecordView:
    """Read a record to be assessed. Raises `RecordErrors` with every problem."""
    return _fast_path(document) or _full_path(parse_record(document))


def read_draft(document: Document) -> RecordView:
    """Read the valid part of an unfinished record; facts with problems are left out.

    Raises `RecordErrors` if nothing can be read (no kind, no record id).
    """
    return _fast_path(document) or _full_path(parse_draft(document)[0])


def root_of(document: Document) -> Subject:
    """Return the root subject of a document; keys that no model defines are ignored.

    Raises `RecordErrors` as `parse_record` does.
    """
    try:
        return _read(document, whole=False)[0]
    except _NeedsFullParse:
        return subject_of(parse_record(document).record)


def load_reader(kind: str, *, whole: bool) -> None:
    """Compile the reader of a kind of record, so that the first record is not delayed.

    A `whole` reader also detects unknown keys.
    """
    _reader(MODELS[kind], kind, "", whole=whole)


def _full_path(parsed: ParsedRecord) -> RecordView:
    return RecordView(
        subject_of(parsed.record),
        parsed.document,
        tuple(parsed.unknown_keys),
        tuple(parsed.notes),
    )


def _fast_path(document: Any) -> RecordView | None:
    """Return a valid record; `None` if it needs the full parser."""
    try:
        root, read, notes = _read(document, whole=True)
    except _NeedsFullParse:
        return None
    return RecordView(root, read, (), tuple(notes))


def _read(document: Any, *, whole: bool) -> tuple[Subject, Document, list[BilingualText]]:
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in MODELS:
        raise _NeedsFullParse
    notes: list[BilingualText] = []
    if kind == "household" and _has_id_numbers(document):
        document, problems, notes = complete_identities(document)
        if problems:
            raise _NeedsFullParse
    subject = _reader(MODELS[kind], kind, "", whole=whole)(document, "", "", ())
    subject.values["kind"] = kind
    if _contradicts_itself(subject.values, kind):
        raise _NeedsFullParse
    return subject, document, notes


def _contradicts_itself(values: Mapping[str, Value], kind: str) -> bool:
    pair = PARTS.get(kind)
    if pair is None:
        return False
    part, whole = values[pair.part], values[pair.whole]
    return part is not None and whole is not None and part > whole  # type: ignore[operator]


def _has_id_numbers(document: Document) -> bool:
    members = document.get("members")
    if isinstance(members, list):
        for member in members:
            if isinstance(member, dict) and "id_number" in member:
                return True
    return False


@dataclass(slots=True)
class _Fact:
    """The parser of one fact; `known` caches results for texts and whole numbers."""

    read: Callable[[Any], Value]
    keeps: bool
    known: dict[str | int, Value] = field(default_factory=dict)

    def parse(self, raw: str | int) -> Value:
        """Parse a value that is not cached."""
        try:
            value = self.read(raw)
        except ValueError:
            raise _NeedsFullParse from None
        if value is None:
            raise _NeedsFullParse
        if self.keeps:
            if len(self.known) >= MAX_CACHED_VALUES:
                self.known.clear()
            self.known[raw] = value
        return value


Reader = Callable[[Mapping[str, Any], str, str, tuple[Subject, ...]], Subject]
"""Reads a record or an item, given its id, its address and its parents. Unknown keys are ignored."""


@dataclass(frozen=True, slots=True)
class _List:
    """The reader of one list."""

    name: str
    most: int
    key: str
    read: Reader

    def fill(self, owner: Subject, raw: Any) -> None:
        """Read the list of an owner."""
        if not isinstance(raw, list) or len(raw) > self.most:
            raise _NeedsFullParse
        parents, start = (*owner.parents, owner), f"{owner.address}{self.name}["
        items = []
        for item in raw:
            identity = item.get(self.key) if isinstance(item, dict) else None
            if not isinstance(identity, str):
                raise _NeedsFullParse
            items.append(self.read(item, identity, f"{start}{identity}].", parents))
        if len({item.identity for item in items}) != len(items):
            raise _NeedsFullParse
        owner.lists[self.name] = items


@cache
def _reader(model: type[Section], kind: str, place: str, *, whole: bool) -> Reader:
    """Return the reader of one model, generated key by key for speed.

    A `whole` one rejects documents with more keys than were read, or keys without a value. The generated
    lines contain only names of our own models.
    """
    code = _ReaderCode(kind, place, whole=whole)
    code.section(model, "item", "", 1)
    names = {"Unsure": _NeedsFullParse, **code.readers}
    return cast(Reader, compile_reader(place, code.absent, code.lines, names))


class _ReaderCode:
    """Generates the lines that read the facts, sections and lists of a model.

    A subject starts with all its facts absent.
    """

    def __init__(self, kind: str, place: str, *, whole: bool) -> None:
        self.kind, self.place, self.above = kind, place, f"{place}." if place else ""
        self.whole = whole
        self.lines: list[str] = []
        self.absent: dict[str, None] = {}
        self.readers: dict[str, Any] = {}
        keys = {each.item_key for each in catalogue(kind).values() if place and each.item_key}
        self.item_keys = keys

    def section(self, model: type[Section], holder: str, prefix: str, depth: int) -> None:
        """Write the lines that read the section in the variable `holder`."""
        get, count = f"get{len(self.lines)}", f"count{len(self.lines)}"
        self._line(depth, f"{get} = {holder}.get")
        if self.whole:
            program_keys = [
                f"({get}({key!r}) is not None)"
                for key in PROGRAM_KEYS
                if depth == 1 and not self.place
            ]
            self._line(depth, f"{count} = {' + '.join(program_keys) or 0}")
        for key, info in model.model_fields.items():
            annotation, name = unwrap_annotation(info.annotation), f"{prefix}{key}"
            raw = f"raw{len(self.lines)}"
            self._line(depth, f"{raw} = {get}({key!r})")
            if info.is_required():
                self._line(depth, f"if {raw} is None: raise Unsure")
            self._line(depth, f"if {raw} is not None:")
            if self.whole:
                self._line(depth + 1, f"{count} += 1")
            if isinstance(annotation, type) and issubclass(annotation, Section):
                self._line(depth + 1, f"if {raw}.__class__ is not dict: raise Unsure")
                self.section(annotation, raw, f"{name}.", depth + 1)
            else:
                self._value(info, name, raw, depth + 1)
        if self.whole:
            self._line(depth, f"if {count} != len({holder}): raise Unsure")

    def _value(self, info: FieldInfo, name: str, raw: str, depth: int) -> None:
        """Write the lines that read a fact or a list."""
        fact = catalogue(self.kind).get(f"{self.above}{name}")
        if fact is not None and fact.item_key is not None:
            limit = next(m.max_length for m in info.metadata if hasattr(m, "max_length"))
            model = get_args(unwrap_annotation(info.annotation))[0]
            read = _reader(model, self.kind, f"{self.above}{name}[]", whole=self.whole)
            fill = self._named("fill", _List(name, limit, fact.item_key, read).fill)
            self._line(depth, f"{fill}(subject, {raw})")
            return
        self.absent[name] = None
        if fact is None:
            self._line(depth, "pass")
        elif fact.kind is FactKind.YES_NO:
            self._line(depth, f"if {raw} is not True and {raw} is not False: raise Unsure")
            self._line(depth, f"values[{name!r}] = {raw}")
        else:
            self._line(
                depth,
                f"if {raw}.__class__ is not str and {raw}.__class__ is not int: raise Unsure",
            )
            self._line(depth, f"values[{name!r}] = {self._reading(info, fact, name, raw)}")

    def _reading(self, info: FieldInfo, fact: Fact, name: str, raw: str) -> str:
        # Texts describe persons and seldom repeat, so only places and item ids are cached.
        is_text = fact.kind in (FactKind.TEXT, FactKind.ID)
        cached = not is_text or fact.path.startswith("place.") or name in self.item_keys
        parser = _Fact(_read_by(info), cached)
        learn = self._named("learn", parser.parse)
        if not cached:
            return f"{learn}({raw})"
        known = self._named("known", parser.known.get)
        return f"{learn}({raw}) if (value := {known}({raw})) is None else value"

    def _named(self, what: str, value: Any) -> str:
        name = f"{what}{len(self.readers)}"
        self.readers[name] = value
        return name

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)


def _read_by(info: FieldInfo) -> Callable[[Any], Value]:
    """Return the parser of a fact: our own reader alone if nothing is left to check after it.

    It raises `ValueError`, as pydantic's errors are.
    """
    readers = [each.func for each in info.metadata if isinstance(each, BeforeValidator)]
    if len(readers) == 1 and unwrap_annotation(info.annotation) in (Decimal, int, date, str):
        return cast("Callable[[Any], Value]", readers[0])
    annotation = Annotated[info.annotation, *info.metadata]  # type: ignore[name-defined]
    adapter: TypeAdapter[Value] = TypeAdapter(annotation)
    return adapter.validator.validate_python
