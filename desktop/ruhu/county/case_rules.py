"""Rules of a housing case: the order of the stages, and what each requires.

Stages are facts of the household's record (`housing.stage`, `housing.stages[]`), so laptop, slip
and rules see them. The order is that of the notice (housing/2/2): no stage is skipped, the house is
accepted before anything is paid, and the whole subsidy is paid at once. A stage requires evidence,
a grade or photos; without it a reason is recorded.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ruhu.errors import UserErrors
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Outcome
from ruhu.strict_json import Document
from ruhu.survey.attachments import papers_of
from ruhu.survey.models.choices import Choice, HousingStage

ORDER = tuple(HousingStage)
STAGES = {stage.value: stage for stage in ORDER}
PUBLICITY_DAYS = 7
"""Days that a list is on display unless the county sets another number; the notice names none."""


class RequiredEvidence(Choice):
    """Evidence that a stage requires in the record; photos by their purpose."""

    GRADE = "danger_grade", "危房等级", "danger grade"
    HOUSE_BEFORE = "house_before", "改造前房屋照片", "photo of the house before"
    DANGER = "danger", "危险部位照片", "photo of the dangerous parts"
    HOUSE_AFTER = "house_after", "改造后房屋照片", "photo of the house after"


REQUIRED_EVIDENCE = {
    HousingStage.IDENTIFIED: (RequiredEvidence.GRADE,),
    HousingStage.REVIEWED: (RequiredEvidence.HOUSE_BEFORE, RequiredEvidence.DANGER),
    HousingStage.ACCEPTED: (RequiredEvidence.HOUSE_AFTER,),
}
"""The notice grades the house first, has the county review the file, and accepts each house."""


@dataclass(frozen=True, slots=True)
class StageTransition:
    """A stage that was reached on a day.

    `seismic_ok` belongs to acceptance, `paid_amount` in CNY to payment. `reason` explains missing
    evidence.
    """

    stage: HousingStage
    on: date
    seismic_ok: bool | None = None
    paid_amount: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TransitionContext:
    """What a transition is checked against; `subsidy` in CNY, `None` if not known yet."""

    today: date
    eligible: Outcome
    subsidy: Decimal | None = None
    publicity_days: int = PUBLICITY_DAYS
    refused: bool = False


def steps_of(document: Document) -> dict[HousingStage, date]:
    """Return the recorded stages with their days."""
    days: dict[HousingStage, date] = {}
    for step in _housing(document).get("stages") or ():
        if isinstance(step, dict) and step.get("on") and step.get("stage") in STAGES:
            days[STAGES[step["stage"]]] = date.fromisoformat(str(step["on"]))
    return days


def stage_of(document: Document) -> HousingStage | None:
    """Return the stage that a case has reached, `None` if there is no case."""
    recorded = STAGES.get(str(_housing(document).get("stage")))
    reached = [] if recorded is None else [recorded]
    return max([*reached, *steps_of(document)], key=ORDER.index, default=None)


def next_stage(document: Document) -> HousingStage | None:
    """Return the first stage without a day, `None` if all are done."""
    done = steps_of(document)
    return next((stage for stage in ORDER if stage not in done), None)


def publicity_ends(document: Document, days: int) -> date | None:
    """Return the first day on which a case may be reviewed, `None` before its publicity."""
    started = steps_of(document).get(HousingStage.PUBLICISED)
    return None if started is None else started + timedelta(days=days)


def missing_evidence(
    document: Document, stage: HousingStage | None
) -> tuple[RequiredEvidence, ...]:
    """Return the evidence that a stage requires and the record lacks."""
    present = {paper.purpose.value for paper in papers_of(document)}
    if _housing(document).get("danger_grade"):
        present.add(RequiredEvidence.GRADE.value)
    required = REQUIRED_EVIDENCE.get(stage, ()) if stage else ()
    return tuple(each for each in required if each.value not in present)


def join_labels(evidence: Iterable[RequiredEvidence]) -> BilingualText:
    """Return the labels of several kinds of evidence as one text."""
    labels = [each.label for each in evidence]
    return BilingualText("、".join(x.zh for x in labels), ", ".join(x.en for x in labels))


def _housing(document: Document) -> dict[str, Any]:
    housing = document.get("housing")
    return housing if isinstance(housing, dict) else {}


def _order_problems(
    document: Document, transition: StageTransition, context: TransitionContext
) -> Iterator[BilingualText]:
    expected = next_stage(document)
    if expected is None:
        yield BilingualText("此案各环节均已办结", "all stages of this case are complete")
        return
    if transition.stage is not expected:
        yield BilingualText(
            "下一环节应为“{due}”，不能跳过或重复",
            "the next stage is “{due}”; stages cannot be skipped or repeated",
        ).format(due=expected.label)
    steps, at = steps_of(document), ORDER.index(transition.stage)
    earlier = [steps[stage] for stage in ORDER[:at] if stage in steps]
    later = [steps[stage] for stage in ORDER[at + 1 :] if stage in steps]
    if earlier and transition.on < max(earlier):
        yield BilingualText(
            "日期不能早于上一环节（{day}）",
            "the date must not be before that of the previous stage ({day})",
        ).format(day=max(earlier))
    if transition.on > min([*later, context.today]):
        yield BilingualText("日期不能晚于 {day}", "the date must not be after {day}").format(
            day=min([*later, context.today])
        )


def _evidence_problems(document: Document, transition: StageTransition) -> Iterator[BilingualText]:
    missing = missing_evidence(document, transition.stage)
    if missing and not transition.reason.strip():
        yield BilingualText(
            "缺{what}：补上后再登记，或写明为什么没有",
            "Missing: {what}; add it first, or give the reason",
        ).format(what=join_labels(missing))


def _publicity_problems(
    document: Document, transition: StageTransition, context: TransitionContext
) -> Iterator[BilingualText]:
    ends = publicity_ends(document, context.publicity_days)
    if ends is not None and transition.on < ends:
        yield BilingualText(
            "公示期{days}天，{ends} 起才能审核",
            "the list is on display for {days} days; review is possible from {ends}",
        ).format(days=context.publicity_days, ends=ends)


def _approval_problems(
    document: Document, transition: StageTransition, context: TransitionContext
) -> Iterator[BilingualText]:
    if context.eligible is not Outcome.ELIGIBLE:
        yield BilingualText(
            "按核对规则此户为“{outcome}”，不能审批；请先核实或退回",
            "by the rules this household is “{outcome}”; verify or send back before approval",
        ).format(outcome=context.eligible.label)


def _acceptance_problems(
    document: Document, transition: StageTransition, context: TransitionContext
) -> Iterator[BilingualText]:
    if transition.seismic_ok is not True:
        yield BilingualText(
            "验收须确认抗震达标（housing.seismic_ok 为“是”）",
            "acceptance requires that the seismic standard is met (housing.seismic_ok)",
        )


def _payment_problems(
    document: Document, transition: StageTransition, context: TransitionContext
) -> Iterator[BilingualText]:
    if not str(_housing(document).get("card_account") or "").strip():
        yield BilingualText(
            "没有一卡（折）通账号，补助只能拨到账号",
            "the card account is missing; the subsidy can only be paid to an account",
        )
    if context.subsidy is None:
        yield BilingualText(
            "补助标准还不能确定（缺贫困程度或县标准），不能拨付",
            "the subsidy is not known yet: the category or the county standards are missing",
        )
    elif transition.paid_amount != context.subsidy:
        yield BilingualText(
            "应一次拨付全部补助 {whole} 元", "the full subsidy of {whole} CNY must be paid at once"
        ).format(whole=f"{context.subsidy:,f}")


_STAGE_PROBLEMS = {
    HousingStage.REVIEWED: _publicity_problems,
    HousingStage.APPROVED: _approval_problems,
    HousingStage.ACCEPTED: _acceptance_problems,
    HousingStage.PAID: _payment_problems,
}


def transition_problems(
    document: Document, transition: StageTransition, context: TransitionContext
) -> list[BilingualText]:
    """Return everything that stands against a transition; empty if it is allowed."""
    if context.refused:
        return [
            BilingualText(
                "此案已不予批准；要继续办理，先恢复", "this case was refused; reopen it first"
            )
        ]
    problems = list(_order_problems(document, transition, context))
    if problems:
        return problems
    more = (
        _STAGE_PROBLEMS[transition.stage](document, transition, context)
        if transition.stage in _STAGE_PROBLEMS
        else ()
    )
    return [*more, *_evidence_problems(document, transition)]


def advance(
    document: Document, transition: StageTransition, context: TransitionContext
) -> Document:
    """Return a copy of the document with the stage reached.

    Raises `UserErrors` with everything that stands against it.
    """
    problems = transition_problems(document, transition, context)
    if problems:
        raise UserErrors(problems)
    housing = dict(_housing(document))
    stages = [step for step in housing.get("stages") or () if step.get("stage") != transition.stage]
    stages.append({"stage": transition.stage.value, "on": transition.on.isoformat()})
    stages.sort(key=lambda step: ORDER.index(HousingStage(step["stage"])))
    reached = max(stage_of(document) or transition.stage, transition.stage, key=ORDER.index)
    housing |= {"stages": stages, "stage": reached.value}
    if transition.seismic_ok is not None:
        housing["seismic_ok"] = transition.seismic_ok
    if transition.paid_amount is not None:
        housing["paid_amount"] = str(transition.paid_amount)
    return {**document, "housing": housing}
