"""The county's tables from version to version, on SQLite and PostgreSQL alike.

Each module in `versions` is one step of Alembic: `NNNN_what.py` with `revision = "NNNN"`, the
number before it as `down_revision`, and an `upgrade()`. A step is frozen once it is released and
imports no table of ours, only `sealed()` for columns that tell of persons.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ruhu.county.database.column_encryption import EncryptedBytes, EncryptedText
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

FOLDER = Path(__file__).parent


class NewerDatabase(UserError):
    """The database was written by a newer program; this one leaves it alone."""


def sealed(purpose: str) -> EncryptedText:
    """The type of a text column that tells of persons; `purpose` is TABLE.COLUMN."""
    return EncryptedText(purpose)


def sealed_bytes(purpose: str) -> EncryptedBytes:
    """The type of a column of bytes that tell of persons; `purpose` is TABLE.COLUMN."""
    return EncryptedBytes(purpose)


def versions() -> list[str]:
    """The numbers of all steps, in order."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def version_of(connection: Connection) -> str | None:
    """The step that a database is at; `None` for an empty one or one older than the steps."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("select version_num from alembic_version")).scalar()
    return None if found is None else str(found)


def is_older(connection: Connection) -> bool:
    """Whether a database with tables waits for steps that this program knows."""
    at = version_of(connection)
    return at in versions()[:-1] or (at is None and bool(inspect(connection).get_table_names()))


def migrate(connection: Connection) -> None:
    """Take a database to the newest step, in the transaction at hand. Raises `NewerDatabase`."""
    known, at = versions(), version_of(connection)
    if at == known[-1]:
        return
    if at is not None and at not in known:
        raise NewerDatabase(
            BilingualText(
                "数据库由更新版本的程序写成（{at}），请升级本程序",
                "the database was written by a newer program ({at}); update this one",
            ).format(at=at)
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
