"""What the indicators' table says, without any widget."""

from ruhu.i18n import Text
from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.language.numbers import plain
from ruhu.ui.core.status_glyphs import GLYPHS

HEADS = (
    Text("指标", "Indicator"),
    Text("结论", "Outcome"),
    Text("现状", "Rate"),
    Text("目标", "Target"),
    Text("说明", "Explained"),
)


def row_of(finding: Finding) -> tuple[Text, ...]:
    """An indicator's cells, in the order of `HEADS`."""
    outcome, strength = finding.outcome.label, finding.strength.label
    rate = "–" if finding.value is None else f"{plain(finding.value)}%"
    target = "–" if finding.limit is None else f"{plain(finding.limit)}%"
    glyph = GLYPHS[finding.outcome]
    return (
        finding.title,
        Text(f"{glyph} {outcome.zh}（{strength.zh}）", f"{glyph} {outcome.en} ({strength.en})"),
        Text(rate, rate),
        Text(target, target),
        finding.steps[0].text,
    )
