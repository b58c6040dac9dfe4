"""The table of yearly housing plans: drafts, manual decisions and final plans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from ruhu.county.case_rules import steps_of
from ruhu.county.database.ledger_tables import plan, plan_entry
from ruhu.county.ledgers.housing.cases import HousingCase
from ruhu.county.ledgers.housing.plan_ranking import (
    Candidate,
    ManualDecision,
    RankedCandidate,
    rank,
)
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Outcome
from ruhu.survey.facts.types import read_decimal
from ruhu.survey.models.choices import HousingStage


@dataclass(frozen=True, slots=True)
class YearPlan:
    """A year's plan; `frozen_at` is when it became final, `reasons` are those of manual decisions."""

    year: int
    quota: int
    frozen_at: str | None
    entries: tuple[RankedCandidate, ...]
    reasons: dict[UUID, str]


def candidate_of(case: HousingCase) -> Candidate | None:
    """Return a case as a candidate, `None` if it cannot be planned."""
    if case.priority is None or case.eligible is not Outcome.ELIGIBLE or case.refused:
        return None
    if case.stage in (HousingStage.BUILDING, HousingStage.ACCEPTED, HousingStage.PAID):
        return None
    registration = case.document.get("registration") or {}
    survey = (case.document.get("survey") or {}).get("date")
    applied = steps_of(case.document).get(HousingStage.APPLIED)
    score = read_decimal(registration.get("score"))
    return Candidate(
        case.record_id,
        str(registration.get("household_no") or ""),
        case.priority,
        None if score is None else Decimal(score),
        applied or (date.fromisoformat(str(survey)) if survey else None),
        case.subsidy,
    )


def _row(connection: Connection, county: str, year: int) -> Any:
    return connection.execute(
        select(plan).where(plan.c.county == county, plan.c.year == year)
    ).one_or_none()


def _entries(connection: Connection, county: str, year: int) -> Sequence[Any]:
    return connection.execute(
        select(plan_entry)
        .where(plan_entry.c.county == county, plan_entry.c.year == year)
        .order_by(plan_entry.c.rank)
    ).all()


def plan_years(connection: Connection, county: str) -> list[int]:
    """Return the years that have a plan, the newest first."""
    rows = connection.execute(
        select(plan.c.year).where(plan.c.county == county).order_by(plan.c.year.desc())
    )
    return list(rows.scalars())


def planned_in_other_years(connection: Connection, county: str, year: int) -> set[UUID]:
    """Return the households in the final plans of other years."""
    rows = connection.execute(
        select(plan_entry.c.record_id)
        .join(plan, (plan.c.county == plan_entry.c.county) & (plan.c.year == plan_entry.c.year))
        .where(
            plan.c.county == county,
            plan.c.year != year,
            plan.c.frozen_at.is_not(None),
            plan_entry.c.taken == 1,
        )
    )
    return {UUID(name) for name in rows.scalars()}


def read_plan(
    connection: Connection, county: str, year: int, cases: Iterable[HousingCase]
) -> YearPlan:
    """Return a year's plan. Raises `UserError` if the year has none."""
    row = _row(connection, county, year)
    if row is None:
        raise UserError(
            BilingualText("{year}年还没有计划", "there is no plan for {year}").format(year=year)
        )
    by_id = {case.record_id: candidate_of(case) or _missing_case(case) for case in cases}
    entries, reasons = [], {}
    for each in _entries(connection, county, year):
        record_id = UUID(each.record_id)
        candidate = by_id.get(record_id) or Candidate(record_id, "", 2, None, None, None)
        entries.append(RankedCandidate(candidate, each.rank, bool(each.taken), each.pinned))
        if each.reason:
            reasons[record_id] = each.reason
    return YearPlan(year, row.quota, row.frozen_at, tuple(entries), reasons)


def _missing_case(case: HousingCase) -> Candidate:
    """Return a planned case that is no longer a candidate, being built or refused."""
    number = str((case.document.get("registration") or {}).get("household_no") or "")
    return Candidate(case.record_id, number, case.priority or 2, None, None, case.subsidy)


def _require_draft(connection: Connection, county: str, year: int) -> Any:
    row = _row(connection, county, year)
    if row is not None and row.frozen_at is not None:
        raise UserError(
            BilingualText(
                "{year}年计划已定稿，不能再改", "the plan for {year} is final and cannot be changed"
            ).format(year=year)
        )
    return row


def draw_up_plan(
    connection: Connection, county: str, year: int, quota: int, cases: Iterable[HousingCase]
) -> None:
    """Rank the cases in a year's draft for a quota; manual decisions are kept.

    Raises `UserError` for a final plan, or a year or quota out of range.
    """
    if not 2016 <= year <= 2100:
        raise UserError(
            BilingualText("年度应为 2016 至 2100", "the year must be from 2016 to 2100")
        )
    row = _require_draft(connection, county, year)
    decisions: dict[UUID, ManualDecision] = {}
    reasons: dict[UUID, str | None] = {}
    for each in _entries(connection, county, year):
        if each.pinned:
            decisions[UUID(each.record_id)] = each.pinned
            reasons[UUID(each.record_id)] = each.reason
    planned_before = planned_in_other_years(connection, county, year)
    candidates = [
        candidate
        for case in cases
        if (candidate := candidate_of(case)) and candidate.record_id not in planned_before
    ]
    entries = rank(candidates, quota, decisions)
    values = {"quota": quota}
    if row is None:
        connection.execute(insert(plan).values(county=county, year=year, **values))
    else:
        condition = (plan.c.county == county, plan.c.year == year)
        connection.execute(update(plan).where(*condition).values(**values))
    connection.execute(
        delete(plan_entry).where(plan_entry.c.county == county, plan_entry.c.year == year)
    )
    rows = [
        {
            "county": county,
            "year": year,
            "record_id": str(entry.candidate.record_id),
            "rank": entry.rank,
            "taken": int(entry.included),
            "pinned": entry.decision,
            "reason": reasons.get(entry.candidate.record_id),
        }
        for entry in entries
    ]
    if rows:
        connection.execute(insert(plan_entry), rows)


def override(
    connection: Connection,
    county: str,
    year: int,
    record_id: UUID,
    decision: ManualDecision | None,
    reason: str,
    cases: Iterable[HousingCase],
) -> None:
    """Include or exclude a household by hand, or restore its rank (`None`), and rank again.

    Raises `UserError` for a final or missing plan, a household not in it, a missing reason, or a
    full quota.
    """
    row = _require_draft(connection, county, year)
    if row is None:
        raise UserError(
            BilingualText("{year}年还没有计划", "there is no plan for {year}").format(year=year)
        )
    if decision is not None and not reason.strip():
        raise UserError(BilingualText("调整计划要写明理由", "enter why the plan is changed"))
    result = connection.execute(
        update(plan_entry)
        .where(
            plan_entry.c.county == county,
            plan_entry.c.year == year,
            plan_entry.c.record_id == str(record_id),
        )
        .values(pinned=decision, reason=reason.strip() or None)
    )
    if result.rowcount == 0:
        raise UserError(BilingualText("计划里没有这户", "this household is not in the plan"))
    draw_up_plan(connection, county, year, row.quota, cases)


def finalise(connection: Connection, county: str, year: int, at: str) -> None:
    """Make a plan final. Raises `UserError` if it does not exist or is final already."""
    row = _require_draft(connection, county, year)
    if row is None:
        raise UserError(
            BilingualText("{year}年还没有计划", "there is no plan for {year}").format(year=year)
        )
    connection.execute(
        update(plan).where(plan.c.county == county, plan.c.year == year).values(frozen_at=at)
    )
