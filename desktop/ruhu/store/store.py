"""The laptop's store: everything in one encrypted file.

Used from one thread. Every change is durable when its method returns.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ruhu.clock import Clock, utc_now
from ruhu.data_folder import keys_of
from ruhu.exchange.keys.device import DevicePublic
from ruhu.exchange.keys.key_wrap import STANDARD_COST, HashCost
from ruhu.exchange.keys.rotation import rotate
from ruhu.progress import ProgressCallback, no_progress
from ruhu.store.attachments import Attachments
from ruhu.store.identity import Identity
from ruhu.store.opening import OpenFolder, create_folder, open_folder, restore_folder
from ruhu.store.outbox import Outbox
from ruhu.store.records import Records
from ruhu.store.replies import Replies
from ruhu.store.settings import Settings
from ruhu.store.slips import Slips
from ruhu.store.sqlite_driver import Database, transaction
from ruhu.store.standards import StandardsShelf


class Store:
    """An open data folder. Use `create`, `open` or `restore` to get one."""

    def __init__(self, opened: OpenFolder, clock: Clock) -> None:
        self._opened, self._clock = opened, clock
        db, folder = opened.database, opened.folder
        self.settings = Settings(db)
        self.identity = Identity(self.settings, folder, opened.key, clock)
        self.records = Records(db, self.settings, self.identity, clock)
        self.attachments = Attachments(db)
        self.outbox = Outbox(db, self.settings, self.identity, clock)
        self.replies = Replies(db, self.settings, clock)
        self.slips = Slips(db, self.records, self.identity, clock)
        self.standards = StandardsShelf(self.settings, self.identity)

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        *,
        surveyor: str = "",
        clock: Clock = utc_now,
        cost: HashCost = STANDARD_COST,
    ) -> Self:
        """Create a store. Raises `WeakPassphrase`, `StoreInUse`, `WriteFailed`, and `UserError` if the folder
        already has one.
        """
        store = cls._start(create_folder(folder, passphrase, clock, cost), clock)
        store.identity.surveyor = surveyor
        return store

    @classmethod
    def open(cls, folder: Path, passphrase: str, *, clock: Clock = utc_now) -> Self:
        """Open a store.

        Raises `WrongPassphrase`, `TooManyTries`, `KeyFileDamaged`, `DatabaseDamaged`, `StoreInUse`,
        `NewerStore`, `NotEncrypted` and `DiskError`; `NotCopied` if there is no space for the copy that
        is made before a migration.
        """
        return cls._start(open_folder(folder, passphrase, clock), clock)

    @classmethod
    def restore(
        cls,
        backup: Path,
        folder: Path,
        passphrase: str,
        *,
        progress: ProgressCallback = no_progress,
        clock: Clock = utc_now,
    ) -> Self:
        """Restore a backup that `back_up` made, and open it. The previous data is kept in a folder next to it.

        Raises `StoreInUse`, and what `find_backup` and `restore_backup` raise; then nothing has changed.
        """
        return cls._start(restore_folder(backup, folder, passphrase, clock, progress), clock)

    @classmethod
    def _start(cls, opened: OpenFolder, clock: Clock) -> Self:
        try:
            return cls(opened, clock)
        except BaseException:
            opened.close()
            raise

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._opened.folder

    @property
    def database(self) -> Database:
        """The open database, for tools that check the file itself."""
        return self._opened.database

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several changes atomically. Raises `DiskError`."""
        with transaction(self._opened.database):
            yield

    def rotate_device_key(self) -> DevicePublic:
        """Replace the device key; every later bundle carries the old key's signature for the new one."""
        sequence, _ = self.outbox.last_bundle()
        self.identity.replace_device_key(rotate(self.identity.device_key, sequence, self._clock()))
        return self.identity.device

    def back_up(self, target: Path, *, progress: ProgressCallback = no_progress) -> Path:
        """Copy everything, with open visits and photos, into a new folder in `target`; return that folder.

        Raises `NotBackedUp`, and what `progress` raises.
        """
        from ruhu.exchange.media_files import device_suffix
        from ruhu.store.backup import backup_name, write_backup

        name = backup_name(device_suffix(self.identity.device_id), self._clock().astimezone())
        return write_backup(
            self.database.conn, self._opened.key, keys_of(self.folder), target, name, progress
        )

    def close(self) -> None:
        """Close the store and release its lock."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
