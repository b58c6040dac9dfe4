"""Generate whole rules: the result, then its explanation, as one finding."""

from __future__ import annotations

from collections.abc import Sequence

from ruhu.policy.compiler.cache_keys import cache_key
from ruhu.policy.compiler.codegen import CompiledFunction, CompiledFunctions, parameters
from ruhu.policy.compiler.explanation import write_explanation, write_why_not
from ruhu.policy.compiler.expression import ExpressionWriter
from ruhu.policy.compiler.operators import all_hold
from ruhu.policy.compiler.outcome import write_not_applicable, write_ruling
from ruhu.policy.compiler.text import TextWriter
from ruhu.policy.language.nodes import Expression, identity_key
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.model import Rule


def rules_unit(
    book: CompiledFunctions, rules: Sequence[Rule], *, show_all: bool
) -> CompiledFunction:
    """Return the function that computes the findings of some rules for one subject.

    Parts that the rules share are evaluated and described once. It yields `None` if the list of a rule is
    absent and, without `show_all`, if a rule does not apply.
    """

    def write() -> CompiledFunction:
        out = TextWriter(book, "rules", book.owners(rules[0].subject))
        _leave_where_none_applies(out, rules, show_all=show_all)
        found = [_rule(out, rule, show_all=show_all) for rule in rules]
        out.line(f"return ({', '.join(found)},)")
        return out.unit(*parameters(out.owners))

    key = ("rules", *((rule.id, rule.subject) for rule in rules), show_all)
    return book.unit(key, rules, write)


def row_unit(
    book: CompiledFunctions,
    groups: Sequence[Sequence[Rule]],
    remembered: Sequence[bool],
    *,
    show_all: bool,
) -> CompiledFunction:
    """Return the function that yields the findings of groups of rules for one subject, in order.

    Its first argument holds a cache for each group. A group that is not `remembered` is computed each time.
    """

    def write() -> CompiledFunction:
        out = ExpressionWriter(book, "row", book.owners(groups[0][0].subject))
        subjects = ", ".join(parameters(out.owners))
        memories = [out.local("memory") for _ in groups]
        out.line(f"{', '.join(memories)}, = memories")
        found = []
        for group, memory, keeps in zip(groups, memories, remembered, strict=True):
            if keeps:
                key = out.assign(cache_key(out, group), "case")
                known = f"{memory}.get({key}) or {memory}.get_or_compute({key}, {subjects})"
            else:
                known = f"{out.call(rules_unit(book, group, show_all=show_all))}({subjects})"
            found.append(f"*{out.assign(known, 'found')}")
        out.line(f"return ({', '.join(found)},)")
        return out.unit("memories", *parameters(out.owners))

    names = tuple(tuple((rule.id, rule.subject) for rule in group) for group in groups)
    return book.unit(("row", names, tuple(remembered), show_all), groups, write)


def _rule(out: TextWriter, rule: Rule, *, show_all: bool) -> str:
    """Write one rule; return the name of its finding."""
    if rule.over is None:
        return _finding(out, rule, show_all=show_all)
    found = out.assign("None", "finding")
    with out.block(f"if {out.constant(rule.over)} in {parameters(out.owners)[-1]}.lists"):
        out.line(f"{found} = {_finding(out, rule, show_all=show_all)}")
    return found


def _leave_where_none_applies(out: TextWriter, rules: Sequence[Rule], *, show_all: bool) -> None:
    """Write an early return for subjects that no rule is about: most rules are about few."""
    common = _common_limits(rules)
    if not common:
        return
    with out.block(f"if {all_hold(out, common)} is False"):
        found = ["None"] * len(rules)
        if show_all:
            found = []
            for rule in rules:
                write_not_applicable(out, rule)
                write_why_not(out, rule)
                found.append(out.assign(_explained(out, rule), "finding"))
        out.line(f"return ({', '.join(found)},)")


def _common_limits(rules: Sequence[Rule]) -> tuple[Expression, ...]:
    """Return the conditions that limit every one of the rules."""
    if any(rule.over is not None for rule in rules):
        return ()
    first, *others = [rule.limits for rule in rules]
    known = [{identity_key(node) for node in limits} for limits in others]
    return tuple(node for node in first if all(identity_key(node) in each for each in known))


def _finding(out: TextWriter, rule: Rule, *, show_all: bool) -> str:
    write_ruling(out, rule)
    if show_all:
        write_explanation(out, rule, show_all=True)
        return out.assign(_explained(out, rule), "finding")
    found = out.assign("None", "finding")
    with out.block("if outcome is not NOT_APPLICABLE"):
        write_explanation(out, rule, show_all=False)
        out.line(f"{found} = {_explained(out, rule)}")
    return found


def _explained(out: TextWriter, rule: Rule) -> str:
    """Return an expression for the finding whose explanation is written."""
    _, place = SUBJECTS[rule.subject]
    subject = f"{rule.subject}:" if place else rule.subject
    name = out.constant(subject)
    if place:
        name = f"{name} + {parameters(out.owners)[-1]}.identity"
    order = out.constant(out.book.wording.sort_missing)
    fields = (
        out.constant(rule.id),
        name,
        out.constant(rule.kind),
        "outcome",
        "strength",
        out.constant(rule.clause),
        out.constant(rule.title),
        "value",
        "limit",
        out.constant(rule.unit),
        "amount",
        out.constant(rule.per),
        out.constant(rule.grant),
        "possible",
        f"{order}(missing) if missing else ()",
        "sentence",
        "tuple(steps)",
    )
    return f"Finding({', '.join(fields)})"
