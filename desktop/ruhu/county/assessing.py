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
from ruhu.policy.batch.assessment import Batch, Case, assess_all
from ruhu.policy.batch.rulings import OUTCOMES, Rulings
from ruhu.policy.finding import Outcome, Per, RuleKind
from ruhu.policy.indicators import Tally, tallies_of
from ruhu.policy.numbers import to_fen
from ruhu.policy.packs import pack_for
from ruhu.policy.standards import DatedStandards
from ruhu.policy.subjects import subject_of
from ruhu.survey.household import Household
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


class Answer(NamedTuple):
    """One rule's answer about one subject; `amount` in CNY for each `per`; `value` is the rule's."""

    rule: str
    address: str
    outcome: Outcome
    amount: Decimal | None
    per: Per | None
    value: int | None


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


def _answers(rulings: Rulings, batch: Batch, cases: Sequence[Case]) -> Iterator[tuple[int, Answer]]:
    frame, rule = batch.frame, rulings.rule
    place = frame.place_of(rule)
    subjects = [(at, item) for at in batch.rows for item in cases[at].root.items(place)]
    outcomes = np.broadcast_to(rulings.outcomes, len(subjects))
    for row in np.flatnonzero(rulings.stated & np.isin(outcomes, KEPT[rule.kind])).tolist():
        outcome = OUTCOMES[outcomes[row]]
        at, subject = subjects[row]
        amount = rulings.amount.at(row) if outcome is Outcome.ELIGIBLE and rule.grant else None
        value = rulings.value.at(row) if rule.id == "housing.priority" else None
        yield (
            at,
            Answer(
                rule.id,
                subject.address,
                outcome,
                None if amount is None else to_fen(amount),
                rule.per,
                None if value is None else int(value),
            ),
        )


def standings(
    documents: Sequence[Document], standards: DatedStandards | None = None
) -> list[Standing]:
    """Assess records of any kind, each by the text and the standards of its own day, in the order
    given.
    """
    read = [_read(document) for document in documents]
    parsed = [(at, p) for at, p in enumerate(read) if isinstance(p, Parsed)]
    answers: dict[int, list[Answer]] = {at: [] for at, _ in parsed}
    for kind in dict.fromkeys(p.record.kind for _, p in parsed):
        chosen = [(at, p) for at, p in parsed if p.record.kind == kind]
        cases = [
            Case(kind, subject_of(p.record), p.record.place.county, governing_day(p, None))
            for _, p in chosen
        ]
        for batch, all_rulings in assess_all(kind, cases, standards):
            for rulings in all_rulings:
                for row, answer in _answers(rulings, batch, cases):
                    answers[chosen[row][0]].append(answer)
    found = []
    for at, each in enumerate(read):
        if isinstance(each, Standing):
            found.append(each)
            continue
        day = governing_day(each, None)
        tallies = tallies_of(each.record, day) if isinstance(each.record, Household) else {}
        found.append(
            Standing(each.record.record_id, day, pack_for(day).id, tuple(answers[at]), tallies)
        )
    return found
