"""Records of one kind as columns: rows for every list, a column for every fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np

from ruhu.policy.batch.columns import (
    OFF,
    Column,
    DateColumn,
    Index,
    Mask,
    UnknownColumn,
    days,
    numbers,
    slice_rows,
    truths,
    words,
)
from ruhu.policy.evaluation.record_tree import Subject, Value
from ruhu.survey.facts.catalogue import FactKind, catalogue


@dataclass(frozen=True, slots=True)
class ListRows:
    """The rows of one list in all records, in the order of their owners.

    `above` maps the record (`""`) and every list in between to the owning row of each row. `counts` has the
    number of rows of each row of the nearest owner.
    """

    size: int
    above: Mapping[str, Index]
    counts: Index

    @classmethod
    def of(cls, counts: Index, owner: str, owner_place: ListRows) -> ListRows:
        """Return the rows of a list, given the number of rows of each row of `owner`."""
        rows = np.repeat(np.arange(owner_place.size), counts)
        above = {place: index[rows] for place, index in owner_place.above.items()}
        return cls(len(rows), {**above, owner: rows}, counts)


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Records of one kind, each assessed on its own day.

    `facts` and `listed` (whether a list is present) are by path in the catalogue. A fact that no record has
    needs no column.
    """

    kind: str
    day: DateColumn
    places: Mapping[str, ListRows]
    facts: Mapping[str, Column]
    listed: Mapping[str, Mask]

    def fact(self, path: str) -> Column:
        """Return the column of a fact."""
        return self.facts.get(path, UnknownColumn())

    def has_list(self, path: str) -> Mask:
        """Return where a list is present, even if empty."""
        return self.listed.get(path, OFF)

    def parts(self, size: int) -> Iterator[RecordTable]:
        """Yield the same records, `size` at a time: small enough for the processor's cache."""
        ends = {
            place: np.concatenate(([0], np.cumsum(rows.counts)))
            for place, rows in self.places.items()
            if place
        }
        for start in range(0, self.places[""].size, size):
            yield self._part(start, min(start + size, self.places[""].size), ends)

    def _part(self, start: int, stop: int, ends: Mapping[str, Index]) -> RecordTable:
        at = {"": slice(start, stop)}
        places = {"": ListRows(stop - start, {}, np.zeros(0, np.intp))}
        for place, end in ends.items():
            owner = owner_of(place.removesuffix("[]"))
            rows = at[owner]
            at[place] = slice(int(end[rows.start]), int(end[rows.stop]))
            places[place] = ListRows.of(self.places[place].counts[rows], owner, places[owner])
        return RecordTable(
            self.kind,
            self.day.rows(at[""]),
            places,
            {path: column.rows(at[owner_of(path)]) for path, column in self.facts.items()},
            {path: slice_rows(mask, at[owner_of(path)]) for path, mask in self.listed.items()},
        )


_MAKERS: dict[FactKind, Any] = {
    FactKind.YES_NO: truths,
    FactKind.CHOICE: words,
    FactKind.DECIMAL: numbers,
    FactKind.WHOLE: numbers,
    FactKind.DATE: days,
    FactKind.TEXT: words,
}


@dataclass(frozen=True, slots=True)
class _Rows:
    """The subjects of one list in all records, and their values by fact."""

    subjects: list[Subject]
    values: Mapping[str, tuple[Value, ...]]

    @classmethod
    def of(cls, subjects: list[Subject]) -> _Rows:
        """Return the rows of some subjects."""
        if not subjects:
            return cls(subjects, {})
        names = list(subjects[0].values)
        rows = map(itemgetter(*names), [subject.values for subject in subjects])
        columns = zip(*rows, strict=True) if len(names) > 1 else [tuple(rows)]
        return cls(subjects, dict(zip(names, columns, strict=True)))


def owner_of(path: str) -> str:
    """Return the place that a fact or list belongs to: `members[]` for `members[].stays`."""
    before, mark, _ = path.rpartition("[].")
    return f"{before}[]" if mark else ""


def _apart(path: str) -> tuple[str, str]:
    """Return the place that a fact belongs to, and its name there."""
    owner = owner_of(path)
    return owner, path.removeprefix(owner).removeprefix(".")


class _Columns(Mapping[str, Column]):
    """The columns of facts that some record has, built when first used: no rule reads names or numbers."""

    def __init__(self, kind: str, rows: Mapping[str, _Rows]) -> None:
        self._facts, self._rows = catalogue(kind), rows
        self._made: dict[str, Column | None] = {}

    def __getitem__(self, path: str) -> Column:
        if path not in self._made:
            self._made[path] = self._make(path)
        column = self._made[path]
        if column is None:
            raise KeyError(path)
        return column

    def _make(self, path: str) -> Column | None:
        owner, name = _apart(path)
        maker = _MAKERS.get(self._facts[path].kind)
        values = self._rows[owner].values.get(name, ())
        if maker is None or all(value is None for value in values):
            return None
        column: Column = maker(values)
        return column

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._facts if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def build_table(kind: str, subjects: Sequence[Subject], on: Sequence[date]) -> RecordTable:
    """Convert records of one kind into columns; `on` has the day of each."""
    rows = {"": _Rows.of(list(subjects))}
    places = {"": ListRows(len(subjects), {}, np.zeros(0, np.intp))}
    listed: dict[str, Mask] = {}
    for path, fact in catalogue(kind).items():
        if fact.kind is FactKind.LIST:
            owner, name = _apart(path)
            lists = [subject.lists.get(name) for subject in rows[owner].subjects]
            items = [item for each in lists if each for item in each]
            counts = np.array([len(each or ()) for each in lists], np.intp)
            place = f"{path}[]"
            rows[place] = _Rows.of(items)
            places[place] = ListRows.of(counts, owner, places[owner])
            listed[path] = np.fromiter((e is not None for e in lists), np.bool_, len(lists))
    return RecordTable(kind, days(on), places, _Columns(kind, rows), listed)
