"""The ledger of training classes: size, share of registered people, cost, failed checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from ruhu.county.access.session import DatabaseSession
from ruhu.county.assessment.evaluate import StoredFinding
from ruhu.county.assessment.results import stored_findings
from ruhu.county.database.documents import documents_of
from ruhu.county.database.ledger_tables import standing
from ruhu.export.spreadsheet import Cell, Column, Sheet
from ruhu.policy.evaluation.finding import Outcome
from ruhu.strict_json import Document
from ruhu.survey.models.choices import ClassType

_CLASS = standing.c.kind == "training_class"


@dataclass(frozen=True, slots=True)
class TrainingClassEntry:
    """A class: `cost` in CNY per person and day, `share` of registered people in percent.

    `failing` are the checks that it fails, `entitled` the rules that grant it something.
    """

    record_id: UUID
    document: Document
    share: Decimal | None
    cost: Decimal | None
    failing: tuple[str, ...]
    entitled: tuple[str, ...]

    @property
    def type(self) -> ClassType | None:
        """The kind of class, if it is recorded."""
        value = self.document.get("type")
        return ClassType(value) if value in list(ClassType) else None


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _ratio(top: Decimal | None, *bottoms: Decimal | None) -> Decimal | None:
    divisor = Decimal(1)
    for bottom in bottoms:
        if not bottom:
            return None
        divisor *= bottom
    return None if top is None else (top / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)


def list_classes(connection: Connection, county: str) -> list[TrainingClassEntry]:
    """Return every training class, by place."""
    ids = connection.execute(
        select(standing.c.record_id)
        .where(standing.c.county == county, _CLASS)
        .order_by(standing.c.township, standing.c.village, standing.c.record_id)
    )
    findings = stored_findings(connection, county, None, _CLASS)
    return [
        _class(record_id, document, findings.get(record_id, []))
        for record_id, document in documents_of(connection, county, list(ids.scalars()))
    ]


def _class(
    record_id: str, document: Document, findings: Sequence[StoredFinding]
) -> TrainingClassEntry:
    people = _number(document.get("participants"))
    registered = _number(document.get("registered_participants"))
    return TrainingClassEntry(
        UUID(record_id),
        document,
        None if registered is None else _ratio(100 * registered, people),
        _ratio(_number(document.get("total_cost")), people, _number(document.get("days"))),
        tuple(dict.fromkeys(a.rule for a in findings if a.outcome is Outcome.FAIL)),
        tuple(dict.fromkeys(a.rule for a in findings if a.outcome is Outcome.ELIGIBLE)),
    )


def class_sheet(entries: list[TrainingClassEntry], titles: dict[str, str]) -> Sheet:
    """Return the classes as a list; `titles` are those of the rules."""
    columns = [
        Column("培训班", 20),
        Column("类型", 12),
        Column("开班日期", 12, "date"),
        Column("天数", 7, "count"),
        Column("人数", 7, "count"),
        Column("建档立卡人数", 12, "count"),
        Column("占比（%）", 9, "area"),
        Column("总经费（元）", 12, "money"),
        Column("人均每天（元）", 12, "money"),
        Column("不符合", 30),
        Column("可享受", 24),
    ]
    rows: list[list[Cell]] = []
    for each in entries:
        document = each.document
        rows.append(
            [
                str(document.get("name") or ""),
                each.type.label.zh if each.type else "",
                str((document.get("survey") or {}).get("date") or ""),
                _number(document.get("days")),
                _number(document.get("participants")),
                _number(document.get("registered_participants")),
                each.share,
                _number(document.get("total_cost")),
                each.cost,
                "、".join(titles.get(rule, rule) for rule in each.failing),
                "、".join(titles.get(rule, rule) for rule in each.entitled),
            ]
        )
    return Sheet("培训班台账", columns, rows)


class TrainingClassService:
    """The ledger of training classes."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def all(self) -> list[TrainingClassEntry]:
        """Return every training class, by place."""
        with self._session.reader() as connection:
            return list_classes(connection, self._session.county)
