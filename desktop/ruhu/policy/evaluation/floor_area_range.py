"""Compute the range of floor area that all applicable area rules leave.

This is a function, not an expression: it compares the bounds of other rules. Some may be undecided (is the
household five-guarantee? can it fund a share?), and it answers only what holds in every case.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

import msgspec

from ruhu.policy.evaluation.finding import ObligationLevel, Outcome
from ruhu.policy.language.numbers import Number
from ruhu.policy.language.three_valued import NO_FACTS, ThreeValued
from ruhu.policy.packs.model import Rule

STRICTEST_FIRST = {
    ObligationLevel.MUST: 0,
    ObligationLevel.IN_PRINCIPLE: 1,
    ObligationLevel.SHOULD: 2,
    ObligationLevel.ABOUT: 3,
    ObligationLevel.PILOT: 4,
}


class RangeRuling(msgspec.Struct, frozen=True, gc=False):
    """The result of the range rule: net area, bounds, and the rule whose bound decides."""

    outcome: Outcome
    strength: ObligationLevel
    missing: frozenset[str] = NO_FACTS
    value: Number | None = None
    limit: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    binding: Rule | None = None


class AreaLimit(msgspec.Struct, frozen=True, gc=False):
    """One rule's bound for this house: whether it applies and its value, each with its missing facts."""

    rule: Rule
    side: str
    applies: bool | None
    applies_missing: frozenset[str]
    at: Number | None
    at_missing: frozenset[str]


class _RangeOutcome(msgspec.Struct, frozen=True, gc=False):
    """The result of some bounds: the outcome, the deciding bound, and the two tightest."""

    outcome: Outcome
    decider: AreaLimit | None
    lower: AreaLimit | None
    upper: AreaLimit | None


def _at(limit: AreaLimit) -> Number:
    assert limit.at is not None
    return limit.at


def _binds_before(limit: AreaLimit, other: AreaLimit) -> bool:
    """Return whether a bound is tighter than another on its side, or equal and worded more strictly."""
    area, other_area = _at(limit), _at(other)
    if area == other_area:
        return STRICTEST_FIRST[limit.rule.strength] < STRICTEST_FIRST[other.rule.strength]
    return area > other_area if limit.side == "lower" else area < other_area


def _judge(limits: Sequence[AreaLimit], net: Number | None) -> _RangeOutcome:
    """Return the outcome if exactly these bounds apply; of equal ones the more strictly worded binds."""
    lower: AreaLimit | None = None
    upper: AreaLimit | None = None
    open_ = net is None
    for limit in limits:
        if limit.at is None:
            open_ = True
        elif limit.side == "lower":
            if lower is None or _binds_before(limit, lower):
                lower = limit
        elif upper is None or _binds_before(limit, upper):
            upper = limit
    if lower and upper and _at(lower) > _at(upper):
        return _RangeOutcome(Outcome.CONFLICT, upper, lower, upper)
    if net is None or open_:
        return _RangeOutcome(Outcome.UNKNOWN, upper, lower, upper)
    if upper and net > _at(upper):
        return _RangeOutcome(Outcome.FAIL, upper, lower, upper)
    if lower and net < _at(lower):
        return _RangeOutcome(Outcome.FAIL, lower, lower, upper)
    return _RangeOutcome(Outcome.PASS, upper, lower, upper)


Assumption = tuple[bool, ...]


def _worlds(limits: Sequence[AreaLimit], net: Number | None) -> dict[Assumption, _RangeOutcome]:
    """Return the outcome of every combination of undecided bounds; the last one has none of them."""
    if all(limit.applies for limit in limits):
        return {(True,) * len(limits): _judge(limits, net)}
    choices = [(True,) if limit.applies else (True, False) for limit in limits]
    return {
        world: _judge([li for li, applies in zip(limits, world, strict=True) if applies], net)
        for world in product(*choices)
    }


def _signature(verdict: _RangeOutcome) -> object:
    """Return what distinguishes outcomes: the outcome, or the remaining bounds while it is open."""
    if verdict.outcome is not Outcome.UNKNOWN:
        return verdict.outcome
    return tuple(_at(end) if end else None for end in (verdict.lower, verdict.upper))


def _open_questions(
    limits: Sequence[AreaLimit], worlds: dict[Assumption, _RangeOutcome]
) -> frozenset[str]:
    """Return the facts that decide whether a bound applies, where that changes the outcome."""
    answers = {world: _signature(verdict) for world, verdict in worlds.items()}
    missing: frozenset[str] = NO_FACTS
    for index, limit in enumerate(limits):
        if limit.applies:
            continue
        for world, answer in answers.items():
            opposite = (*world[:index], not world[index], *world[index + 1 :])
            if answers[opposite] != answer:
                missing |= limit.applies_missing
                break
    return missing


def judge_range(
    strength: ObligationLevel, inside: ThreeValued, net: ThreeValued, limits: Sequence[AreaLimit]
) -> RangeRuling:
    """Apply a range rule that applies or may: pass, fail, conflict, or unknown while open bounds matter.

    `strength` is the rule's own, `inside` whether it applies at all, `net` the house's area. `limits` are the
    bounds that apply or may.
    """
    area = net.value if isinstance(net.value, (Decimal, Fraction)) else None
    worlds = _worlds(limits, area)
    *others, certain = worlds.values()
    agreed = all(outcome.outcome is certain.outcome for outcome in others)
    settled = agreed and certain.outcome is not Outcome.UNKNOWN
    decided = settled and inside.known
    missing = inside.missing
    if not settled:
        ends = NO_FACTS.union(*(limit.at_missing for limit in limits))
        missing |= ends | net.missing | _open_questions(limits, worlds)
    upper, lower = certain.upper, certain.lower
    decider = certain.decider if decided else upper
    return RangeRuling(
        certain.outcome if decided else Outcome.UNKNOWN,
        decider.rule.strength if decider else strength,
        missing,
        value=area,
        limit=upper.at if upper else None,
        lower=lower.at if lower else None,
        upper=upper.at if upper else None,
        binding=decider.rule if decider else None,
    )
