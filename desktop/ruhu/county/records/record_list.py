"""The list of records, and how many there are of everything."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from ruhu.county.database import tables
from ruhu.county.database.bulk import in_list
from ruhu.county.database.documents import IS_PRESENT, documents_of
from ruhu.county.database.ledger_tables import standing
from ruhu.county.records.import_result import encode_reason, read_reason
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import MISSING_SURVEY_DATE
from ruhu.survey.changes.returned import returned_survey

_NOT_VISITED = encode_reason(MISSING_SURVEY_DATE)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of records, devices, bundles and records with open conflicts."""

    households: int
    others: int
    devices: int
    bundles: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class RecordListing:
    """A record of the county's list; `problem` is why the rules cannot assess it, if they cannot."""

    record_id: UUID
    document: dict[str, Any]
    conflicts: int
    problem: BilingualText | None

    @property
    def sent_back(self) -> str:
        """The county's comment if the record was sent back, else empty."""
        returned = returned_survey(self.document)
        return returned.comment if returned else ""


def list_records(connection: Connection, county: str, keys: list[str]) -> list[RecordListing]:
    """Return the records of some keys, in the order of the keys."""
    record = tables.record
    same = (record.c.county == standing.c.county) & (record.c.record_id == standing.c.record_id)
    rows = connection.execute(
        select(record.c.record_id, record.c.conflicts, standing.c.problem)
        .outerjoin(standing, same)
        .where(record.c.county == county, in_list(connection, record.c.record_id, keys))
    )
    by_key = {row.record_id: row for row in rows}
    return [
        RecordListing(UUID(key), document, by_key[key].conflicts, _problem(by_key[key].problem))
        for key, document in documents_of(connection, county, keys)
    ]


def _problem(stored: str | None) -> BilingualText | None:
    return read_reason(stored) if stored and stored != _NOT_VISITED else None


def invalid_records(connection: Connection, county: str) -> list[str]:
    """Return the keys of records whose values the rules cannot assess, by place.

    Records that only were not visited yet do not count.
    """
    rows = connection.execute(
        select(standing.c.record_id, standing.c.problem)
        .where(standing.c.county == county, standing.c.problem.is_not(None))
        .order_by(standing.c.township, standing.c.village, standing.c.record_id)
    )
    return [record_id for record_id, problem in rows if problem != _NOT_VISITED]


def count_all(connection: Connection, county: str) -> Counts:
    """Count everything that the workspace shows on top."""

    def count(table: Any, *conditions: Any) -> int:
        query = select(func.count()).select_from(table).where(table.c.county == county)
        return int(connection.execute(query.where(*conditions)).scalar_one())

    record = tables.record
    return Counts(
        count(record, IS_PRESENT, record.c.kind == "household"),
        count(record, IS_PRESENT, record.c.kind != "household"),
        count(tables.device, tables.device.c.revoked_at.is_(None)),
        count(tables.bundle),
        count(record, record.c.conflicts > 0),
    )
