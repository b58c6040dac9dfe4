"""The users of a county's database, with their roles."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from uuid_utils.compat import uuid7

from ruhu.county.access.permissions import Role
from ruhu.county.database import tables


@dataclass(frozen=True, slots=True)
class Account:
    """A user: the name they sign in with, and their role."""

    user_id: str
    name: str
    role: Role


def _read(row: Any) -> Account:
    profile = json.loads(row.profile)
    if profile["id"] != row.user_id:
        raise ValueError("a profile was moved to another user")
    return Account(row.user_id, profile["name"], Role(profile["role"]))


def accounts(connection: Connection, county: str) -> list[Account]:
    """Return every user, by name."""
    table = tables.account
    rows = connection.execute(
        select(table.c.user_id, table.c.profile).where(table.c.county == county)
    )
    return sorted(map(_read, rows), key=lambda account: account.name)


def account_by_id(connection: Connection, county: str, user_id: str) -> Account | None:
    """Return the user with an id, or `None`."""
    table = tables.account
    row = connection.execute(
        select(table.c.user_id, table.c.profile).where(
            table.c.county == county, table.c.user_id == user_id
        )
    ).one_or_none()
    return _read(row) if row else None


def account_of(connection: Connection, county: str, name: str) -> Account | None:
    """Return the user with a name, or `None`."""
    return next((a for a in accounts(connection, county) if a.name == name), None)


def save_account(connection: Connection, county: str, name: str, role: Role) -> Account:
    """Add a user, or change the role of an existing one."""
    existing = account_of(connection, county, name)
    account = Account(existing.user_id if existing else str(uuid7()), name, role)
    delete_account(connection, county, account)
    profile = json.dumps(
        {"id": account.user_id, "name": name, "role": role.value}, ensure_ascii=False
    )
    connection.execute(
        insert(tables.account).values(county=county, user_id=account.user_id, profile=profile)
    )
    return account


def delete_account(connection: Connection, county: str, account: Account) -> None:
    """Delete a user."""
    table = tables.account
    connection.execute(
        delete(table).where(table.c.county == county, table.c.user_id == account.user_id)
    )


def first_account(connection: Connection, county: str, name: str) -> Account:
    """Add the first user of a new or older database, the administrator."""
    return save_account(connection, county, name, Role.ADMINISTRATOR)
