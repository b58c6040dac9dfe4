"""Writing a file so that it is there whole, or not at all."""

import contextlib
import errno
import os
from pathlib import Path

from ruhu.errors import UserError
from ruhu.i18n import BilingualText


class WriteFailed(UserError):
    """A file could not be written; whatever stood there before still stands."""


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk, where its system can: some shares flush no folders."""
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
    """Put a file's bytes on the disk, before it gets the name that says it is whole."""
    with path.open("r+b") as stream:  # Windows flushes only what may be written
        os.fsync(stream.fileno())


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def write_atomic(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write `data` under a temporary name, flush, read it back, and rename.

    A `private` file is for its owner's eyes only, from its first byte on (on Windows as its folder is).
    A link in its place or in that of the temporary name, as a stranger may have laid on a stick, is not
    followed.

    Raises `WriteFailed` when the disk is full, the folder read-only or what was read back differs;
    the temporary file is gone then.
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
                "again; nothing that stood there has changed",
            ).format(path=path, why=error.strerror or error)
        ) from None
