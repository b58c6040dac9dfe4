"""Evaluating expressions for one subject, three-valued and exact."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ruhu.policy.answers import (
    FALSE,
    NOTHING,
    TRUE,
    UNKNOWN,
    Answer,
    all_of,
    any_of,
    negate,
    unknown,
)
from ruhu.policy.expressions import (
    And,
    AnyOf,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Constant,
    Day,
    DefineRef,
    Expression,
    FactRef,
    FigureRef,
    Lookup,
    Not,
    OneOf,
    Or,
    Scalar,
    StandardRef,
)
from ruhu.policy.functions import FUNCTIONS, stages_in_order, tiered
from ruhu.policy.standards import TIERS, Standards
from ruhu.policy.subjects import Subject

Table = Mapping[str, Scalar]
FigureValue = Scalar | Table

_COMPARISONS: dict[str, Callable[[Scalar, Scalar], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(slots=True)
class Scope:
    """All that an expression is evaluated against.

    `owners` maps names (`member`, `stay`, a loop's name, empty for the record) to subjects.
    """

    day: date
    owners: dict[str, Subject]
    figures: Mapping[str, FigureValue]
    defines: Mapping[str, Expression]
    standards: Standards | None
    known: dict[str, Answer] = field(default_factory=dict)

    def inside(self, name: str, item: Subject) -> "Scope":
        """The same scope with `name` standing for `item`."""
        owners = {**self.owners, name: item}
        return Scope(self.day, owners, self.figures, self.defines, self.standards)


def evaluate(expression: Expression, scope: Scope) -> Answer:
    """Work out an expression. Division by zero is unknown with nothing to ask."""
    return _EVALUATORS[type(expression)](expression, scope)


def _constant(node: Constant, scope: Scope) -> Answer:
    return Answer(node.value)


def _day(node: Day, scope: Scope) -> Answer:
    return Answer(scope.day)


def _fact(node: FactRef, scope: Scope) -> Answer:
    subject = scope.owners[node.owner]
    value = subject.values.get(node.name)
    return Answer(None, frozenset({subject.path(node.name)})) if value is None else Answer(value)


def _figure(node: FigureRef, scope: Scope) -> Answer:
    value = scope.figures.get(node.name)
    return UNKNOWN if value is None or isinstance(value, Mapping) else Answer(value)


def standard(path: str, scope: Scope) -> Answer:
    """A county's figure, or the key to ask the county for."""
    value = scope.standards.values.get(path) if scope.standards else None
    return Answer(None, frozenset({f"standards.{path}"})) if value is None else Answer(value)


def _standard(node: StandardRef, scope: Scope) -> Answer:
    return standard(node.path, scope)


def _lookup(node: Lookup, scope: Scope) -> Answer:
    key = evaluate(node.key, scope)
    if not isinstance(key.value, str):
        return key if key.value is None else UNKNOWN
    if isinstance(node.table, StandardRef):
        ending = f".{node.rest}" if node.rest else ""
        return standard(f"{node.table.path}.{key.value}{ending}", scope)
    table = scope.figures.get(node.table.name)
    value = table.get(key.value) if isinstance(table, Mapping) else None
    return UNKNOWN if value is None else Answer(value)


def _define(node: DefineRef, scope: Scope) -> Answer:
    answer = scope.known.get(node.name)
    if answer is None:
        answer = scope.known[node.name] = evaluate(scope.defines[node.name], scope)
    return answer


def _not(node: Not, scope: Scope) -> Answer:
    return negate(evaluate(node.operand, scope))


def _and(node: And, scope: Scope) -> Answer:
    return all_of([evaluate(part, scope) for part in node.operands])


def _or(node: Or, scope: Scope) -> Answer:
    return any_of([evaluate(part, scope) for part in node.operands])


def _compare(node: Compare, scope: Scope) -> Answer:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if left.value is None or right.value is None:
        return unknown((left, right))
    return TRUE if _COMPARISONS[node.operator](left.value, right.value) else FALSE


def _one_of(node: OneOf, scope: Scope) -> Answer:
    answer = evaluate(node.operand, scope)
    if answer.value is None:
        return answer
    return TRUE if any(answer.value == word.value for word in node.words) else FALSE


def _arithmetic(node: Arithmetic, scope: Scope) -> Answer:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if node.operator == "*" and 0 in (left.value, right.value):
        return Answer(Fraction(0))
    if not isinstance(left.value, Fraction) or not isinstance(right.value, Fraction):
        return unknown((left, right))
    missing = left.missing | right.missing
    match node.operator:
        case "+":
            return Answer(left.value + right.value, missing)
        case "-":
            return Answer(left.value - right.value, missing)
        case "*":
            return Answer(left.value * right.value, missing)
    return Answer(left.value / right.value, missing) if right.value else UNKNOWN


def _choose(node: Choose, scope: Scope) -> Answer:
    test = evaluate(node.test, scope)
    if test.value is not None:
        return evaluate(node.then if test.value else node.otherwise, scope)
    then, otherwise = evaluate(node.then, scope), evaluate(node.otherwise, scope)
    if then.known and then.value == otherwise.value:
        return then
    return Answer(None, test.missing | then.missing | otherwise.missing)


def _any_item(node: AnyOf, scope: Scope) -> Answer:
    owner = scope.owners[node.items.owner]
    items = owner.lists.get(node.items.name)
    if items is None:
        return Answer(None, frozenset({owner.path(node.items.name)}))
    return any_of([evaluate(node.condition, scope.inside(node.name, item)) for item in items])


def _tiered(node: Call, scope: Scope) -> Answer:
    answers = [evaluate(argument, scope) for argument in node.arguments]
    if answers[0].value == 0:
        return answers[0]
    tiers = scope.standards.tiers if scope.standards else None
    spend, deductible, extra = (a.value for a in answers)
    if isinstance(spend, Fraction) and isinstance(deductible, Fraction) and spend <= deductible:
        return Answer(Fraction(0))
    if (
        tiers is None
        or not isinstance(spend, Fraction)
        or not isinstance(deductible, Fraction)
        or not isinstance(extra, Fraction)
    ):
        asked = frozenset({f"standards.{TIERS}"}) if tiers is None else NOTHING
        return Answer(None, unknown(answers).missing | asked)
    return Answer(tiered(spend, deductible, extra, tiers))


def _call(node: Call, scope: Scope) -> Answer:
    if node.function == "tiered":
        return _tiered(node, scope)
    first = node.arguments[0]
    if node.function in ("size", "stages_in_order"):
        assert isinstance(first, FactRef)
        owner = scope.owners[first.owner]
        items = owner.lists.get(first.name)
        if node.function == "size":
            return Answer(Fraction(len(items))) if items else UNKNOWN
        return stages_in_order(items, evaluate(node.arguments[1], scope), owner.path(first.name))
    return FUNCTIONS[node.function]([evaluate(a, scope) for a in node.arguments])


_EVALUATORS: dict[type[Expression], Callable[..., Answer]] = {
    Constant: _constant,
    Day: _day,
    FactRef: _fact,
    FigureRef: _figure,
    StandardRef: _standard,
    Lookup: _lookup,
    DefineRef: _define,
    Not: _not,
    And: _and,
    Or: _or,
    Compare: _compare,
    OneOf: _one_of,
    Arithmetic: _arithmetic,
    Choose: _choose,
    AnyOf: _any_item,
    Call: _call,
}
