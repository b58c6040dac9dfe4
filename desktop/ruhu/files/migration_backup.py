"""A copy of an encrypted database, made before a newer program changes its tables.

It lies beside the database as `NAME.LEVEL.before-VERSION.db`, under the same key. It is there whole or not at
all, so whoever finds it may put it back.
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
    """No copy could be made; the database is as it was."""


def back_up_before_migration(connection: Any, database: Path, key: bytes, level: str) -> Path:
    """Copy an open database at a level of its tables, under its key of 32 bytes; where the copy is.

    Raises `NotCopied`; then there is none.
    """
    place = database.with_name(f"{database.stem}.{level}.before-{__version__}{database.suffix}")
    part = place.with_name(f"{place.name}.part")
    _drop(part)
    try:
        copy = open_encrypted(part, key)
        try:
            connection.backup(copy)
            copy.execute("pragma journal_mode = delete")
        finally:
            copy.close()
        part.replace(place)
        sync_folder(place.parent)
    except (DatabaseError, DiskError, OSError) as error:
        _drop(part)
        raise NotCopied(
            BilingualText(
                "升级数据前要先留一份副本，但写不下（{why}）；请腾出空间，数据没有改动",
                "data is copied before a newer program changes it, and there is no room ({why}); "
                "make some, nothing was changed",
            ).format(why=error)
        ) from None
    return place


def copy_before(database: Path, version: str) -> Path | None:
    """The copy that a version of the program made before it changed the database."""
    stem, end = re.escape(database.stem), re.escape(f"{version}{database.suffix}")
    named = re.compile(rf"{stem}\.v(\d+)\.before-{end}")
    there = (
        (named.fullmatch(path.name), path) for path in database.parent.glob(f"*.before-{version}*")
    )
    found = {int(match[1]): path for match, path in there if match}
    return found[max(found)] if found else None


def restore_backup(database: Path, version: str) -> Path | None:
    """Put the copy that a version made in the database's place; where the changed one is kept.

    Returns `None` and does nothing where there is no copy. There is a database at any moment, so that
    nobody takes its place for an empty one; done again after a cut, it goes on. Raises `WriteFailed`;
    the database is the changed one then.
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
                "the copy from before cannot be put back ({why}); make room and try again, all data "
                "is there",
            ).format(why=error.strerror or error)
        ) from None
    return aside


def _exchange(database: Path, copy: Path, aside: Path) -> None:
    """Put a copy in a database's place, which is kept aside."""
    log = database.with_name(f"{database.name}-wal")
    for file, kept in ((log, aside.with_name(f"{aside.name}-wal")), (database, aside)):
        if file.exists():
            _keep_beside(file, kept)
    for ending in ("-wal", "-shm"):  # another database's log must not be read into the copy
        database.with_name(database.name + ending).unlink(missing_ok=True)
    copy.replace(database)
    sync_folder(database.parent)


def _keep_beside(file: Path, place: Path) -> None:
    """Give a file a second name; where the disk has none, as on a stick, a second file."""
    try:
        place.hardlink_to(file)
    except OSError:
        part = place.with_name(f"{place.name}.part")
        with file.open("rb") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(place)


def _unused(database: Path, version: str) -> Path:
    number = 1
    while True:
        place = database.with_name(f"{database.stem}.of-{version}-{number}{database.suffix}")
        if not place.exists():
            return place
        number += 1


def _drop(part: Path) -> None:
    for ending in BACKUP_NAME:
        part.with_name(part.name + ending).unlink(missing_ok=True)
