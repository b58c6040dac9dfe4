"""A document straight into its subjects, where nothing about it is out of the ordinary.

A county reads its records by the thousand, and the same few thousand facts come up again: what a fact's
reader made of a value is kept. Whatever is not plainly in order goes through `parse_record`, which alone
says what is wrong and what was put right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import TypeAdapter, ValidationError

from ruhu.policy.subjects import Subject, Value, subject_of
from ruhu.survey.consistency import find_contradictions
from ruhu.survey.facts import MODELS, FactKind, bare, catalogue
from ruhu.survey.identity import complete_identities
from ruhu.survey.record import parse_record
from ruhu.survey.sections import Section
from ruhu.survey.strict_json import Document

MOST_KEPT = 50_000
"""Values of one fact whose reading is kept."""


class _Unsure(Exception):
    """The document wants the full reader."""


def root_of(document: Document) -> Subject:
    """The record of a document as the rules see it. Raises `RecordErrors` as `parse_record` does."""
    try:
        return _root(document)
    except _Unsure:
        return subject_of(parse_record(document).record)


def _root(document: Document) -> Subject:
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in MODELS:
        raise _Unsure
    if kind == "household" and _has_id_numbers(document):
        document, problems, _ = complete_identities(document)
        if problems:
            raise _Unsure
    subject = _reader(MODELS[kind], kind, "").read(document, "", "", ())
    subject.values["kind"] = kind
    if find_contradictions(document, kind):
        raise _Unsure
    return subject


def _has_id_numbers(document: Document) -> bool:
    members = document.get("members")
    return isinstance(members, list) and any(
        isinstance(member, dict) and "id_number" in member for member in members
    )


@dataclass(slots=True)
class _Fact:
    """How one fact is read: `known` keeps what came of texts and whole numbers."""

    name: str
    read: Callable[[Any], Value]
    keeps: bool
    known: dict[str | int, Value] = field(default_factory=dict)

    def learn(self, raw: str | int) -> Value:
        """Read a value that was not met yet."""
        try:
            value = self.read(raw)
        except ValidationError:
            raise _Unsure from None
        if value is None:
            raise _Unsure
        if self.keeps:
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
            self.known[raw] = value
        return value


@dataclass(frozen=True, slots=True)
class _List:
    """How one list is read."""

    name: str
    most: int
    key: str
    reader: "_Reader"


@dataclass(frozen=True, slots=True)
class _Group:
    """The facts, lists and groups of one section, by their keys in the document."""

    switches: Mapping[str, str]
    """The names of facts that are yes or no."""
    facts: Mapping[str, _Fact]
    groups: Mapping[str, "_Group"]
    lists: Mapping[str, _List]

    def fill(self, subject: Subject, section: Mapping[str, Any]) -> None:
        """Read a section into its subject; keys that no model names are passed over."""
        switches, facts, values = self.switches, self.facts, subject.values
        for key, raw in section.items():
            if key in switches:
                if raw is not True and raw is not False:
                    raise _Unsure
                values[switches[key]] = raw
            elif key in facts:
                if raw.__class__ is not str and raw.__class__ is not int:
                    raise _Unsure
                fact = facts[key]
                value = fact.known.get(raw)
                values[fact.name] = fact.learn(raw) if value is None else value
            elif key in self.groups:
                if raw.__class__ is not dict:
                    raise _Unsure
                self.groups[key].fill(subject, raw)
            elif key in self.lists:
                _fill_list(self.lists[key], subject, raw)


def _fill_list(told: _List, owner: Subject, raw: Any) -> None:
    if not isinstance(raw, list) or len(raw) > told.most:
        raise _Unsure
    parents, start = (*owner.parents, owner), f"{owner.address}{told.name}["
    items = []
    for item in raw:
        identity = item.get(told.key) if isinstance(item, dict) else None
        if not isinstance(identity, str):
            raise _Unsure
        items.append(told.reader.read(item, identity, f"{start}{identity}].", parents))
    if len({item.identity for item in items}) != len(items):
        raise _Unsure
    owner.lists[told.name] = items


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reads a record or an item of one model."""

    place: str
    absent: dict[str, Value]
    group: _Group

    def read(
        self, item: Mapping[str, Any], identity: str, address: str, parents: tuple[Subject, ...]
    ) -> Subject:
        """Read an item, given what it is called, its address and those it belongs to."""
        subject = Subject(self.place, identity, address, self.absent.copy(), {}, parents, {})
        self.group.fill(subject, item)
        return subject


@cache
def _reader(model: type[Section], kind: str, place: str) -> _Reader:
    absent: dict[str, Value] = {}
    return _Reader(place, absent, _group(model, kind, place, "", absent))


def _group(
    model: type[Section], kind: str, place: str, prefix: str, absent: dict[str, Value]
) -> _Group:
    above = f"{place}." if place else ""
    switches: dict[str, str] = {}
    facts: dict[str, _Fact] = {}
    groups: dict[str, _Group] = {}
    lists: dict[str, _List] = {}
    item_keys = {each.item_key for each in catalogue(kind).values() if above and each.item_key}
    for key, info in model.model_fields.items():
        annotation, name = bare(info.annotation), f"{prefix}{key}"
        fact = catalogue(kind).get(f"{above}{name}")
        if isinstance(annotation, type) and issubclass(annotation, Section):
            groups[key] = _group(annotation, kind, place, f"{name}.", absent)
        elif fact is not None and fact.item_key is not None:
            most = next(m.max_length for m in info.metadata if hasattr(m, "max_length"))
            reader = _reader(get_args(annotation)[0], kind, f"{above}{name}[]")
            lists[key] = _List(name, most, fact.item_key, reader)
        else:
            absent[name] = None
            if fact is not None and fact.kind is FactKind.YES_NO:
                switches[key] = name
            elif fact is not None:
                adapter: TypeAdapter[Value] = TypeAdapter(
                    Annotated[info.annotation, *info.metadata]  # type: ignore[arg-type]
                )
                # Texts tell of persons and are seldom the same: but for places and what items of a
                # list are told apart by, they are not kept.
                told = fact.kind in (FactKind.TEXT, FactKind.ID)
                keeps = not told or fact.path.startswith("place.") or name in item_keys
                facts[key] = _Fact(name, adapter.validator.validate_python, keeps)
    return _Group(switches, facts, groups, lists)
