"""The county's answers: what a laptop lacks of the records it holds, numbered and sealed to it.

An answer is worked out anew each time it is asked for, from the places that it tells of; so one that
is lost costs nothing, and a laptop that was put back to an older state is told again.
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
    standing_of,
)
from ruhu.county.exchange.signing import signing_secret
from ruhu.exchange.formats.reply import seal_reply

MAX_PENDING_REPLIES = 200
"""Answers to one laptop that wait at the same time."""


def waiting_answers(act: Transaction, device_id: UUID) -> list[int]:
    """The numbers of the answers that a laptop has not confirmed, those of news among them."""
    connection, county = act.connection, act.county
    if recipient_of(connection, county, device_id) is None:
        return []
    confirmed = standing_of(connection, county, device_id).answered
    told = cursor_of_reply(connection, county, device_id, confirmed)
    if told is None:  # the laptop has an answer that this county no longer knows of
        told = cursor_of_reply(
            connection, county, device_id, _last_before(connection, county, device_id, confirmed)
        )
        assert told is not None
        record_reply(act, device_id, confirmed, told)
    numbers: list[int] = []
    while len(numbers) < MAX_PENDING_REPLIES:
        number = confirmed + len(numbers) + 1
        made = cursor_of_reply(connection, county, device_id, number)
        if made is None:
            part = next_changes(connection, county, device_id, told)
            if not (part.revisions or part.papers or part.standards):
                break
            made = part.upto
            record_reply(act, device_id, number, made)
            _note(act, device_id, number, part)
        numbers.append(number)
        told = made
    return numbers


def _last_before(connection: Connection, county: str, device_id: UUID, sequence: int) -> int:
    table = tables.answer_sent
    found = connection.execute(
        select(func.max(table.c.sequence)).where(
            table.c.county == county,
            table.c.device_id == str(device_id),
            table.c.sequence < sequence,
        )
    ).scalar()
    return int(found or 0)


def _note(act: Transaction, device_id: UUID, sequence: int, part: ChangeBatch) -> None:
    act.log(
        "answer",
        {
            "device": str(device_id),
            "number": sequence,
            "revisions": len(part.revisions),
            "papers": len(part.papers),
            "standards": len(part.standards),
        },
    )


def sealed_answer(act: Transaction, device_id: UUID, sequence: int) -> bytes | None:
    """An answer that waits, sealed to its laptop; `None` where there is no such answer."""
    connection, county = act.connection, act.county
    recipient = recipient_of(connection, county, device_id)
    before = cursor_of_reply(connection, county, device_id, sequence - 1) if sequence > 0 else None
    upto = cursor_of_reply(connection, county, device_id, sequence)
    if recipient is None or before is None or upto is None or sequence == 0:
        return None
    part = next_changes(connection, county, device_id, before, upto)
    return seal_reply(
        part.revisions,
        county=county,
        device_id=device_id,
        recipient=recipient,
        secret=signing_secret(connection, county),
        at=act.at,
        sequence=sequence,
        attachments=part.papers,
        published=part.standards,
    )
