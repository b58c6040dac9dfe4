"""Reading and verifying the audit trail."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from ruhu.county.audit import trail
from ruhu.county.audit.trail import AuditEntry


class AuditService:
    """The audit trail of one county; `reader` opens a connection for users who may see it."""

    def __init__(
        self, county: str, reader: Callable[[], AbstractContextManager[Connection]]
    ) -> None:
        self._county, self._reader = county, reader

    def entries(self, *, after: int = 0, newest: int | None = None) -> list[AuditEntry]:
        """Return the entries after a number, or only so many of the newest, in order."""
        with self._reader() as connection:
            if newest is not None:
                after = max(after, trail.last_entry(connection, self._county)[0] - newest)
            return list(trail.entries(connection, self._county, after=after))

    def verify(self) -> tuple[int, str]:
        """Recompute every hash of the trail; return the last number and hash.

        Raises `AuditChainBroken`.
        """
        with self._reader() as connection:
            return trail.verify(connection, self._county)
