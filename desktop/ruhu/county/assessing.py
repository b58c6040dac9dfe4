"""What the rules say of the county's records, in the few numbers that ledgers and figures need.

Records are assessed together, in columns; what is kept of an answer has no person's name in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import numpy as np

from ruhu.policy.assessment import governing_day
from ruhu.policy.batch.assessment import Case, assess_all
from ruhu.policy.batch.rulings import OUTCOMES, Rulings
from ruhu.policy.batch.table import Table
from ruhu.policy.batch.tallies import Tally, tallies_on
from ruhu.policy.finding import Outcome, Per, RuleKind
from ruhu.policy.frame import Frame
from ruhu.policy.packs import pack_for
from ruhu.policy.standards import DatedStandards
from ruhu.policy.subjects import Subject, subject_of
from ruhu.survey.record import Parsed, parse_record
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError


def _codes(*outcomes: Outcome) -> list[int]:
    return [OUTCOMES.index(outcome) for outcome in outcomes]


KEPT = {
    RuleKind.CHECK: _codes(Outcome.FAIL, Outcome.CONFLICT),
    RuleKind.ENTITLEMENT: _codes(Outcome.ELIGIBLE, Outcome.UNKNOWN),
}
"""Outcomes that a ledger or a figure looks at; the rest can be worked out again."""
PRIORITY = "housing.priority"
"""The one rule whose value a ledger needs."""


def yuan(fen: int | None) -> Decimal | None:
    """Whole fen as an amount in CNY."""
    return None if fen is None else Decimal(fen).scaleb(-2)


class Answer(NamedTuple):
    """One rule's answer about one subject; `fen` for each `per`; `value` is the rule's."""

    rule: str
    address: str
    outcome: Outcome
    fen: int | None
    per: Per | None
    value: int | None

    @property
    def amount(self) -> Decimal | None:
        """The amount in CNY."""
        return yuan(self.fen)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands: the day and text it was assessed by, its answers, its share in the
    county's indicators. Without a day, or with facts that are no facts, `problem` says why there
    are none.
    """

    record_id: UUID
    as_of: date | None = None
    policy: str | None = None
    answers: tuple[Answer, ...] = ()
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    problem: Text | None = None


def _read(document: Document) -> Parsed | Standing:
    record_id = UUID(str(document["record_id"]))
    try:
        parsed = parse_record(document)
        pack_for(governing_day(parsed, None))
    except UserError as error:
        return Standing(record_id, problem=error.text)
    return parsed


Subjects = list[tuple[int, Subject]]
"""The subjects of one place in all cases of a batch, each with the number of its case."""


def _answers(rulings: Rulings, subjects: Subjects) -> Iterator[tuple[int, Answer]]:
    rule, size = rulings.rule, len(subjects)
    outcomes = np.broadcast_to(rulings.outcomes, size)
    rows = np.flatnonzero(rulings.stated & np.isin(outcomes, KEPT[rule.kind]))
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
        value = rulings.value.at(row) if rule.id == PRIORITY else None
        yield (
            at,
            Answer(
                rule.id,
                subject.address,
                outcome,
                fen if has and outcome is Outcome.ELIGIBLE else None,
                rule.per,
                None if value is None else int(value),
            ),
        )


class _Sheet:
    """What is found of each record while it is assessed."""

    def __init__(self, records: int) -> None:
        self.answers: list[list[Answer]] = [[] for _ in range(records)]
        self.tallies: list[dict[str, Tally]] = [{} for _ in range(records)]

    def assess(
        self, kind: str, cases: Sequence[Case], at: Sequence[int], standards: DatedStandards | None
    ) -> None:
        """Assess cases of one kind; `at` are the numbers of their records."""
        for batch, table, all_rulings in assess_all(kind, cases, standards):
            frame = batch.frame
            rows = [at[row] for row in batch.rows]
            subjects: dict[str, Subjects] = {
                place: [
                    (at[row], item) for row in batch.rows for item in cases[row].root.items(place)
                ]
                for place in frame.names
            }
            for rulings in all_rulings:
                for record, answer in _answers(rulings, subjects[frame.place_of(rulings.rule)]):
                    self.answers[record].append(answer)
            if kind == "household":
                self._count(rows, table, frame)

    def _count(self, rows: Sequence[int], table: Table, frame: Frame) -> None:
        for tallies in tallies_on(table, frame):
            for number in np.flatnonzero(tallies.counted + tallies.left_out).tolist():
                self.tallies[rows[number]][tallies.indicator.id] = tallies.of(number)


def standings(
    documents: Sequence[Document], standards: DatedStandards | None = None
) -> list[Standing]:
    """Assess records of any kind, each by the text and the standards of its own day, in the order
    given.
    """
    read = [_read(document) for document in documents]
    sheet = _Sheet(len(read))
    kinds = dict.fromkeys(p.record.kind for p in read if isinstance(p, Parsed))
    for kind in kinds:
        chosen = [
            (at, p) for at, p in enumerate(read) if isinstance(p, Parsed) and p.record.kind == kind
        ]
        cases = [
            Case(kind, subject_of(p.record), p.record.place.county, governing_day(p, None))
            for _, p in chosen
        ]
        sheet.assess(kind, cases, [at for at, _ in chosen], standards)
    return [
        each if isinstance(each, Standing) else _standing(each, sheet, at)
        for at, each in enumerate(read)
    ]


def _standing(parsed: Parsed, sheet: _Sheet, at: int) -> Standing:
    day = governing_day(parsed, None)
    return Standing(
        parsed.record.record_id,
        day,
        pack_for(day).id,
        tuple(sheet.answers[at]),
        sheet.tallies[at],
    )
