"""The range of floor area that all applicable area rules leave together.

A function of its own rather than an expression: it compares the bounds of other rules, some of
which may be open (is the household five-guarantee? can it fund a share?), and answers only what
holds whichever way these turn out.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from ruhu.policy.answers import NOTHING, Answer
from ruhu.policy.finding import Outcome, Strength
from ruhu.policy.numbers import Number
from ruhu.policy.pack import Rule

STRICTEST_FIRST = (
    Strength.MUST,
    Strength.IN_PRINCIPLE,
    Strength.SHOULD,
    Strength.ABOUT,
    Strength.PILOT,
)


class RangeRuling(NamedTuple):
    """The bare answer of the range rule: net area, the bounds, and the rule whose bound decides."""

    outcome: Outcome
    strength: Strength
    missing: frozenset[str] = NOTHING
    value: Number | None = None
    limit: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    binding: str | None = None


class Limit(NamedTuple):
    """One rule's bound to this house: whether it applies, and where it is."""

    rule: Rule
    applies: Answer
    at: Answer

    @property
    def side(self) -> str:
        """Whether it bounds from above or from below."""
        assert self.rule.bound is not None
        return self.rule.bound.side


class _Verdict(NamedTuple):
    """What some bounds come to together: the outcome, who decides it, and the two that bind."""

    outcome: Outcome
    decider: Limit | None
    lower: Limit | None
    upper: Limit | None


def _at(limit: Limit) -> Number:
    assert isinstance(limit.at.value, (Decimal, Fraction))
    return limit.at.value


def _lowest(limit: Limit) -> tuple[Number, int]:
    return _at(limit), STRICTEST_FIRST.index(limit.rule.strength)


def _highest(limit: Limit) -> tuple[Number, int]:
    return _at(limit), -STRICTEST_FIRST.index(limit.rule.strength)


def _judge(limits: Sequence[Limit], net: Number | None) -> _Verdict:
    """The verdict when exactly these bounds apply; of equal bounds the more strictly worded binds."""
    known = [limit for limit in limits if limit.at.value is not None]
    lower = max((li for li in known if li.side == "lower"), key=_highest, default=None)
    upper = min((li for li in known if li.side == "upper"), key=_lowest, default=None)
    if lower and upper and _at(lower) > _at(upper):
        return _Verdict(Outcome.CONFLICT, upper, lower, upper)
    if len(known) < len(limits) or net is None:
        return _Verdict(Outcome.UNKNOWN, upper, lower, upper)
    if upper and net > _at(upper):
        return _Verdict(Outcome.FAIL, upper, lower, upper)
    if lower and net < _at(lower):
        return _Verdict(Outcome.FAIL, lower, lower, upper)
    return _Verdict(Outcome.PASS, upper, lower, upper)


World = tuple[bool, ...]


def _worlds(limits: Sequence[Limit], net: Number | None) -> dict[World, _Verdict]:
    """Every way the open bounds can turn out; a known one is always among them."""
    choices = [(True,) if limit.applies.known else (True, False) for limit in limits]
    return {
        world: _judge([li for li, applies in zip(limits, world, strict=True) if applies], net)
        for world in product(*choices)
    }


def _signature(verdict: _Verdict) -> object:
    """What a world answers: its outcome or, while that is open, the bounds it leaves."""
    if verdict.outcome is not Outcome.UNKNOWN:
        return verdict.outcome
    return tuple(_at(end) if end else None for end in (verdict.lower, verdict.upper))


def _open_questions(limits: Sequence[Limit], worlds: dict[World, _Verdict]) -> frozenset[str]:
    """The facts on which it depends whether a bound applies, where that makes a difference."""
    answers = {world: _signature(verdict) for world, verdict in worlds.items()}
    asked: frozenset[str] = NOTHING
    for index, limit in enumerate(limits):
        if limit.applies.known:
            continue
        for world, answer in answers.items():
            other = (*world[:index], not world[index], *world[index + 1 :])
            if answers[other] != answer:
                asked |= limit.applies.missing
                break
    return asked


def rule_on_range(
    strength: Strength, inside: Answer, net: Answer, bounds: Sequence[tuple[Rule, Answer, Answer]]
) -> RangeRuling:
    """Apply the range rule: pass, fail, conflict, or unknown while open bounds matter.

    `strength` is the rule's own, `inside` whether it applies at all, `net` the house's area;
    `bounds` are rules, whether each applies, and where its bound is.
    """
    if inside.value is False:
        return RangeRuling(Outcome.NOT_APPLICABLE, strength)
    area = net.value if isinstance(net.value, (Decimal, Fraction)) else None
    limits = [Limit(*bound) for bound in bounds if bound[1].value is not False]
    worlds = _worlds(limits, area)
    outcomes = {verdict.outcome for verdict in worlds.values()}
    # What surely applies is a world of its own: the one in which nothing else does.
    certain = worlds[tuple([limit.applies.known for limit in limits])]
    decided = inside.known and len(outcomes) == 1 and Outcome.UNKNOWN not in outcomes
    missing = NOTHING
    if not decided:
        ends = NOTHING.union(*(limit.at.missing for limit in limits))
        area_asked = NOTHING if outcomes == {Outcome.CONFLICT} else net.missing
        missing = inside.missing | ends | area_asked | _open_questions(limits, worlds)
    upper, lower = certain.upper, certain.lower
    decider = certain.decider if decided else upper
    return RangeRuling(
        outcomes.pop() if decided else Outcome.UNKNOWN,
        decider.rule.strength if decider else strength,
        missing,
        value=area,
        limit=_at(upper) if upper else None,
        lower=_at(lower) if lower else None,
        upper=_at(upper) if upper else None,
        binding=decider.rule.id if decider else None,
    )
