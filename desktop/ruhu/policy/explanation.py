"""Explaining a ruling: steps a householder can follow, and one sentence that sums them up."""

from collections.abc import Callable, Hashable
from fractions import Fraction
from functools import partial

from ruhu.policy.answers import Answer
from ruhu.policy.evaluation import Scope, evaluate
from ruhu.policy.expressions import Expression, FigureRef, Scalar
from ruhu.policy.finding import Mark, Outcome, RuleKind, Step, Strength
from ruhu.policy.numbers import show_number, to_fen
from ruhu.policy.outline import Calculation, Outline, Reads
from ruhu.policy.rulings import Ruling
from ruhu.policy.wording import Wording, join, named
from ruhu.survey.text import Text

MOST_SAID = 50_000
"""Conditions in words that are kept at once."""


def _mark(answer: Answer) -> Mark:
    if answer.value is None:
        return Mark.OPEN
    return Mark.MET if answer.value else Mark.UNMET


def _once(
    what: Hashable, reads: Reads, scope: Scope, wording: Wording, make: Callable[[], Step | None]
) -> Step | None:
    """A step in words, said once for the same facts."""
    if reads is None:
        return make()
    key = (what, *[read(scope.owners[owner].values) for owner, read in reads])
    if key not in wording.said:
        if len(wording.said) >= MOST_SAID:
            wording.said.clear()
        wording.said[key] = make()
    return wording.said[key]


def _judged(node: Expression, scope: Scope, wording: Wording) -> Step:
    """A condition with the values it was judged by."""
    return Step(_mark(evaluate(node, scope)), wording.condition(node, scope))


def _figure_steps(outline: Outline, wording: Wording, scope: Scope) -> list[Step]:
    """The notice's figures that the rule uses, each with its clause."""
    steps: dict[str, Step] = {}
    for name, node in outline.figures:
        if name not in steps:
            value = evaluate(node, scope).value
            if value is not None:
                steps[name] = _figure_step(name, node, value, wording, scope)
    return list(steps.values())


def _figure_step(
    name: str, node: Expression, value: Scalar, wording: Wording, scope: Scope
) -> Step:
    key = id(node) if isinstance(node, FigureRef) else (id(node), value)
    step = wording.said.get(key)
    if step is None:
        figure = wording.pack.figures[name]
        since = figure.on(scope.day)
        assert since is not None
        text = named(figure.label, wording.value(node, value))
        step = wording.said[key] = Step(Mark.FIGURE, text, since.clause)
    return step


def _calculation(calculation: Calculation, scope: Scope, wording: Wording) -> Step | None:
    answer = evaluate(calculation.node, scope)
    if not isinstance(answer.value, Fraction):
        return None
    label, shown = calculation.label, show_number(answer.value, calculation.unit)
    if not calculation.shows_arithmetic:
        return Step(Mark.RESULT, named(label, shown))
    formula = wording.formula(calculation.formula, scope)
    return Step(
        Mark.RESULT,
        Text(
            f"{label.zh} ＝ {formula.zh} ＝ {shown.zh}", f"{label.en} = {formula.en} = {shown.en}"
        ),
    )


def _note_steps(outline: Outline, scope: Scope) -> list[Step]:
    return [
        Step(Mark.FIGURE, note.text)
        for note in outline.notes
        if evaluate(note.when, scope).value is True
    ]


def explain(ruling: Ruling, scope: Scope, wording: Wording) -> tuple[Text, tuple[Step, ...]]:
    """The sentence and the steps of a ruling."""
    rule = ruling.rule
    outline = wording.outline(rule)
    steps: list[Step | None] = [
        _once(id(c.node), c.reads, scope, wording, partial(_judged, c.node, scope, wording))
        for c in outline.conditions
    ]
    unmet = [step.text for step in steps if step is not None and step.mark is Mark.UNMET]
    steps += _figure_steps(outline, wording, scope)
    calculations = outline.inner
    if outline.value is not None:
        calculations = (*calculations, outline.value)
    if outline.amount is not None and ruling.outcome is Outcome.ELIGIBLE:
        calculations = (*calculations, outline.amount)
    steps += [
        _once(c.name, c.reads, scope, wording, partial(_calculation, c, scope, wording))
        for c in calculations
    ]
    steps += _note_steps(outline, scope)
    if rule.say is not None:
        steps.append(Step(Mark.FIGURE, rule.say))
    sentence = _sentence(ruling, unmet, wording)
    told = [step for step in steps if step is not None]
    return sentence, (*told, Step(Mark.RESULT, sentence, rule.clause))


def _sentence(ruling: Ruling, unmet: list[Text], wording: Wording) -> Text:
    rule = ruling.rule
    parts = [ruling.outcome.label]
    if rule.kind is RuleKind.CHECK or ruling.strength is not Strength.MUST:
        outcome, strength = ruling.outcome.label, ruling.strength.label
        parts = [Text(f"{outcome.zh}（{strength.zh}）", f"{outcome.en} ({strength.en})")]
    if rule.range_of:
        parts += _range_parts(ruling, wording)
    if ruling.outcome in (Outcome.INELIGIBLE, Outcome.FAIL) and not rule.range_of:
        parts += unmet[:2]
    if ruling.outcome is Outcome.FAIL and ruling.strength is not Strength.MUST:
        parts.append(Text("请工作人员研定，不作为否决", "for a person to decide, not a bar"))
    if ruling.amount is not None and rule.per is not None:
        amount, per = f"{to_fen(ruling.amount):,f}", rule.per.label
        parts.append(Text(f"{amount}元（{per.zh}）", f"{amount} CNY ({per.en})"))
    elif ruling.outcome is Outcome.ELIGIBLE and rule.amount is not None:
        parts.append(Text("金额待定", "amount open"))
        parts += [rule.say] if rule.say else []
    if ruling.missing:
        asked = join([wording.missing(path) for path in sorted(ruling.missing)], "、", ", ")
        parts.append(Text(f"还需：{asked.zh}", f"still needed: {asked.en}"))
    return join(parts, "；", "; ")


def _range_parts(ruling: Ruling, wording: Wording) -> list[Text]:
    parts: list[Text] = []
    if ruling.lower is not None:
        parts.append(Text("下限{x}", "at least {x}").format(x=show_number(ruling.lower, "m2")))
    if ruling.upper is not None:
        parts.append(Text("上限{x}", "at most {x}").format(x=show_number(ruling.upper, "m2")))
    if ruling.binding is not None:
        title = next(rule.title for rule in wording.pack.rules if rule.id == ruling.binding)
        parts.append(Text(f"起作用的是“{title.zh}”", f"“{title.en}” binds"))
    if ruling.outcome is Outcome.CONFLICT:
        parts.append(Text("上下限不能同时满足，由县研定", "both cannot be met; the county decides"))
    return parts
