"""Explaining a ruling: steps a householder can follow, and one sentence that sums them up."""

from fractions import Fraction

from ruhu.policy.answers import Answer
from ruhu.policy.evaluation import Scope, evaluate
from ruhu.policy.expressions import And, Call, DefineRef, Expression, FigureRef, Lookup
from ruhu.policy.finding import Mark, Outcome, RuleKind, Step, Strength
from ruhu.policy.numbers import show_number, to_fen
from ruhu.policy.pack import Note, Rule
from ruhu.policy.rulings import Ruling
from ruhu.policy.wording import Wording, is_arithmetic, join
from ruhu.survey.text import Text


def _mark(answer: Answer) -> Mark:
    if answer.value is None:
        return Mark.OPEN
    return Mark.MET if answer.value else Mark.UNMET


def _flat(expressions: tuple[Expression, ...], wording: Wording) -> list[Expression]:
    """Conditions one by one: `and`s and definitions that are `and`s taken apart."""
    flat: list[Expression] = []
    for expression in expressions:
        inner = expression
        if isinstance(inner, DefineRef):
            inner = wording.pack.defines[(wording.record, inner.name)].expression
        if isinstance(inner, And):
            flat += _flat(inner.operands, wording)
        else:
            flat.append(expression)
    return flat


def _figure_steps(rule: Rule, wording: Wording, scope: Scope) -> list[Step]:
    """The notice's figures that the rule uses, each with its clause."""
    steps: list[Step] = []
    seen: set[str] = set()
    for node in wording.pack.reached(rule):
        reference = node.table if isinstance(node, Lookup) else node
        if not isinstance(reference, FigureRef) or reference.name in seen:
            continue
        answer = evaluate(node, scope)
        figure = wording.pack.figures[reference.name]
        since = figure.on(scope.day)
        if answer.value is None or since is None:
            continue
        seen.add(reference.name)
        text = Text("{label}：{value}", "{label}: {value}").format(
            label=figure.label, value=wording.value(node, answer.value)
        )
        steps.append(Step(Mark.FIGURE, text, since.clause))
    return steps


def _calculation(
    label: Text, node: Expression, scope: Scope, wording: Wording, unit: str | None
) -> Step | None:
    answer = evaluate(node, scope)
    if not isinstance(answer.value, Fraction):
        return None
    shown = show_number(answer.value, unit)
    formula = _opened(node, wording)
    if is_arithmetic(formula):
        text = Text("{label} ＝ {formula} ＝ {value}", "{label} = {formula} = {value}").format(
            label=label, formula=wording.formula(formula, scope), value=shown
        )
    else:
        text = Text("{label}：{value}", "{label}: {value}").format(label=label, value=shown)
    return Step(Mark.RESULT, text)


def _opened(node: Expression, wording: Wording) -> Expression:
    """A definition's own expression, so that its arithmetic shows."""
    while isinstance(node, DefineRef):
        inner = wording.pack.defines[(wording.record, node.name)].expression
        if isinstance(inner, Call) and inner.function in ("default", "if_known"):
            return node
        node = inner
    return node


def _inner_calculations(
    rule: Rule, scope: Scope, wording: Wording, shown: set[Expression]
) -> list[Step]:
    """How the numbers that the rule names came about (net area, persons)."""
    steps: list[Step] = []
    seen: set[str] = set()
    for node in wording.pack.reached(rule):
        if not isinstance(node, DefineRef) or node.name in seen or node in shown:
            continue
        seen.add(node.name)
        define = wording.pack.defines[(wording.record, node.name)]
        step = _calculation(define.label, node, scope, wording, define.unit)
        if step is not None:
            steps.insert(0, step)
    return steps


def _note_steps(rule: Rule, scope: Scope, wording: Wording) -> list[Step]:
    notes: list[Note] = list(rule.notes)
    seen: set[str] = set()
    for node in wording.pack.reached(rule):
        if isinstance(node, DefineRef) and node.name not in seen:
            seen.add(node.name)
            notes += wording.pack.defines[(wording.record, node.name)].notes
    return [
        Step(Mark.FIGURE, note.text) for note in notes if evaluate(note.when, scope).value is True
    ]


