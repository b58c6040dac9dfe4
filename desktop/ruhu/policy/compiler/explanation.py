"""Generate the explanation of a rule: its steps, and the sentence that sums them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from ruhu.policy.compiler.codegen import CompiledFunction, CompiledFunctions
from ruhu.policy.compiler.operators import all_hold, is_truth
from ruhu.policy.compiler.text import BilingualTemplate, TextWriter, condition, formula
from ruhu.policy.evaluation.finding import ObligationLevel, Outcome, Step, StepStatus
from ruhu.policy.language.nodes import (
    AnyOf,
    Call,
    DefineRef,
    Expression,
    FactRef,
    Lookup,
    Scalar,
    identity_key,
)
from ruhu.policy.language.parser import LIST_FUNCTIONS
from ruhu.policy.packs.model import Rule
from ruhu.policy.text.explanation_plan import Calculation, ExplanationPlan
from ruhu.policy.text.labels import label_value
from ruhu.policy.text.summary import AMOUNT_OPEN, NEEDS_JUDGEMENT, summary_heading
from ruhu.survey.facts.catalogue import FactKind

if TYPE_CHECKING:
    from ruhu.policy.evaluation.context import EvaluationContext

_CLOSED = (FactKind.YES_NO, FactKind.CHOICE)


def write_explanation(out: TextWriter, rule: Rule, *, show_all: bool) -> None:
    """Write `steps` and the `sentence`; without `show_all` only for a rule that applies."""
    outline = ExplanationPlan.of(out.book.pack, rule)
    conditions = [_condition(out, node) for node in outline.conditions]
    shared_steps = _shared(out, outline)
    if show_all and (outline.scope or outline.applies):
        with out.block("if outcome is NOT_APPLICABLE"):
            _why_not(out, rule, outline)
        with out.block("else"):
            _in_full(out, rule, outline, conditions, shared_steps)
    else:
        _in_full(out, rule, outline, conditions, shared_steps)
    _result(out, rule)


def write_why_not(out: TextWriter, rule: Rule) -> None:
    """Write `steps` and `sentence` for a rule that does not apply."""
    _why_not(out, rule, ExplanationPlan.of(out.book.pack, rule))
    _result(out, rule)


def _result(out: TextWriter, rule: Rule) -> None:
    out.line(f"steps.append(Step(RESULT, sentence, {out.constant(rule.clause)}))")


def _why_not(out: TextWriter, rule: Rule, outline: ExplanationPlan) -> None:
    """Write what keeps a rule from applying: its scope, or whom it is about."""

    def only(nodes: tuple[Expression, ...]) -> None:
        out.line(f"steps = [{', '.join(_condition(out, node) for node in nodes)}]")

    if outline.scope and outline.applies:
        with out.block(f"if {all_hold(out, rule.scope)} is False"):
            only(outline.scope)
        with out.block("else"):
            only((*outline.scope, *outline.applies))
    else:
        only((*outline.scope, *outline.applies))
    headings = {s: summary_heading(rule, Outcome.NOT_APPLICABLE, s) for s in ObligationLevel}
    out.line(f"sentence = {out.constant(headings)}[strength]")


def _shared(out: TextWriter, outline: ExplanationPlan) -> list[str]:
    """Write the numbers that several rules explain; return the names of their steps."""
    steps = [
        out.once(
            ("step", identity_key(calculation.node)), partial(_calculation_step, out, calculation)
        )
        for calculation in outline.inner
        if not is_truth(out, calculation.node)
    ]
    if outline.value is not None:
        _worked_out(out, outline.value)
    if outline.amount is not None and isinstance(outline.amount.node, DefineRef):
        # Other rules explain it too, whether or not this rule grants it.
        _worked_out(out, outline.amount)
    return steps


def _in_full(
    out: TextWriter,
    rule: Rule,
    outline: ExplanationPlan,
    conditions: list[str],
    shared_steps: list[str],
) -> None:
    """Write the steps of conditions, figures and numbers, and the sentence that sums them up."""
    out.line(f"steps = [{', '.join(conditions)}]")
    _sentence(out, rule)
    _figures(out, outline)
    for step in shared_steps:
        _append_step(out, step)
    if outline.value is not None:
        _calculation(out, outline.value, "steps.append({})")
    if outline.amount is not None:
        with out.block("if outcome is ELIGIBLE"):
            _calculation(out, outline.amount, "steps.append({})")
    for note in outline.notes:
        with out.block(f"if {out.value(note.when)} is True"):
            out.line(f"steps.append({out.constant(Step(StepStatus.FIGURE, note.text))})")
    if rule.say is not None:
        out.line(f"steps.append({out.constant(Step(StepStatus.FIGURE, rule.say))})")


def _condition(out: TextWriter, node: Expression) -> str:
    """Write the step of a condition. If it depends on closed lists only, each combination is built once."""
    return out.once(("step", identity_key(node)), lambda: _step(out, node))


def _step(out: TextWriter, node: Expression) -> str:
    if out.is_context_only(node):
        return out.per_context(_settled_step(out.book, node))
    facts = _closed_facts(out, node)
    value = out.value(node)
    if facts is None:
        return out.assign(_judged(out, node, value), "step")
    words = [out.fact(fact) for fact in facts]
    key = words[0] if len(words) == 1 else f"({', '.join(words)})"
    said = out.of_frame(_no_steps)
    step = out.assign(f"{said}.get({key})", "step")
    with out.block(f"if {step} is None"):
        out.line(f"{step} = {said}[{key}] = {_judged(out, node, value)}")
    return step


def _settled_step(book: CompiledFunctions, node: Expression) -> CompiledFunction:
    """Return the function for the step of a condition that no fact decides."""

    def write() -> CompiledFunction:
        out = TextWriter(book, "step", {})
        out.line(f"return {_judged(out, node, out.value(node))}")
        return out.unit()

    return book.unit(("step", id(node)), node, write)


def _no_steps(_: EvaluationContext) -> dict[object, Step]:
    """Return an empty cache of steps; they are as few as the words of their closed lists."""
    return {}


def _judged(out: TextWriter, node: Expression, value: str) -> str:
    text = out.text(condition(out, node))
    mark = f"OPEN if {value} is None else MET if {value} else UNMET"
    return f"Step({mark}, {text})"


def _closed_facts(out: TextWriter, node: Expression) -> list[FactRef] | None:
    """Return the facts of a condition, if all are yes/no or from closed lists."""
    found: dict[FactRef, None] = {}
    for inner in out.book.pack.expanded(out.book.record, (node,)):
        if isinstance(inner, AnyOf) or (
            isinstance(inner, Call) and inner.function in LIST_FUNCTIONS
        ):
            return None
        if isinstance(inner, FactRef):
            if out.book.fact(inner).kind not in _CLOSED:
                return None
            found[inner] = None
    return list(found) or None


def _figures(out: TextWriter, outline: ExplanationPlan) -> None:
    """Write steps for the notice's figures, each with its clause, from the first use with a value."""
    steps_by_figure: dict[str, str] = {}
    written: set[tuple[str, str]] = set()
    for looked_up, uses in groupby(outline.figures, lambda use: isinstance(use[1], Lookup)):
        if not looked_up:
            single = [use for use in dict(uses).items() if (use[0], "") not in written]
            written.update((name, "") for name, _ in single)
            out.line(f"steps += {out.of_frame(partial(_single_figures, out.book, single))}")
            continue
        for name, node in uses:
            assert isinstance(node, Lookup)
            key = out.value(node.key)
            if (name, key) in written:
                continue
            written.add((name, key))
            entries = out.of_frame(partial(_entries, out.book, name, node))
            step = f"{entries}.get({key}) if isinstance({key}, str) else None"
            if name not in steps_by_figure:
                steps_by_figure[name] = out.assign(step, "figure")
                _append_step(out, steps_by_figure[name])
                continue
            with out.block(f"if {steps_by_figure[name]} is None"):
                out.line(f"{steps_by_figure[name]} = {step}")
                _append_step(out, steps_by_figure[name])


