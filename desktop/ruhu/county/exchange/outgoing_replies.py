"""Replies to laptops: numbered, and encrypted to the laptop.

A reply is built again each time it is requested, from the cursors before and after it. So a lost
one costs nothing, and a laptop restored from a backup gets its replies again.
"""

from uuid import UUID

from sqlalchemy import Connection, func, select

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.devices.devices import recipient_of
from ruhu.county.exchange.change_feed import (
    ChangeBatch,
    cursor_of_reply,
    next_changes,
    record_reply,
    sync_state_of,
)
from ruhu.county.exchange.signing import signing_secret
from ruhu.exchange.formats.reply import seal_reply

MAX_PENDING_REPLIES = 200
"""Replies to one laptop that are pending at the same time."""


def pending_replies(tx: Transaction, device_id: UUID) -> list[int]:
    """Return the numbers of replies that a laptop has not confirmed; add those for new changes."""
    connection, county = tx.connection, tx.county
    if recipient_of(connection, county, device_id) is None:
        return []
    confirmed = sync_state_of(connection, county, device_id).answered
    cursor = cursor_of_reply(connection, county, device_id, confirmed)
    if cursor is None:  # the laptop has a reply that this database has lost
        cursor = cursor_of_reply(
            connection, county, device_id, _last_before(connection, county, device_id, confirmed)
        )
        assert cursor is not None
        record_reply(tx, device_id, confirmed, cursor)
    numbers: list[int] = []
    while len(numbers) < MAX_PENDING_REPLIES:
        number = confirmed + len(numbers) + 1
        after = cursor_of_reply(connection, county, device_id, number)
        if after is None:
            batch = next_changes(connection, county, device_id, cursor)
            if not (batch.revisions or batch.papers or batch.standards):
                break
            after = batch.upto
            record_reply(tx, device_id, number, after)
            _log_reply(tx, device_id, number, batch)
        numbers.append(number)
        cursor = after
    return numbers


def _last_before(connection: Connection, county: str, device_id: UUID, sequence: int) -> int:
    table = tables.answer_sent
    last = connection.execute(
        select(func.max(table.c.sequence)).where(
            table.c.county == county,
            table.c.device_id == str(device_id),
            table.c.sequence < sequence,
        )
    ).scalar()
    return int(last or 0)


def _log_reply(tx: Transaction, device_id: UUID, sequence: int, batch: ChangeBatch) -> None:
    tx.log(
        "answer",
        {
            "device": str(device_id),
            "number": sequence,
            "revisions": len(batch.revisions),
            "papers": len(batch.papers),
            "standards": len(batch.standards),
        },
    )


def sealed_reply(tx: Transaction, device_id: UUID, sequence: int) -> bytes | None:
    """Return a pending reply, encrypted to its laptop; `None` if there is no such reply."""
    connection, county = tx.connection, tx.county
    recipient = recipient_of(connection, county, device_id)
    before = cursor_of_reply(connection, county, device_id, sequence - 1) if sequence > 0 else None
    upto = cursor_of_reply(connection, county, device_id, sequence)
    if recipient is None or before is None or upto is None or sequence == 0:
        return None
    batch = next_changes(connection, county, device_id, before, upto)
    return seal_reply(
        batch.revisions,
        county=county,
        device_id=device_id,
        recipient=recipient,
        secret=signing_secret(connection, county),
        at=tx.at,
        sequence=sequence,
        attachments=batch.papers,
        published=batch.standards,
    )
