"""What a county sets for itself."""

from sqlalchemy import Connection, delete, insert, select

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables

FOUR_EYES = "four_eyes"
"""`yes` where what one person settles counts once a second one has confirmed it."""


def read_setting(connection: Connection, county: str, name: str) -> str:
    """A setting's value, empty where none was made."""
    table = tables.setting
    found = connection.execute(
        select(table.c.value).where(table.c.county == county, table.c.name == name)
    ).scalar()
    return str(found or "")


def keep_setting(act: Transaction, name: str, value: str) -> None:
    """Make a setting."""
    table = tables.setting
    act.connection.execute(delete(table).where(table.c.county == act.county, table.c.name == name))
    act.connection.execute(insert(table).values(county=act.county, name=name, value=value))
    act.log("set", {"name": name, "value": value})