def _append_step(out: TextWriter, step: str) -> None:
    with out.block(f"if {step} is not None"):
        out.line(f"steps.append({step})")


def _single_figures(
    book: CompiledFunctions, uses: Sequence[tuple[str, Expression]], frame: EvaluationContext
) -> tuple[Step, ...]:
    """Return the steps of the figures that have a value on the context's day."""
    values = [(name, node, frame.figures.get(name)) for name, node in uses]
    steps = [
        _figure(book, name, node, frame, value)
        for name, node, value in values
        if not isinstance(value, Mapping)
    ]
    return tuple(step for step in steps if step is not None)


def _entries(
    book: CompiledFunctions, name: str, node: Lookup, frame: EvaluationContext
) -> dict[str, Step | None]:
    """Return the steps of a table's entries by word."""
    table = frame.figures.get(name)
    words = table if isinstance(table, Mapping) else {}
    return {word: _figure(book, name, node, frame, value) for word, value in words.items()}


def _figure(
    book: CompiledFunctions,
    name: str,
    node: Expression,
    frame: EvaluationContext,
    value: Scalar | None,
) -> Step | None:
    since = book.pack.figures[name].on(frame.day)
    if value is None or since is None:
        return None
    label = book.pack.figures[name].label
    return Step(
        StepStatus.FIGURE, label_value(label, book.wording.value(node, value)), since.clause
    )


