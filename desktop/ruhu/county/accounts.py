"""The people who use a county's database, and what each is."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from uuid_utils.compat import uuid7

from ruhu.county import tables
from ruhu.county.rights import Role


@dataclass(frozen=True, slots=True)
class Account:
    """A user: the name they sign in with, and their role."""

    user_id: str
    name: str
    role: Role


def accounts(connection: Connection, county: str) -> list[Account]:
    """Every user, by name."""
    table = tables.account
    rows = connection.execute(
        select(table.c.user_id, table.c.profile).where(table.c.county == county)
    )
    found = []
    for row in rows:
        told = json.loads(row.profile)
        found.append(Account(row.user_id, told["name"], Role(told["role"])))
    return sorted(found, key=lambda account: account.name)


def account_of(connection: Connection, county: str, name: str) -> Account | None:
    """The user of a name."""
    return next((a for a in accounts(connection, county) if a.name == name), None)


def keep_account(connection: Connection, county: str, name: str, role: Role) -> Account:
    """Let a user in, or give them another role."""
    known = account_of(connection, county, name)
    account = Account(known.user_id if known else str(uuid7()), name, role)
    drop_account(connection, county, account)
    profile = json.dumps({"name": name, "role": role.value}, ensure_ascii=False)
    connection.execute(
        insert(tables.account).values(county=county, user_id=account.user_id, profile=profile)
    )
    return account


def drop_account(connection: Connection, county: str, account: Account) -> None:
    """Let a user in no more."""
    table = tables.account
    connection.execute(
        delete(table).where(table.c.county == county, table.c.user_id == account.user_id)
    )


def first_account(connection: Connection, county: str, name: str) -> Account:
    """The first user of a new or older database, who may let others in."""
    return keep_account(connection, county, name, Role.ADMINISTRATOR)
