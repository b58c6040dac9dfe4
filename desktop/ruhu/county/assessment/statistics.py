"""The county's figures: progress, entitlements, housing stages and indicators.

All are sums over the tables; each can be traced back to its households.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from ruhu.county.assessment.evaluate import yuan
from ruhu.county.assessment.results import stored_findings
from ruhu.county.database.documents import documents_of
from ruhu.county.database.ledger_tables import answer_sum, standing, tally_sum
from ruhu.policy.advice.indicators import indicators_from
from ruhu.policy.batch.indicator_counts import IndicatorCount
from ruhu.policy.evaluation.finding import Assessment, Outcome, PaymentPeriod
from ruhu.strict_json import Document
from ruhu.survey.models.choices import HousingStage


@dataclass(frozen=True, slots=True)
class Scope:
    """The area of figures: the whole county, one township or one village."""

    township: str | None = None
    village: str | None = None

    def within(self, part: str) -> "Scope":
        """Return the scope of one of this scope's parts."""
        if self.township is None:
            return Scope(part)
        return Scope(self.township, part)


WHOLE_COUNTY = Scope()
"""The scope of the county."""


@dataclass(frozen=True, slots=True)
class SurveyProgress:
    """Survey progress: households, visited households, persons, registered households."""

    place: str
    households: int
    visited: int
    persons: int
    registered: int


@dataclass(frozen=True, slots=True)
class EntitlementTotal:
    """What one rule grants: entitled subjects, and the amount in CNY for each `per`.

    `open` counts unknown outcomes, `without_amount` entitlements without a figure.
    """

    rule: str
    per: PaymentPeriod | None
    entitled: int
    amount: Decimal
    without_amount: int
    open: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """A check, and how many subjects fail it or fall between two clauses."""

    rule: str
    subjects: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a scope. `visits` counts visited households by month (`2017-06`)."""

    scope: Scope
    total: SurveyProgress
    parts: tuple[SurveyProgress, ...]
    sums: tuple[EntitlementTotal, ...]
    failing: tuple[FailureCount, ...]
    stages: dict[HousingStage, int]
    visits: dict[str, int]
    indicators: Assessment | None


def _scope_conditions(table: Table, county: str, scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [table.c.county == county]
    if scope.township is not None:
        conditions.append(table.c.township == scope.township)
    if scope.village is not None:
        conditions.append(table.c.village == scope.village)
    return conditions


_HOUSEHOLD = standing.c.kind == "household"


def _progress(row: Sequence[Any]) -> SurveyProgress:
    return SurveyProgress(str(row[0] or ""), *(int(number or 0) for number in row[1:]))


def _progress_by_place(connection: Connection, county: str, scope: Scope) -> list[SurveyProgress]:
    """Return the progress of each township, or each village of a township."""
    column = standing.c.township if scope.township is None else standing.c.village
    rows = connection.execute(
        select(
            column,
            func.count(),
            func.count(standing.c.as_of),
            func.sum(standing.c.persons),
            func.sum(standing.c.registered),
        )
        .where(*_scope_conditions(standing, county, scope), _HOUSEHOLD)
        .group_by(column)
        .order_by(column)
    )
    return [_progress(row) for row in rows]


def _by_rule(
    connection: Connection, county: str, scope: Scope
) -> tuple[list[EntitlementTotal], list[FailureCount]]:
    table = answer_sum
    rows = connection.execute(
        select(
            table.c.rule,
            table.c.per,
            table.c.outcome,
            func.sum(table.c.subjects),
            func.sum(table.c.amount_fen),
            func.sum(table.c.with_amount),
        )
        .where(*_scope_conditions(table, county, scope))
        .group_by(table.c.rule, table.c.per, table.c.outcome)
    )
    sums: dict[str, EntitlementTotal] = {}
    failing: dict[str, int] = {}
    for rule, per, outcome, *numbers in rows:
        subjects, fen, with_amount = map(int, numbers)
        if outcome in (Outcome.FAIL, Outcome.CONFLICT):
            failing[rule] = failing.get(rule, 0) + subjects
            continue
        total = sums.get(rule) or EntitlementTotal(
            rule, PaymentPeriod(per) if per else None, 0, Decimal(0), 0, 0
        )
        if outcome == Outcome.UNKNOWN:
            total = replace(total, open=subjects)
        else:
            money = yuan(fen) or Decimal(0)
            total = replace(
                total, entitled=subjects, amount=money, without_amount=subjects - with_amount
            )
        sums[rule] = total
    return list(sums.values()), [FailureCount(rule, n) for rule, n in failing.items()]


def _count_by(connection: Connection, county: str, scope: Scope, key: Any) -> dict[str, int]:
    """Count the households for each value of `key`, without those that have none."""
    rows = connection.execute(
        select(key, func.count())
        .where(*_scope_conditions(standing, county, scope), _HOUSEHOLD, key.is_not(None))
        .group_by(key)
        .order_by(key)
    )
    return {str(value): int(number) for value, number in rows}


def _indicator_counts(
    connection: Connection, county: str, scope: Scope
) -> dict[str, IndicatorCount]:
    table = tally_sum
    rows = connection.execute(
        select(
            table.c.indicator,
            func.sum(table.c.counted),
            func.sum(table.c.met),
            func.sum(table.c.left_out),
        )
        .where(*_scope_conditions(table, county, scope))
        .group_by(table.c.indicator)
    )
    return {name: IndicatorCount(int(n), int(met), int(out)) for name, n, met, out in rows}


def figures(connection: Connection, county: str, scope: Scope = WHOLE_COUNTY) -> Figures:
    """Return the figures of a scope; the targets of indicators are those of the latest visit's day."""
    parts = _progress_by_place(connection, county, scope)
    sums, failing = _by_rule(connection, county, scope)
    days = _count_by(connection, county, scope, standing.c.as_of)
    stages = _count_by(connection, county, scope, standing.c.stage)
    latest = date.fromisoformat(max(days)) if days else None
    visits: dict[str, int] = {}
    for day, number in days.items():
        visits[day[:7]] = visits.get(day[:7], 0) + number
    return Figures(
        scope,
        _total_progress(scope, parts),
        tuple(parts),
        tuple(sums),
        tuple(failing),
        {stage: stages[stage] for stage in HousingStage if stage in stages},
        visits,
        indicators_from(county, _indicator_counts(connection, county, scope), latest)
        if latest
        else None,
    )


