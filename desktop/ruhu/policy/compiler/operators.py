"""Generate the evaluation of each kind of expression: a line for each part, three-valued and exact.

Every part is evaluated, even if another already decided: none can fail, and the explanation names them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from ruhu.policy.compiler.codegen import CompiledFunction, parameters
from ruhu.policy.language.builtins import tiers_of
from ruhu.policy.language.nodes import (
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
    FigureValue,
    Lookup,
    Not,
    OneOf,
    Or,
    Scalar,
    StandardRef,
    identity_key,
)
from ruhu.policy.language.numbers import as_decimal
from ruhu.policy.language.three_valued import ExactValue
from ruhu.survey.facts.catalogue import FactKind

if TYPE_CHECKING:
    from ruhu.policy.compiler.expression import ExpressionWriter
    from ruhu.policy.evaluation.context import EvaluationContext


def define_unit(out: ExpressionWriter, name: str) -> CompiledFunction:
    """Return the function that evaluates a definition, once for each subject."""
    define = out.book.pack.defines[out.book.record, name]

    def write() -> CompiledFunction:
        inner = type(out)(out.book, "define", out.book.owners(define.subject))
        owner = parameters(inner.owners)[-1]
        inner.line(f"answer = {owner}.known.get({inner.name})")
        with inner.block("if answer is None"):
            answer = inner.answer(define.expression)
            inner.line(f"answer = {owner}.known[{inner.name}] = {answer}")
        inner.line("return answer")
        return inner.unit(*parameters(inner.owners))

    return out.book.unit(("define", name), define, write)


def arguments(out: ExpressionWriter, subject: str) -> str:
    """Return the arguments for a function about another kind of subject: its parents."""
    return ", ".join(
        out.owners[next(n for n, v in own.items() if v == variable)]
        for own in [out.book.owners(subject)]
        for variable in parameters(own)
    )


Written = TypeVar("Written", bound="ExpressionWriter")


def item_function(out: Written, node: AnyOf, write: Callable[[Written], None], kind: str) -> str:
    """Return a function of a list item alone, with what `write` writes for the condition on it."""
    item = f"item_{len(parameters(out.owners))}"
    owners = {**out.owners, node.name: item}

    def unit() -> CompiledFunction:
        inner = type(out)(out.book, kind, owners)
        write(inner)
        return inner.unit(*parameters(owners))

    made = out.book.unit((kind, id(node), tuple(owners.items())), node, unit)
    return f"lambda {item}: {out.call(made)}({', '.join(parameters(owners))})"


def item_holds(out: ExpressionWriter, node: AnyOf) -> str:
    """Return the function that evaluates the condition on an item."""

    def write(inner: ExpressionWriter) -> None:
        inner.line(f"return {inner.answer(node.condition)}")

    return item_function(out, node, write, "holds")


def _constant(out: ExpressionWriter, node: Constant) -> str:
    return str(node.value) if isinstance(node.value, bool) else out.constant(literal(node.value))


def literal(value: Scalar | None) -> ExactValue | None:
    """Convert a value of a pack or of the county to one of the generated functions."""
    return as_decimal(value) if isinstance(value, Fraction) else value


def _day(out: ExpressionWriter, node: Day) -> str:
    return out.of_frame(lambda frame: frame.day)


def _fact(out: ExpressionWriter, node: FactRef) -> str:
    raw = out.fact(node)
    if out.book.fact(node).kind is not FactKind.WHOLE:
        return raw
    return out.assign(f"None if {raw} is None else Decimal({raw})")


def _figure(out: ExpressionWriter, node: FigureRef) -> str:
    name = node.name

    def single(frame: EvaluationContext) -> object:
        value = frame.figures.get(name)
        return None if isinstance(value, Mapping) else literal(value)

    return out.of_frame(single)


def _standard(out: ExpressionWriter, node: StandardRef) -> str:
    path = node.path
    return out.of_frame(lambda frame: _of_county(frame).get(path))


def _lookup(out: ExpressionWriter, node: Lookup) -> str:
    key = out.value(node.key)
    if isinstance(node.table, FigureRef):
        name = node.table.name
        table = out.of_frame(lambda frame: _table(frame.figures.get(name)))
        return out.assign(f"{table}.get({key}) if isinstance({key}, str) else None")
    start, end = out.constant(f"{node.table.path}."), out.constant(node.ending)
    standards = out.of_frame(_of_county)
    path = f"{start} + {key} + {end}"
    return out.assign(f"{standards}.get({path}) if isinstance({key}, str) else None")


def _table(value: FigureValue | None) -> Mapping[str, ExactValue | None]:
    return {w: literal(v) for w, v in value.items()} if isinstance(value, Mapping) else {}


def _of_county(frame: EvaluationContext) -> Mapping[str, ExactValue | None]:
    return _table(frame.standards.values) if frame.standards else {}


def inlined_definition(out: ExpressionWriter, node: DefineRef) -> Expression | None:
    """Return a definition about the function's own subject; it is evaluated inline."""
    define = out.book.pack.defines[out.book.record, node.name]
    about = parameters(out.book.owners(define.subject))[-1]
    return define.expression if about == parameters(out.owners)[-1] else None


