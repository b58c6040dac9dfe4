"""Ranking of the yearly housing plan: priority, quota and manual decisions.

Registered households of poor counties or poor villages come before others (housing/2/1). Equal
priority is ordered by identification score, the lower (poorer) first, then by the day of
application, then by household number, so that the order is always the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from ruhu.errors import UserError
from ruhu.i18n import BilingualText

ManualDecision = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household that may be planned. `score` in points, `subsidy` in CNY."""

    record_id: UUID
    household_no: str
    priority: int
    score: Decimal | None
    since: date | None
    subsidy: Decimal | None


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate with its rank, from 1, and whether the plan includes it.

    `decision` is what somebody decided against the ranking.
    """

    candidate: Candidate
    rank: int
    included: bool
    decision: ManualDecision | None = None


def _sort_key(candidate: Candidate) -> tuple[object, ...]:
    score, since = candidate.score, candidate.since
    return (
        candidate.priority,
        score is None,
        score or Decimal(0),
        since is None,
        since or date.min,
        candidate.household_no,
        candidate.record_id,
    )


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates in the order of the plan; those without a score or day come last."""
    return sorted(candidates, key=_sort_key)


def rank(
    candidates: Iterable[Candidate],
    quota: int,
    decisions: Mapping[UUID, ManualDecision] | None = None,
) -> list[RankedCandidate]:
    """Return the plan for a quota of households.

    Households included by hand come first, those excluded never; the others by rank until the quota
    is full. Raises `UserError` for a quota under 1, or if more are included by hand than the quota
    allows.
    """
    decisions = decisions or {}
    if quota < 1:
        raise UserError(
            BilingualText("指标数应为1以上的整数", "the quota must be a whole number of at least 1")
        )
    in_order = ranked(candidates)
    included_by_hand = [c for c in in_order if decisions.get(c.record_id) == "in"]
    if len(included_by_hand) > quota:
        raise UserError(
            BilingualText(
                "已指定纳入{n}户，超过指标{quota}户",
                "{n} households are included by hand, more than the quota of {quota}",
            ).format(n=len(included_by_hand), quota=quota)
        )
    room = quota - len(included_by_hand)
    entries = []
    for position, candidate in enumerate(in_order, start=1):
        decision = decisions.get(candidate.record_id)
        included = decision == "in" or (decision is None and room > 0)
        room -= included and decision is None
        entries.append(RankedCandidate(candidate, position, included, decision))
    return entries