def _calculation_step(out: TextWriter, calculation: Calculation) -> str:
    """Write the step of a definition, if it is known; return its name."""
    step = out.assign("None", "step")
    _calculation(out, calculation, f"{step} = {{}}")
    return step


def _calculation(out: TextWriter, calculation: Calculation, write: str) -> None:
    """Write the lines that `write` returns for the step of a known number."""
    text = _worked_out(out, calculation)
    between = ("{0} ＝ {1}", "{0} = {1}")
    words = BilingualTemplate(
        *(between if calculation.shows_arithmetic else ("{0}：{1}", "{0}: {1}"))
    )
    said = words.filled(
        out.fixed(calculation.label), BilingualTemplate(f"{{{text}.zh}}", f"{{{text}.en}}")
    )
    with out.block(f"if {text} is not None"):
        out.line(write.format(f"Step(RESULT, {out.text(said)})"))


def _worked_out(out: TextWriter, calculation: Calculation) -> str:
    """Write a number and its calculation in words, once; return the text's name, `None` while unknown."""
    node, unit = calculation.node, calculation.unit

    def write() -> str:
        # Money is rounded to the fen from its exact value.
        exact = unit == "CNY"
        value = out.value(node) if exact else out.decimal(node)
        text = out.assign("None", "text")
        with out.block(f"if {value}.__class__ in NUMBERS" if exact else f"if {value} is not None"):
            words = out.digits(value, unit, "plain")
            if calculation.shows_arithmetic:
                arithmetic = formula(out, calculation.formula)
                words = BilingualTemplate("{0} ＝ {1}", "{0} = {1}").filled(arithmetic, words)
            out.line(f"{text} = {out.text(words)}")
        return text

    return out.once(("text", identity_key(node), unit, calculation.shows_arithmetic), write)


def _sentence(out: TextWriter, rule: Rule) -> None:
    """Write the sentence that sums the steps up."""
    if rule.range_of or rule.strength_when:
        headings = {(o, s): summary_heading(rule, o, s) for o in Outcome for s in ObligationLevel}
        out.line(f"said = [{out.constant(headings)}[outcome, strength]]")
    else:
        plain = {outcome: summary_heading(rule, outcome, rule.strength) for outcome in Outcome}
        out.line(f"said = [{out.constant(plain)}[outcome]]")
    if rule.range_of:
        out.line("said += range_parts(ruling)")
    else:
        with out.block("if outcome is FAIL or outcome is INELIGIBLE"):
            out.line("said += [step.text for step in steps if step.mark is UNMET][:2]")
    with out.block("if outcome is FAIL and strength is not MUST"):
        out.line(f"said.append({out.constant(NEEDS_JUDGEMENT)})")
    if rule.amount is not None:
        _money(out, rule)
    with out.block("if missing"):
        out.line(f"said.append({out.constant(out.book.wording.still_needed)}(missing))")
    out.line("sentence = said[0] if len(said) == 1 else joined(said)")


def _money(out: TextWriter, rule: Rule) -> None:
    with out.block("if outcome is ELIGIBLE"):
        if rule.per is not None:
            with out.block("if amount is not None"):
                out.line(f"said.append(money(amount, {out.constant(rule.per.label)}))")
        condition = "if amount is None" if rule.per is not None else "if True"
        with out.block(condition):
            out.line(f"said.append({out.constant(AMOUNT_OPEN)})")
            if rule.say is not None:
                out.line(f"said.append({out.constant(rule.say)})")
