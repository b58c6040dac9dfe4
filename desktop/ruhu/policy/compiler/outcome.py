"""Generate a rule's result: its outcome, strength and figures, and what is missing."""

from __future__ import annotations

from ruhu.policy.compiler.codegen import CompiledFunction, CompiledFunctions, parameters
from ruhu.policy.compiler.expression import ExpressionWriter
from ruhu.policy.compiler.missing_facts import NONE_MISSING, missing_of_all, union
from ruhu.policy.compiler.operators import all_hold
from ruhu.policy.evaluation.finding import Outcome, RuleKind
from ruhu.policy.packs.model import Indicator, Rule


def range_unit(book: CompiledFunctions, rule: Rule) -> CompiledFunction:
    """Return the function that combines the bounds of a range's rules for one subject."""

    def write() -> CompiledFunction:
        out = ExpressionWriter(book, "range", book.owners(rule.subject))
        assert rule.value is not None
        by_id = {other.id: other for other in book.pack.rules_for(book.record)}
        scope, strength = all_hold(out, rule.scope), strength_of(out, rule)
        with out.block(f"if {scope} is False"):
            out.line(f"return RangeRuling(NOT_APPLICABLE, {strength})")
        inside = f"Answer({scope}, {missing_of_all(out, rule.scope, scope)})"
        area = out.answer(rule.value)
        out.line("limits = []")
        for other in (by_id[name] for name in rule.range_of):
            if other.bound is not None:
                applies, at = all_hold(out, other.applies), out.value(other.bound.at)
                fields = (
                    out.constant(other),
                    out.constant(other.bound.side),
                    applies,
                    missing_of_all(out, other.applies, applies),
                    at,
                    out.missing(other.bound.at),
                )
                with out.block(f"if {applies} is not False"):
                    out.line(f"limits.append(Limit({', '.join(fields)}))")
        out.line(f"return rule_on_range({strength}, {inside}, {area}, limits)")
        return out.unit(*parameters(out.owners))

    return book.unit(("range", rule.id, rule.subject), rule, write)


def strength_unit(book: CompiledFunctions, indicator: Indicator) -> CompiledFunction:
    """Return the function for an indicator's strictness of wording for one subject."""

    def write() -> CompiledFunction:
        out = ExpressionWriter(book, "strength", book.owners(indicator.subject))
        out.line(f"return {strength_of(out, indicator)}")
        return out.unit(*parameters(out.owners))

    return book.unit(("strength", indicator.id), indicator, write)


def strength_of(out: ExpressionWriter, rule: Rule | Indicator) -> str:
    """Return how strictly the rule is worded for this subject."""
    strength = out.constant(rule.strength)
    for when, stricter in reversed(rule.strength_when):
        strength = f"{out.constant(stricter)} if {out.value(when)} is True else {strength}"
    return out.assign(strength, "strength") if rule.strength_when else strength


def write_ruling(out: ExpressionWriter, rule: Rule) -> None:
    """Write `outcome`, `strength`, `missing`, `value`, `limit`, `amount` and `possible`.

    The two amounts are rounded to the fen.
    """
    if rule.range_of:
        _range(out, rule)
    elif rule.kind is RuleKind.CHECK:
        _check(out, rule)
    else:
        _entitlement(out, rule)


def write_not_applicable(out: ExpressionWriter, rule: Rule) -> None:
    """Write the same names for a rule that does not apply."""
    out.line(f"strength = {strength_of(out, rule)}")
    out.line("outcome, missing = NOT_APPLICABLE, NOTHING")
    out.line("value = limit = amount = possible = None")


def _outcome(
    out: ExpressionWriter, header: str, outcome: Outcome, missing: str = NONE_MISSING
) -> None:
    with out.block(header):
        out.line(f"outcome, missing = {outcome.name}, {missing}")


def _check(out: ExpressionWriter, rule: Rule) -> None:
    inside = all_hold(out, rule.scope)
    applies, holds = all_hold(out, rule.applies), all_hold(out, rule.conditions)
    out.line(f"strength = {strength_of(out, rule)}")
    _decimals(out, rule)
    out.line("amount = possible = None")
    whom = missing_of_all(out, rule.applies, applies)
    if whom != NONE_MISSING:
        # A result that holds anyway holds regardless of whom the rule is about.
        whom = f"(NOTHING if {holds} else {whom})"
    missing = union(
        missing_of_all(out, rule.scope, inside), whom, missing_of_all(out, rule.conditions, holds)
    )
    not_inside = " or ".join(f"{name} is False" for name in (inside, applies) if name != "True")
    if not_inside:
        with out.block(f"if {not_inside}"):
            out.line("outcome, missing, value, limit = NOT_APPLICABLE, NOTHING, None, None")
    first = "elif" if not_inside else "if"
    _outcome(out, f"{first} {inside} and {holds}", Outcome.PASS)
    _outcome(out, f"elif {inside} and {applies} and {holds} is False", Outcome.FAIL)
    _outcome(out, "else", Outcome.UNKNOWN, missing)


def _entitlement(out: ExpressionWriter, rule: Rule) -> None:
    inside = all_hold(out, rule.scope)
    applies, holds = all_hold(out, rule.applies), all_hold(out, rule.conditions)
    out.line(f"strength = {strength_of(out, rule)}")
    _decimals(out, rule)
    amount = out.value(rule.amount) if rule.amount is not None else "None"
    out.line(f"amount = {amount} if {amount}.__class__ in NUMBERS else None")
    open_ = union(*(out.missing(node) for node in (rule.amount, rule.value) if node is not None))
    about = union(
        missing_of_all(out, rule.scope, inside), missing_of_all(out, rule.applies, applies)
    )
    missing = union(about, missing_of_all(out, rule.conditions, holds), open_)
    out.line("possible = None")
    if inside != "True":
        with out.block(f"if {inside} is False"):
            out.line("outcome, missing, value, limit = NOT_APPLICABLE, NOTHING, None, None")
            out.line("amount = None")
    refused = f"{inside} and {holds} is False"
    if applies != "True":
        refused = f"{applies} is False or ({refused})"
    with out.block(f"{'if' if inside == 'True' else 'elif'} {refused}"):
        out.line("outcome, missing, amount = INELIGIBLE, NOTHING, None")
    _outcome(out, f"elif {inside} and {applies} and {holds}", Outcome.ELIGIBLE, open_)
    if inside != "True":
        with out.block(f"elif {holds} is False"):
            # Nothing can be granted; only whether the rule is about this subject is open.
            out.line(f"outcome, missing, amount = UNKNOWN, {about}, None")
    with out.block("else"):
        out.line(f"outcome, missing, amount, possible = UNKNOWN, {missing}, None, amount")
    if rule.amount is not None:
        for name in ("amount", "possible"):
            out.line(f"{name} = None if {name} is None else to_fen({name})")


def _decimals(out: ExpressionWriter, rule: Rule) -> None:
    for name, node in (("value", rule.value), ("limit", rule.limit)):
        out.line(f"{name} = {'None' if node is None else out.decimal(node)}")


def _range(out: ExpressionWriter, rule: Rule) -> None:
    unit = range_unit(out.book, rule)
    out.line(f"ruling = {out.call(unit)}({', '.join(parameters(out.owners))})")
    out.line("outcome, strength, missing = ruling.outcome, ruling.strength, ruling.missing")
    for name in ("value", "limit"):
        out.line(f"{name} = None if ruling.{name} is None else as_decimal(ruling.{name})")
    out.line("amount = possible = None")
