"""Access to an open county database, checked against the user's permissions.

Every service of the county reads and writes through one session. Permissions are looked up in the
database each time, because another computer may have changed the user's role since sign-in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection

from ruhu.clock import Clock, utc_now
from ruhu.county.access.accounts import Account, account_by_id
from ruhu.county.access.permissions import ROLE_PERMISSIONS, Permission, SignedOut, require
from ruhu.county.audit.trail import Transaction
from ruhu.county.database.engine import Database
from ruhu.i18n import BilingualText


class DatabaseSession:
    """A signed-in user's access to the database of one county.

    Reading and writing raise `PermissionDenied` without the permission, `SignedOut` once the user
    was removed.
    """

    def __init__(
        self, database: Database, county: str, user: Account, clock: Clock = utc_now
    ) -> None:
        self._database, self._clock = database, clock
        self.county, self.user = county, user

    def has_permission(self, permission: Permission) -> bool:
        """Return whether the user's role has a permission."""
        return permission in ROLE_PERMISSIONS[self.user.role]

    def require(self, permission: Permission) -> None:
        """Raise `PermissionDenied` unless the user's role has the permission."""
        require(self.user.role, permission)

    def now(self) -> datetime:
        """Return the current time."""
        return self._clock()

    @contextmanager
    def reader(self, permission: Permission = Permission.READ) -> Iterator[Connection]:
        """Open a connection to read from."""
        with self._database.reading() as connection:
            self._refresh_user(connection, permission)
            yield connection

    @contextmanager
    def transaction(self, permission: Permission) -> Iterator[Transaction]:
        """Open the county's only write transaction; its entries go to the audit trail.

        The transaction is rolled back if the block raises.
        """
        self.require(permission)
        with self._database.writing() as connection:
            self._refresh_user(connection, permission)
            yield Transaction(connection, self.county, self.user.name, self._clock())

    def _refresh_user(self, connection: Connection, permission: Permission) -> None:
        account = account_by_id(connection, self.county, self.user.user_id)
        if account is None:
            raise SignedOut(
                BilingualText(
                    "您已被停用，请重新登录", "an administrator has removed you; sign in again"
                )
            )
        self.user = account
        require(account.role, permission)
