"""Replies to laptops: the changes of their records that they do not have yet."""

from collections.abc import Iterable
from uuid import UUID

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.devices.devices import require_working
from ruhu.county.exchange import change_feed, outgoing_replies


class ReplyService:
    """Subscriptions of laptops to records, and the replies that bring the changes."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def subscribe(self, device_id: UUID, records: Iterable[UUID]) -> int:
        """Assign records to a laptop, which gets them with its next reply.

        Returns how many are new to it. Raises `NotEnrolled`, `RevokedDevice`.
        """
        with self._session.transaction(Permission.DEVICES) as act:
            require_working(act.connection, act.county, device_id)
            number = change_feed.subscribe(act, device_id, map(str, records))
            act.log("hand records", {"device": str(device_id), "records": number})
            return number

    def waiting(self, device_id: UUID) -> list[int]:
        """Return the numbers of the replies that a laptop has not confirmed, in order."""
        with self._session.transaction(Permission.IMPORT) as act:
            return outgoing_replies.waiting_answers(act, device_id)

    def sealed(self, device_id: UUID, sequence: int) -> bytes | None:
        """Return a reply encrypted to its laptop, `None` if there is none of that number."""
        with self._session.transaction(Permission.IMPORT) as act:
            return outgoing_replies.sealed_answer(act, device_id, sequence)

    def acknowledge(self, device_id: UUID, answered: int, last: int) -> None:
        """Record the last reply that a laptop has, and the number of its last bundle."""
        with self._session.transaction(Permission.IMPORT) as act:
            change_feed.note_answered(act, device_id, answered, last, asks=True)

    def use_nonce(self, device_id: UUID, mark: str) -> bool:
        """Use up a laptop's nonce; return whether it was still unused."""
        with self._session.transaction(Permission.IMPORT) as act:
            return change_feed.use_nonce(act, device_id, mark)
