"""The county's own settings: short texts by name."""

from sqlalchemy import Connection, delete, insert, select

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables

FOUR_EYES = "four_eyes"
"""`yes` where a second person has to confirm each decision about a record."""


class SettingService:
    """Reading and changing the settings."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def get(self, name: str) -> str:
        """Return a setting's value, empty if it was never set."""
        with self._session.reader() as connection:
            return read_setting(connection, self._session.county, name)

    def set(self, name: str, value: str) -> None:
        """Change a setting."""
        with self._session.transaction(Permission.USERS) as tx:
            save_setting(tx, name, value)


def read_setting(connection: Connection, county: str, name: str) -> str:
    """Return a setting's value, empty if it was never set."""
    table = tables.setting
    value = connection.execute(
        select(table.c.value).where(table.c.county == county, table.c.name == name)
    ).scalar()
    return str(value or "")


def save_setting(tx: Transaction, name: str, value: str) -> None:
    """Save a setting's value."""
    table = tables.setting
    tx.connection.execute(delete(table).where(table.c.county == tx.county, table.c.name == name))
    tx.connection.execute(insert(table).values(county=tx.county, name=name, value=value))
    tx.log("set", {"name": name, "value": value})
