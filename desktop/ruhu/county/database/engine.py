"""The database of a county: an encrypted SQLite file, or PostgreSQL by URL.

In either, one transaction writes at a time in a county, and readers do not wait for it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    QueuePool,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import OperationalError as NotReached
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from ruhu.county.database.column_encryption import ColumnCipher, use_cipher
from ruhu.errors import UserError
from ruhu.files.encrypted_sqlite import disk_failure, open_encrypted
from ruhu.i18n import BilingualText

POSTGRESQL = "postgresql+psycopg"
LOCK_TIMEOUT_S = 60
Location = Path | URL


class DatabaseNotReached(UserError):
    """The database server does not answer, or refuses the connection."""


def read_location(text_: str | Path) -> Location:
    """Read a path or the URL of a PostgreSQL database. Raises `UserError` for other URLs."""
    if isinstance(text_, Path) or "://" not in text_:
        return Path(text_)
    try:
        url = make_url(text_)
    except ArgumentError:
        url = None
    if url is not None and url.drivername in ("postgresql", POSTGRESQL):
        return url.set(drivername=POSTGRESQL)
    raise UserError(
        BilingualText(
            "数据库地址应为文件，或 postgresql+psycopg://用户@主机/库名",
            "the database must be a file, or postgresql+psycopg://USER@HOST/NAME",
        )
    )


def display_name(where: Location) -> str:
    """Return the name of a database for people: its file name, or its URL without a password."""
    return where.name if isinstance(where, Path) else where.render_as_string(hide_password=True)


def _sqlite(path: Path, key: bytes) -> Engine:
    def connect() -> Any:
        connection = open_encrypted(path, key)
        connection.isolation_level = None  # `_begin` starts transactions
        connection.execute(f"pragma busy_timeout = {LOCK_TIMEOUT_S * 1000}")
        return connection

    # SQLAlchemy only wraps the errors of a driver that it knows.
    driver = sqlcipher3.dbapi2
    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


CONNECT_OPTIONS = {"connect_timeout": 10}


def locked_engine(url: URL) -> Engine:
    """Return an engine to read a PostgreSQL database before its data key is known.

    It pools no connections.
    """
    return create_engine(url, poolclass=NullPool, connect_args=CONNECT_OPTIONS)


class Database:
    """The open tables of a county. One transaction writes at a time, across all processes."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine, self.name, self.county = engine, name, ""
        self._writer = threading.Lock()

    @classmethod
    def open(cls, where: Location, key: bytes) -> "Database":
        """Open with the data key of 32 bytes. Raises `DatabaseDamaged`, `DatabaseNotReached`."""
        if isinstance(where, Path):
            engine = _sqlite(where, key)
        else:
            # No prepared statements: the server would keep plans made while tables were small.
            connecting = {**CONNECT_OPTIONS, "prepare_threshold": None}
            engine = create_engine(where, pool_pre_ping=True, connect_args=connecting)
            use_cipher(engine.dialect, ColumnCipher(key))
        return cls(engine, display_name(where))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that sees one snapshot of the tables."""
        with translate_errors(), self.engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the county's only write transaction; it is rolled back if the block raises."""
        engine = self.engine.execution_options(writes=True)
        with self._writer, translate_errors(), engine.begin() as connection:
            if connection.dialect.name != "sqlite":
                lock = text("select pg_advisory_xact_lock(hashtext('ruhu'), :county)")
                connection.execute(lock, {"county": int(self.county or 0)})
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


_PROGRAM_FAULTS = ("no such", "syntax error", "has no column")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Translate errors of the driver. Raises `DatabaseNotReached`, `DiskError`."""
    try:
        yield
    except NoConnectionFree:
        raise DatabaseNotReached(
            BilingualText(
                "数据库太忙：没有空闲的连接", "the database is too busy: no connection is free"
            )
        ) from None
    except DBAPIError as error:
        failure = disk_failure(error.orig)
        if failure is not None:
            raise failure from None
        message = (str(error.orig).splitlines() or [""])[0][:200]
        is_unreachable = isinstance(error, NotReached) or error.connection_invalidated
        if not is_unreachable or any(fault in message for fault in _PROGRAM_FAULTS):
            raise
        raise DatabaseNotReached(
            BilingualText("数据库用不了：{why}", "the database does not answer: {why}").format(
                why=message
            )
        ) from None
