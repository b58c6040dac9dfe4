"""Evaluating expressions for one subject, three-valued and exact.

An expression is turned into nested functions the first time it is evaluated: each knows its parts, so
that nothing is looked up in the tree again.
"""

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


_OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
NOUGHT = Answer(Fraction(0))

Evaluator = Callable[["Scope"], Answer]


@dataclass(slots=True)
class Scope:
    """All that an expression is evaluated against.

    `owners` maps names (`member`, `stay`, a loop's name, empty for the record) to subjects;
    `made` keeps the functions of expressions, and is shared by all scopes of a pack.
    """

    day: date
    owners: dict[str, Subject]
    figures: Mapping[str, FigureValue]
    defines: Mapping[str, Expression]
    standards: Standards | None
    made: "Made"
    known: dict[str, Answer] = field(default_factory=dict)

    def inside(self, name: str, item: Subject) -> "Scope":
        """The same scope with `name` standing for `item`."""
        owners = {**self.owners, name: item}
        return Scope(self.day, owners, self.figures, self.defines, self.standards, self.made)


Made = dict[int, tuple[Expression, Evaluator]]
"""The function of each expression, by its identity; the expression is kept so that it stays so."""


def evaluate(expression: Expression, scope: Scope) -> Answer:
    """Work out an expression. Division by zero is unknown with nothing to ask."""
    found = scope.made.get(id(expression))
    if found is None:
        found = scope.made[id(expression)] = (expression, _make(expression))
    return found[1](scope)


def _make(node: Expression) -> Evaluator:
    return _MAKERS[type(node)](node)


def _constant(node: Constant) -> Evaluator:
    answer = Answer(node.value)
    return lambda _: answer


def _day(node: Day) -> Evaluator:
    return lambda scope: Answer(scope.day)


def _fact(node: FactRef) -> Evaluator:
    owner, name = node.owner, node.name

    def fact(scope: Scope) -> Answer:
        subject = scope.owners[owner]
        answer = subject.answers.get(name)
        if answer is None:
            answer = subject.answers[name] = subject.answer(name)
        return answer

    return fact


def _figure(node: FigureRef) -> Evaluator:
    name = node.name

    def figure(scope: Scope) -> Answer:
        value = scope.figures.get(name)
        return UNKNOWN if value is None or isinstance(value, Mapping) else Answer(value)

    return figure


def standard(path: str, scope: Scope) -> Answer:
    """A county's figure, or the key to ask the county for."""
    value = scope.standards.values.get(path) if scope.standards else None
    return Answer(None, frozenset({f"standards.{path}"})) if value is None else Answer(value)


def _standard(node: StandardRef) -> Evaluator:
    path = node.path
    return lambda scope: standard(path, scope)


def _lookup(node: Lookup) -> Evaluator:
    key_of, table = _make(node.key), node.table
    ending = f".{node.rest}" if node.rest else ""

    def in_standards(scope: Scope) -> Answer:
        key = key_of(scope)
        if not isinstance(key.value, str):
            return key if key.value is None else UNKNOWN
        assert isinstance(table, StandardRef)
        return standard(f"{table.path}.{key.value}{ending}", scope)

    def in_figures(scope: Scope) -> Answer:
        key = key_of(scope)
        if not isinstance(key.value, str):
            return key if key.value is None else UNKNOWN
        assert isinstance(table, FigureRef)
        entries = scope.figures.get(table.name)
        value = entries.get(key.value) if isinstance(entries, Mapping) else None
        return UNKNOWN if value is None else Answer(value)

    return in_standards if isinstance(table, StandardRef) else in_figures


def _define(node: DefineRef) -> Evaluator:
    name = node.name

    def define(scope: Scope) -> Answer:
        answer = scope.known.get(name)
        if answer is None:
            answer = scope.known[name] = evaluate(scope.defines[name], scope)
        return answer

    return define


def _not(node: Not) -> Evaluator:
    operand = _make(node.operand)
    return lambda scope: negate(operand(scope))


def _and(node: And) -> Evaluator:
    parts = [_make(part) for part in node.operands]
    return lambda scope: all_of(part(scope) for part in parts)


def _or(node: Or) -> Evaluator:
    parts = [_make(part) for part in node.operands]
    return lambda scope: any_of(part(scope) for part in parts)


