"""Texts of the assessment column, without Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruhu.i18n import NO_TEXT, BilingualText
from ruhu.policy.advice.money import is_open, money_of
from ruhu.policy.advice.next_questions import Question
from ruhu.policy.evaluation.finding import Assessment, Finding, Outcome, StepStatus
from ruhu.policy.language.numbers import UNITS, to_plain
from ruhu.policy.packs.model import Pack
from ruhu.policy.text.labels import Labels, join_texts
from ruhu.survey.facts.item_names import owner_of_path
from ruhu.survey.models.choices import Choice
from ruhu.ui.core.status_glyphs import GLYPHS

STATUS_GLYPHS = {
    StepStatus.MET: "✓",
    StepStatus.UNMET: "✗",
    StepStatus.OPEN: "？",
    StepStatus.FIGURE: "·",
    StepStatus.RESULT: "＝",
}


@dataclass(frozen=True, slots=True)
class AssessmentSummary:
    """The numbers at the top: known money, open findings and questions."""

    known: BilingualText
    open: int
    questions: int


def summary_of_assessment(
    assessment: Assessment, questions: Sequence[Question]
) -> AssessmentSummary:
    """Return the summary of an assessment."""
    open_count = sum(1 for finding in assessment.findings if is_open(finding))
    return AssessmentSummary(money_of(assessment.findings), open_count, len(questions))


class FindingFilter(Choice):
    """Filters of the listed findings."""

    ALL = "all", "全部结论", "All answers"
    DUE = "due", "可享受、不符合", "Eligible or failing"
    OPEN = "open", "待核实、金额待定", "Unknown or amount open"
    SETTLED = "settled", "已符合、不可享受", "Passing or not eligible"

    def matches(self, finding: Finding) -> bool:
        """Return whether a finding passes the filter."""
        match self:
            case FindingFilter.DUE:
                return finding.outcome in (Outcome.ELIGIBLE, Outcome.FAIL, Outcome.CONFLICT)
            case FindingFilter.OPEN:
                return is_open(finding)
            case FindingFilter.SETTLED:
                return finding.outcome in (Outcome.PASS, Outcome.INELIGIBLE)
        return True


def plan_heading(title: BilingualText, findings: Sequence[Finding]) -> BilingualText:
    """Return a plan's name with its known money and number of open findings."""
    money, open_count = money_of(findings), sum(1 for finding in findings if is_open(finding))
    parts = [title]
    if money.zh:
        parts.append(money)
    if open_count:
        parts.append(BilingualText(f"待定{open_count}", f"{open_count} open"))
    return join_texts(parts, "　", "  ")


def headline(finding: Finding) -> BilingualText:
    """Return glyph, outcome, title, and the amount or the value and its limit."""
    return BilingualText(
        "{glyph} {outcome}　{title}{figures}", "{glyph} {outcome}  {title}{figures}"
    ).format(
        glyph=GLYPHS[finding.outcome],
        outcome=finding.outcome.label,
        title=finding.title,
        figures=_figures(finding),
    )


def _figures(finding: Finding) -> BilingualText:
    if finding.amount is not None:
        per = finding.per.label if finding.per else BilingualText("", "")
        return BilingualText(
            f"　{finding.amount:,f}元{per.zh}", f"  {finding.amount:,f} CNY {per.en.lower()}"
        )
    if finding.value is None or finding.limit is None:
        return BilingualText("", "")
    unit = UNITS.get(finding.unit or "", NO_TEXT)
    shown = f"{to_plain(finding.value)} / {to_plain(finding.limit)}"
    return BilingualText(f"　{shown}{unit.zh}", f"  {shown}{unit.en}")


def plans_of(
    assessment: Assessment, pack: Pack, shown: FindingFilter = FindingFilter.ALL
) -> Sequence[tuple[BilingualText, list[Finding]]]:
    """Return the filtered findings by plan, in the order of the plans."""
    groups: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        if shown.matches(finding):
            groups.setdefault(finding.plan, []).append(finding)
    return [(pack.plans[plan], groups[plan]) for plan in pack.plans if plan in groups]


def question_text(path: str, kind: str, pack: Pack, names: dict[str, str]) -> BilingualText:
    """Return the label of a missing fact, after the name of its member."""
    label = Labels(pack, kind).missing(path)
    name = owner_of_path(path, names)
    return BilingualText(f"{name}：{label.zh}", f"{name}: {label.en}") if name else label


def question_with_money(
    question: Question, kind: str, pack: Pack, names: dict[str, str]
) -> BilingualText:
    """Return a question with the yearly amount that depends on its answer, if known."""
    text = question_text(question.path, kind, pack, names)
    if not question.money:
        return text
    return BilingualText(
        f"{text.zh}（涉及{question.money:,f}元）", f"{text.en} ({question.money:,f} CNY at stake)"
    )
