"""What a clerk looks at: devices and their chains, what was set aside, what waits to be settled."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from ruhu.county.database import tables
from ruhu.county.database.bulk import in_list
from ruhu.county.database.documents import THERE, documents_of
from ruhu.county.database.ledger_tables import standing
from ruhu.county.records.import_result import encode_reason, read_reason
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import MISSING_SURVEY_DATE
from ruhu.revisions.merge import Conflict, MergedRecord
from ruhu.revisions.revision import Revision
from ruhu.survey.changes.returned import returned_survey

_NOT_VISITED = encode_reason(MISSING_SURVEY_DATE)


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A bundle that was not taken in, and why."""

    digest: str
    file_name: str
    reason: BilingualText
    at: str


@dataclass(frozen=True, slots=True)
class PendingReview:
    """A record whose sides wait for a person: its state, and the sides by their revision."""

    record_id: UUID
    state: MergedRecord
    sides: dict[UUID, Revision]
    base: dict[str, Any]
    """What all sides go back to."""
    answers: dict[str, tuple[tuple[BilingualText, ...], ...]]
    """By path, what the checks answer for each value that they do not answer for the others."""
    proposed: bool
    """Whether somebody has settled it and a second person is to confirm."""

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The fields that were changed differently."""
        return self.state.conflicts


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records, devices, bundles and open conflicts there are."""

    households: int
    others: int
    devices: int
    bundles: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class RecordListing:
    """A record of the county's list; `sent_back` is what it was sent back for, if it was, and `problem` what
    stands in it so that the rules cannot judge it.
    """

    record_id: UUID
    document: dict[str, Any]
    conflicts: int
    problem: BilingualText | None

    @property
    def sent_back(self) -> str:
        """The county's comment, empty where there is none."""
        returned = returned_survey(self.document)
        return returned.comment if returned else ""


def list_records(connection: Connection, county: str, keys: list[str]) -> list[RecordListing]:
    """Some records, in the order of their keys."""
    record = tables.record
    same = (record.c.county == standing.c.county) & (record.c.record_id == standing.c.record_id)
    rows = connection.execute(
        select(record.c.record_id, record.c.conflicts, standing.c.problem)
        .outerjoin(standing, same)
        .where(record.c.county == county, in_list(connection, record.c.record_id, keys))
    )
    found = {row.record_id: row for row in rows}
    return [
        RecordListing(UUID(key), document, found[key].conflicts, _problem(found[key].problem))
        for key, document in documents_of(connection, county, keys)
    ]


def _problem(kept: str | None) -> BilingualText | None:
    return read_reason(kept) if kept and kept != _NOT_VISITED else None


def faulty_records(connection: Connection, county: str) -> list[str]:
    """The records that the rules cannot judge for what stands in them, by place; those that only were
    not visited yet are none of them.
    """
    rows = connection.execute(
        select(standing.c.record_id, standing.c.problem)
        .where(standing.c.county == county, standing.c.problem.is_not(None))
        .order_by(standing.c.township, standing.c.village, standing.c.record_id)
    )
    return [record_id for record_id, problem in rows if problem != _NOT_VISITED]


def list_set_aside(connection: Connection, county: str) -> list[QuarantinedFile]:
    """What was set aside, the newest first."""
    table = tables.set_aside
    rows = connection.execute(
        select(table.c.digest, table.c.file_name, table.c.reason, table.c.at)
        .where(table.c.county == county)
        .order_by(table.c.at.desc())
    )
    return [QuarantinedFile(r.digest, r.file_name, read_reason(r.reason), r.at) for r in rows]


def count_all(connection: Connection, county: str) -> Counts:
    """The numbers on top of the workspace."""

    def count(table: Any, *conditions: Any) -> int:
        counted = select(func.count()).select_from(table).where(table.c.county == county)
        return int(connection.execute(counted.where(*conditions)).scalar_one())

    record = tables.record
    return Counts(
        count(record, THERE, record.c.kind == "household"),
        count(record, THERE, record.c.kind != "household"),
        count(tables.device, tables.device.c.revoked_at.is_(None)),
        count(tables.bundle),
        count(record, record.c.conflicts > 0),
    )
