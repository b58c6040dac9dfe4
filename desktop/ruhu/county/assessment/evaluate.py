"""Assessment of the county's records, reduced to what ledgers and figures need.

Records are assessed together, in columns. A stored finding has no person's name in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple, cast
from uuid import UUID

import numpy as np

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.batch.assess import BatchRecord, assess_all
from ruhu.policy.batch.indicator_counts import IndicatorCount, count_indicators
from ruhu.policy.batch.record_table import RecordTable
from ruhu.policy.batch.rule_results import OUTCOMES, RuleColumns
from ruhu.policy.evaluation.assess import survey_day
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.evaluation.finding import Outcome, PaymentPeriod, RuleKind
from ruhu.policy.evaluation.record_reader import root_of
from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.standards.model import DatedStandards
from ruhu.strict_json import Document


def _codes(*outcomes: Outcome) -> list[int]:
    return [OUTCOMES.index(outcome) for outcome in outcomes]


STORED_OUTCOMES = {
    RuleKind.CHECK: _codes(Outcome.FAIL, Outcome.CONFLICT),
    RuleKind.ENTITLEMENT: _codes(Outcome.ELIGIBLE, Outcome.UNKNOWN),
}
"""Outcomes that a ledger or a figure uses; the others can be computed again."""
_IS_STORED = {
    kind: np.isin(np.arange(len(OUTCOMES)), codes) for kind, codes in STORED_OUTCOMES.items()
}
PRIORITY = "housing.priority"
"""The one rule whose value a ledger needs."""


def yuan(fen: int | None) -> Decimal | None:
    """Convert fen to an amount in CNY."""
    return None if fen is None else Decimal(fen).scaleb(-2)


class StoredFinding(NamedTuple):
    """A rule's outcome for one subject; `fen` for each `per`; `value` is the rule's value."""

    rule: str
    address: str
    outcome: Outcome
    fen: int | None
    per: PaymentPeriod | None
    value: int | None

    @property
    def amount(self) -> Decimal | None:
        """The amount in CNY."""
        return yuan(self.fen)


_new_finding = cast(
    "Callable[[tuple[object, ...]], StoredFinding]", partial(tuple.__new__, StoredFinding)
)
"""`StoredFinding._make` without its Python code: there are dozens for each household."""


@dataclass(frozen=True, slots=True)
class RecordAssessment:
    """The assessment of a record: its day and policy text, the findings, the indicator counts.

    A record without a survey date, or with invalid values, has a `problem` instead.
    """

    record_id: UUID
    as_of: date | None = None
    policy: str | None = None
    findings: tuple[StoredFinding, ...] = ()
    indicators: Mapping[str, IndicatorCount] = field(default_factory=dict)
    problem: BilingualText | None = None


def _read_record(document: Document) -> BatchRecord | RecordAssessment:
    try:
        root = root_of(document)
        case = BatchRecord(
            str(root.values["kind"]),
            root,
            cast("str | None", root.values["place.county"]),
            survey_day(root),
        )
        pack_for(case.day)
    except UserError as error:
        return RecordAssessment(UUID(str(document["record_id"])), problem=error.text)
    return case


Subjects = list[tuple[int, Subject]]
"""The subjects at one path in all cases of a batch, each with the number of its case."""


def _subjects_at(roots: Subjects, path: str) -> Subjects:
    """Return all subjects at a path, in the order of their owners."""
    subjects = roots
    for name in filter(None, path.removesuffix("[]").split("[].")):
        subjects = [(row, item) for row, owner in subjects for item in owner.lists.get(name, ())]
    return subjects


class _Collector:
    """Findings and indicators of each record, collected during assessment."""

    def __init__(self, records: int) -> None:
        self.findings: list[list[StoredFinding]] = [[] for _ in range(records)]
        self.indicators: list[dict[str, IndicatorCount]] = [{} for _ in range(records)]

    def assess(
        self,
        kind: str,
        cases: Sequence[BatchRecord],
        at: Sequence[int],
        standards: DatedStandards | None,
    ) -> None:
        """Assess cases of one kind; `at` are the numbers of their records."""
        for batch, table, all_columns in assess_all(kind, cases, standards):
            context = batch.frame
            rows = [at[row] for row in batch.rows]
            roots = [(at[row], cases[row].root) for row in batch.rows]
            subjects = {path: _subjects_at(roots, path) for path in context.names}
            for columns in all_columns:
                self._add(columns, subjects[context.place_of(columns.rule)])
            if kind == "household":
                self._count(rows, table, context)

    def _add(self, columns: RuleColumns, subjects: Subjects) -> None:
        rule, size = columns.rule, len(subjects)
        outcomes = np.broadcast_to(columns.outcomes, size)
        rows = np.flatnonzero(columns.stated & _IS_STORED[rule.kind][outcomes])
        if not len(rows):
            return
        granted = rule.grant is not None
        is_known = np.broadcast_to(columns.amount.known & granted, size)[rows].tolist()
        amounts = np.broadcast_to(columns.amount.fen() if granted else 0, size)[rows].tolist()
        for row, code, has, fen in zip(
            rows.tolist(), outcomes[rows].tolist(), is_known, amounts, strict=True
        ):
            outcome = OUTCOMES[code]
            at, subject = subjects[row]
            amount = fen if has and outcome is Outcome.ELIGIBLE else None
            value = columns.value.at(row) if rule.id == PRIORITY else None
            number = None if value is None else int(value)
            fields = (rule.id, subject.address, outcome, amount, rule.per, number)
            self.findings[at].append(_new_finding(fields))

    def _count(self, rows: Sequence[int], table: RecordTable, context: EvaluationContext) -> None:
        for counts in count_indicators(table, context):
            for row, count in counts.each():
                self.indicators[rows[row]][counts.indicator.id] = count


def assess_documents(
    documents: Sequence[Document], standards: DatedStandards | None = None
) -> list[RecordAssessment]:
    """Assess records of any kind, each by the text and standards of its own day, in order."""
    read = [_read_record(document) for document in documents]
    sheet = _Collector(len(read))
    by_kind: dict[str, list[tuple[int, BatchRecord]]] = {}
    for at, each in enumerate(read):
        if isinstance(each, BatchRecord):
            by_kind.setdefault(each.kind, []).append((at, each))
    for kind, chosen in by_kind.items():
        sheet.assess(kind, [case for _, case in chosen], [at for at, _ in chosen], standards)
    return [
        each if isinstance(each, RecordAssessment) else _record_assessment(each, sheet, at)
        for at, each in enumerate(read)
    ]


def _record_assessment(case: BatchRecord, collector: _Collector, at: int) -> RecordAssessment:
    return RecordAssessment(
        cast(UUID, case.root.values["record_id"]),
        case.day,
        pack_for(case.day).id,
        tuple(collector.findings[at]),
        collector.indicators[at],
    )