def _compare(node: Compare) -> Evaluator:
    left_of, right_of, holds = _make(node.left), _make(node.right), _COMPARISONS[node.operator]

    def compare(scope: Scope) -> Answer:
        left, right = left_of(scope), right_of(scope)
        if left.value is None or right.value is None:
            return unknown((left, right))
        return TRUE if holds(left.value, right.value) else FALSE

    return compare


def _one_of(node: OneOf) -> Evaluator:
    operand, words = _make(node.operand), frozenset(word.value for word in node.words)

    def one_of(scope: Scope) -> Answer:
        answer = operand(scope)
        if answer.value is None:
            return answer
        return TRUE if answer.value in words else FALSE

    return one_of


def _arithmetic(node: Arithmetic) -> Evaluator:
    left_of, right_of, sign = _make(node.left), _make(node.right), node.operator
    work = _OPERATIONS[sign]

    def arithmetic(scope: Scope) -> Answer:
        left, right = left_of(scope), right_of(scope)
        a, b = left.value, right.value
        if sign == "*" and (a == 0 or b == 0):
            return NOUGHT
        if not isinstance(a, Fraction) or not isinstance(b, Fraction):
            return unknown((left, right))
        if sign == "/" and not b:
            return UNKNOWN
        return Answer(work(a, b), left.missing | right.missing)

    return arithmetic


def _choose(node: Choose) -> Evaluator:
    test_of, then_of, otherwise_of = _make(node.test), _make(node.then), _make(node.otherwise)

    def choose(scope: Scope) -> Answer:
        test = test_of(scope)
        if test.value is not None:
            return then_of(scope) if test.value else otherwise_of(scope)
        then, otherwise = then_of(scope), otherwise_of(scope)
        if then.known and then.value == otherwise.value:
            return then
        return Answer(None, test.missing | then.missing | otherwise.missing)

    return choose


def _any_item(node: AnyOf) -> Evaluator:
    owner_name, list_name, name = node.items.owner, node.items.name, node.name
    condition = _make(node.condition)

    def any_item(scope: Scope) -> Answer:
        owner = scope.owners[owner_name]
        items = owner.lists.get(list_name)
        if items is None:
            return Answer(None, frozenset({owner.path(list_name)}))
        return any_of(condition(scope.inside(name, item)) for item in items)

    return any_item


def _tiered(node: Call) -> Evaluator:
    arguments = [_make(argument) for argument in node.arguments]

    def tiers_over(scope: Scope) -> Answer:
        answers = [argument(scope) for argument in arguments]
        if answers[0].value == 0:
            return answers[0]
        tiers = scope.standards.tiers if scope.standards else None
        spend, deductible, extra = (a.value for a in answers)
        if isinstance(spend, Fraction) and isinstance(deductible, Fraction) and spend <= deductible:
            return NOUGHT
        if (
            tiers is None
            or not isinstance(spend, Fraction)
            or not isinstance(deductible, Fraction)
            or not isinstance(extra, Fraction)
        ):
            asked = frozenset({f"standards.{TIERS}"}) if tiers is None else NOTHING
            return Answer(None, unknown(answers).missing | asked)
        return Answer(tiered(spend, deductible, extra, tiers))

    return tiers_over


def _size(node: Call) -> Evaluator:
    items_at = node.arguments[0]
    assert isinstance(items_at, FactRef)

    def size(scope: Scope) -> Answer:
        items = scope.owners[items_at.owner].lists.get(items_at.name)
        return Answer(Fraction(len(items))) if items else UNKNOWN

    return size


def _in_order(node: Call) -> Evaluator:
    items_at, stage = node.arguments[0], _make(node.arguments[1])
    assert isinstance(items_at, FactRef)

    def in_order(scope: Scope) -> Answer:
        owner = scope.owners[items_at.owner]
        items = owner.lists.get(items_at.name)
        return stages_in_order(items, stage(scope), owner.path(items_at.name))

    return in_order


_OVER_LISTS = {"size": _size, "stages_in_order": _in_order, "tiered": _tiered}


def _call(node: Call) -> Evaluator:
    if node.function in _OVER_LISTS:
        return _OVER_LISTS[node.function](node)
    function, arguments = FUNCTIONS[node.function], [_make(a) for a in node.arguments]
    return lambda scope: function([argument(scope) for argument in arguments])


_MAKERS: dict[type[Expression], Callable[..., Evaluator]] = {
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
