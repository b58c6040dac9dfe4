"""What a clerk looks at: devices and their chains, what was set aside, what waits to be settled."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from ruhu.bundle.keys import device_fingerprint, device_words
from ruhu.bundle.merge import Conflict, Current
from ruhu.bundle.revision import Revision
from ruhu.county import tables
from ruhu.county.bulk import is_one_of
from ruhu.county.chains import Chain, chains
from ruhu.county.documents import THERE, documents_of
from ruhu.county.ledgers.tables import standing
from ruhu.county.receipt import read_reason, write_reason
from ruhu.policy.assessment import NO_DAY
from ruhu.survey.sent_back import sent_back_of
from ruhu.survey.text import Text

_NOT_VISITED = write_reason(NO_DAY)


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop as the county knows it; `gaps` are the bundles of its chain that have not come, and
    `words` its fingerprint to be read over the telephone. Times are ISO 8601.
    """

    device_id: UUID
    surveyor: str
    fingerprint: str
    words: Text
    enrolled_at: str
    revoked_at: str | None
    last: int
    gaps: tuple[int, ...]
    seen_at: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A bundle that was not taken in, and why."""

    digest: str
    file_name: str
    reason: Text
    at: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record whose sides wait for a person: its state, and the sides by their revision."""

    record_id: UUID
    state: Current
    sides: dict[UUID, Revision]
    base: dict[str, Any]
    """What all sides go back to."""
    answers: dict[str, tuple[tuple[Text, ...], ...]]
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
class Listed:
    """A record of the county's list; `sent_back` is what it was sent back for, if it was, and `problem` what
    stands in it so that the rules cannot judge it.
    """

    record_id: UUID
    document: dict[str, Any]
    conflicts: int
    problem: Text | None

    @property
    def sent_back(self) -> str:
        """The county's comment, empty where there is none."""
        returned = sent_back_of(self.document)
        return returned.comment if returned else ""


def list_records(connection: Connection, county: str, keys: list[str]) -> list[Listed]:
    """Some records, in the order of their keys."""
    record = tables.record
    same = (record.c.county == standing.c.county) & (record.c.record_id == standing.c.record_id)
    rows = connection.execute(
        select(record.c.record_id, record.c.conflicts, standing.c.problem)
        .outerjoin(standing, same)
        .where(record.c.county == county, is_one_of(connection, record.c.record_id, keys))
    )
    found = {row.record_id: row for row in rows}
    return [
        Listed(UUID(key), document, found[key].conflicts, _problem(found[key].problem))
        for key, document in documents_of(connection, county, keys)
    ]


def _problem(kept: str | None) -> Text | None:
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


def list_devices(connection: Connection, county: str) -> list[Device]:
    """Every device, those at work first."""
    device, seal, laptop = tables.device, tables.device_seal, tables.laptop
    known = chains(connection, county)
    sealed = select(seal.c.device_id, seal.c.recipient).where(seal.c.county == county)
    seals = {row.device_id: row.recipient for row in connection.execute(sealed)}
    heard = select(laptop.c.device_id, laptop.c.seen_at).where(laptop.c.county == county)
    seen = {row.device_id: row.seen_at for row in connection.execute(heard)}
    rows = connection.execute(
        select(
            device.c.device_id,
            device.c.key,
            device.c.surveyor,
            device.c.enrolled_at,
            device.c.revoked_at,
        ).where(device.c.county == county)
    )
    found = []
    for row in rows:
        chain = known.get(row.device_id, Chain())
        named = (row.device_id, row.key, seals.get(row.device_id, ""))
        found.append(
            Device(
                device_id=UUID(row.device_id),
                surveyor=row.surveyor,
                fingerprint=device_fingerprint(*named),
                words=device_words(*named),
                enrolled_at=row.enrolled_at,
                revoked_at=row.revoked_at,
                last=chain.last,
                gaps=chain.gaps,
                seen_at=seen.get(row.device_id, ""),
            )
        )
    return sorted(found, key=lambda d: (d.revoked_at is not None, d.surveyor))


def list_set_aside(connection: Connection, county: str) -> list[SetAside]:
    """What was set aside, the newest first."""
    table = tables.set_aside
    rows = connection.execute(
        select(table.c.digest, table.c.file_name, table.c.reason, table.c.at)
        .where(table.c.county == county)
        .order_by(table.c.at.desc())
    )
    return [SetAside(r.digest, r.file_name, read_reason(r.reason), r.at) for r in rows]


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