def explain(ruling: Ruling, scope: Scope, wording: Wording) -> tuple[Text, tuple[Step, ...]]:
    """The sentence and the steps of a ruling."""
    rule = ruling.rule
    conditions = _flat((*rule.scope, *rule.applies, *rule.conditions), wording)
    steps = [
        Step(_mark(evaluate(condition, scope)), wording.condition(condition, scope))
        for condition in conditions
    ]
    steps += _figure_steps(rule, wording, scope)
    shown = {node for node in (rule.value, rule.amount) if node is not None}
    steps += _inner_calculations(rule, scope, wording, shown)
    if rule.value is not None:
        step = _calculation(rule.title, rule.value, scope, wording, rule.unit)
        steps += [step] if step else []
    if rule.amount is not None and ruling.outcome is Outcome.ELIGIBLE:
        step = _calculation(Text("金额", "Amount"), rule.amount, scope, wording, "CNY")
        steps += [step] if step else []
    steps += _note_steps(rule, scope, wording)
    if rule.say is not None:
        steps.append(Step(Mark.FIGURE, rule.say))
    sentence = _sentence(ruling, conditions, scope, wording)
    return sentence, (*steps, Step(Mark.RESULT, sentence, rule.clause))


def _sentence(ruling: Ruling, conditions: list[Expression], scope: Scope, wording: Wording) -> Text:
    rule = ruling.rule
    parts = [ruling.outcome.label]
    if rule.kind is RuleKind.CHECK or ruling.strength is not Strength.MUST:
        parts = [
            Text("{outcome}（{strength}）", "{outcome} ({strength})").format(
                outcome=ruling.outcome.label, strength=ruling.strength.label
            )
        ]
    if rule.range_of:
        parts += _range_parts(ruling, wording)
    if ruling.outcome in (Outcome.INELIGIBLE, Outcome.FAIL) and not rule.range_of:
        unmet = [c for c in conditions if evaluate(c, scope).value is False]
        parts += [wording.condition(condition, scope) for condition in unmet[:2]]
    if ruling.outcome is Outcome.FAIL and ruling.strength is not Strength.MUST:
        parts.append(Text("请工作人员研定，不作为否决", "for a person to decide, not a bar"))
    if ruling.amount is not None and rule.per is not None:
        parts.append(
            Text("{amount}元（{per}）", "{amount} CNY ({per})").format(
                amount=f"{to_fen(ruling.amount):,f}", per=rule.per.label
            )
        )
    elif ruling.outcome is Outcome.ELIGIBLE and rule.amount is not None:
        parts.append(Text("金额待定", "amount open"))
        parts += [rule.say] if rule.say else []
    if ruling.missing:
        asked = [wording.missing(path) for path in sorted(ruling.missing)]
        parts.append(
            Text("还需：{what}", "still needed: {what}").format(what=join(asked, "、", ", "))
        )
    return join(parts, "；", "; ")


def _range_parts(ruling: Ruling, wording: Wording) -> list[Text]:
    parts: list[Text] = []
    rules = {rule.id: rule for rule in wording.pack.rules}
    if ruling.lower is not None:
        parts.append(Text("下限{x}", "at least {x}").format(x=show_number(ruling.lower, "m2")))
    if ruling.upper is not None:
        parts.append(Text("上限{x}", "at most {x}").format(x=show_number(ruling.upper, "m2")))
    if ruling.binding is not None:
        parts.append(
            Text("起作用的是“{rule}”", "“{rule}” binds").format(rule=rules[ruling.binding].title)
        )
    if ruling.outcome is Outcome.CONFLICT:
        parts.append(Text("上下限不能同时满足，由县研定", "both cannot be met; the county decides"))
    return parts
