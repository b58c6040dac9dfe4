"""The range of floor area that all applicable area rules leave together.

A function of its own rather than an expression: it compares the bounds of other rules, some of
which may be open (is the household five-guarantee? can it fund a share?), and answers only what
holds whichever way these turn out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from ruhu.policy.answers import NOTHING, Answer
from ruhu.policy.evaluation import Scope, evaluate
from ruhu.policy.finding import Outcome, Strength
from ruhu.policy.pack import Rule
from ruhu.policy.rulings import Ruling, all_hold, strength_of

STRICTEST_FIRST = (
    Strength.MUST,
    Strength.IN_PRINCIPLE,
    Strength.SHOULD,
    Strength.ABOUT,
    Strength.PILOT,
)


@dataclass(frozen=True, slots=True)
class _Limit:
    """One rule's bound to this house."""

    rule: Rule
    side: str
    applies: Answer
    at: Answer


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: Outcome
    decider: _Limit | None


def _limits(rule: Rule, rules: Mapping[str, Rule], scope: Scope) -> list[_Limit]:
    found = []
    for name in rule.range_of:
        other = rules[name]
        applies = all_hold(other.applies, scope)
        if other.bound is not None and applies.value is not False:
            found.append(_Limit(other, other.bound.side, applies, evaluate(other.bound.at, scope)))
    return found


def _tightest(limits: list[_Limit], side: str) -> _Limit | None:
    """The bound that binds; of equal ones the more strictly worded."""
    known = [limit for limit in limits if limit.side == side and limit.at.known]
    sign = 1 if side == "upper" else -1
    return min(
        known,
        key=lambda limit: (sign * _at(limit), STRICTEST_FIRST.index(limit.rule.strength)),
        default=None,
    )


def _at(limit: _Limit) -> Fraction:
    assert isinstance(limit.at.value, Fraction)
    return limit.at.value


def _judge(limits: list[_Limit], net: Fraction | None) -> _Verdict:
    """The verdict when exactly these bounds apply."""
    lower, upper = _tightest(limits, "lower"), _tightest(limits, "upper")
    if lower and upper and _at(lower) > _at(upper):
        return _Verdict(Outcome.CONFLICT, upper)
    if any(not limit.at.known for limit in limits) or net is None:
        return _Verdict(Outcome.UNKNOWN, upper)
    if upper and net > _at(upper):
        return _Verdict(Outcome.FAIL, upper)
    if lower and net < _at(lower):
        return _Verdict(Outcome.FAIL, lower)
    return _Verdict(Outcome.PASS, upper)


World = tuple[bool, ...]


def _worlds(limits: list[_Limit]) -> list[World]:
    """Every way the open bounds can turn out; a known one is always among them."""
    return list(product(*[(True,) if limit.applies.known else (True, False) for limit in limits]))


def _within(limits: list[_Limit], world: World) -> list[_Limit]:
    return [limit for limit, applies in zip(limits, world, strict=True) if applies]


def _signature(limits: list[_Limit], net: Fraction | None) -> object:
    """What a world answers: its outcome or, while that is open, the bounds it leaves."""
    outcome = _judge(limits, net).outcome
    if outcome is not Outcome.UNKNOWN:
        return outcome
    ends = (_tightest(limits, "lower"), _tightest(limits, "upper"))
    return tuple(_at(end) if end else None for end in ends)


def _open_questions(limits: list[_Limit], net: Fraction | None) -> frozenset[str]:
    """The facts on which it depends whether a bound applies, where that makes a difference."""
    answers = {world: _signature(_within(limits, world), net) for world in _worlds(limits)}
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


def rule_on_range(rule: Rule, rules: Mapping[str, Rule], scope: Scope) -> Ruling:
    """Apply the range rule: pass, fail, conflict, or unknown while open bounds matter."""
    inside = all_hold(rule.scope, scope)
    if inside.value is False:
        return Ruling(rule, Outcome.NOT_APPLICABLE, strength_of(rule, scope))
    assert rule.value is not None
    net = evaluate(rule.value, scope)
    area = net.value if isinstance(net.value, Fraction) else None
    limits = _limits(rule, rules, scope)
    outcomes = {_judge(_within(limits, world), area).outcome for world in _worlds(limits)}
    certain = [limit for limit in limits if limit.applies.value is True]
    lower, upper = _tightest(certain, "lower"), _tightest(certain, "upper")
    decided = inside.known and len(outcomes) == 1 and Outcome.UNKNOWN not in outcomes
    missing = NOTHING
    if not decided:
        bounds = NOTHING.union(*(limit.at.missing for limit in limits))
        area_asked = NOTHING if outcomes == {Outcome.CONFLICT} else net.missing
        missing = inside.missing | bounds | area_asked | _open_questions(limits, area)
    decider = _judge(certain, area).decider if decided else upper
    return Ruling(
        rule,
        outcomes.pop() if decided else Outcome.UNKNOWN,
        decider.rule.strength if decider else rule.strength,
        missing,
        value=area,
        limit=_at(upper) if upper else None,
        lower=_at(lower) if lower else None,
        upper=_at(upper) if upper else None,
        binding=decider.rule.id if decider else None,
    )
