"""Lock, create, open and restore a data folder, up to its open database."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ruhu.clock import Clock
from ruhu.data_folder import database_of, keys_of, lock_of, store_exists
from ruhu.errors import UserError
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.exchange.keys.key_wrap import HashCost
from ruhu.files.encrypted_sqlite import DatabaseError, translate_disk_errors
from ruhu.files.migration_backup import back_up_before_migration
from ruhu.i18n import BilingualText
from ruhu.progress import ProgressCallback
from ruhu.store.migrations import VERSION, level_of, migrate
from ruhu.store.sqlite_driver import Database, connect


class StoreInUse(UserError):
    """Another process has the data folder open."""


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """A locked data folder with its open database and its data key."""

    folder: Path
    database: Database
    key: bytes
    lock: FileLock

    def close(self) -> None:
        """Close the database and release the lock."""
        with contextlib.suppress(DatabaseError):
            self.database.execute("pragma wal_checkpoint(truncate)")
        self.database.close()
        self.lock.release()


def create_folder(folder: Path, passphrase: str, clock: Clock, cost: HashCost) -> OpenFolder:
    """Create the key file and the database. Raises what `Store.create` raises."""
    if store_exists(folder):
        raise UserError(
            BilingualText("{folder} 里已有数据", "{folder} already contains data").format(
                folder=folder
            )
        )
    return _open_locked(folder, lambda: KeyFile(keys_of(folder), clock, cost).create(passphrase))


def open_folder(folder: Path, passphrase: str, clock: Clock) -> OpenFolder:
    """Open an existing data folder. Raises what `Store.open` raises."""
    if not store_exists(folder):
        raise UserError(
            BilingualText(
                "{folder} 里还没有数据，请先打开程序建立口令",
                "there is no data in {folder}; open the app first and choose a passphrase",
            ).format(folder=folder)
        )
    return _open_locked(folder, lambda: KeyFile(keys_of(folder), clock).open(passphrase))


def restore_folder(
    backup: Path, folder: Path, passphrase: str, clock: Clock, progress: ProgressCallback
) -> OpenFolder:
    """Put a backup into the data folder and open it. Raises what `Store.restore` raises."""
    from ruhu.store.backup import find_backup, restore_backup

    source = find_backup(backup)
    return _open_locked(folder, lambda: restore_backup(source, folder, passphrase, clock, progress))


def _open_locked(folder: Path, obtain_key: Callable[[], bytes]) -> OpenFolder:
    lock = _lock_folder(folder)
    try:
        key = obtain_key()
        return OpenFolder(folder, _open_database(folder, key), key, lock)
    except BaseException:
        lock.release()
        raise


def _open_database(folder: Path, key: bytes) -> Database:
    """Open the database; migrate one of an older program after copying it."""
    path = database_of(folder)
    db = connect(path, key)
    try:
        with translate_disk_errors():
            level = level_of(db)
            if 0 < level < VERSION:
                back_up_before_migration(db.conn, path, key, f"v{level}")
            migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _lock_folder(folder: Path) -> FileLock:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(lock_of(folder))
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreInUse(
            BilingualText(
                "数据文件夹 {folder} 正被另一个入户程序使用，请先关闭它",
                "the data folder {folder} is open in another Ruhu; close that first",
            ).format(folder=folder)
        ) from None
    except OSError as error:
        raise UserError(
            BilingualText(
                "数据文件夹 {folder} 打不开（{why}）", "{folder} cannot be opened ({why})"
            ).format(folder=folder, why=error.strerror)
        ) from None
    return lock
