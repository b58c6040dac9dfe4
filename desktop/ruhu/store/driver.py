"""The encrypted SQLite driver, in place before sqlite-utils looks for one.

sqlite-utils prefers a module called `pysqlite3` over the standard library's and catches that
driver's errors. Handing it SQLCipher under this name (private behaviour, pinned by a test) makes
`alter=True` and the like work on the encrypted connection.
"""

import sys
from pathlib import Path

import sqlcipher3

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

from sqlite_utils import Database  # noqa: E402
from sqlite_utils.db import sqlite3 as chosen_driver  # noqa: E402

from ruhu.survey.text import Text, UserError  # noqa: E402

DatabaseError = sqlcipher3.dbapi2.DatabaseError
OperationalError = sqlcipher3.dbapi2.OperationalError


class NotEncrypted(UserError):
    """The driver at hand would write plain text; nothing is opened."""


class StoreDamaged(UserError):
    """The key opens, but the database does not."""


def connect(path: Path, key: bytes) -> Database:
    """Open the database at `path` with a raw key of 32 bytes, durable and in write-ahead mode.

    Raises `NotEncrypted` when the driver is not SQLCipher and `StoreDamaged` when the file is no
    database under this key.
    """
    connection = sqlcipher3.connect(str(path), check_same_thread=False, isolation_level="IMMEDIATE")
    version = connection.execute("pragma cipher_version").fetchone()
    if not version or not version[0] or chosen_driver.connect is not sqlcipher3.connect:
        connection.close()
        raise NotEncrypted(
            Text(
                "缺少加密数据库驱动（SQLCipher），为保护个人信息不予打开；请重新安装程序",
                "the encrypted database driver (SQLCipher) is missing; to protect personal data "
                "nothing is opened. Install the program again",
            )
        )
    connection.execute(f"pragma key = \"x'{key.hex()}'\"")
    try:
        connection.execute("select count(*) from sqlite_master").fetchone()
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma temp_store = memory")
        connection.execute("pragma foreign_keys = on")
    except DatabaseError:
        connection.close()
        raise StoreDamaged(
            Text(
                "数据文件 {path} 已损坏，口令没有问题；请从备份恢复，或把整个数据文件夹交县里处理",
                "the data file {path} is damaged, the passphrase is right; restore a backup or "
                "take the whole data folder to the county",
            ).format(path=path)
        ) from None
    return Database(connection)
