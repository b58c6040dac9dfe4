"""A record as the rules see it: subjects (household, member, stay ...) with typed facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, NamedTuple, get_args

from ruhu.policy.answers import Answer
from ruhu.policy.expressions import Scalar
from ruhu.survey.common import Record
from ruhu.survey.facts import bare, catalogue
from ruhu.survey.sections import Section

Value = bool | str | date | int | Decimal | None
"""A fact as the record holds it."""


@dataclass(slots=True)
class Subject:
    """The record itself or an item of one of its lists.

    `address` is what stands before a fact's name in a path (`members[m2].`); `values` (with `None`
    for what is absent) and `lists` (without what is absent) are keyed by the fact's name within
    the subject (`schooling.stage`, `trainings`). `answers` keeps what was asked for already.
    """

    place: str
    identity: str
    address: str
    values: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, list["Subject"]] = field(default_factory=dict)
    parents: tuple["Subject", ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """The addressed path of one of the subject's facts."""
        return f"{self.address}{name}"

    def scalar(self, name: str) -> Scalar | None:
        """A fact as the rule language knows it: a number is an exact fraction."""
        value = self.values.get(name)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return exact(value)
        return value

    def answer(self, name: str) -> Answer:
        """A fact, or that it is missing."""
        value = self.scalar(name)
        return Answer(None, frozenset({self.path(name)})) if value is None else Answer(value)

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


class _List(NamedTuple):
    """A list among the fields of a model: how its items are read."""

    field: str
    name: str
    place: str
    key: str
    items: "_Shape"


class _Shape(NamedTuple):
    """The fields of a model, sorted out once: facts, groups of facts, and lists."""

    empty: dict[str, Value]
    facts: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, "_Shape"], ...]
    lists: tuple[_List, ...]


@cache
def _shape(model: type[Section], kind: str, place: str, prefix: str = "") -> _Shape:
    facts: list[tuple[str, str]] = []
    groups: list[tuple[str, _Shape]] = []
    lists: list[_List] = []
    above = f"{place}." if place else ""
    for name, info in model.model_fields.items():
        annotation, below = bare(info.annotation), f"{prefix}{name}"
        fact = catalogue(kind).get(f"{above}{below}")
        if isinstance(annotation, type) and issubclass(annotation, Section):
            groups.append((name, _shape(annotation, kind, place, f"{below}.")))
        elif fact is not None and fact.item_key is not None:
            at = f"{above}{below}[]"
            inner = _shape(get_args(annotation)[0], kind, at)
            lists.append(_List(name, below, at, fact.item_key, inner))
        else:
            facts.append((name, below))
    empty: dict[str, Value] = {name: None for _, name in facts}
    for _, group in groups:
        empty.update(group.empty)
    return _Shape(empty, tuple(facts), tuple(groups), tuple(lists))


def subject_of(record: Record) -> Subject:
    """Read a record into its tree of subjects."""
    shape = _shape(type(record), record.kind, "")
    root = Subject("", "", "", shape.empty.copy())
    _read(record, shape, root)
    return root


def _read(section: Section, shape: _Shape, subject: Subject) -> None:
    fields = section.__dict__
    values = subject.values
    for field_, name in shape.facts:
        values[name] = fields[field_]
    for field_, group in shape.groups:
        if fields[field_] is not None:
            _read(fields[field_], group, subject)
    for each in shape.lists:
        if fields[each.field] is not None:
            subject.lists[each.name] = _items(fields[each.field], each, subject)


def _items(items: list[Any], each: _List, owner: Subject) -> list[Subject]:
    parents, start = (*owner.parents, owner), f"{owner.address}{each.name}["
    out = []
    for item in items:
        identity = str(getattr(item, each.key))
        values = each.items.empty.copy()
        child = Subject(each.place, identity, f"{start}{identity}].", values, parents=parents)
        _read(item, each.items, child)
        out.append(child)
    return out
