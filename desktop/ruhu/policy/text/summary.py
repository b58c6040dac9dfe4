"""Sum up a finding in one sentence: its outcome, why, how much, and what is still needed."""

from collections.abc import Sequence

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import ObligationLevel, Outcome, RuleKind
from ruhu.policy.evaluation.floor_area_range import RangeRuling
from ruhu.policy.language.numbers import Number, in_thousands, show_number
from ruhu.policy.packs.model import Rule

AMOUNT_OPEN = BilingualText("金额待定", "amount open")
NEEDS_JUDGEMENT = BilingualText("请工作人员研定，不作为否决", "for a person to decide, not a bar")


def summary_heading(rule: Rule, outcome: Outcome, strength: ObligationLevel) -> BilingualText:
    """Return the outcome and, where it matters, how strictly the notice words the rule."""
    label, strict = outcome.label, strength.label
    if rule.kind is RuleKind.CHECK or strength is not ObligationLevel.MUST:
        return BilingualText(f"{label.zh}（{strict.zh}）", f"{label.en} ({strict.en})")
    return label


def money_text(amount: Number, per: BilingualText) -> BilingualText:
    """Return an amount in CNY and its period."""
    fen = in_thousands(amount)
    return BilingualText(f"{fen}元（{per.zh}）", f"{fen} CNY ({per.en})")


def range_parts(ruling: RangeRuling) -> list[BilingualText]:
    """Return the remaining range in words, and which rule decides."""
    parts: list[BilingualText] = []
    if ruling.lower is not None:
        least = show_number(ruling.lower, "m2")
        parts.append(BilingualText(f"下限{least.zh}", f"at least {least.en}"))
    if ruling.upper is not None:
        most = show_number(ruling.upper, "m2")
        parts.append(BilingualText(f"上限{most.zh}", f"at most {most.en}"))
    if ruling.binding is not None:
        title = ruling.binding.title
        parts.append(BilingualText(f"起作用的是“{title.zh}”", f"“{title.en}” binds"))
    if ruling.outcome is Outcome.CONFLICT:
        parts.append(
            BilingualText("上下限不能同时满足，由县研定", "both cannot be met; the county decides")
        )
    return parts


def join_parts(parts: Sequence[BilingualText]) -> BilingualText:
    """Join the parts of a sentence."""
    if len(parts) == 2:
        first, second = parts
        return BilingualText(f"{first.zh}；{second.zh}", f"{first.en}; {second.en}")
    return BilingualText(
        "；".join([part.zh for part in parts]), "; ".join([part.en for part in parts])
    )
