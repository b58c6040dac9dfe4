"""What the rules say of the county's records, in the few numbers that ledgers and figures need.

Records are assessed together, in columns; what is kept of an answer has no person's name in it.
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
"""Outcomes that a ledger or a figure looks at; the rest can be worked out again."""
_KEPT = {kind: np.isin(np.arange(len(OUTCOMES)), codes) for kind, codes in STORED_OUTCOMES.items()}
PRIORITY = "housing.priority"
"""The one rule whose value a ledger needs."""


def yuan(fen: int | None) -> Decimal | None:
    """Whole fen as an amount in CNY."""
    return None if fen is None else Decimal(fen).scaleb(-2)


class StoredFinding(NamedTuple):
    """One rule's answer about one subject; `fen` for each `per`; `value` is the rule's."""

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


_answer = cast(
    "Callable[[tuple[object, ...]], StoredFinding]", partial(tuple.__new__, StoredFinding)
)
"""`StoredFinding._make` without its steps in Python: there are dozens a household."""


@dataclass(frozen=True, slots=True)
class RecordAssessment:
    """Where a record stands: the day and text it was assessed by, its answers, its share in the
    county's indicators. Without a day, or with facts that are no facts, `problem` says why there
    are none.
    """

    record_id: UUID
    as_of: date | None = None
    policy: str | None = None
    answers: tuple[StoredFinding, ...] = ()
    tallies: Mapping[str, IndicatorCount] = field(default_factory=dict)
    problem: BilingualText | None = None


def _read(document: Document) -> BatchRecord | RecordAssessment:
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
"""The subjects of one place in all cases of a batch, each with the number of its case."""


def _subjects(roots: Subjects, place: str) -> Subjects:
    """All subjects at a place, in the order of those that own them."""
    found = roots
    for name in filter(None, place.removesuffix("[]").split("[].")):
        found = [(row, item) for row, owner in found for item in owner.lists.get(name, ())]
    return found


class _Collector:
    """What is found of each record while it is assessed."""

    def __init__(self, records: int) -> None:
        self.answers: list[list[StoredFinding]] = [[] for _ in range(records)]
        self.tallies: list[dict[str, IndicatorCount]] = [{} for _ in range(records)]

    def assess(
        self,
        kind: str,
        cases: Sequence[BatchRecord],
        at: Sequence[int],
        standards: DatedStandards | None,
    ) -> None:
        """Assess cases of one kind; `at` are the numbers of their records."""
        for batch, table, all_rulings in assess_all(kind, cases, standards):
            frame = batch.frame
            rows = [at[row] for row in batch.rows]
            roots = [(at[row], cases[row].root) for row in batch.rows]
            subjects = {place: _subjects(roots, place) for place in frame.names}
            for rulings in all_rulings:
                self._add(rulings, subjects[frame.place_of(rulings.rule)])
            if kind == "household":
                self._count(rows, table, frame)

    def _add(self, rulings: RuleColumns, subjects: Subjects) -> None:
        rule, size = rulings.rule, len(subjects)
        outcomes = np.broadcast_to(rulings.outcomes, size)
        rows = np.flatnonzero(rulings.stated & _KEPT[rule.kind][outcomes])
        if not len(rows):
            return
        granted = rule.grant is not None
        known = np.broadcast_to(rulings.amount.known & granted, size)[rows].tolist()
        amounts = np.broadcast_to(rulings.amount.fen() if granted else 0, size)[rows].tolist()
        for row, code, has, fen in zip(
            rows.tolist(), outcomes[rows].tolist(), known, amounts, strict=True
        ):
            outcome = OUTCOMES[code]
            at, subject = subjects[row]
            amount = fen if has and outcome is Outcome.ELIGIBLE else None
            value = rulings.value.at(row) if rule.id == PRIORITY else None
            whole = None if value is None else int(value)
            told = (rule.id, subject.address, outcome, amount, rule.per, whole)
            self.answers[at].append(_answer(told))

    def _count(self, rows: Sequence[int], table: RecordTable, frame: EvaluationContext) -> None:
        for tallies in count_indicators(table, frame):
            for row, tally in tallies.each():
                self.tallies[rows[row]][tallies.indicator.id] = tally


def standings(
    documents: Sequence[Document], standards: DatedStandards | None = None
) -> list[RecordAssessment]:
    """Assess records of any kind, each by the text and the standards of its own day, in the order
    given.
    """
    read = [_read(document) for document in documents]
    sheet = _Collector(len(read))
    by_kind: dict[str, list[tuple[int, BatchRecord]]] = {}
    for at, each in enumerate(read):
        if isinstance(each, BatchRecord):
            by_kind.setdefault(each.kind, []).append((at, each))
    for kind, chosen in by_kind.items():
        sheet.assess(kind, [case for _, case in chosen], [at for at, _ in chosen], standards)
    return [
        each if isinstance(each, RecordAssessment) else _standing(each, sheet, at)
        for at, each in enumerate(read)
    ]


def _standing(case: BatchRecord, sheet: _Collector, at: int) -> RecordAssessment:
    return RecordAssessment(
        cast(UUID, case.root.values["record_id"]),
        case.day,
        pack_for(case.day).id,
        tuple(sheet.answers[at]),
        sheet.tallies[at],
    )