def _define(out: ExpressionWriter, node: DefineRef) -> str:
    own = inlined_definition(out, node)
    if own is not None:
        return out.value(own)
    unit = define_unit(out, node.name)
    subject = out.book.pack.defines[out.book.record, node.name].subject
    answer = out.assign(f"{out.call(unit)}({arguments(out, subject)})", "answer")
    out.once(("answer", identity_key(node)), lambda: answer)
    return out.assign(f"{answer}.value")


def _not(out: ExpressionWriter, node: Not) -> str:
    operand = out.value(node.operand)
    return out.assign(f"None if {operand} is None else not {operand}")


def _and(out: ExpressionWriter, node: And) -> str:
    return all_hold(out, node.operands)


def all_hold(out: ExpressionWriter, nodes: tuple[Expression, ...]) -> str:
    """Return whether all conditions hold: false if any is false."""
    names = [out.value(node) for node in nodes]
    if not names:
        return "True"
    if len(names) == 1 and is_truth(out, nodes[0]):
        return names[0]
    return out.once(("all", *names), lambda: out.assign(_all_hold(out, names)))


def _all_hold(out: ExpressionWriter, names: list[str]) -> str:
    is_false = " or ".join(f"{name} is False" for name in names)
    open_ = out.open_(*names)
    return f"False if {is_false} else {f'None if {open_} else ' if open_ else ''}True"


def is_truth(out: ExpressionWriter, node: Expression) -> bool:
    """Return whether an expression's value is only true, false or unknown."""
    if isinstance(node, DefineRef):
        return is_truth(out, out.book.pack.defines[out.book.record, node.name].expression)
    if isinstance(node, FactRef):
        return out.book.fact(node).kind is FactKind.YES_NO
    return isinstance(node, (Not, And, Or, Compare, OneOf, AnyOf))


def _or(out: ExpressionWriter, node: Or) -> str:
    names = [out.value(part) for part in node.operands]
    is_true = " or ".join(f"{name} is True" for name in names)
    open_ = out.open_(*names)
    return out.assign(f"True if {is_true} else {f'None if {open_} else ' if open_ else ''}False")


def _compare(out: ExpressionWriter, node: Compare) -> str:
    left, right = out.value(node.left), out.value(node.right)
    open_ = out.open_(left, right)
    holds = f"{left} {node.operator} {right}"
    return out.assign(f"None if {open_} else {holds}" if open_ else holds)


def _one_of(out: ExpressionWriter, node: OneOf) -> str:
    operand = out.value(node.operand)
    words = out.constant(frozenset(word.value for word in node.words))
    return out.assign(f"None if {operand} is None else {operand} in {words}")


def _arithmetic(out: ExpressionWriter, node: Arithmetic) -> str:
    left, right = out.value(node.left), out.value(node.right)
    plain, fractional = _ARITHMETIC[node.operator]
    if _may_be_fraction(out, node):
        work = f"{fractional}({left}, {right})"
    else:
        both = f"{left}.__class__ is Decimal is {right}.__class__"
        work = f"{plain}({left}, {right}) if {both} else None"
    if node.operator == "*" and (zero := out.zero_test(left, right)):
        return out.assign(f"ZERO if {zero} else {work}")
    return out.assign(work)


_ARITHMETIC = {
    "+": ("plus", "sum_of"),
    "-": ("minus", "difference"),
    "*": ("times", "product"),
    "/": ("", "quotient"),
}


