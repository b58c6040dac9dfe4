"""Assess all records of one kind at once, each by the text and the standards of its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ruhu.policy.batch.evaluate import BatchContext, SubjectFrame
from ruhu.policy.batch.record_table import RecordTable, build_table
from ruhu.policy.batch.rule_results import RuleColumns, evaluate_rule
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.packs.model import Pack
from ruhu.policy.standards.model import DatedStandards, Standards


def evaluate_rules(table: RecordTable, frame: EvaluationContext) -> Iterator[RuleColumns]:
    """Yield the results of every rule of a context for the subjects of a table.

    All records of the table must share the context's figures and standards; their days may differ.
    """
    basis = BatchContext(table, frame.figures, frame.defines, frame.standards)
    grids = {place: SubjectFrame.of(basis, place, frame.names) for place in frame.names}
    rules = frame.pack.rules_for(table.kind)
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        yield evaluate_rule(rule, by_id, grids[SUBJECTS[rule.subject][1]])


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A record to assess: its kind, facts and county, and the governing day."""

    kind: str
    root: Subject
    county: str | None
    day: date


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases assessed with one context, by their positions in the input."""

    frame: EvaluationContext
    rows: tuple[int, ...]


def _key(pack: Pack, day: date) -> tuple[str, int]:
    changes = {since.start for figure in pack.figures.values() for since in figure.series}
    return pack.id, sum(start <= day for start in changes)


def group_batches(
    kind: str, cases: Sequence[BatchRecord], standards: DatedStandards | None = None
) -> list[Batch]:
    """Group cases of one kind by the figures and standards that apply.

    Raises `UserError` for a day before the first text.
    """
    keys: dict[date, tuple[str, int]] = {}
    groups: dict[tuple[str, int, Standards | None], list[int]] = {}
    for row, case in enumerate(cases):
        key = keys.get(case.day)
        if key is None:
            key = keys[case.day] = _key(pack_for(case.day), case.day)
        in_force = standards.on(case.day, case.county) if standards else None
        groups.setdefault((*key, in_force), []).append(row)
    return [
        Batch(EvaluationContext.of(pack_for(day), kind, day, in_force), tuple(rows))
        for (_, _, in_force), rows in groups.items()
        for day in [cases[rows[0]].day]
    ]


def assess_all(
    kind: str, cases: Sequence[BatchRecord], standards: DatedStandards | None = None
) -> Iterator[tuple[Batch, RecordTable, Iterator[RuleColumns]]]:
    """Assess cases of one kind; yield for each batch its columns and the results of every rule."""
    for batch in group_batches(kind, cases, standards):
        chosen = [cases[row] for row in batch.rows]
        table = build_table(kind, [case.root for case in chosen], [case.day for case in chosen])
        yield batch, table, evaluate_rules(table, batch.frame)
