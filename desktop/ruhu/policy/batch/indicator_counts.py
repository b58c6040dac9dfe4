"""Count each record's contribution to a county's indicators, from columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ruhu.policy.batch.columns import Index, Mask
from ruhu.policy.batch.evaluate import BatchContext, SubjectFrame, holds
from ruhu.policy.batch.record_table import RecordTable
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.model import Indicator


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """Counts of one indicator: all, those that meet it, those left out."""

    counted: int = 0
    met: int = 0
    left_out: int = 0

    def __add__(self, other: IndicatorCount) -> IndicatorCount:
        """Return the sum of both."""
        return IndicatorCount(
            self.counted + other.counted, self.met + other.met, self.left_out + other.left_out
        )


@dataclass(frozen=True, slots=True)
class IndicatorCounts:
    """One indicator's counts, a row for each record."""

    indicator: Indicator
    counted: Index
    met: Index
    left_out: Index

    def each(self) -> Iterator[tuple[int, IndicatorCount]]:
        """Yield the row and the counts of each record that contributes."""
        rows = np.flatnonzero(self.counted + self.left_out)
        numbers = (some[rows].tolist() for some in (self.counted, self.met, self.left_out))
        for row, counted, met, left_out in zip(rows.tolist(), *numbers, strict=True):
            yield row, IndicatorCount(counted, met, left_out)

    @property
    def total(self) -> IndicatorCount:
        """The sum over all records."""
        return IndicatorCount(
            int(self.counted.sum()), int(self.met.sum()), int(self.left_out.sum())
        )


def count_indicators(table: RecordTable, frame: EvaluationContext) -> list[IndicatorCounts]:
    """Count the subjects of every indicator of a context, household by household.

    A subject that absent facts leave open is left out of both sides, as is a household without the list of
    those subjects.
    """
    basis = BatchContext(table, frame.figures, frame.defines, frame.standards)
    return [_tallies(indicator, basis, frame) for indicator in frame.pack.indicators]


def _tallies(
    indicator: Indicator, basis: BatchContext, frame: EvaluationContext
) -> IndicatorCounts:
    _, place = SUBJECTS[indicator.subject]
    table = basis.table
    records = table.places[""].size
    grid = SubjectFrame.of(basis, place, frame.names)
    of, met = holds(indicator.of, grid), holds(indicator.met, grid)
    rows = table.places[place].above[""] if place else np.arange(records)

    def by_record(mask: Mask) -> Index:
        selected = np.broadcast_to(mask, grid.size)
        return np.bincount(rows[selected], minlength=records)

    decided = of.known & met.known
    left_out = by_record(~of.no & ~decided)
    if place:
        left_out = left_out + ~np.broadcast_to(table.has_list(place.removesuffix("[]")), records)
    return IndicatorCounts(
        indicator, by_record(of.yes & decided), by_record(of.yes & decided & met.yes), left_out
    )
