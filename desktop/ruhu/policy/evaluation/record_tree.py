"""A record as a tree of subjects (household, member, stay ...) with typed facts."""

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
"""The value of a fact in a record."""


@dataclass(slots=True)
class Subject:
    """The record itself or an item of one of its lists.

    `address` is the path before a fact's name (`members[m2].`). `values` (absent ones are `None`) and `lists`
    (absent ones are left out) are keyed by the fact's name within the subject (`schooling.stage`,
    `trainings`). `known` caches results about the subject.
    """

    place: str
    identity: str
    address: str
    values: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, list["Subject"]] = field(default_factory=dict)
    parents: tuple["Subject", ...] = ()
    known: dict[object, Any] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """Return the full path of one of the subject's facts."""
        return f"{self.address}{name}"

    def scalar(self, name: str) -> Scalar | None:
        """Return a fact as a value of the rule language: numbers are exact fractions."""
        value = self.values.get(name)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return exact(value)
        return None if isinstance(value, UUID) else value

    def items(self, place: str) -> Iterator["Subject"]:
        """Yield all subjects at `place` (`members[].stays[]`) below this one."""
        if place == self.place:
            yield self
        for children in self.lists.values():
            for child in children:
                if place == child.place or place.startswith(f"{child.place}."):
                    yield from child.items(place)


@lru_cache(maxsize=10_000)
def exact(value: int | Decimal) -> Fraction:
    """Return a number as an exact fraction. Cached, as the same few thousand numbers recur."""
    return Fraction(value)


def subject_of(record: Record) -> Subject:
    """Convert a record into its tree of subjects."""
    return _reader(type(record), record.kind, "")(record, "", "", ())


Reader = Callable[[Section, str, str, tuple[Subject, ...]], Subject]
"""Reads a record or an item, given its id, its address and its parents."""


@cache
def _reader(model: type[Section], kind: str, place: str) -> Reader:
    """Return the reader of one model, generated field by field for speed.

    The generated lines contain only names of our own models.
    """
    code = _TreeReaderCode(kind, place)
    code.section(model, "item", "", 1)
    names = {"items": _items, **code.readers}
    return cast(Reader, compile_reader(place, code.absent, code.lines, names))


def compile_reader(
    place: str, absent: Mapping[str, Value], lines: Sequence[str], names: Mapping[str, Any]
) -> Any:
    """Compile a function that builds the subject of an item from its id, address and parents.

    `lines` fill `subject` and its `values` from the `item`; all values are `absent` before. `names` are the
    names used in the lines. No text of a record or a pack may occur in them.
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


class _TreeReaderCode:
    """Generates the lines that read the facts, sections and lists of a model.

    Most sections are absent from most items: a subject starts with all its facts absent.
    """

    def __init__(self, kind: str, place: str) -> None:
        self.kind, self.above = kind, f"{place}." if place else ""
        self.lines: list[str] = []
        self.absent: dict[str, None] = {}
        self.readers: dict[str, Reader] = {}

    def section(self, model: type[Section], holder: str, prefix: str, depth: int) -> None:
        """Write the lines that read the section in the variable `holder`, if it is present."""
        fields = f"fields{len(self.lines)}"
        self._line(depth, f"{fields} = {holder}.__dict__")
        for name, info in model.model_fields.items():
            annotation, fact_name = unwrap_annotation(info.annotation), f"{prefix}{name}"
            fact = catalogue(self.kind).get(f"{self.above}{fact_name}")
            if isinstance(annotation, type) and issubclass(annotation, Section):
                inner = f"section{len(self.lines)}"
                self._line(depth, f"{inner} = {fields}[{name!r}]")
                self._line(depth, f"if {inner} is not None:")
                self.section(annotation, inner, f"{fact_name}.", depth + 1)
            elif fact is not None and fact.item_key is not None:
                read, list_name = f"read{len(self.lines)}", f"{fields}[{name!r}]"
                place = f"{self.above}{fact_name}[]"
                self.readers[read] = _reader(get_args(annotation)[0], self.kind, place)
                self._line(depth, f"if {list_name} is not None:")
                items_call = (
                    f"items({read}, {list_name}, {fact.item_key!r}, {fact_name!r}, subject)"
                )
                self._line(depth + 1, f"subject.lists[{fact_name!r}] = {items_call}")
            else:
                self.absent[fact_name] = None
                self._line(depth, f"values[{fact_name!r}] = {fields}[{name!r}]")

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
