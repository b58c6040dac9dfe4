"""The table of housing cases: stages, refusals and waived evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from ruhu.county.access.settings import read_setting, save_setting
from ruhu.county.assessment.evaluate import PRIORITY, StoredFinding
from ruhu.county.assessment.results import stored_findings
from ruhu.county.audit.trail import Transaction
from ruhu.county.case_rules import (
    ORDER,
    PUBLICITY_DAYS,
    RequiredEvidence,
    StageTransition,
    TransitionContext,
    missing_evidence,
    next_stage,
    publicity_ends,
    stage_of,
)
from ruhu.county.database.documents import documents_of
from ruhu.county.database.ledger_tables import refusal, standing, waiver
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Outcome
from ruhu.strict_json import Document
from ruhu.survey.models.choices import HousingStage

PUBLICITY = "publicity_days"
MAX_PUBLICITY_DAYS = 60
ELIGIBLE, SUBSIDY = "housing.eligible", "housing.subsidy"


@dataclass(frozen=True, slots=True)
class CaseRefusal:
    """The refusal of a case: its day and its reason."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceWaiver:
    """A stage that was passed without its required evidence: what, why, and by whom."""

    stage: HousingStage
    lacking: tuple[RequiredEvidence, ...]
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class HousingCase:
    """A housing case: the household, its stage, the next stage, and the outcome of the rules.

    `review_from` is the first day after the publicity period of `publicity_days`. `subsidy` is in
    CNY. `lacking` is the evidence that the next stage requires and the record lacks.
    """

    record_id: UUID
    document: Document
    stage: HousingStage | None
    next: HousingStage | None
    eligible: Outcome
    subsidy: Decimal | None
    priority: int | None
    refused: CaseRefusal | None
    review_from: date | None
    lacking: tuple[RequiredEvidence, ...]
    waivers: tuple[EvidenceWaiver, ...]
    publicity_days: int


def _refusals(connection: Connection, county: str) -> dict[str, CaseRefusal]:
    rows = connection.execute(select(refusal).where(refusal.c.county == county))
    return {row.record_id: CaseRefusal(date.fromisoformat(row.on), row.reason) for row in rows}


def _waivers(
    connection: Connection, county: str, record_id: UUID | None
) -> dict[str, tuple[EvidenceWaiver, ...]]:
    where = [waiver.c.county == county]
    if record_id is not None:
        where.append(waiver.c.record_id == str(record_id))
    waivers: dict[str, list[EvidenceWaiver]] = {}
    for row in connection.execute(select(waiver).where(*where)):
        lacking = tuple(RequiredEvidence(word) for word in row.lacking.split())
        entry = EvidenceWaiver(HousingStage(row.stage), lacking, row.reason, row.by)
        waivers.setdefault(row.record_id, []).append(entry)
    return {
        key: tuple(sorted(entry, key=lambda each: ORDER.index(each.stage)))
        for key, entry in waivers.items()
    }


def waive(
    tx: Transaction, case: HousingCase, transition: StageTransition
) -> tuple[RequiredEvidence, ...]:
    """Save the reason for a stage without its required evidence; return the missing evidence."""
    lacking = missing_evidence(case.document, transition.stage)
    if lacking:
        tx.connection.execute(
            insert(waiver).values(
                county=tx.county,
                record_id=str(case.record_id),
                stage=transition.stage.value,
                lacking=" ".join(each.value for each in lacking),
                reason=transition.reason.strip(),
                by=tx.user,
            )
        )
    return lacking


def publicity_days(connection: Connection, county: str) -> int:
    """Return how many days a list is on display in this county."""
    value = read_setting(connection, county, PUBLICITY)
    return int(value) if value else PUBLICITY_DAYS


def set_publicity_days(tx: Transaction, days: int) -> None:
    """Set how many days a list is on display. Raises `UserError` if it is out of range."""
    if not 1 <= days <= MAX_PUBLICITY_DAYS:
        raise UserError(
            BilingualText(
                "公示天数应为 1 至 {n}", "the publicity period must be 1 to {n} days"
            ).format(n=MAX_PUBLICITY_DAYS)
        )
    save_setting(tx, PUBLICITY, str(days))


def cases(connection: Connection, county: str, record_id: UUID | None = None) -> list[HousingCase]:
    """Return every household with a stage recorded, or eligible by the rules, by place.

    With `record_id`, return only the case of that household.
    """
    where = [standing.c.kind == "household"]
    if record_id is not None:
        where.append(standing.c.record_id == str(record_id))
    rows = connection.execute(
        select(standing.c.record_id, standing.c.stage)
        .where(standing.c.county == county, *where)
        .order_by(standing.c.township, standing.c.village, standing.c.record_id)
    )
    findings = {
        key: {each.rule: each for each in record_findings}
        for key, record_findings in stored_findings(
            connection, county, (ELIGIBLE, SUBSIDY, PRIORITY), *where
        ).items()
    }
    keys = [
        row.record_id
        for row in rows
        if record_id is not None or row.stage or ELIGIBLE in findings.get(row.record_id, {})
    ]
    refused, days = _refusals(connection, county), publicity_days(connection, county)
    waivers = _waivers(connection, county, record_id)
    return [
        _case(key, document, findings.get(key, {}), refused, waivers.get(key, ()), days)
        for key, document in documents_of(connection, county, keys)
    ]


def _case(
    record_id: str,
    document: Document,
    findings: Mapping[str, StoredFinding],
    refused: dict[str, CaseRefusal],
    waivers: tuple[EvidenceWaiver, ...],
    days: int,
) -> HousingCase:
    eligible, subsidy, priority = (findings.get(rule) for rule in (ELIGIBLE, SUBSIDY, PRIORITY))
    following = next_stage(document)
    return HousingCase(
        UUID(record_id),
        document,
        stage_of(document),
        following,
        eligible.outcome if eligible else Outcome.INELIGIBLE,
        subsidy.amount if subsidy else None,
        priority.value if priority else None,
        refused.get(record_id),
        publicity_ends(document, days),
        missing_evidence(document, following),
        waivers,
        days,
    )


def transition_context(case: HousingCase, today: date) -> TransitionContext:
    """Return what a transition of this case is checked against."""
    return TransitionContext(
        today, case.eligible, case.subsidy, case.publicity_days, case.refused is not None
    )


def refuse(connection: Connection, county: str, case: HousingCase, reason: str, on: date) -> None:
    """Refuse a case.

    Raises `UserError` without a reason, if it was refused already, or if building has begun.
    """
    text = reason.strip()
    if not text:
        raise UserError(BilingualText("请写明不予批准的原因", "enter why the case is refused"))
    if case.refused is not None:
        raise UserError(BilingualText("此案已不予批准", "this case was refused already"))
    too_late = (HousingStage.BUILDING, HousingStage.ACCEPTED, HousingStage.PAID)
    if case.stage in too_late:
        raise UserError(
            BilingualText(
                "已到“{stage}”环节，不能再不予批准", "a case at “{stage}” can no longer be refused"
            ).format(stage=case.stage.label if case.stage else "")
        )
    connection.execute(
        insert(refusal).values(
            county=county, record_id=str(case.record_id), on=on.isoformat(), reason=text
        )
    )


def reopen(connection: Connection, county: str, case: HousingCase) -> None:
    """Reopen a refused case. Raises `UserError` if it was not refused."""
    if case.refused is None:
        raise UserError(BilingualText("此案没有被拒绝", "this case was not refused"))
    connection.execute(
        delete(refusal).where(
            refusal.c.county == county, refusal.c.record_id == str(case.record_id)
        )
    )
