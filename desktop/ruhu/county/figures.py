"""The county in figures: how far the survey is, what people are entitled to, how the houses go on, and
where the notice's indicators stand. All are sums over the tables; each leads back to its households.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from ruhu.county.ledgers.tables import answer, standing, tally
from ruhu.county.standings import yuan
from ruhu.county.tables import record
from ruhu.policy.batch.tallies import Tally
from ruhu.policy.finding import Assessment, Outcome, Per
from ruhu.policy.indicators import indicators_from
from ruhu.survey.choices import HousingStage
from ruhu.survey.strict_json import Document


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are about: the whole county, or one township or village of it."""

    township: str | None = None
    village: str | None = None

    def within(self, place: str) -> "Scope":
        """The scope of one of this scope's parts."""
        if self.township is None:
            return Scope(place)
        return Scope(self.township, place)


WHOLE = Scope()
"""The county."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the survey is: households, those visited, persons, registered households."""

    place: str
    households: int
    visited: int
    persons: int
    registered: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What one rule grants: subjects entitled, the amount in CNY for each `per`, and how many
    subjects' answers are still open or have no amount yet.
    """

    rule: str
    per: Per | None
    entitled: int
    amount: Decimal
    without_amount: int
    open: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A check and how many subjects fail it or lie between two clauses."""

    rule: str
    subjects: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything for one scope. `visits` counts visited households by month (`2017-06`)."""

    scope: Scope
    total: Progress
    parts: tuple[Progress, ...]
    sums: tuple[Sum, ...]
    failing: tuple[Failing, ...]
    stages: dict[HousingStage, int]
    visits: dict[str, int]
    indicators: Assessment | None


def _here(table: Table, county: str, scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [table.c.county == county]
    if scope.township is not None:
        conditions.append(table.c.township == scope.township)
    if scope.village is not None:
        conditions.append(table.c.village == scope.village)
    return conditions


_HOUSEHOLD = standing.c.kind == "household"


def _progress(row: Sequence[Any]) -> Progress:
    return Progress(str(row[0] or ""), *(int(number or 0) for number in row[1:]))


def _parts(connection: Connection, county: str, scope: Scope) -> list[Progress]:
    """How far each township (or village of a township) is."""
    place = standing.c.township if scope.township is None else standing.c.village
    rows = connection.execute(
        select(
            place,
            func.count(),
            func.count(standing.c.as_of),
            func.sum(standing.c.persons),
            func.sum(standing.c.registered),
        )
        .where(*_here(standing, county, scope), _HOUSEHOLD)
        .group_by(place)
        .order_by(place)
    )
    return [_progress(row) for row in rows]


def _by_rule(connection: Connection, county: str, scope: Scope) -> tuple[list[Sum], list[Failing]]:
    rows = connection.execute(
        select(
            answer.c.rule,
            answer.c.per,
            answer.c.outcome,
            func.count(),
            func.sum(answer.c.amount_fen),
            func.count(answer.c.amount_fen),
        )
        .where(*_here(answer, county, scope))
        .group_by(answer.c.rule, answer.c.per, answer.c.outcome)
    )
    sums: dict[str, Sum] = {}
    failing: dict[str, int] = {}
    for rule, per, outcome, subjects, amount, known in rows:
        if outcome in (Outcome.FAIL, Outcome.CONFLICT):
            failing[rule] = failing.get(rule, 0) + subjects
            continue
        found = sums.get(rule) or Sum(rule, Per(per) if per else None, 0, Decimal(0), 0, 0)
        if outcome == Outcome.UNKNOWN:
            found = replace(found, open=subjects)
        else:
            money = yuan(int(amount or 0)) or Decimal(0)
            found = replace(found, entitled=subjects, amount=money, without_amount=subjects - known)
        sums[rule] = found
    return list(sums.values()), [Failing(rule, n) for rule, n in failing.items()]


def _counted(connection: Connection, county: str, scope: Scope, key: Any) -> dict[str, int]:
    """How many households there are for each value of `key`, those without one left out."""
    rows = connection.execute(
        select(key, func.count())
        .where(*_here(standing, county, scope), _HOUSEHOLD, key.is_not(None))
        .group_by(key)
        .order_by(key)
    )
    return {str(value): int(number) for value, number in rows}


def _tallies(connection: Connection, county: str, scope: Scope) -> dict[str, Tally]:
    rows = connection.execute(
        select(
            tally.c.indicator,
            func.sum(tally.c.counted),
            func.sum(tally.c.met),
            func.sum(tally.c.left_out),
        )
        .where(*_here(tally, county, scope))
        .group_by(tally.c.indicator)
    )
    return {name: Tally(int(n), int(met), int(out)) for name, n, met, out in rows}


def figures(connection: Connection, county: str, scope: Scope = WHOLE) -> Figures:
    """The figures of a scope. Indicators are held to the targets of the day of the latest visit."""
    parts = _parts(connection, county, scope)
    sums, failing = _by_rule(connection, county, scope)
    days = _counted(connection, county, scope, standing.c.as_of)
    stages = _counted(connection, county, scope, standing.c.stage)
    latest = date.fromisoformat(max(days)) if days else None
    visits: dict[str, int] = {}
    for day, number in days.items():
        visits[day[:7]] = visits.get(day[:7], 0) + number
    return Figures(
        scope,
        _total(scope, parts),
        tuple(parts),
        tuple(sums),
        tuple(failing),
        {stage: stages[stage] for stage in HousingStage if stage in stages},
        visits,
        indicators_from(county, _tallies(connection, county, scope), latest) if latest else None,
    )


def _total(scope: Scope, parts: Sequence[Progress]) -> Progress:
    return Progress(
        scope.village or scope.township or "",
        sum(part.households for part in parts),
        sum(part.visited for part in parts),
        sum(part.persons for part in parts),
        sum(part.registered for part in parts),
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """What a number is made of: records of a place, of a rule with an outcome, or at a stage."""

    scope: Scope = WHOLE
    rule: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    stage: HousingStage | None = None


def records_behind(connection: Connection, county: str, behind: Behind) -> list[Document]:
    """The records a number is made of, by place."""
    same = (record.c.county == standing.c.county) & (record.c.record_id == standing.c.record_id)
    wanted = (
        select(record.c.document)
        .join(standing, same)
        .where(*_here(standing, county, behind.scope), record.c.document.is_not(None))
    )
    if behind.rule is None:
        wanted = wanted.where(_HOUSEHOLD)
    else:
        outcomes = [outcome.value for outcome in behind.outcomes]
        those = select(answer.c.record_id).where(
            answer.c.county == county,
            answer.c.rule == behind.rule,
            answer.c.outcome.in_(outcomes),
        )
        wanted = wanted.where(standing.c.record_id.in_(those))
    if behind.stage is not None:
        wanted = wanted.where(standing.c.stage == behind.stage.value)
    order = (standing.c.township, standing.c.village, standing.c.record_id)
    return [json.loads(text) for text in connection.execute(wanted.order_by(*order)).scalars()]


def amounts_of(connection: Connection, county: str, rule: str) -> dict[str, Decimal]:
    """What a rule grants each record, in CNY."""
    rows = connection.execute(
        select(answer.c.record_id, func.sum(answer.c.amount_fen))
        .where(answer.c.county == county, answer.c.rule == rule, answer.c.amount_fen.is_not(None))
        .group_by(answer.c.record_id)
    )
    return {record_id: yuan(int(total)) or Decimal(0) for record_id, total in rows}
