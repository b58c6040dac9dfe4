"""The one sentence that sums a finding up: its outcome, why, how much, and what is still needed."""

from collections.abc import Sequence
from functools import lru_cache

from ruhu.policy.area_range import RangeRuling
from ruhu.policy.finding import Outcome, RuleKind, Strength
from ruhu.policy.numbers import Number, show_number, to_fen
from ruhu.policy.pack import Pack, Rule
from ruhu.survey.text import Text

AMOUNT_OPEN = Text("金额待定", "amount open")
FOR_A_PERSON = Text("请工作人员研定，不作为否决", "for a person to decide, not a bar")


def heading(rule: Rule, outcome: Outcome, strength: Strength) -> Text:
    """The outcome and, where it matters, how strictly the notice words the rule."""
    label, strict = outcome.label, strength.label
    if rule.kind is RuleKind.CHECK or strength is not Strength.MUST:
        return Text(f"{label.zh}（{strict.zh}）", f"{label.en} ({strict.en})")
    return label


@lru_cache(maxsize=10_000)
def money(amount: Number, per: Text) -> Text:
    """An amount in CNY and what it is counted by."""
    fen = f"{to_fen(amount):,f}"
    return Text(f"{fen}元（{per.zh}）", f"{fen} CNY ({per.en})")


def range_parts(pack: Pack, ruling: RangeRuling) -> list[Text]:
    """What a range leaves, and which rule decides."""
    parts: list[Text] = []
    if ruling.lower is not None:
        parts.append(Text("下限{x}", "at least {x}").format(x=show_number(ruling.lower, "m2")))
    if ruling.upper is not None:
        parts.append(Text("上限{x}", "at most {x}").format(x=show_number(ruling.upper, "m2")))
    if ruling.binding is not None:
        title = next(rule.title for rule in pack.rules if rule.id == ruling.binding)
        parts.append(Text(f"起作用的是“{title.zh}”", f"“{title.en}” binds"))
    if ruling.outcome is Outcome.CONFLICT:
        parts.append(Text("上下限不能同时满足，由县研定", "both cannot be met; the county decides"))
    return parts


def joined(parts: Sequence[Text]) -> Text:
    """Parts of a sentence one after the other."""
    return Text("；".join([p.zh for p in parts]), "; ".join([p.en for p in parts]))
