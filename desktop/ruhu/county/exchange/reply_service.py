"""Replies to laptops: the changes of their records that they do not have yet."""

from collections.abc import Iterable
from uuid import UUID

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.devices.devices import require_active
from ruhu.county.exchange import change_feed, outgoing_replies


class ReplyService:
    """Subscriptions of laptops to records, and the replies that bring the changes."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def subscribe(self, device_id: UUID, records: Iterable[UUID]) -> int:
        """Assign records to a laptop, which gets them with its next reply.

        Returns how many are new to it. Raises `NotEnrolled`, `RevokedDevice`.
        """
        with self._session.transaction(Permission.DEVICES) as tx:
            require_active(tx.connection, tx.county, device_id)
            number = change_feed.subscribe(tx, device_id, map(str, records))
            tx.log("hand records", {"device": str(device_id), "records": number})
            return number

    def pending(self, device_id: UUID) -> list[int]:
        """Return the numbers of the replies that a laptop has not confirmed, in order."""
        with self._session.transaction(Permission.IMPORT) as tx:
            return outgoing_replies.pending_replies(tx, device_id)

    def sealed(self, device_id: UUID, sequence: int) -> bytes | None:
        """Return a reply encrypted to its laptop, `None` if there is none of that number."""
        with self._session.transaction(Permission.IMPORT) as tx:
            return outgoing_replies.sealed_reply(tx, device_id, sequence)

    def acknowledge(self, device_id: UUID, answered: int, last: int) -> None:
        """Record the last reply that a laptop has, and the number of its last bundle."""
        with self._session.transaction(Permission.IMPORT) as tx:
            change_feed.record_acknowledged(tx, device_id, answered, last, is_request=True)

    def use_nonce(self, device_id: UUID, nonce: str) -> bool:
        """Use up a laptop's nonce; return whether it was still unused."""
        with self._session.transaction(Permission.IMPORT) as tx:
            return change_feed.use_nonce(tx, device_id, nonce)
