"""Functions of the rule language that a single expression cannot express."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import msgspec

from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.language.numbers import EXACT, as_decimal
from ruhu.policy.language.three_valued import FALSE, NO_FACTS, TRUE, ThreeValued, unknown
from ruhu.policy.standards.model import TIERS, Standards
from ruhu.survey.models.choices import HousingStage

_ZERO, _ONE = Decimal(0), Decimal(1)


def years_after(day: date, years: int) -> date:
    """Return the same date `years` later; 29 February becomes 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def age_on(birth_date: date, day: date) -> int:
    """Return the completed years on `day`; an age is reached on the birthday."""
    # In a common year, the birthday of 29 February is 1 March.
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


def stages_in_order(steps: list[Subject] | None, stage: ThreeValued, path: str) -> ThreeValued:
    """Return whether every stage before `stage` is recorded with a date and no date goes back.

    A function, because it compares neighbours in the order of the stages.
    """
    order = [word.value for word in HousingStage]
    if isinstance(stage.value, str):
        return _in_order(steps, order[: order.index(stage.value) + 1], path)
    ways = [_in_order(steps, order[: at + 1], path) for at in range(len(order))]
    if ways[-1] is TRUE:
        # In order up to the last stage means in order up to any.
        return TRUE
    return ThreeValued(None, stage.missing.union(*(way.missing for way in ways)))


def _in_order(steps: list[Subject] | None, stages: list[str], path: str) -> ThreeValued:
    """Return the same if the last of `stages` is the one reached."""
    *earlier, _ = stages
    if not earlier:
        return TRUE
    if steps is None:
        return ThreeValued(None, frozenset({path}))
    by_stage = {step.identity: step for step in reversed(steps)}
    if any(name not in by_stage for name in earlier):
        return FALSE
    reached = [by_stage[name] for name in stages if name in by_stage]
    days = [step.values.get("on") for step in reached]
    known = [day for day in days if isinstance(day, date)]
    if any(later < sooner for sooner, later in pairwise(known)):
        return FALSE
    undated = frozenset(step.path("on") for step in reached if step.values.get("on") is None)
    return ThreeValued(None, undated) if undated else TRUE


class RunningTotal(msgspec.Struct, frozen=True, gc=False):
    """A running total of the year at one item of a list; `path` is the total's path."""

    identity: str
    year: int | None
    total: Decimal | Fraction | None
    path: str = ""


def previous_total(own: RunningTotal, items: Iterable[RunningTotal]) -> ThreeValued:
    """Return the next lower total among the other items of the year, 0 if there is none.

    Of equal totals the one with the later id comes second. An item without a date counts in every year. A
    function, because a condition on single items cannot compare neighbours.
    """
    if own.total is None:
        return ThreeValued(None, frozenset({own.path}))
    previous: Decimal | Fraction = _ZERO
    missing = set()
    for item in items:
        if item.identity == own.identity or _in_other_years(own.year, item.year):
            continue
        if item.total is None:
            missing.add(item.path)
        elif (item.total, item.identity) < (own.total, own.identity):
            previous = max(previous, item.total)
    if missing and previous < own.total:
        return ThreeValued(None, frozenset(missing))
    return ThreeValued(previous)


def _in_other_years(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other


Tiers = Sequence[tuple[Decimal | None, Decimal]]
"""The county's tiers: the upper end of the spend above the deductible (`None` for the last), and the rate."""


def tiers_of(standards: Standards | None) -> Tiers | None:
    """Return the tiers that a county set, `None` if it set none."""
    if standards is None or standards.tiers is None:
        return None
    return [(None if end is None else as_decimal(end), as_decimal(r)) for end, r in standards.tiers]


class TierShare(msgspec.Struct, frozen=True, gc=False):
    """The part of a spend in one tier: `amount`, from `below` up to `end` or without end."""

    amount: Decimal
    below: Decimal
    end: Decimal | None
    rate: Decimal


def tier_parts(spend: Decimal, deductible: Decimal, tiers: Tiers) -> Iterator[TierShare]:
    """Yield the tiers that a spend above the deductible reaches."""
    over, below = EXACT.subtract(spend, deductible), _ZERO
    for end, rate in tiers:
        upper = over if end is None or over < end else end
        if upper > below:
            full = upper if upper is end else None
            yield TierShare(EXACT.subtract(upper, below), below, full, rate)
            below = upper


def tiered(spend: Decimal, deductible: Decimal, extra: Decimal, tiers: Tiers) -> Decimal:
    """Sum the tiers above the deductible: each tier's rate plus `extra`, at most 1.

    A function, because the county chooses the number of tiers.
    """
    total = _ZERO
    for part in tier_parts(spend, deductible, tiers):
        share = min(_ONE, EXACT.add(part.rate, extra))
        total = EXACT.add(total, EXACT.multiply(part.amount, share))
    return total


def tiered_amount(
    spend: ThreeValued,
    deductible: ThreeValued,
    extra: ThreeValued,
    tiers: Tiers | None,
) -> ThreeValued:
    """Return the sum of the county's tiers as far as it is known; no spend gives 0."""
    spent, threshold, extra_rate = spend.value, deductible.value, extra.value
    if spent == 0:
        return spend
    if isinstance(spent, Decimal) and isinstance(threshold, Decimal) and spent <= threshold:
        return ThreeValued(_ZERO)
    if (
        tiers is None
        or not isinstance(spent, Decimal)
        or not isinstance(threshold, Decimal)
        or not isinstance(extra_rate, Decimal)
    ):
        missing_tiers = frozenset({f"standards.{TIERS}"}) if tiers is None else NO_FACTS
        return ThreeValued(None, unknown((spend, deductible, extra)).missing | missing_tiers)
    return ThreeValued(tiered(spent, threshold, extra_rate, tiers))
