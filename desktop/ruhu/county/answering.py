"""The county's answers: what a laptop lacks of the records it works on, sealed to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ruhu.bundle.answer import seal_answer
from ruhu.bundle.envelope import MOST_REVISIONS
from ruhu.county.devices import recipient_of
from ruhu.county.records import lacking_to
from ruhu.county.signing import signing_secret


def answer(connection: Connection, county: str, device_id: UUID, at: datetime) -> bytes | None:
    """What a laptop lacks; `None` when it lacks nothing, is revoked, or has no key to seal to.

    It is worked out anew each time, so an answer that is lost costs nothing.
    """
    recipient = recipient_of(connection, county, device_id)
    lacking = lacking_to(connection, county, device_id) if recipient else []
    if recipient is None or not lacking:
        return None
    return seal_answer(
        lacking[:MOST_REVISIONS],
        county=county,
        device_id=device_id,
        recipient=recipient,
        secret=signing_secret(connection, county),
        at=at,
    )
