"""Copy an encrypted database before a migration, and restore the copy.

The copy is `NAME.LEVEL.before-VERSION.db` in the same folder, under the same key. It is written atomically,
so any copy found can be restored.
"""

import os
import re
import shutil
from pathlib import Path
from typing import Any

from ruhu import __version__
from ruhu.errors import UserError
from ruhu.files.atomic_write import WriteFailed, sync_folder
from ruhu.files.encrypted_sqlite import DatabaseError, DiskError, open_encrypted
from ruhu.i18n import BilingualText

BACKUP_NAME = ("", "-wal", "-shm")


class NotCopied(UserError):
    """The copy could not be made; the database is unchanged."""


def back_up_before_migration(connection: Any, database: Path, key: bytes, level: str) -> Path:
    """Copy an open database under its key of 32 bytes; return the path of the copy.

    `level` names the version of its tables. Raises `NotCopied`; then no copy is left.
    """
    target = database.with_name(f"{database.stem}.{level}.before-{__version__}{database.suffix}")
    part = target.with_name(f"{target.name}.part")
    _drop(part)
    try:
        copy = open_encrypted(part, key)
        try:
            connection.backup(copy)
            copy.execute("pragma journal_mode = delete")
        finally:
            copy.close()
        part.replace(target)
        sync_folder(target.parent)
    except (DatabaseError, DiskError, OSError) as error:
        _drop(part)
        raise NotCopied(
            BilingualText(
                "升级数据前要先留一份副本，但写不下（{why}）；请腾出空间后再试，数据没有改动",
                "cannot copy the data before updating it ({why}); free some space and try again; "
                "the data has not changed",
            ).format(why=error)
        ) from None
    return target


def copy_before(database: Path, version: str) -> Path | None:
    """Return the copy that a version of the program made before it migrated the database."""
    stem, end = re.escape(database.stem), re.escape(f"{version}{database.suffix}")
    pattern = re.compile(rf"{stem}\.v(\d+)\.before-{end}")
    candidates = (
        (pattern.fullmatch(path.name), path)
        for path in database.parent.glob(f"*.before-{version}*")
    )
    copies = {int(match[1]): path for match, path in candidates if match}
    return copies[max(copies)] if copies else None


def restore_backup(database: Path, version: str) -> Path | None:
    """Replace the database by the copy that a version made; return where the replaced one is kept.

    Returns `None` and does nothing if there is no copy. A database exists at every moment, so that nobody
    mistakes the folder for an empty one. After an interruption it can be run again. Raises `WriteFailed`;
    then the migrated database is in place.
    """
    copy = copy_before(database, version)
    if copy is None:
        return None
    aside = _unused(database, version)
    try:
        _exchange(database, copy, aside)
    except OSError as error:
        raise WriteFailed(
            BilingualText(
                "升级前的副本放不回去（{why}）；请腾出空间再试，数据都在",
                "cannot restore the copy made before the update ({why}); free some space and try "
                "again; no data is lost",
            ).format(why=error.strerror or error)
        ) from None
    return aside


def _exchange(database: Path, copy: Path, aside: Path) -> None:
    """Replace a database by a copy and keep the replaced one."""
    log = database.with_name(f"{database.name}-wal")
    for file, kept in ((log, aside.with_name(f"{aside.name}-wal")), (database, aside)):
        if file.exists():
            _keep_copy(file, kept)
    for ending in ("-wal", "-shm"):  # another database's log must not be read into the copy
        database.with_name(database.name + ending).unlink(missing_ok=True)
    copy.replace(database)
    sync_folder(database.parent)


def _keep_copy(file: Path, link: Path) -> None:
    """Give a file a second name, or copy it where the disk has no hard links."""
    try:
        link.hardlink_to(file)
    except OSError:
        part = link.with_name(f"{link.name}.part")
        with file.open("rb") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(link)


def _unused(database: Path, version: str) -> Path:
    number = 1
    while True:
        path = database.with_name(f"{database.stem}.of-{version}-{number}{database.suffix}")
        if not path.exists():
            return path
        number += 1


def _drop(part: Path) -> None:
    for ending in BACKUP_NAME:
        part.with_name(part.name + ending).unlink(missing_ok=True)
