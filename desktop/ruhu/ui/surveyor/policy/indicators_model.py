"""What the indicators' table says, without any widget."""

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.language.numbers import to_plain
from ruhu.ui.core.status_glyphs import GLYPHS

HEADS = (
    BilingualText("指标", "Indicator"),
    BilingualText("结论", "Outcome"),
    BilingualText("现状", "Rate"),
    BilingualText("目标", "Target"),
    BilingualText("说明", "Explained"),
)


def row_of(finding: Finding) -> tuple[BilingualText, ...]:
    """An indicator's cells, in the order of `HEADS`."""
    outcome, strength = finding.outcome.label, finding.strength.label
    rate = "–" if finding.value is None else f"{to_plain(finding.value)}%"
    target = "–" if finding.limit is None else f"{to_plain(finding.limit)}%"
    glyph = GLYPHS[finding.outcome]
    return (
        finding.title,
        BilingualText(
            f"{glyph} {outcome.zh}（{strength.zh}）", f"{glyph} {outcome.en} ({strength.en})"
        ),
        BilingualText(rate, rate),
        BilingualText(target, target),
        finding.steps[0].text,
    )
