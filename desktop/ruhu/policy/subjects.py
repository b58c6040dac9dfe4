"""A record as the rules see it: subjects (household, member, stay ...) with typed facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ruhu.policy.expressions import Scalar
from ruhu.survey.common import Record
from ruhu.survey.facts import catalogue
from ruhu.survey.sections import Section


@dataclass(slots=True)
class Subject:
    """The record itself or an item of one of its lists.

    `address` is what stands before a fact's name in a path (`members[m2].`); `values` and `lists`
    are keyed by the fact's name within the subject (`schooling.stage`, `trainings`).
    """

    place: str
    identity: str
    address: str
    values: dict[str, Scalar] = field(default_factory=dict)
    lists: dict[str, list["Subject"]] = field(default_factory=dict)
    parents: tuple["Subject", ...] = ()

    def path(self, name: str) -> str:
        """The addressed path of one of the subject's facts."""
        return f"{self.address}{name}"

    def items(self, place: str) -> Iterator["Subject"]:
        """All subjects at `place` (`members[].stays[]`) below this one; none of absent lists."""
        if place == self.place:
            yield self
        for children in self.lists.values():
            for child in children:
                if place == child.place or place.startswith(f"{child.place}."):
                    yield from child.items(place)


def _scalar(value: Any) -> Scalar:
    if isinstance(value, (bool, str, date)):
        return value
    if isinstance(value, (int, Decimal)):
        return Fraction(value)
    return str(value)


def subject_of(record: Record) -> Subject:
    """Read a record into its tree of subjects."""
    root = Subject("", "", "")
    _read(record, "", root, record.kind)
    return root


def _read(section: Section, prefix: str, subject: Subject, kind: str) -> None:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            _read(value, f"{prefix}{name}.", subject, kind)
        elif isinstance(value, list):
            subject.lists[f"{prefix}{name}"] = _items(value, f"{prefix}{name}", subject, kind)
        elif value is not None:
            subject.values[f"{prefix}{name}"] = _scalar(value)


def _items(items: list[Any], name: str, owner: Subject, kind: str) -> list[Subject]:
    list_place = f"{owner.place}.{name}" if owner.place else name
    key = catalogue(kind)[list_place].item_key
    assert key is not None
    out = []
    for item in items:
        identity = str(getattr(item, key))
        child = Subject(
            f"{list_place}[]",
            identity,
            f"{owner.path(name)}[{identity}].",
            parents=(*owner.parents, owner),
        )
        _read(item, "", child, kind)
        out.append(child)
    return out
