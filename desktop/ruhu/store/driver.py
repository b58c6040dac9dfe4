"""sqlite-utils on the encrypted driver.

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

from ruhu.bundle.encrypted_file import open_encrypted  # noqa: E402

__all__ = ["Database", "connect"]


def connect(path: Path, key: bytes) -> Database:
    """Open the encrypted database at `path`. Raises what `open_encrypted` raises."""
    return Database(open_encrypted(path, key))
