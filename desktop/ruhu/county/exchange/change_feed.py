"""Changes for laptops: which records each has, and which changes it lacks.

Whatever arrives is marked with the number of its transaction, and so is each subscription to a
record. A laptop lacks the changes that others made to its records after its cursor. So the cost
depends on what is new, not on the number of records.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)

from ruhu.county.assessment.published_standards import published_since
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.database.bulk import in_list, insert_rows
from ruhu.exchange.formats.bundle import Attachment
from ruhu.revisions.revision import Revision
from ruhu.strict_json import Document

MAX_BATCH_REVISIONS = 500
MAX_BATCH_BYTES = 512 * 1024
MAX_BATCH_PICTURE_BYTES = 700 * 1024
"""Bytes in one reply: the most that an interruption of a poor line costs."""


class FeedPosition(NamedTuple):
    """A position in the feed: the number of a transaction, and an id within it."""

    number: int = 0
    key: str = ""


class SyncCursor(NamedTuple):
    """A laptop's position among revisions, among attachments, and among standards."""

    revisions: FeedPosition = FeedPosition()
    papers: FeedPosition = FeedPosition()
    standards: int = 0


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    """The contents of one reply, and the cursor after it."""

    upto: SyncCursor
    revisions: tuple[Revision, ...] = ()
    papers: tuple[Attachment, ...] = ()
    standards: tuple[Document, ...] = ()


