"""Describe rule conditions in words, independent of any record."""

from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import (
    And,
    AnyOf,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Constant,
    Expression,
    Not,
    OneOf,
    Or,
)
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.model import Pack, Rule
from ruhu.policy.text.explanation_plan import ExplanationPlan
from ruhu.policy.text.labels import (
    ENGLISH_OPERATIONS,
    ENGLISH_SIGNS,
    OPERATIONS,
    PRECEDENCE,
    SIGNS,
    Labels,
    join_texts,
)

_CALLS = {
    "recorded": BilingualText("{0}已登记", "{0} is recorded"),
    "size": BilingualText("{0}的数目", "number of {0}"),
    "year": BilingualText("{0}的年份", "year of {0}"),
    "years_after": BilingualText("{0}起满{1}", "{0} plus {1}"),
    "default": BilingualText("{0}（未登记的按{1}）", "{0} (if not recorded: {1})"),
    "provisional": BilingualText("{0}（未定的按{1}）", "{0} (if not set: {1})"),
    "min": BilingualText("较小者（{0}，{1}）", "the smaller of ({0}, {1})"),
    "max": BilingualText("较大者（{0}，{1}）", "the larger of ({0}, {1})"),
    "previous_total": BilingualText("同年上一次的{1}", "the year's {1} before"),
    "tiered": BilingualText(
        "{0}超过{1}的部分按县各段比例加{2}", "{0} over {1} by the county's tiers plus {2}"
    ),
    "stages_in_order": BilingualText(
        "此前各环节均有日期且先后有序", "every earlier stage is dated, in order"
    ),
}


def conditions_in_words(pack: Pack, rule: Rule) -> tuple[BilingualText, ...]:
    """Return the conditions of a rule one by one; for a range, the rules that it combines."""
    wording = Labels(pack, SUBJECTS[rule.subject][0])
    titles = {other.id: other.title for other in pack.rules}
    bounds = [
        BilingualText(f"上下限取自：{titles[name].zh}", f"bound taken from: {titles[name].en}")
        for name in rule.range_of
    ]
    outline = ExplanationPlan.of(pack, rule)
    return (*(describe_expression(node, wording) for node in outline.conditions), *bounds)


def describe_expression(node: Expression, wording: Labels) -> BilingualText:
    """Return an expression in words."""

    def describe(part: Expression) -> BilingualText:
        return describe_expression(part, wording)

    match node:
        case Not(operand):
            inner = describe(operand)
            return BilingualText(f"不符合“{inner.zh}”", f"not: {inner.en}")
        case And(operands):
            return join_texts([describe(part) for part in operands], "，且", ", and ")
        case Or(operands):
            return join_texts([describe(part) for part in operands], "，或", ", or ")
        case OneOf(operand, words):
            named = join_texts([wording.word(operand, str(w.value)) for w in words], "、", " or ")
            return _is(describe(operand), named)
        case Compare(sign, left, Constant(str() as word)):
            shown = wording.word(left, word)
            if sign == "==":
                return _is(describe(left), shown)
            inner = describe(left)
            return BilingualText(f"{inner.zh}不为“{shown.zh}”", f"{inner.en} is not “{shown.en}”")
        case Compare(sign, left, right):
            a, b = describe(left), describe(right)
            return BilingualText(
                f"{a.zh} {SIGNS[sign]} {b.zh}", f"{a.en} {ENGLISH_SIGNS[sign]} {b.en}"
            )
        case Arithmetic(sign, left, right):
            a = _bracketed(left, PRECEDENCE[sign], describe(left))
            b = _bracketed(right, PRECEDENCE[sign] + (sign in "-/"), describe(right))
            return BilingualText(
                f"{a.zh} {OPERATIONS[sign]} {b.zh}", f"{a.en} {ENGLISH_OPERATIONS[sign]} {b.en}"
            )
        case Choose(test, then, otherwise):
            a, b, c = describe(test), describe(then), describe(otherwise)
            return BilingualText(
                f"若{a.zh}，则{b.zh}，否则{c.zh}", f"if {a.en}, then {b.en}, else {c.en}"
            )
        case AnyOf(_, items, condition):
            a, b = wording.fact(items).label, describe(condition)
            return BilingualText(f"“{a.zh}”中有一项：{b.zh}", f"one of “{a.en}”: {b.en}")
        case Call(function, arguments) if function in _CALLS:
            parts = [describe(part) for part in arguments]
            text = _CALLS[function]
            return BilingualText(
                text.zh.format(*(p.zh for p in parts)), text.en.format(*(p.en for p in parts))
            )
        case Constant(value):
            return wording.value(node, value)
    return wording.label(node) or BilingualText("核对日", "the day of the check")


def _is(what: BilingualText, word: BilingualText) -> BilingualText:
    return BilingualText(f"{what.zh}为“{word.zh}”", f"{what.en} is “{word.en}”")


def _bracketed(node: Expression, binds: int, text: BilingualText) -> BilingualText:
    looser = isinstance(node, Choose) or (
        isinstance(node, Arithmetic) and PRECEDENCE[node.operator] < binds
    )
    return BilingualText(f"（{text.zh}）", f"({text.en})") if looser else text
