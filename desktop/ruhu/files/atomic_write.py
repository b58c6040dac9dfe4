"""Write files atomically."""

import contextlib
import errno
import os
from pathlib import Path

from ruhu.errors import UserError
from ruhu.i18n import BilingualText


class WriteFailed(UserError):
    """A file could not be written; the previous file is unchanged."""


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk if the system can; some network shares cannot."""
    if os.name == "nt":  # Windows has no handle of a folder to flush
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Flush a file's bytes to the disk before it is renamed to its final name."""
    with path.open("r+b") as stream:  # Windows flushes only what may be written
        os.fsync(stream.fileno())


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def write_atomic(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write `data` under a temporary name, flush, read it back, and rename.

    A `private` file is readable by its owner only, from its first byte (on Windows it inherits the folder's
    rights). A symbolic link at either name, such as one planted on a removable medium, is not followed.

    Raises `WriteFailed` if the disk is full, the folder is read-only or the bytes read back differ; the
    temporary file is deleted.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.unlink(missing_ok=True)
        with open(temporary, "xb", opener=_open_private if private else None) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if temporary.read_bytes() != data:
            raise OSError(None, "read back differently")
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise WriteFailed(
            BilingualText(
                "写不进 {path}（{why}）；请检查空间和写保护后再试，已有的数据没有改动",
                "{path} cannot be written ({why}); check its space and write protection and try "
                "again; existing data has not changed",
            ).format(path=path, why=error.strerror or error)
        ) from None
