"""A copy of all that a laptop has, on a stick: as encrypted as the data itself, opened by the same passphrase.

A copy is a folder, `ruhu-backup-DEVICE-DAY-TIME`, with the data file and its key file. It is there whole or
not at all. Putting one back takes nothing away: what stood in the data folder is kept beside it.
"""

import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from ruhu.clock import Clock
from ruhu.data_folder import database_of, keys_of
from ruhu.errors import UserError
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.exchange.media_files import MAX_COUNTY_FILE_BYTES, read_regular_file
from ruhu.files.atomic_write import WriteFailed, sync_folder, write_atomic
from ruhu.files.encrypted_sqlite import (
    DatabaseDamaged,
    DatabaseError,
    DiskError,
    disk_failure,
    open_encrypted,
)
from ruhu.files.migration_backup import BACKUP_NAME
from ruhu.i18n import BilingualText
from ruhu.progress import ProgressCallback
from ruhu.store.migrations import level_of, migrate
from ruhu.store.outbox import skip_bundles
from ruhu.store.slips import skip_slips
from ruhu.store.sqlite_driver import Database

PREFIX = "ruhu-backup-"
NAME = re.compile(rf"{PREFIX}([0-9a-f]{{8}})-(\d{{8}}-\d{{6}})", re.IGNORECASE)
PAGES = 256
"""Pages that are copied in one go: a megabyte, between two looks at whether somebody stops it."""
CHUNK_SIZE = 1024 * 1024


class NotBackedUp(UserError):
    """No copy was made; there is nothing of it on the stick, and the data is as it was."""


class NoBackup(UserError):
    """A folder is no copy of a laptop's data, nor holds one."""


class BackupDamaged(UserError):
    """A copy was changed or cut short; nothing of it is taken."""


def backup_name(mark: str, at: datetime) -> str:
    """The name of a copy, made at a time, of the laptop with a mark."""
    return f"{PREFIX}{mark}-{at:%Y%m%d-%H%M%S}"


def write_backup(
    connection: Any, key: bytes, keys: Path, target: Path, name: str, progress: ProgressCallback
) -> Path:
    """Copy an open data file under its key, and its key file, into a new folder of a name in `target`.

    Every page is read back and checked. Returns the folder. Raises `NotBackedUp`, and what `progress` raises.
    """
    part, place = target / f".{name}.part", target / name
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        copy = open_encrypted(database_of(part), key)
        try:
            connection.backup(
                copy, pages=PAGES, progress=lambda _, left, all_: progress(all_ - left, all_)
            )
            copy.execute("pragma journal_mode = delete")
            _verify_pages(copy)
        finally:
            copy.close()
        write_atomic(part / keys.name, keys.read_bytes(), private=True)
        part.replace(place)
        sync_folder(target)
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(
            error,
            DatabaseError | DiskError | DatabaseDamaged | BackupDamaged | WriteFailed | OSError,
        ):
            raise NotBackedUp(
                BilingualText(
                    "备份没有写成：{folder} 写不进去或读回来不对（{why}）；请检查空间和写保护，或换一个U盘。电脑里的数据没有改动",
                    "no backup was made: {folder} takes no more or reads back differently ({why}); check its space "
                    "and write protection, or take another stick. The data on the computer is as it was",
                ).format(folder=target, why=getattr(error, "strerror", None) or error)
            ) from None
        raise
    return place


def find_backup(place: Path) -> Path:
    """The copy that a folder is, or the newest that lies in it. Raises `NoBackup`, also where copies of several
    laptops lie there: only a person knows which is theirs.
    """
    if _is_backup(place):
        return place
    newest: dict[str, Path] = {}
    for each in _inside(place):
        told = NAME.fullmatch(each.name)
        if told is not None and _is_backup(each):
            newest[told[1].lower()] = each
    if len(newest) > 1:
        raise NoBackup(
            BilingualText(
                "{place} 里有几台电脑的备份，请选其中一个文件夹：{names}",
                "{place} holds backups of several laptops, choose the folder of one: {names}",
            ).format(place=place, names=", ".join(sorted(path.name for path in newest.values())))
        )
    if not newest:
        raise NoBackup(
            BilingualText(
                "{place} 里没有备份：请选名为 {prefix}… 的文件夹，或放着它的U盘",
                "there is no backup in {place}: choose the folder called {prefix}…, or the stick it lies on",
            ).format(place=place, prefix=PREFIX)
        )
    return next(iter(newest.values()))


