"""A document straight into its subjects, where nothing about it is out of the ordinary.

A county reads its records by the thousand, a laptop at every key, and the same few thousand facts come up
again: what a fact's reader made of a value is kept. Whatever is not plainly in order goes through
`parse_record`, which alone says what is wrong and what is unknown.
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
from ruhu.survey.validation.validate import PROGRAM_KEYS, Parsed, parse_draft, parse_record

MAX_CACHED_VALUES = 50_000
"""Values of one fact whose reading is kept."""


class _NeedsFullParse(Exception):
    """The document wants the full reader."""


class RecordView(msgspec.Struct, frozen=True):
    """A valid record as the rules see it, and what its reader should be told.

    `document` is what was read, absent birth dates and sexes taken from the id numbers.
    """

    root: Subject
    document: Document
    unknown_keys: tuple[str, ...] = ()
    notes: tuple[BilingualText, ...] = ()

    def __repr__(self) -> str:
        """Without the household's facts."""
        return f"Reading({self.record_id!r})"

    @property
    def kind(self) -> str:
        """Household, enterprise, training class or village."""
        return str(self.root.values["kind"])

    @property
    def record_id(self) -> str:
        """The record's id (a UUID)."""
        return str(self.root.values["record_id"])

    @property
    def county(self) -> str | None:
        """The division code of the record's county, where it is known."""
        return cast("str | None", self.root.values["place.county"])

    @property
    def survey_day(self) -> date | None:
        """The day of the visit, where it is known."""
        return cast("date | None", self.root.values["survey.date"])


def read_record(document: Any) -> RecordView:
    """Read a record to be checked. Raises `RecordErrors` with every problem."""
    return _fast_path(document) or _full_path(parse_record(document))


def read_draft(document: Document) -> RecordView:
    """Read what can be read of an unfinished record; facts with problems are left out.

    Raises `RecordErrors` when nothing can be read (no kind, no record id).
    """
    return _fast_path(document) or _full_path(parse_draft(document)[0])


def root_of(document: Document) -> Subject:
    """The record of a document as the rules see it; keys that no model names are passed over.

    Raises `RecordErrors` as `parse_record` does.
    """
    try:
        return _read(document, whole=False)[0]
    except _NeedsFullParse:
        return subject_of(parse_record(document).record)


def load_reader(kind: str, *, whole: bool) -> None:
    """Make ready to read records of a kind, `whole` to be told of or not, so that the first one does not
    wait for it.
    """
    _reader(MODELS[kind], kind, "", whole=whole)


def _full_path(parsed: Parsed) -> RecordView:
    told = tuple(parsed.unknown_keys), tuple(parsed.notes)
    return RecordView(subject_of(parsed.record), parsed.document, *told)


def _fast_path(document: Any) -> RecordView | None:
    """A record about which there is nothing to be told but what its id numbers brought."""
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
    one = PARTS.get(kind)
    if one is None:
        return False
    part, whole = values[one.part], values[one.whole]
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
    """How one fact is read: `known` keeps what came of texts and whole numbers."""

    read: Callable[[Any], Value]
    keeps: bool
    known: dict[str | int, Value] = field(default_factory=dict)

    def parse(self, raw: str | int) -> Value:
        """Read a value that was not met yet."""
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
"""Reads a record or an item, given what it is called, its address and those it belongs to. Keys that no
model names are passed over.
"""


@dataclass(frozen=True, slots=True)
class _List:
    """How one list is read."""

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
    """What reads one model, written out key by key: a county reads its records by the thousand.

    A `whole` one is unsure of what holds more keys than were read, or keys without a value. Only names
    of our own models stand in the lines that are written.
    """
    writing = _Writing(kind, place, whole=whole)
    writing.section(model, "item", "", 1)
    names = {"Unsure": _NeedsFullParse, **writing.readers}
    return cast(Reader, compile_reader(place, writing.absent, writing.lines, names))


class _Writing:
    """The lines for the facts, the groups of facts and the lists of a model. A subject starts with all
    its facts absent.
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
        """Write what reads the section that the variable `holder` stands for."""
        get, count = f"get{len(self.lines)}", f"count{len(self.lines)}"
        self._line(depth, f"{get} = {holder}.get")
        if self.whole:
            beside = [
                f"({get}({key!r}) is not None)"
                for key in PROGRAM_KEYS
                if depth == 1 and not self.place
            ]
            self._line(depth, f"{count} = {' + '.join(beside) or 0}")
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
        """Write what reads a fact or a list."""
        fact = catalogue(self.kind).get(f"{self.above}{name}")
        if fact is not None and fact.item_key is not None:
            most = next(m.max_length for m in info.metadata if hasattr(m, "max_length"))
            model = get_args(unwrap_annotation(info.annotation))[0]
            read = _reader(model, self.kind, f"{self.above}{name}[]", whole=self.whole)
            told = self._named("fill", _List(name, most, fact.item_key, read).fill)
            self._line(depth, f"{told}(subject, {raw})")
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
        # Texts tell of persons and are seldom the same: but for places and what items of a list are
        # told apart by, they are not kept.
        told = fact.kind in (FactKind.TEXT, FactKind.ID)
        keeps = not told or fact.path.startswith("place.") or name in self.item_keys
        reading = _Fact(_read_by(info), keeps)
        learn = self._named("learn", reading.parse)
        if not keeps:
            return f"{learn}({raw})"
        known = self._named("known", reading.known.get)
        return f"{learn}({raw}) if (value := {known}({raw})) is None else value"

    def _named(self, what: str, value: Any) -> str:
        name = f"{what}{len(self.readers)}"
        self.readers[name] = value
        return name

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)


def _read_by(info: FieldInfo) -> Callable[[Any], Value]:
    """What reads a fact; our own reader by itself, where nothing is left to check after it.

    It raises `ValueError`, as pydantic's errors are.
    """
    readers = [each.func for each in info.metadata if isinstance(each, BeforeValidator)]
    if len(readers) == 1 and unwrap_annotation(info.annotation) in (Decimal, int, date, str):
        return cast("Callable[[Any], Value]", readers[0])
    whole = Annotated[info.annotation, *info.metadata]  # type: ignore[name-defined]
    adapter: TypeAdapter[Value] = TypeAdapter(whole)
    return adapter.validator.validate_python
