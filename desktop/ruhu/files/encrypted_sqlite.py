"""Open an SQLite file that is encrypted as a whole, with the raw key from its key file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3

from ruhu.errors import UserError
from ruhu.i18n import BilingualText

DatabaseError = sqlcipher3.dbapi2.DatabaseError
OperationalError = sqlcipher3.dbapi2.OperationalError


class NotEncrypted(UserError):
    """The installed driver would write plain text; nothing is opened."""


class DatabaseDamaged(UserError):
    """The key is right, but the database cannot be read."""


class DiskError(UserError):
    """The disk is full or fails; everything saved before is safe."""


_DISK = ("full", "disk I/O", "readonly", "unable to open")


def disk_failure(error: BaseException | None) -> DiskError | None:
    """Return the error to show for a driver's error caused by the disk, `None` for any other."""
    message = str(error)
    if not isinstance(error, OperationalError) or not any(part in message for part in _DISK):
        return None
    return DiskError(
        BilingualText(
            "存不进去（{why}）：请检查磁盘空间和写保护后再试；之前保存的都在",
            "cannot save ({why}): check the disk's space and write protection and try again; "
            "everything saved before is safe",
        ).format(why=message)
    )


@contextmanager
def translate_disk_errors() -> Iterator[None]:
    """Raise `DiskError` in place of a driver's error caused by the disk."""
    try:
        yield
    except OperationalError as error:
        failure = disk_failure(error)
        if failure is None:
            raise
        raise failure from None


def require_encryption(connection: Any) -> None:
    """Raise `NotEncrypted` unless the connection's driver is SQLCipher."""
    version = connection.execute("pragma cipher_version").fetchone()
    if not version or not version[0]:
        connection.close()
        raise NotEncrypted(
            BilingualText(
                "缺少加密数据库驱动（SQLCipher），为保护个人信息不予打开；请重新安装程序",
                "the encrypted database driver (SQLCipher) is missing; to protect personal data "
                "nothing was opened. Install the program again",
            )
        )


def open_encrypted(path: Path, key: bytes) -> Any:
    """Connect to the file with a key of 32 bytes, durable and in write-ahead mode.

    Raises `NotEncrypted` if the driver is not SQLCipher, `DiskError`, and `DatabaseDamaged` if the file is
    not a database under this key.
    """
    with translate_disk_errors():
        connection = sqlcipher3.connect(str(path), check_same_thread=False)
    require_encryption(connection)
    connection.execute(f"pragma key = \"x'{key.hex()}'\"")
    try:
        with translate_disk_errors():
            connection.execute("select count(*) from sqlite_master").fetchone()
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute("pragma temp_store = memory")
            connection.execute("pragma foreign_keys = on")
    except DiskError:
        connection.close()
        raise
    except DatabaseError:
        connection.close()
        raise DatabaseDamaged(
            BilingualText(
                "数据文件 {path} 已损坏，口令没有问题；请从备份恢复，或把整个数据文件夹交县里处理",
                "the data file {path} is damaged, the passphrase is right; restore a backup or "
                "take the whole data folder to the county",
            ).format(path=path)
        ) from None
    return connection