def _inside(place: Path) -> list[Path]:
    """What lies in a folder, by name, and so each laptop's by time; nothing where it cannot be read."""
    try:
        return sorted(place.iterdir())
    except OSError:
        return []


def _is_backup(folder: Path) -> bool:
    return (database_of(folder)).is_file() and keys_of(folder).is_file()


def restore_backup(
    source: Path, folder: Path, passphrase: str, clock: Clock, progress: ProgressCallback
) -> bytes:
    """Put a copy into the data folder `folder`, which nobody else has open; returns the data key.

    What stands there is kept, in a folder `before-restoring-DAY-TIME`. Numbers go on far behind those of the
    copy: the laptop it was made of may have given out the next ones. Raises `WrongPassphrase`, `TooManyTries`,
    `KeyFileDamaged`, `BackupDamaged`, `NewerStore`, `WriteFailed`, and what `progress` raises; then
    all is as it was.
    """
    keys, data = folder / "restoring.json", folder / "restoring.db"
    try:
        write_atomic(keys, read_regular_file(keys_of(source), MAX_COUNTY_FILE_BYTES), private=True)
        key = KeyFile(keys, clock).open(passphrase)
        _copy(database_of(source), data, progress)
        _check_and_migrate(data, key)
        _keep_what_is_there(folder, clock())
        data.replace(database_of(folder))
        sync_folder(folder)
        keys.replace(keys_of(folder))
        sync_folder(folder)
    except OSError as error:
        raise WriteFailed(
            BilingualText(
                "备份没有放回：{source} 读不了，或 {folder} 写不进去（{why}）",
                "the backup was not put back: {source} cannot be read, or {folder} takes no more ({why})",
            ).format(source=source, folder=folder, why=error.strerror or error)
        ) from None
    finally:
        for path in [keys, *(data.with_name(data.name + ending) for ending in BACKUP_NAME)]:
            path.unlink(missing_ok=True)
    return key


def _copy(source: Path, target: Path, progress: ProgressCallback) -> None:
    size, done = source.stat().st_size, 0
    with source.open("rb") as reading, target.open("wb") as writing:
        target.chmod(0o600)
        while piece := reading.read(CHUNK_SIZE):
            writing.write(piece)
            done += len(piece)
            progress(done, size)
        writing.flush()
        os.fsync(writing.fileno())


def _check_and_migrate(data: Path, key: bytes) -> None:
    """Check every page, bring an older program's data up to date, and skip numbers."""
    try:
        connection = open_encrypted(data, key)
    except DatabaseDamaged:
        raise _damaged() from None
    try:
        _verify_pages(connection)
        db = Database(connection)
        if level_of(db) == 0:  # an empty file opens under any key
            raise _damaged()
        migrate(db)
        with db.atomic():
            skip_bundles(db)
            skip_slips(db)
        connection.execute("pragma journal_mode = delete")
    finally:
        connection.close()


def _verify_pages(connection: Any) -> None:
    """The seal of every page, and that no page is missing at the end."""
    try:
        broken = connection.execute("pragma cipher_integrity_check").fetchall()
        told = connection.execute("pragma quick_check(1)").fetchone()
    except DatabaseError as error:
        if disk_failure(error) is not None:
            raise
        raise _damaged() from None
    if broken or told != ("ok",):
        raise _damaged()


def _damaged() -> BackupDamaged:
    return BackupDamaged(
        BilingualText(
            "备份已损坏或不全，没有放回；请换一份备份",
            "the backup is damaged or cut short and was not put back; take another one",
        )
    )


def _keep_what_is_there(folder: Path, at: datetime) -> None:
    """Move a store, or what is left of one, out of the way; the key file first, by which it is known."""
    there = [
        keys_of(folder),
        *(folder / f"{database_of(folder).name}{ending}" for ending in BACKUP_NAME),
    ]
    kept = folder / f"before-restoring-{at.astimezone():%Y%m%d-%H%M%S}"
    for path in there:
        if path.exists():
            kept.mkdir(mode=0o700, exist_ok=True)
            path.replace(kept / path.name)
    sync_folder(folder)
