"""Generate the missing facts of an expression: the absent facts that can still change it.

The code runs only where a result stays unknown, so most of it never runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ruhu.policy.compiler.operators import inlined_definition
from ruhu.policy.language.nodes import (
    And,
    AnyOf,
    Arithmetic,
    Call,
    Choose,
    Compare,
    DefineRef,
    Expression,
    FactRef,
    Lookup,
    Not,
    OneOf,
    Or,
    StandardRef,
    identity_key,
)
from ruhu.policy.language.three_valued import NO_FACTS

if TYPE_CHECKING:
    from ruhu.policy.compiler.expression import ExpressionWriter
    from ruhu.policy.evaluation.context import EvaluationContext

NONE_MISSING = "NOTHING"


def union(*sets: str) -> str:
    """Return the union of several sets."""
    parts = [part for part in dict.fromkeys(sets) if part != NONE_MISSING]
    if not parts:
        return NONE_MISSING
    return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})"


def _missing_fact(out: ExpressionWriter, node: FactRef) -> str:
    fact, owner = out.fact(node), out.owners[node.owner]
    asked = f"asked({owner}, {out.constant(node.name)})"
    return f"({asked} if {fact} is None else NOTHING)"


def _missing_standard(out: ExpressionWriter, node: StandardRef) -> str:
    path = node.path

    def asked(frame: EvaluationContext) -> object:
        known = frame.standards is not None and frame.standards.values.get(path) is not None
        return NO_FACTS if known else frozenset({f"standards.{path}"})

    return out.of_frame(asked)


def _missing_lookup(out: ExpressionWriter, node: Lookup) -> str:
    key, value = out.value(node.key), out.value(node)
    of_entry = NONE_MISSING
    if isinstance(node.table, StandardRef):
        start, end = out.constant(f"standards.{node.table.path}."), out.constant(node.ending)
        asked = f"frozenset(({start} + {key} + {end},))"
        of_entry = f"{asked} if {value} is None and isinstance({key}, str) else NOTHING"
    if not out.may_be_open(key):
        return f"({of_entry})"
    return f"({out.missing(node.key)} if {key} is None else {of_entry})"


def _missing_define(out: ExpressionWriter, node: DefineRef) -> str:
    own = inlined_definition(out, node)
    if own is None:
        return f"{answer_of(out, node)}.missing"

    def write() -> str:
        missing = out.missing(own)
        return missing if missing == NONE_MISSING else out.assign(missing, "missing")

    return out.once(("missing", identity_key(node)), write)


def answer_of(out: ExpressionWriter, node: Expression) -> str:
    """Return the name of the whole result of a separate function."""
    out.value(node)
    return out.once(("answer", identity_key(node)), lambda: "")


def _missing_answer(out: ExpressionWriter, node: AnyOf | Call) -> str:
    return f"{answer_of(out, node)}.missing"


def _missing_operand(out: ExpressionWriter, node: Not | OneOf) -> str:
    return out.missing_of_open(node.operand)


def _missing_operands(out: ExpressionWriter, node: And | Or) -> str:
    return missing_of_all(out, node.operands, out.value(node))


def missing_of_all(out: ExpressionWriter, nodes: tuple[Expression, ...], value: str) -> str:
    """Return the missing facts of a conjunction; `value` is its value."""
    missing = out.missing_of_open(*nodes)
    return missing if missing == NONE_MISSING else f"({missing} if {value} is None else NOTHING)"


def _missing_sides(out: ExpressionWriter, node: Compare) -> str:
    return out.missing_of_open(node.left, node.right)


def missing_of_known(out: ExpressionWriter, node: Expression) -> str:
    """Return the missing facts of an expression that has a value."""
    match node:
        case DefineRef():
            return out.missing(node)
        case Arithmetic(_, left, right):
            return union(missing_of_known(out, left), missing_of_known(out, right))
        case Choose(_, then, otherwise) | Call("default", (then, otherwise)):
            either = union(missing_of_known(out, then), missing_of_known(out, otherwise))
            return either if either == NONE_MISSING else out.missing(node)
        case Call("provisional" | "tiered"):
            return out.missing(node)
    return NONE_MISSING


def _missing_arithmetic(out: ExpressionWriter, node: Arithmetic) -> str:
    left, right = out.value(node.left), out.value(node.right)
    open_ = out.missing_of_open(node.left, node.right)
    known = missing_of_known(out, node)
    if open_ == known == NONE_MISSING:
        return NONE_MISSING
    missing = f"({open_} if {out.value(node)} is None else {known})"
    zero = out.zero_test(left, right)
    return f"(NOTHING if {zero} else {missing})" if node.operator == "*" and zero else missing


def _missing_choose(out: ExpressionWriter, node: Choose) -> str:
    value, test = out.value(node), out.value(node.test)
    then, otherwise = out.missing(node.then), out.missing(node.otherwise)
    every = union(out.missing(node.test), then, otherwise)
    open_ = f"{every} if {value} is None else {then}"
    return f"(({open_}) if {test} is None else {then} if {test} else {otherwise})"


def _missing_call(out: ExpressionWriter, node: Call) -> str:
    first = node.arguments[0]
    match node.function:
        case "recorded" | "size":
            return NONE_MISSING
        case "previous_total" | "stages_in_order" | "tiered":
            return _missing_answer(out, node)
        case "default" | "provisional":
            second = node.arguments[1]
            both = union(out.missing(first), out.missing(second))
            if node.function == "default":
                both = f"{both} if {out.value(second)} is None else {out.missing(second)}"
            return f"(({both}) if {out.value(first)} is None else {out.missing(first)})"
    return out.missing_of_open(*node.arguments)


MISSING: dict[type[Expression], Callable[..., str]] = {
    FactRef: _missing_fact,
    StandardRef: _missing_standard,
    Lookup: _missing_lookup,
    DefineRef: _missing_define,
    Not: _missing_operand,
    And: _missing_operands,
    Or: _missing_operands,
    Compare: _missing_sides,
    OneOf: _missing_operand,
    Arithmetic: _missing_arithmetic,
    Choose: _missing_choose,
    AnyOf: _missing_answer,
    Call: _missing_call,
}
"""Generators by the kind of expression that can miss facts."""
