"""Applying one rule to one subject: the outcome, its figures and what is missing."""

from dataclasses import dataclass
from fractions import Fraction

from ruhu.policy.answers import NOTHING, Answer, all_of
from ruhu.policy.evaluation import Scope, evaluate
from ruhu.policy.expressions import Expression
from ruhu.policy.finding import Outcome, RuleKind, Strength
from ruhu.policy.pack import Indicator, Rule


@dataclass(frozen=True, slots=True)
class Ruling:
    """The bare answer of a rule, before it is put into words.

    `value`, `limit` and `amount` are exact; `possible` is the amount that an open
    entitlement would bring. `lower`, `upper` and `binding` are set by area ranges.
    """

    rule: Rule
    outcome: Outcome
    strength: Strength
    missing: frozenset[str] = NOTHING
    value: Fraction | None = None
    limit: Fraction | None = None
    amount: Fraction | None = None
    possible: Fraction | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None
    binding: str | None = None


def all_hold(expressions: tuple[Expression, ...], scope: Scope) -> Answer:
    """Whether all of the conditions hold."""
    return all_of(evaluate(expression, scope) for expression in expressions)


def strength_of(rule: Rule | Indicator, scope: Scope) -> Strength:
    """How strictly the rule or indicator is worded for this subject."""
    for when, strength in rule.strength_when:
        if evaluate(when, scope).value is True:
            return strength
    return rule.strength


def _number(expression: Expression | None, scope: Scope) -> Answer:
    return Answer(None) if expression is None else evaluate(expression, scope)


def _fraction(answer: Answer) -> Fraction | None:
    return answer.value if isinstance(answer.value, Fraction) else None


def rule_on(rule: Rule, scope: Scope) -> Ruling:
    """Apply a check or an entitlement."""
    decide = _check if rule.kind is RuleKind.CHECK else _entitlement
    return decide(rule, scope)


def _check(rule: Rule, scope: Scope) -> Ruling:
    strength = strength_of(rule, scope)
    inside = all_hold(rule.scope, scope)
    if inside.value is False:
        return Ruling(rule, Outcome.NOT_APPLICABLE, strength)
    applies = all_hold(rule.applies, scope)
    if applies.value is False:
        return Ruling(rule, Outcome.NOT_APPLICABLE, strength)
    holds = all_hold(rule.conditions, scope)
    missing = NOTHING
    if inside.known and holds.value is True:
        outcome = Outcome.PASS
    elif inside.known and applies.known and holds.value is False:
        outcome = Outcome.FAIL
    else:
        outcome = Outcome.UNKNOWN
        missing = inside.missing | applies.missing | holds.missing
    return Ruling(
        rule,
        outcome,
        strength,
        missing,
        value=_fraction(_number(rule.value, scope)),
        limit=_fraction(_number(rule.limit, scope)),
    )


def _entitlement(rule: Rule, scope: Scope) -> Ruling:
    inside = all_hold(rule.scope, scope)
    strength = strength_of(rule, scope)
    if inside.value is False:
        return Ruling(rule, Outcome.NOT_APPLICABLE, strength)
    holds = all_hold((*rule.applies, *rule.conditions), scope)
    value, limit = _number(rule.value, scope), _number(rule.limit, scope)
    if holds.value is False:
        return Ruling(
            rule, Outcome.INELIGIBLE, strength, value=_fraction(value), limit=_fraction(limit)
        )
    amount = _number(rule.amount, scope)
    open_amount = amount.missing if rule.amount is not None else NOTHING
    open_value = value.missing if rule.value is not None else NOTHING
    if inside.known and holds.known:
        outcome, missing = Outcome.ELIGIBLE, open_amount | open_value
    else:
        outcome = Outcome.UNKNOWN
        missing = inside.missing | holds.missing | open_amount | open_value
    return Ruling(
        rule,
        outcome,
        strength,
        missing,
        value=_fraction(value),
        limit=_fraction(limit),
        amount=_fraction(amount) if outcome is Outcome.ELIGIBLE else None,
        possible=_fraction(amount) if outcome is Outcome.UNKNOWN else None,
    )
