"""Putting expressions into words: conditions, arithmetic and figures with their values."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ruhu.policy.evaluation import Scope, evaluate
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
from ruhu.policy.finding import Step
from ruhu.policy.numbers import show_number
from ruhu.policy.outline import Outline
from ruhu.policy.pack import Pack, Rule
from ruhu.policy.standards import FIGURES as STANDARD_FIGURES
from ruhu.survey.facts import Fact, FactKind, catalogue, find_fact
from ruhu.survey.text import Text

YES, NO = Text("是", "yes"), Text("否", "no")
NOT_RECORDED = Text("未登记", "not recorded")
SIGNS = {"<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "==": "＝", "!=": "≠"}
ENGLISH_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
OPERATIONS = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
ENGLISH_OPERATIONS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_NAMED = (FactRef, FigureRef, DefineRef, StandardRef, Lookup)
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


def show_date(day: date) -> Text:
    """A date as written in each language."""
    return Text(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def join(parts: list[Text], zh: str, en: str) -> Text:
    """Texts one after the other."""
    return Text(zh.join(p.zh for p in parts), en.join(p.en for p in parts))


def named(label: Text, value: Text) -> Text:
    """`label: value`."""
    return Text(f"{label.zh}：{value.zh}", f"{label.en}: {value.en}")


def _wanted(fact: Text, wanted: Text) -> Text:
    return Text(f"{fact.zh}（要求：{wanted.zh}）", f"{fact.en} (wanted: {wanted.en})")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for the expressions of one pack's rules about one kind of record.

    `said` keeps steps in words by the facts they rest on: one day and one set of
    standards to each `Wording`.
    """

    pack: Pack
    record: str
    outlines: dict[tuple[str, str], Outline] = field(default_factory=dict)
    said: dict[Hashable, Step | None] = field(default_factory=dict)

    def outline(self, rule: Rule) -> Outline:
        """What the explanation of a rule goes through."""
        key = (rule.id, rule.subject)
        outline = self.outlines.get(key)
        if outline is None:
            outline = self.outlines[key] = Outline.of(self.pack, rule)
        return outline

    def fact(self, node: FactRef) -> Fact:
        """The catalogue's entry of a fact."""
        return catalogue(self.record)[node.path]

    def label(self, node: Expression) -> Text | None:
        """What a node is called, where it has a name."""
        match node:
            case FactRef():
                return self.fact(node).label
            case FigureRef(name):
                return self.pack.figures[name].label
            case Lookup(FigureRef(name)):
                return self.pack.figures[name].label
            case StandardRef(path):
                return STANDARD_FIGURES[path].label
            case Lookup(StandardRef(path), key):
                word = self.label(key) or Text("", "")
                return Text("县标准（按{key}）", "county standard by {key}").format(key=word)
            case DefineRef(name):
                return self.pack.defines[(self.record, name)].label
            case Call("age"):
                return Text("年龄", "Age")
            case Call("default" | "provisional" | "if_known", (first, *_)):
                return self.label(first)
        return None

    def unit(self, node: Expression) -> str | None:
        """The unit a node's number is in."""
        match node:
            case FactRef():
                return self.fact(node).unit
            case FigureRef(name) | Lookup(FigureRef(name)):
                return self.pack.figures[name].unit
            case StandardRef(path) | Lookup(StandardRef(path)):
                return None if "rate" in path or "score" in path else "CNY"
            case DefineRef(name):
                return self.pack.defines[(self.record, name)].unit
            case Call("age"):
                return "years_old"
            case Call("default" | "provisional" | "if_known", (first, *_)):
                return self.unit(first)
        return None

    def value(self, node: Expression, value: Scalar | None) -> Text:
        """A value as the form shows it."""
        if value is None:
            return NOT_RECORDED
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, date):
            return show_date(value)
        if isinstance(value, Fraction):
            return show_number(value, self.unit(node))
        return self.word(node, value)

    def word(self, node: Expression, value: str) -> Text:
        """A word of a closed list by its label."""
        match node:
            case FactRef() if self.fact(node).kind is FactKind.CHOICE:
                return next(c.label for c in self.fact(node).choices if c == value)
            case DefineRef(name):
                inner = self.pack.defines[(self.record, name)].expression
                return self.word(inner, value)
            case Call(_, (first, *_)):
                return self.word(first, value)
        return Text(value, value) if value else Text("空", "empty")

    def named(self, node: Expression, scope: Scope) -> Text:
        """`label: value` of a node, or just its value."""
        shown = self.value(node, evaluate(node, scope).value)
        label = self.label(node)
        return shown if label is None else named(label, shown)

    def condition(self, node: Expression, scope: Scope) -> Text:
        """A condition with the values it was judged by."""
        match node:
            case Not(operand):
                return self.condition(operand, scope)
            case OneOf(operand, words):
                wanted = join([self.word(operand, str(word.value)) for word in words], "、", ", ")
                return _wanted(self.named(operand, scope), wanted)
            case Compare(sign, left, Constant(str() as word)) if sign in ("==", "!="):
                wanted = self.word(left, word)
                fact = self.named(left, scope)
                if sign == "==":
                    return _wanted(fact, wanted)
                return Text(f"{fact.zh}（不为{wanted.zh}）", f"{fact.en} (not {wanted.en})")
            case Compare(sign, left, right):
                # What did not hold is written as it is: 62 > 60, not 62 ≤ 60.
                shown = _OPPOSITE[sign] if evaluate(node, scope).value is False else sign
                return self._comparison(shown, left, right, scope)
            case And(operands):
                return join([self.condition(o, scope) for o in operands], "，且", ", and ")
            case Or(operands):
                return join([self.condition(o, scope) for o in operands], "，或", ", or ")
            case Choose(test, then, otherwise):
                decided = evaluate(test, scope).value
                if decided is None:
                    return self.condition(test, scope)
                return self.condition(then if decided else otherwise, scope)
            case AnyOf():
                return self._any(node, scope)
            case Call("default", (first, second)) if not evaluate(first, scope).known:
                return self.condition(second, scope)
            case Call("stages_in_order"):
                return Text(
                    "此前各环节均有日期且先后有序", "every earlier stage is dated, in order"
                )
            case DefineRef(name):
                return self.condition(self.pack.defines[(self.record, name)].expression, scope)
        return self.named(node, scope)

    def _comparison(self, sign: str, left: Expression, right: Expression, scope: Scope) -> Text:
        a, b = self.formula(left, scope), self.formula(right, scope)
        return Text(f"{a.zh} {SIGNS[sign]} {b.zh}", f"{a.en} {ENGLISH_SIGNS[sign]} {b.en}")

    def _any(self, node: AnyOf, scope: Scope) -> Text:
        items = self.fact(node.items).label
        owner = scope.owners[node.items.owner]
        found = next(
            (
                item
                for item in owner.lists.get(node.items.name, [])
                if evaluate(node.condition, scope.inside(node.name, item)).value is True
            ),
            None,
        )
        inner = scope.inside(node.name, found) if found else None
        if inner is None:
            return Text("“{items}”中没有符合的", "none found among “{items}”").format(items=items)
        return Text("“{items}”中有：{what}", "found among “{items}”: {what}").format(
            items=items, what=self.condition(node.condition, inner)
        )

    def formula(self, node: Expression, scope: Scope, binds: int = 0) -> Text:
        """An expression with labels and values put in: `Area 68 m² − Storage 8 m²`."""
        if isinstance(node, _NAMED):
            return self._labelled(node, scope)
        match node:
            case Arithmetic(operator, Constant(Fraction() as zero), right) if (
                operator == "-" and zero == 0
            ):
                negative = self.formula(right, scope, 2)
                return Text(f"－{negative.zh}", f"−{negative.en}")
            case Arithmetic(operator, left, right):
                own = BINDS[operator]
                a = self.formula(left, scope, own)
                b = self.formula(right, scope, own + (operator in "-/"))
                text = Text(
                    f"{a.zh} {OPERATIONS[operator]} {b.zh}",
                    f"{a.en} {ENGLISH_OPERATIONS[operator]} {b.en}",
                )
                return text if own >= binds else Text(f"（{text.zh}）", f"({text.en})")
            case Choose(test, then, otherwise):
                decided = evaluate(test, scope).value
                if decided is None:
                    return self.named(test, scope)
                return self.formula(then if decided else otherwise, scope, binds)
            case Call("min" | "max" as name, arguments):
                start = (
                    Text("较小者", "the smaller of ")
                    if name == "min"
                    else Text("较大者", "the larger of ")
                )
                inner = join([self.formula(a, scope) for a in arguments], "，", ", ")
                return Text(f"{start.zh}（{inner.zh}）", f"{start.en}({inner.en})")
            case Call("default" | "provisional", (first, second)):
                chosen = first if evaluate(first, scope).known else second
                label, shown = self.label(first), self.formula(chosen, scope, binds)
                if chosen is first or label is None:
                    return shown
                return Text(f"{label.zh}（按）{shown.zh}", f"{label.en} (taken as) {shown.en}")
            case Day():
                return Text("核对日 {d}", "day {d}").format(d=show_date(scope.day))
            case Call("years_after", (start, years)):
                answer = evaluate(node, scope)
                return Text("{start} 满{n}年（{end}）", "{start} plus {n} years ({end})").format(
                    start=self.named(start, scope),
                    n=self.value(years, evaluate(years, scope).value),
                    end=self.value(node, answer.value),
                )
            case Constant(value):
                return self.value(node, value)
        return self._labelled(node, scope)

    def _labelled(self, node: Expression, scope: Scope) -> Text:
        shown = self.value(node, evaluate(node, scope).value)
        label = self.label(node)
        return shown if label is None else Text(f"{label.zh} {shown.zh}", f"{label.en} {shown.en}")

    def missing(self, path: str) -> Text:
        """The label of a missing fact or county standard."""
        if path.startswith("standards."):
            figure = STANDARD_FIGURES.get(path.removeprefix("standards."))
            label = figure.label if figure else Text("大病保险分段报销比例", "Major illness tiers")
            return Text(f"县标准：{label.zh}", f"county standard: {label.en}")
        fact = find_fact(self.record, path)
        return fact.label if fact else Text(path, path)
