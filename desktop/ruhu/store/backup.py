"""Back up a laptop's data to a removable medium, and restore it.

A backup is a folder, `ruhu-backup-DEVICE-DAY-TIME`, with the encrypted database and its key file, opened by
the same passphrase. It is written atomically. Restoring deletes nothing: the previous data is kept in a
folder next to it.
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
"""Pages copied between two progress callbacks: one megabyte."""
CHUNK_SIZE = 1024 * 1024


class NotBackedUp(UserError):
    """The backup failed; nothing of it is left on the medium, and the data is unchanged."""


class NoBackup(UserError):
    """A folder neither is nor contains a backup."""


class BackupDamaged(UserError):
    """A backup was changed or cut short; nothing of it is restored."""


def backup_name(device: str, at: datetime) -> str:
    """Return the folder name of a backup."""
    return f"{PREFIX}{device}-{at:%Y%m%d-%H%M%S}"


def write_backup(
    connection: Any, key: bytes, keys: Path, target: Path, name: str, progress: ProgressCallback
) -> Path:
    """Copy an open database and its key file into a new folder `name` in `target`; return the folder.

    Every page is read back and verified. Raises `NotBackedUp`, and what `progress` raises.
    """
    part, folder = target / f".{name}.part", target / name
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        copy = open_encrypted(database_of(part), key)
        try:
            connection.backup(
                copy,
                pages=PAGES,
                progress=lambda _, remaining, total: progress(total - remaining, total),
            )
            copy.execute("pragma journal_mode = delete")
            _verify_pages(copy)
        finally:
            copy.close()
        write_atomic(part / keys.name, keys.read_bytes(), private=True)
        part.replace(folder)
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
                    "the backup failed: {folder} cannot be written or reads back differently ({why}); check its space "
                    "and write protection, or use another USB stick. The data on the computer is unchanged",
                ).format(folder=target, why=getattr(error, "strerror", None) or error)
            ) from None
        raise
    return folder


def find_backup(folder: Path) -> Path:
    """Return `folder` if it is a backup, otherwise the newest backup in it.

    Raises `NoBackup`, also if it contains backups of several laptops: only a person knows which is the right
    one.
    """
    if _is_backup(folder):
        return folder
    newest: dict[str, Path] = {}
    for candidate in _inside(folder):
        match = NAME.fullmatch(candidate.name)
        if match is not None and _is_backup(candidate):
            newest[match[1].lower()] = candidate
    if len(newest) > 1:
        raise NoBackup(
            BilingualText(
                "{folder} 里有几台电脑的备份，请选其中一个文件夹：{names}",
                "{folder} contains backups of several laptops; choose one of these folders: {names}",
            ).format(folder=folder, names=", ".join(sorted(path.name for path in newest.values())))
        )
    if not newest:
        raise NoBackup(
            BilingualText(
                "{folder} 里没有备份：请选名为 {prefix}… 的文件夹，或放着它的U盘",
                "{folder} contains no backup: choose a folder called {prefix}…, or the USB stick with it",
            ).format(folder=folder, prefix=PREFIX)
        )
    return next(iter(newest.values()))


def _inside(folder: Path) -> list[Path]:
    """Return a folder's entries by name, so each laptop's by time; empty if it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_backup(folder: Path) -> bool:
    return (database_of(folder)).is_file() and keys_of(folder).is_file()


def restore_backup(
    source: Path, folder: Path, passphrase: str, clock: Clock, progress: ProgressCallback
) -> bytes:
    """Restore a backup into the data folder `folder`, which must be locked; return the data key.

    The previous data is kept in a folder `before-restoring-DAY-TIME`. Bundle and slip numbers skip ahead: the
    laptop may have used the next ones after the backup. Raises `WrongPassphrase`, `TooManyTries`,
    `KeyFileDamaged`, `BackupDamaged`, `NewerStore`, `WriteFailed`, and what `progress` raises; then nothing
    has changed.
    """
    keys, data = folder / "restoring.json", folder / "restoring.db"
    try:
        write_atomic(keys, read_regular_file(keys_of(source), MAX_COUNTY_FILE_BYTES), private=True)
        key = KeyFile(keys, clock).open(passphrase)
        _copy(database_of(source), data, progress)
        _check_and_migrate(data, key)
        _set_aside(folder, clock())
        data.replace(database_of(folder))
        sync_folder(folder)
        keys.replace(keys_of(folder))
        sync_folder(folder)
    except OSError as error:
        raise WriteFailed(
            BilingualText(
                "备份没有放回：{source} 读不了，或 {folder} 写不进去（{why}）",
                "the backup was not restored: {source} cannot be read, or {folder} cannot be written ({why})",
            ).format(source=source, folder=folder, why=error.strerror or error)
        ) from None
    finally:
        for path in [keys, *(data.with_name(data.name + ending) for ending in BACKUP_NAME)]:
            path.unlink(missing_ok=True)
    return key


def _copy(source: Path, target: Path, progress: ProgressCallback) -> None:
    size, done = source.stat().st_size, 0
    with source.open("rb") as reader, target.open("wb") as writer:
        target.chmod(0o600)
        while chunk := reader.read(CHUNK_SIZE):
            writer.write(chunk)
            done += len(chunk)
            progress(done, size)
        writer.flush()
        os.fsync(writer.fileno())


def _check_and_migrate(data: Path, key: bytes) -> None:
    """Verify every page, migrate the database and skip numbers."""
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
    """Verify the authentication code of every page, and that no page is missing at the end."""
    try:
        broken = connection.execute("pragma cipher_integrity_check").fetchall()
        check = connection.execute("pragma quick_check(1)").fetchone()
    except DatabaseError as error:
        if disk_failure(error) is not None:
            raise
        raise _damaged() from None
    if broken or check != ("ok",):
        raise _damaged()


def _damaged() -> BackupDamaged:
    return BackupDamaged(
        BilingualText(
            "备份已损坏或不全，没有放回；请换一份备份",
            "the backup is damaged or incomplete and was not restored; use another one",
        )
    )


def _set_aside(folder: Path, at: datetime) -> None:
    """Move the existing store, or what is left of one, to a folder of its own; the key file first, as it
    marks a store.
    """
    paths = [
        keys_of(folder),
        *(folder / f"{database_of(folder).name}{ending}" for ending in BACKUP_NAME),
    ]
    kept_in = folder / f"before-restoring-{at.astimezone():%Y%m%d-%H%M%S}"
    for path in paths:
        if path.exists():
            kept_in.mkdir(mode=0o700, exist_ok=True)
            path.replace(kept_in / path.name)
    sync_folder(folder)
