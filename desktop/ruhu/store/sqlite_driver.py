"""Use sqlite-utils on the encrypted driver.

sqlite-utils prefers a module called `pysqlite3` over the standard library's and catches that driver's errors.
Registering SQLCipher under this name (private behaviour, pinned by a test) makes `alter=True` and similar
calls work on the encrypted connection.
"""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import sqlcipher3

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

# sqlite-utils looks for numpy only to store its types, which we never do; loading it costs the
# window's start more than all the rest of the library.
_hidden = "numpy" not in sys.modules
if _hidden:
    sys.modules["numpy"] = None  # type: ignore[assignment]

from sqlite_utils import Database, Migrations  # noqa: E402

if _hidden:
    del sys.modules["numpy"]


from ruhu.files.encrypted_sqlite import open_encrypted, translate_disk_errors  # noqa: E402

__all__ = ["Database", "Migrations", "connect", "transaction"]


def connect(path: Path, key: bytes) -> Database:
    """Open the encrypted database at `path`. Raises what `open_encrypted` raises."""
    return Database(open_encrypted(path, key))


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Run a block atomically; nested blocks become savepoints. Raises `DiskError`."""
    with translate_disk_errors(), db.atomic():
        yield
