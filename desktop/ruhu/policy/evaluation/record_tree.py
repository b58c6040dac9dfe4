"""A record as the rules see it: subjects (household, member, stay ...) with typed facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, cast, get_args
from uuid import UUID

from ruhu.policy.language.nodes import Scalar
from ruhu.survey.facts.catalogue import catalogue, unwrap_annotation
from ruhu.survey.models.base import Section
from ruhu.survey.models.common import Record

Value = bool | str | date | int | Decimal | UUID | None
"""A fact as the record holds it."""


@dataclass(slots=True)
class Subject:
    """The record itself or an item of one of its lists.

    `address` is what stands before a fact's name in a path (`members[m2].`); `values` (with `None`
    for what is absent) and `lists` (without what is absent) are keyed by the fact's name within
    the subject (`schooling.stage`, `trainings`). `known` keeps
    what was worked out about the subject already.
    """

    place: str
    identity: str
    address: str
    values: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, list["Subject"]] = field(default_factory=dict)
    parents: tuple["Subject", ...] = ()
    known: dict[object, Any] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """The addressed path of one of the subject's facts."""
        return f"{self.address}{name}"

    def scalar(self, name: str) -> Scalar | None:
        """A fact as the rule language knows it: a number is an exact fraction."""
        value = self.values.get(name)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return exact(value)
        return None if isinstance(value, UUID) else value

    def items(self, place: str) -> Iterator["Subject"]:
        """All subjects at `place` (`members[].stays[]`) below this one; none of absent lists."""
        if place == self.place:
            yield self
        for children in self.lists.values():
            for child in children:
                if place == child.place or place.startswith(f"{child.place}."):
                    yield from child.items(place)


@lru_cache(maxsize=10_000)
def exact(value: int | Decimal) -> Fraction:
    """A number as an exact fraction. Kept, since the same few thousand numbers come up again."""
    return Fraction(value)


def subject_of(record: Record) -> Subject:
    """Read a record into its tree of subjects."""
    return _reader(type(record), record.kind, "")(record, "", "", ())


Reader = Callable[[Section, str, str, tuple[Subject, ...]], Subject]
"""Reads a record or an item, given what it is called, its address and those it belongs to."""


@cache
def _reader(model: type[Section], kind: str, place: str) -> Reader:
    """What reads one model, written out field by field: every check of a record starts here.

    Only names of our own models stand in the lines that are written.
    """
    writing = _ReaderWriter(kind, place)
    writing.section(model, "item", "", 1)
    names = {"items": _items, **writing.readers}
    return cast(Reader, compile_reader(place, writing.absent, writing.lines, names))


def compile_reader(
    place: str, absent: Mapping[str, Value], lines: Sequence[str], names: Mapping[str, Any]
) -> Any:
    """A function of an item, what it is called, its address and those it belongs to, that makes its subject.

    `lines` fill `subject` and its `values`, all of which are `absent` before, from the `item`; `names`
    are those that stand in them. No text of a record or a pack may.
    """
    text = [
        "def read(item, identity, address, parents):",
        "    values = absent.copy()",
        f"    subject = Subject({place!r}, identity, address, values, {{}}, parents, {{}})",
        *lines,
        "    return subject",
    ]
    known: dict[str, Any] = {"Subject": Subject, "absent": absent, **names}
    exec("\n".join(text), known)  # noqa: S102 - see the docstring
    return known["read"]


class _ReaderWriter:
    """The lines for the facts, the groups of facts and the lists of a model.

    Most groups are absent from most items: a subject starts with all its facts absent.
    """

    def __init__(self, kind: str, place: str) -> None:
        self.kind, self.above = kind, f"{place}." if place else ""
        self.lines: list[str] = []
        self.absent: dict[str, None] = {}
        self.readers: dict[str, Reader] = {}

    def section(self, model: type[Section], holder: str, prefix: str, depth: int) -> None:
        """Write what reads the section that the variable `holder` stands for, if it is there."""
        fields = f"fields{len(self.lines)}"
        self._line(depth, f"{fields} = {holder}.__dict__")
        for name, info in model.model_fields.items():
            annotation, below = unwrap_annotation(info.annotation), f"{prefix}{name}"
            fact = catalogue(self.kind).get(f"{self.above}{below}")
            if isinstance(annotation, type) and issubclass(annotation, Section):
                inner = f"section{len(self.lines)}"
                self._line(depth, f"{inner} = {fields}[{name!r}]")
                self._line(depth, f"if {inner} is not None:")
                self.section(annotation, inner, f"{below}.", depth + 1)
            elif fact is not None and fact.item_key is not None:
                read, found = f"read{len(self.lines)}", f"{fields}[{name!r}]"
                place = f"{self.above}{below}[]"
                self.readers[read] = _reader(get_args(annotation)[0], self.kind, place)
                self._line(depth, f"if {found} is not None:")
                listed = f"items({read}, {found}, {fact.item_key!r}, {below!r}, subject)"
                self._line(depth + 1, f"subject.lists[{below!r}] = {listed}")
            else:
                self.absent[below] = None
                self._line(depth, f"values[{below!r}] = {fields}[{name!r}]")

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)


def _items(
    read: Reader, items: list[Section], key: str, name: str, owner: Subject
) -> list[Subject]:
    parents, start = (*owner.parents, owner), f"{owner.address}{name}["
    out = []
    for item in items:
        identity = str(getattr(item, key))
        out.append(read(item, identity, f"{start}{identity}].", parents))
    return out