def subscribe(tx: Transaction, device_id: UUID, records: Iterable[str]) -> int:
    """Subscribe a laptop to records; return how many are new to it."""
    table = tables.holding
    keys = sorted(set(records))
    rows_held = tx.connection.execute(
        select(table.c.record_id).where(
            table.c.county == tx.county,
            table.c.device_id == str(device_id),
            in_list(tx.connection, table.c.record_id, keys),
        )
    )
    existing = set(rows_held.scalars())
    own_key = {"county": tx.county, "device_id": str(device_id), "began": tx.number}
    rows = [{**own_key, "record_id": key} for key in keys if key not in existing]
    insert_rows(tx.connection, table, rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class DeviceSyncState:
    """The county's knowledge of a laptop: the last reply it has, and its last nonce.

    `reported_in` is the number of the bundle that reported the reply; `seen_at` is ISO 8601.
    """

    answered: int = 0
    reported_in: int = 0
    nonce: str = ""
    seen_at: str = ""


def sync_state_of(connection: Connection, county: str, device_id: UUID) -> DeviceSyncState:
    """Return the state of a laptop."""
    table = tables.laptop
    row = connection.execute(
        select(table.c.answered, table.c.told_in, table.c.nonce, table.c.seen_at).where(
            table.c.county == county, table.c.device_id == str(device_id)
        )
    ).one_or_none()
    return DeviceSyncState(*row) if row else DeviceSyncState()


def record_acknowledged(
    tx: Transaction, device_id: UUID, answered: int, sequence: int, *, is_request: bool
) -> None:
    """Record the last reply that a laptop has, by a bundle's number or its request (`is_request`).

    A request is always current; a bundle older than the last that reported is ignored.
    """
    if is_request or sequence >= sync_state_of(tx.connection, tx.county, device_id).reported_in:
        _update_state(tx, device_id, {"answered": answered, "told_in": sequence})


def use_nonce(tx: Transaction, device_id: UUID, nonce: str) -> bool:
    """Use a nonce up; return whether it is newer than the laptop's last one."""
    if nonce <= sync_state_of(tx.connection, tx.county, device_id).nonce:
        return False
    _update_state(tx, device_id, {"nonce": nonce})
    return True


def _update_state(tx: Transaction, device_id: UUID, changes: dict[str, Any]) -> None:
    values = {"seen_at": tx.at.isoformat(), **changes}
    table, own_key = tables.laptop, {"county": tx.county, "device_id": str(device_id)}
    changed = tx.connection.execute(
        update(table)
        .where(*(table.c[name] == key for name, key in own_key.items()))
        .values(**values)
    )
    if changed.rowcount == 0:
        before = {"answered": 0, "told_in": 0, "nonce": ""}
        tx.connection.execute(insert(table).values(**{**own_key, **before, **values}))


def resend_own(tx: Transaction, device_id: UUID, answered: int) -> None:
    """Send a laptop all revisions it made itself since a reply, because it was restored from a
    backup.

    Revisions that it still has change nothing there.
    """
    cursor = cursor_of_reply(tx.connection, tx.county, device_id, answered) or SyncCursor()
    revision, table = tables.revision, tables.forgotten
    condition = (table.c.county == tx.county, table.c.device_id == str(device_id))
    tx.connection.execute(delete(table).where(*condition))
    tx.connection.execute(
        insert(table).from_select(
            ["county", "device_id", "revision_id", "reminded"],
            select(
                revision.c.county, revision.c.device_id, revision.c.revision_id, literal(tx.number)
            ).where(
                revision.c.county == tx.county,
                revision.c.device_id == str(device_id),
                revision.c.arrived > cursor.revisions.number,
            ),
        )
    )


def cursor_of_reply(
    connection: Connection, county: str, device_id: UUID, sequence: int
) -> SyncCursor | None:
    """Return the cursor after a reply, `None` for an unknown one."""
    if sequence == 0:
        return SyncCursor()
    table = tables.answer_sent
    row = connection.execute(
        select(
            table.c.upto,
            table.c.upto_id,
            table.c.papers_upto,
            table.c.papers_upto_id,
            table.c.standards_upto,
        ).where(
            table.c.county == county,
            table.c.device_id == str(device_id),
            table.c.sequence == sequence,
        )
    ).one_or_none()
    return (
        None
        if row is None
        else SyncCursor(FeedPosition(row[0], row[1]), FeedPosition(row[2], row[3]), row[4])
    )


def record_reply(tx: Transaction, device_id: UUID, sequence: int, upto: SyncCursor) -> None:
    """Save the cursor after a reply."""
    tx.connection.execute(
        insert(tables.answer_sent).values(
            county=tx.county,
            device_id=str(device_id),
            sequence=sequence,
            made_at=tx.at.isoformat(),
            upto=upto.revisions.number,
            upto_id=upto.revisions.key,
            papers_upto=upto.papers.number,
            papers_upto_id=upto.papers.key,
            standards_upto=upto.standards,
        )
    )


def next_changes(
    connection: Connection,
    county: str,
    device_id: UUID,
    cursor: SyncCursor,
    upto: SyncCursor | None = None,
) -> ChangeBatch:
    """Return the next batch for a laptop: standards first, then revisions, then attachments.

    With `upto`, return exactly what the earlier reply with that cursor contained.
    """
    last = upto.standards if upto else None
    standards, number = published_since(connection, county, cursor.standards, last)
    if standards and upto is None:
        return ChangeBatch(cursor._replace(standards=number), standards=tuple(standards))
    after = cursor.revisions
    until = upto.revisions if upto else None
    positions = _positions_after(
        connection, county, device_id, tables.revision, "revision_id", after, until
    )
    revisions, end = _revisions(connection, county, positions)
    if revisions and upto is None:
        return ChangeBatch(cursor._replace(revisions=end), revisions)
    after, until = cursor.papers, upto.papers if upto else None
    positions = _positions_after(
        connection, county, device_id, tables.paper, "digest", after, until
    )
    attachments, attachments_end = _attachments(connection, county, positions)
    if upto is not None:
        return ChangeBatch(upto, revisions, attachments, tuple(standards))
    return ChangeBatch(
        cursor._replace(papers=attachments_end) if attachments else cursor, (), attachments
    )


def _positions_after(
    connection: Connection,
    county: str,
    device_id: UUID,
    table: Any,
    key: str,
    after: FeedPosition,
    until: FeedPosition | None,
) -> list[FeedPosition]:
    """Return the positions after one of what others sent about a laptop's records, in order."""
    holding, id_ = tables.holding, table.c[key]
    number = case((holding.c.began > table.c.arrived, holding.c.began), else_=table.c.arrived)
    joined = and_(holding.c.county == table.c.county, holding.c.record_id == table.c.record_id)
    conditions: list[ColumnElement[bool]] = [
        table.c.county == county,
        holding.c.county == county,
        holding.c.device_id == str(device_id),
        table.c.device_id != str(device_id),
        or_(number > after.number, and_(number == after.number, id_ > after.key)),
    ]
    if until is not None:
        upper = or_(number < until.number, and_(number == until.number, id_ <= until.key))
        conditions.append(upper)

    def select_new(is_new: ColumnElement[bool]) -> Select[Any]:
        return (
            select(number.label("number"), id_.label("key"))
            .select_from(table.join(holding, joined))
            .where(*conditions, is_new)
        )

    # New revisions, and new subscriptions, each by its own index; and those sent again.
    queries = [
        select_new(table.c.arrived >= after.number),
        select_new(holding.c.began >= after.number),
    ]
    if table is tables.revision:
        queries.append(_reminders(county, device_id, after, until))
    all_ = union(*queries).subquery()
    rows = connection.execute(
        select(all_.c.number, all_.c.key)
        .order_by(all_.c.number, all_.c.key)
        .limit(MAX_BATCH_REVISIONS)
    )
    return [FeedPosition(row.number, row.key) for row in rows]


def _reminders(
    county: str, device_id: UUID, after: FeedPosition, until: FeedPosition | None
) -> Select[Any]:
    """Select the positions of a laptop's own revisions that are sent to it again."""
    table = tables.forgotten
    number, id_ = table.c.reminded, table.c.revision_id
    conditions = [
        table.c.county == county,
        table.c.device_id == str(device_id),
        or_(number > after.number, and_(number == after.number, id_ > after.key)),
    ]
    if until is not None:
        conditions.append(
            or_(number < until.number, and_(number == until.number, id_ <= until.key))
        )
    return select(number.label("number"), id_.label("key")).where(*conditions)


def _revisions(
    connection: Connection, county: str, positions: Sequence[FeedPosition]
) -> tuple[tuple[Revision, ...], FeedPosition]:
    table = tables.revision
    rows = connection.execute(
        select(table.c.revision_id, table.c.body).where(
            table.c.county == county,
            in_list(connection, table.c.revision_id, [position.key for position in positions]),
        )
    )
    bodies = {row.revision_id: row.body for row in rows}
    revisions: list[Revision] = []
    size, end = 0, FeedPosition()
    for position in positions:
        size += len(bodies[position.key].encode())
        if revisions and size > MAX_BATCH_BYTES:
            break
        revisions.append(Revision.model_validate_json(bodies[position.key]))
        end = position
    return tuple(revisions), end


def _attachments(
    connection: Connection, county: str, positions: Sequence[FeedPosition]
) -> tuple[tuple[Attachment, ...], FeedPosition]:
    table, size, end = tables.paper, 0, FeedPosition()
    attachments: list[Attachment] = []
    for position in positions:
        row = connection.execute(
            select(table.c.digest, table.c.record_id, table.c.media_type, table.c.data).where(
                table.c.county == county, table.c.digest == position.key
            )
        ).one()
        size += len(row.data)
        if attachments and size > MAX_BATCH_PICTURE_BYTES:
            break
        attachments.append(
            Attachment(
                digest=row.digest,
                record_id=UUID(row.record_id),
                media_type=row.media_type,
                data=bytes(row.data),
            )
        )
        end = position
    return tuple(attachments), end
