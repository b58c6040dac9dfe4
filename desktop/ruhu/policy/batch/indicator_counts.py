"""What each record adds to a county's indicators, from columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ruhu.policy.batch.columns import Index, Mask
from ruhu.policy.batch.evaluate import BatchContext, SubjectFrame, holds
from ruhu.policy.batch.record_table import Table
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.model import Indicator


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """What was counted for one indicator: all, those who meet it, those left out."""

    counted: int = 0
    met: int = 0
    left_out: int = 0

    def __add__(self, other: IndicatorCount) -> IndicatorCount:
        """Both together."""
        return IndicatorCount(
            self.counted + other.counted, self.met + other.met, self.left_out + other.left_out
        )


@dataclass(frozen=True, slots=True)
class IndicatorCounts:
    """One indicator's numbers, a row a record."""

    indicator: Indicator
    counted: Index
    met: Index
    left_out: Index

    def each(self) -> Iterator[tuple[int, IndicatorCount]]:
        """What each record adds that adds anything, with its row."""
        rows = np.flatnonzero(self.counted + self.left_out)
        numbers = (some[rows].tolist() for some in (self.counted, self.met, self.left_out))
        for row, counted, met, left_out in zip(rows.tolist(), *numbers, strict=True):
            yield row, IndicatorCount(counted, met, left_out)

    @property
    def total(self) -> IndicatorCount:
        """All records together."""
        return IndicatorCount(
            int(self.counted.sum()), int(self.met.sum()), int(self.left_out.sum())
        )


def count_indicators(table: Table, frame: EvaluationContext) -> list[IndicatorCounts]:
    """Count the subjects of every indicator of a frame, household by household.

    One whose absent facts leave it open stays out of both sides, as does a household without the
    list of those subjects.
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
        chosen = np.broadcast_to(mask, grid.size)
        return np.bincount(rows[chosen], minlength=records)

    decided = of.known & met.known
    left_out = by_record(~of.no & ~decided)
    if place:
        left_out = left_out + ~np.broadcast_to(table.has_list(place.removesuffix("[]")), records)
    return IndicatorCounts(
        indicator, by_record(of.yes & decided), by_record(of.yes & decided & met.yes), left_out
    )
