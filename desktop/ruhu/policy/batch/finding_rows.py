"""Findings of many records as rows, one for each applicable rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from ruhu.policy.batch.assess import Batch, BatchRecord, assess_all
from ruhu.policy.batch.columns import FractionColumn
from ruhu.policy.batch.rule_results import OUTCOMES, STRENGTHS, RuleColumns
from ruhu.policy.compiler.program import Program
from ruhu.policy.evaluation.finding import ObligationLevel, Outcome, PaymentPeriod
from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.language.numbers import as_decimal, to_fen, to_plain
from ruhu.policy.packs.model import Rule
from ruhu.policy.standards.model import DatedStandards

_NOT_APPLICABLE = OUTCOMES.index(Outcome.NOT_APPLICABLE)
_MAY_MISS = frozenset({Outcome.UNKNOWN, Outcome.ELIGIBLE})


class FindingRow(NamedTuple):
    """A finding without its texts. Numbers are decimal strings; `amount` is in CNY."""

    record_id: str
    kind: str
    policy: str
    as_of: date
    rule: str
    subject: str
    outcome: Outcome
    strength: ObligationLevel
    clause: str
    value: str | None
    limit: str | None
    unit: str | None
    amount: str | None
    per: PaymentPeriod | None
    missing: tuple[str, ...]


def _missing(rule: Rule, subject: Subject, program: Program) -> list[str]:
    (finding,) = program.findings_of([rule], show_all=True)(*subject.parents, subject)
    assert finding is not None
    return sorted(finding.missing)


def _exact(column: FractionColumn, row: int) -> str | None:
    number = column.at(row)
    return None if number is None else to_plain(as_decimal(number))


def _money(column: FractionColumn, row: int) -> str | None:
    number = column.at(row)
    return None if number is None else to_plain(to_fen(number))


def _rows(
    rulings: RuleColumns, batch: Batch, cases: Sequence[BatchRecord], record_ids: Sequence[str]
) -> Iterator[tuple[int, FindingRow]]:
    frame, rule = batch.frame, rulings.rule
    place = frame.place_of(rule)
    program = Program(frame)
    subjects = [(at, item) for at in batch.rows for item in cases[at].root.items(place)]
    outcomes = np.broadcast_to(rulings.outcomes, len(subjects))
    strengths = np.broadcast_to(rulings.strengths, len(subjects))
    for row in np.flatnonzero(rulings.stated & (outcomes != _NOT_APPLICABLE)).tolist():
        at, subject = subjects[row]
        outcome = OUTCOMES[outcomes[row]]
        case = cases[at]
        yield (
            at,
            FindingRow(
                record_ids[at],
                case.kind,
                frame.pack.id,
                case.day,
                rule.id,
                f"{rule.subject}:{subject.identity}" if place else rule.subject,
                outcome,
                STRENGTHS[strengths[row]],
                rule.clause,
                _exact(rulings.value, row),
                _exact(rulings.limit, row),
                rule.unit,
                _money(rulings.amount, row),
                rule.per,
                tuple(_missing(rule, subject, program)) if outcome in _MAY_MISS else (),
            ),
        )


def finding_rows(
    cases: Sequence[BatchRecord], record_ids: Sequence[str], standards: DatedStandards | None = None
) -> list[FindingRow]:
    """Return the findings of cases of any kind, record by record in the order given.

    Missing facts are computed subject by subject, and only where there may be some; everything else comes
    from the columns. Raises `UserError` for a day before the first text.
    """
    rows_by_case: list[tuple[int, FindingRow]] = []
    for kind in dict.fromkeys(case.kind for case in cases):
        positions = [at for at, case in enumerate(cases) if case.kind == kind]
        same = [cases[at] for at in positions]
        names = [record_ids[at] for at in positions]
        for batch, _, all_rulings in assess_all(kind, same, standards):
            for rulings in all_rulings:
                rows_by_case += [
                    (positions[at], row) for at, row in _rows(rulings, batch, same, names)
                ]
    rows_by_case.sort(key=lambda pair: pair[0])
    return [row for _, row in rows_by_case]
