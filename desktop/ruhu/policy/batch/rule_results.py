"""Apply one rule to all its subjects at once: the outcomes and figures as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ruhu.policy.batch.columns import (
    NO_NUMBER,
    OFF,
    ON,
    BoolColumn,
    FractionColumn,
    Index,
    Mask,
    as_numbers,
    as_truth,
    compare,
    where,
)
from ruhu.policy.batch.evaluate import SubjectFrame, evaluate, holds
from ruhu.policy.evaluation.finding import ObligationLevel, Outcome, RuleKind
from ruhu.policy.evaluation.floor_area_range import STRICTEST_FIRST
from ruhu.policy.language.nodes import Expression
from ruhu.policy.packs.model import Rule

OUTCOMES = tuple(Outcome)
STRENGTHS = tuple(ObligationLevel)

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class RuleColumns:
    """The results of one rule, a row for each subject.

    `outcomes` and `strengths` are indexes of `OUTCOMES` and `STRENGTHS`. `stated` is where the rule gives a
    finding; amounts are those of eligible subjects.
    """

    rule: Rule
    outcomes: Codes
    strengths: Codes
    stated: Mask
    value: FractionColumn
    limit: FractionColumn
    amount: FractionColumn


def _code(outcome: Outcome) -> np.int8:
    return np.int8(OUTCOMES.index(outcome))


def _first(tests: list[Mask], answers: list[Codes | np.int8], otherwise: np.int8) -> Codes:
    """Return the answer of the first test that holds."""
    result: Codes = np.array([otherwise])
    for test, answer in zip(reversed(tests), reversed(answers), strict=True):
        result = np.where(test, answer, result)
    return result


def _strengths(rule: Rule, grid: SubjectFrame) -> Codes:
    codes = np.array([STRENGTHS.index(rule.strength)], np.int8)
    for when, strength in reversed(rule.strength_when):
        met = as_truth(evaluate(when, grid)).yes
        codes = np.where(met, np.int8(STRENGTHS.index(strength)), codes)
    return codes


def _number(node: Expression | None, grid: SubjectFrame) -> FractionColumn:
    return NO_NUMBER if node is None else as_numbers(evaluate(node, grid))


def _masked(where: Mask, column: FractionColumn) -> FractionColumn:
    return FractionColumn(
        column.top, column.bottom, column.known & where, column.highest, column.deepest
    )


def evaluate_rule(rule: Rule, rules: Mapping[str, Rule], grid: SubjectFrame) -> RuleColumns:
    """Apply a rule to every row of its subjects' frame."""
    if rule.range_of:
        return _range(rule, rules, grid)
    decide = _check if rule.kind is RuleKind.CHECK else _entitlement
    return decide(rule, grid)


def _stated(rule: Rule, grid: SubjectFrame) -> Mask:
    if rule.over is None:
        return ON
    place, _ = grid.owners[rule.subject]
    return grid.basis.table.has_list(f"{place}.{rule.over}" if place else rule.over)


def _check(rule: Rule, grid: SubjectFrame) -> RuleColumns:
    inside, applies = holds(rule.scope, grid), holds(rule.applies, grid)
    met = holds(rule.conditions, grid)
    outside = inside.no | applies.no
    outcomes = _first(
        [outside, inside.known & met.yes, inside.known & applies.known & met.no],
        [_code(Outcome.NOT_APPLICABLE), _code(Outcome.PASS), _code(Outcome.FAIL)],
        _code(Outcome.UNKNOWN),
    )
    return RuleColumns(
        rule,
        outcomes,
        _strengths(rule, grid),
        _stated(rule, grid),
        _masked(~outside, _number(rule.value, grid)),
        _masked(~outside, _number(rule.limit, grid)),
        NO_NUMBER,
    )


def _entitlement(rule: Rule, grid: SubjectFrame) -> RuleColumns:
    inside, applies = holds(rule.scope, grid), holds(rule.applies, grid)
    met = holds(rule.conditions, grid)
    outcomes = _first(
        [inside.no, applies.no | (inside.known & met.no), inside.known & applies.known & met.yes],
        [_code(Outcome.NOT_APPLICABLE), _code(Outcome.INELIGIBLE), _code(Outcome.ELIGIBLE)],
        _code(Outcome.UNKNOWN),
    )
    return RuleColumns(
        rule,
        outcomes,
        _strengths(rule, grid),
        _stated(rule, grid),
        _masked(~inside.no, _number(rule.value, grid)),
        _masked(~inside.no, _number(rule.limit, grid)),
        _masked(outcomes == _code(Outcome.ELIGIBLE), _number(rule.amount, grid)),
    )


