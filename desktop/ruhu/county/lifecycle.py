"""Creating, opening and recovering a county's database: keys, tables and sign-in."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, inspect, select

from ruhu.county.access.accounts import Account, account_of, accounts, first_account, save_account
from ruhu.county.access.keyring import FileStorage, Keyring, TableStorage, only_user
from ruhu.county.access.permissions import Role
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.database.engine import (
    Database,
    Location,
    display_name,
    locked_engine,
    translate_errors,
)
from ruhu.county.database.migrations import is_older, migrate, version_of
from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic, CountySecrets
from ruhu.exchange.keys.key_wrap import STANDARD_COST, HashCost
from ruhu.files.encrypted_sqlite import open_encrypted
from ruhu.files.migration_backup import back_up_before_migration
from ruhu.i18n import BilingualText


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """An open database: the county's public keys and identity, and the user who opened it."""

    database: Database
    keyring: Keyring
    public: CountyPublic
    identity: str
    user: Account
    key: bytes


def create(
    where: Location,
    passphrase: str,
    *,
    county: str,
    name: str,
    user: str,
    cost: HashCost = STANDARD_COST,
) -> tuple[OpenDatabase, str]:
    """Create a county's database and keys; its first user is the administrator.

    Returns the open database and the recovery identity, which is saved nowhere else. Raises
    `UserError` if the county exists already, `WeakPassphrase`, `WriteFailed`, `DatabaseNotReached`.
    """
    if not (len(county) == 6 and county.isascii() and county.isdigit()):
        raise UserError(
            BilingualText(
                "县代码“{county}”：应为6位数字", "county code “{county}”: must be 6 digits"
            ).format(county=county)
        )
    _refuse_existing(where, county)
    key = secrets.token_bytes(32)
    secret_keys, public, recovery = CountySecrets.generate(county, name)
    keyring = _keyring(where, county, cost)
    if isinstance(where, Path):
        keyring.put(user, key, passphrase)
    database = Database.open(where, key)
    with database.writing() as connection:
        migrate(connection)
        connection.execute(
            insert(tables.county).values(
                county=county,
                public=public.model_dump_json(),
                seal_identity=secret_keys.seal_identity,
                signing_secret=secret_keys.signing_secret.hex(),
            )
        )
        account = first_account(connection, county, user)
        Transaction(connection, county, user, datetime.now(UTC)).log(
            "create county", {"name": name}
        )
    if not isinstance(where, Path):
        keyring.put(user, key, passphrase)
    keyring.wrap_for_recovery(key, public.recovery)
    database.county = county
    return OpenDatabase(
        database, keyring, public, secret_keys.seal_identity, account, key
    ), recovery


def open_database(where: Location, passphrase: str, *, user: str, county: str) -> OpenDatabase:
    """Open a county's database; without a name, as its only user. `county` chooses one of several.

    The file of an older program is backed up before its tables are migrated. Raises
    `WrongPassphrase`, `TooManyTries`, `KeyFileDamaged`, `DatabaseDamaged`, `DatabaseNotReached`,
    `NewerDatabase`, `NotCopied`; `UserError` if there is no such county.
    """
    counties = counties_in(where)
    if not counties or (county and county not in counties):
        raise UserError(
            BilingualText(
                "没有 {path}，请先运行 ruhu county init",
                "{path} does not exist; run ruhu county init first",
            ).format(path=f"{display_name(where)} {county}".strip())
        )
    if len(counties) > 1 and not county:
        raise UserError(
            BilingualText(
                "库里有多个县，请写明县代码",
                "the database has several counties; give the county code",
            )
        )
    keyring = _keyring(where, county or counties[0])
    user_name = user or only_user(keyring.users())
    key = keyring.open(user_name, passphrase)
    with _unlock(where, key, county or counties[0]) as (database, connection, row):
        account = account_of(connection, row.county, user_name)
        if account is None and not accounts(connection, row.county):
            account = first_account(
                connection, row.county, user_name
            )  # a database from before there were users
        if account is None:
            raise UserError(
                BilingualText("用户 {user} 已停用", "user {user} was removed").format(
                    user=user_name
                )
            )
    public = CountyPublic.model_validate_json(row.public)
    if not keyring.has_recovery():
        keyring.wrap_for_recovery(key, public.recovery)
    return OpenDatabase(database, keyring, public, row.seal_identity, account, key)


def recover(where: Location, identity: str, *, user: str, passphrase: str) -> OpenDatabase:
    """Open with the recovery identity; `user` becomes an administrator with a new password.

    Raises `WrongPassphrase` for another identity, `WeakPassphrase`, and what `open_database`
    raises.
    """
    counties = counties_in(where)
    if len(counties) != 1:
        raise UserError(
            BilingualText("没有可恢复的县", "the database must have exactly one county to recover")
        )
    keyring = _keyring(where, counties[0])
    key = keyring.recover(identity)
    with _unlock(where, key, counties[0]) as (database, connection, row):
        account = save_account(connection, row.county, user, Role.ADMINISTRATOR)
        Transaction(connection, row.county, user, datetime.now(UTC)).log("recover", {"user": user})
        keyring.put(user, key, passphrase)
    public = CountyPublic.model_validate_json(row.public)
    return OpenDatabase(database, keyring, public, row.seal_identity, account, key)


@contextmanager
def _unlock(where: Location, key: bytes, county: str) -> Iterator[tuple[Database, Connection, Any]]:
    """Yield the migrated database, a connection in a transaction, and the county's row."""
    database = Database.open(where, key)
    database.county = county
    try:
        with database.writing() as connection:
            if isinstance(where, Path) and is_older(connection):
                _back_up(where, key, version_of(connection))
            migrate(connection)
            query = select(tables.county)
            if county:
                query = query.where(tables.county.c.county == county)
            row = connection.execute(query).one()
            database.county = row.county
            yield database, connection, row
    except BaseException:
        database.close()
        raise


def _back_up(where: Path, key: bytes, version: str | None) -> None:
    """Back a file up through a second connection, which sees it before the open transaction."""
    reader = open_encrypted(where, key)
    try:
        back_up_before_migration(reader, where, key, f"v{version or '0000'}")
    finally:
        reader.close()


def counties_in(where: Location) -> list[str]:
    """Return the codes of a database's counties; one empty code for a file not opened yet."""
    if isinstance(where, Path):
        return [""] if where.exists() else []
    with translate_errors(), locked_engine(where).connect() as connection:
        if not inspect(connection).has_table("county"):
            return []
        return list(connection.execute(select(tables.county.c.county)).scalars())


def _keyring(where: Location, county: str, cost: HashCost = STANDARD_COST) -> Keyring:
    if isinstance(where, Path):
        return Keyring(FileStorage(where), cost=cost)
    return Keyring(TableStorage(locked_engine(where), county), cost=cost)


def _refuse_existing(where: Location, county: str) -> None:
    existing = counties_in(where)
    if isinstance(where, Path) and existing:
        raise UserError(
            BilingualText("{path} 已经存在", "{path} exists already").format(path=where)
        )
    if county in existing:
        raise UserError(
            BilingualText("{path} 里已有县 {county}", "{path} already has county {county}").format(
                path=display_name(where), county=county
            )
        )
