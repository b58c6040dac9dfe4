"""Migrations of the county's tables, on SQLite and PostgreSQL alike.

Each module in `versions` is one step of Alembic: `NNNN_what.py` with `revision = "NNNN"`, the
number before it as `down_revision`, and an `upgrade()`. A step is frozen once it is released. It
imports none of the program's tables, only `sealed()` for columns of personal data.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ruhu.county.database.column_encryption import EncryptedBytes, EncryptedText
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

FOLDER = Path(__file__).parent


class NewerDatabase(UserError):
    """The database was written by a newer program; it is left unchanged."""


def sealed(purpose: str) -> EncryptedText:
    """Return the type of an encrypted text column; `purpose` is TABLE.COLUMN."""
    return EncryptedText(purpose)


def sealed_bytes(purpose: str) -> EncryptedBytes:
    """Return the type of an encrypted column of bytes; `purpose` is TABLE.COLUMN."""
    return EncryptedBytes(purpose)


def versions() -> list[str]:
    """Return the numbers of all steps, in order."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def version_of(connection: Connection) -> str | None:
    """Return a database's step, `None` if it is empty or older than the steps."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("select version_num from alembic_version")).scalar()
    return None if version is None else str(version)


def is_older(connection: Connection) -> bool:
    """Return whether a database with tables lacks steps that this program has."""
    at = version_of(connection)
    return at in versions()[:-1] or (at is None and bool(inspect(connection).get_table_names()))


def migrate(connection: Connection) -> None:
    """Migrate a database to the newest step in the current transaction. Raises `NewerDatabase`."""
    steps, version = versions(), version_of(connection)
    if version == steps[-1]:
        return
    if version is not None and version not in steps:
        raise NewerDatabase(
            BilingualText(
                "数据库由更新版本的程序写成（{at}），请升级本程序",
                "the database was written by a newer version ({at}); update this program",
            ).format(at=version)
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