@dataclass(frozen=True, slots=True)
class _Limit:
    """One rule's bound for every house."""

    rule: Rule
    upper: bool
    applies: BoolColumn
    at: FractionColumn

    def rows(self, index: Index) -> _Limit:
        return _Limit(self.rule, self.upper, self.applies.take(index), self.at.take(index))


@dataclass(frozen=True, slots=True)
class _End:
    """The tightest bound of one side and which limit set it (-1: none)."""

    at: FractionColumn
    setter: NDArray[np.int8]


def _tightest(limits: list[_Limit], among: list[Mask], upper: bool) -> _End:
    """Return the bound that binds in every row; of equal ones the more strictly worded."""
    end = _End(NO_NUMBER, np.full(1, -1, np.int8))
    order = sorted(range(len(limits)), key=lambda at: STRICTEST_FIRST[limits[at].rule.strength])
    for at in order:
        limit = limits[at]
        if limit.upper is not upper:
            continue
        applies = among[at] & limit.at.known
        tighter = compare("<" if upper else ">", limit.at, end.at).yes
        better = applies & (tighter | (end.setter < 0))
        end = _End(
            as_numbers(where(better, limit.at, end.at)), np.where(better, np.int8(at), end.setter)
        )
    return end


@dataclass(frozen=True, slots=True)
class _Verdicts:
    outcomes: Codes
    setter: NDArray[np.int8]


def _judge(limits: list[_Limit], among: list[Mask], net: FractionColumn) -> _Verdicts:
    """Return the outcomes if exactly the limits of `among` apply."""
    lower, upper = _tightest(limits, among, False), _tightest(limits, among, True)
    open_ = reduce(
        np.logical_or,
        [applies & ~limit.at.known for applies, limit in zip(among, limits, strict=True)],
        ~net.known,
    )
    conflict = compare(">", lower.at, upper.at).yes
    over, under = compare(">", net, upper.at).yes, compare("<", net, lower.at).yes
    outcomes = _first(
        [conflict, open_, over, under],
        [_code(o) for o in (Outcome.CONFLICT, Outcome.UNKNOWN, Outcome.FAIL, Outcome.FAIL)],
        _code(Outcome.PASS),
    )
    return _Verdicts(
        outcomes, np.where(~conflict & ~open_ & ~over & under, lower.setter, upper.setter)
    )


def _agreed(limits: list[_Limit], net: FractionColumn, size: int) -> NDArray[np.int8]:
    """Return the outcome if it is the same however open limits turn out, otherwise unknown."""
    seen = np.zeros((len(OUTCOMES), size), np.bool_)
    for world in product((True, False), repeat=len(limits)):
        fits = reduce(
            np.logical_and,
            [
                ~limit.applies.no if w else ~limit.applies.yes
                for limit, w in zip(limits, world, strict=True)
            ],
            np.ones(size, np.bool_),
        )
        rows = np.flatnonzero(fits)
        if len(rows):
            applying = [ON if w else OFF for w in world]
            verdicts = _judge([limit.rows(rows) for limit in limits], applying, net.take(rows))
            seen[np.broadcast_to(verdicts.outcomes, len(rows)), rows] = True
    unanimous = seen.sum(axis=0) == 1
    return np.where(unanimous, seen.argmax(axis=0), _code(Outcome.UNKNOWN)).astype(np.int8)


def _range(rule: Rule, rules: Mapping[str, Rule], grid: SubjectFrame) -> RuleColumns:
    assert rule.value is not None
    inside, net = holds(rule.scope, grid), _number(rule.value, grid)
    limits = [
        _Limit(
            bounded_rule,
            bounded_rule.bound.side == "upper",
            holds(bounded_rule.applies, grid),
            _number(bounded_rule.bound.at, grid),
        )
        for bounded_rule in (rules[name] for name in rule.range_of)
        if bounded_rule.bound is not None
    ]
    agreed = _agreed(limits, net, grid.size)
    certain = [limit.applies.yes for limit in limits]
    upper = _tightest(limits, certain, True)
    outcomes = _first(
        [inside.no, inside.known], [_code(Outcome.NOT_APPLICABLE), agreed], _code(Outcome.UNKNOWN)
    )
    decided = outcomes != _code(Outcome.UNKNOWN)
    setter = np.where(decided, _judge(limits, certain, net).setter, upper.setter)
    by_setter = [STRENGTHS.index(limit.rule.strength) for limit in limits]
    own = _strengths(rule, grid)
    worded = np.array([*by_setter, -1], np.int8)[setter]
    strengths = np.where((setter < 0) | inside.no, own, worded)
    return RuleColumns(
        rule,
        outcomes,
        strengths,
        _stated(rule, grid),
        _masked(~inside.no, net),
        _masked(~inside.no, upper.at),
        NO_NUMBER,
    )