def _total_progress(scope: Scope, parts: Sequence[SurveyProgress]) -> SurveyProgress:
    return SurveyProgress(
        scope.village or scope.township or "",
        sum(part.households for part in parts),
        sum(part.visited for part in parts),
        sum(part.persons for part in parts),
        sum(part.registered for part in parts),
    )


@dataclass(frozen=True, slots=True)
class DrillDown:
    """The records behind a number: those of a place, of a rule's outcome, or at a stage."""

    scope: Scope = WHOLE_COUNTY
    rule: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    stage: HousingStage | None = None


def records_behind(connection: Connection, county: str, behind: DrillDown) -> list[Document]:
    """Return the records that a number counts, by place."""
    where = _scope_conditions(standing, county, behind.scope)
    if behind.rule is None:
        where.append(_HOUSEHOLD)
    if behind.stage is not None:
        where.append(standing.c.stage == behind.stage.value)
    if behind.rule is not None:
        ids = list(
            stored_findings(connection, county, [behind.rule], *where, outcomes=behind.outcomes)
        )
    else:
        order = (standing.c.township, standing.c.village, standing.c.record_id)
        rows = connection.execute(select(standing.c.record_id).where(*where).order_by(*order))
        ids = list(rows.scalars())
    return [document for _, document in documents_of(connection, county, ids)]


def amounts_by_record(connection: Connection, county: str, rule: str) -> dict[str, Decimal]:
    """Return what a rule grants each record, in CNY."""
    findings = stored_findings(connection, county, [rule])
    amounts = {
        key: [a.amount for a in each if a.amount is not None] for key, each in findings.items()
    }
    return {
        key: sum(amount_list, Decimal(0)) for key, amount_list in amounts.items() if amount_list
    }
