"""The year's housing plan: who comes first, how far the quota reaches, what people changed.

Priority is the contract's: registered households of poor counties or poor villages before others
(housing/2/1). Equal priority goes by the identification score, the lower (poorer) first; equal
scores by the day of application; and then by the household's number, so that a list is the same
whenever it is drawn up.
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
    """A household that may come into a plan. `score` in points, `subsidy` in CNY."""

    record_id: UUID
    household_no: str
    priority: int
    score: Decimal | None
    since: date | None
    subsidy: Decimal | None


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate's place in a plan, from 1, and whether the quota reaches it; `pinned` is what a
    person decided against the order.
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
    """Candidates in the order of the plan. A household without a score or day comes after those with."""
    return sorted(candidates, key=_sort_key)


def rank(
    candidates: Iterable[Candidate],
    quota: int,
    decisions: Mapping[UUID, ManualDecision] | None = None,
) -> list[RankedCandidate]:
    """The plan for a quota of households: those pinned in come first of all, those pinned out never,
    the rest by rank until the quota is full.

    Raises `UserError` for a quota under 1, or for more pinned in than the quota has room for.
    """
    decisions = decisions or {}
    if quota < 1:
        raise UserError(
            BilingualText("指标数应为1以上的整数", "the quota is a whole number from 1")
        )
    in_order = ranked(candidates)
    pinned_in = [c for c in in_order if decisions.get(c.record_id) == "in"]
    if len(pinned_in) > quota:
        raise UserError(
            BilingualText(
                "已指定纳入{n}户，超过指标{quota}户",
                "{n} households are put in by hand, more than the quota of {quota}",
            ).format(n=len(pinned_in), quota=quota)
        )
    room = quota - len(pinned_in)
    entries = []
    for rank, candidate in enumerate(in_order, start=1):
        pin = decisions.get(candidate.record_id)
        taken = pin == "in" or (pin is None and room > 0)
        room -= taken and pin is None
        entries.append(RankedCandidate(candidate, rank, taken, pin))
    return entries