def _may_be_fraction(out: ExpressionWriter, node: Expression) -> bool:
    """Return whether a division can enter the value."""
    nodes = out.book.pack.expanded(out.book.record, (node,))
    return any(isinstance(n, Arithmetic) and n.operator == "/" for n in nodes)


def _choose(out: ExpressionWriter, node: Choose) -> str:
    test, then, otherwise = (out.value(n) for n in (node.test, node.then, node.otherwise))
    same = f"{then} if {then} == {otherwise} else None"
    return out.assign(f"({same}) if {test} is None else {then} if {test} else {otherwise}")


def _any(out: ExpressionWriter, node: AnyOf) -> str:
    owner, name = out.owners[node.items.owner], out.constant(node.items.name)
    holds = item_holds(out, node)
    answer, found = out.local("answer"), out.local("found")
    out.line(f"{answer}, {found} = any_item({owner}, {name}, {holds})")
    out.once(("answer", identity_key(node)), lambda: answer)
    out.once(("found", identity_key(node)), lambda: found)
    return out.assign(f"{answer}.value")


def _call(out: ExpressionWriter, node: Call) -> str:
    return _CALLS[node.function](out, node)


def _of_values(out: ExpressionWriter, node: Call) -> str:
    return out.assign(f"{node.function}({', '.join(out.value(a) for a in node.arguments)})")


def _default(out: ExpressionWriter, node: Call) -> str:
    first, second = (out.value(argument) for argument in node.arguments)
    return out.assign(f"{second} if {first} is None else {first}")


def _recorded(out: ExpressionWriter, node: Call) -> str:
    return out.assign(f"{out.value(node.arguments[0])} is not None")


def _extreme(out: ExpressionWriter, node: Call) -> str:
    left, right = (out.value(argument) for argument in node.arguments)
    both = f"{left}.__class__ in NUMBERS and {right}.__class__ in NUMBERS"
    return out.assign(f"{node.function}({left}, {right}) if {both} else None")


def _size(out: ExpressionWriter, node: Call) -> str:
    items = node.arguments[0]
    assert isinstance(items, FactRef)
    owner, name = out.owners[items.owner], out.constant(items.name)
    return out.assign(f"size({owner}.lists.get({name}))")


def _in_order(out: ExpressionWriter, node: Call) -> str:
    items, stage = node.arguments
    assert isinstance(items, FactRef)
    owner, name = out.owners[items.owner], out.constant(items.name)
    out.value(stage)
    answer = out.assign(f"stages_in_order({owner}, {name}, {out.answer(stage)})", "answer")
    out.once(("answer", identity_key(node)), lambda: answer)
    return out.assign(f"{answer}.value")


def _previous_total(out: ExpressionWriter, node: Call) -> str:
    items, total = node.arguments
    assert isinstance(items, FactRef)
    assert isinstance(total, FactRef)
    owner, item = out.owners[items.owner], out.owners[total.owner]
    listed = out.constant(items.name)
    name = out.constant(total.path.removeprefix(f"{items.path}[]."))
    answer = out.assign(f"previous_total({owner}, {listed}, {item}, {name})", "answer")
    out.once(("answer", identity_key(node)), lambda: answer)
    return out.assign(f"{answer}.value")


def _tiered(out: ExpressionWriter, node: Call) -> str:
    for argument in node.arguments:
        out.value(argument)
    tiers = out.of_frame(lambda frame: tiers_of(frame.standards))
    answers = ", ".join(out.answer(argument) for argument in node.arguments)
    answer = out.assign(f"tiered({answers}, {tiers})", "answer")
    out.once(("answer", identity_key(node)), lambda: answer)
    return out.assign(f"{answer}.value")


_CALLS: dict[str, Callable[[ExpressionWriter, Call], str]] = {
    "age": _of_values,
    "default": _default,
    "max": _extreme,
    "min": _extreme,
    "previous_total": _previous_total,
    "provisional": _default,
    "recorded": _recorded,
    "size": _size,
    "stages_in_order": _in_order,
    "tiered": _tiered,
    "year": _of_values,
    "years_after": _of_values,
}

VALUES: dict[type[Expression], Callable[..., str]] = {
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
    AnyOf: _any,
    Call: _call,
}
"""Generators by the kind of expression."""


def found_item(out: ExpressionWriter, node: AnyOf) -> str:
    """Return the name of the first item that meets a condition."""
    out.value(node)
    return out.once(("found", identity_key(node)), lambda: "")
