"""Unfinished uploads of bundles over an unreliable line."""

import re
import threading
from pathlib import Path

from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, digest
from ruhu.i18n import BilingualText

MAX_PENDING_UPLOADS = 2000


class OffsetMismatch(UserError):
    """A part does not begin where the received bytes end; `offset` is where."""

    def __init__(self, offset: int) -> None:
        super().__init__(BilingualText(f"应从第{offset}字节接着传", f"continue at byte {offset}"))
        self.offset = offset


class DigestMismatch(UserError):
    """The received bytes do not match the digest; they are deleted."""


def _mismatch(zh: str, en: str) -> DigestMismatch:
    return DigestMismatch(BilingualText(zh, en))


class Uploads:
    """A folder of unfinished bundles by digest. They are encrypted and cannot be read here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", key):
            raise _mismatch("摘要应为64位十六进制", "a digest must be 64 hexadecimal digits")
        return self._folder / f"{key}.part"

    def offset(self, key: str) -> int:
        """Return how many bytes of a bundle have arrived."""
        path = self._path(key)
        return path.stat().st_size if path.exists() else 0

    def add(self, key: str, offset: int, part: bytes, length: int) -> bytes | None:
        """Add a part at `offset` of `length` bytes; return the bundle if it is complete.

        Raises `OffsetMismatch`, `DigestMismatch`.
        """
        with self._lock:
            return self._add(key, offset, part, length)

    def _add(self, key: str, offset: int, part: bytes, length: int) -> bytes | None:
        path = self._path(key)
        if not 0 < length <= MAX_SEALED_BYTES or offset + len(part) > length:
            limit = MAX_SEALED_BYTES // 1024 // 1024
            raise _mismatch(
                f"数据包超过{limit} MB或长度不符",
                f"the bundle is over {limit} MB, or its length is wrong",
            )
        received = self.offset(key)
        if offset != received:
            raise OffsetMismatch(received)
        if not received and sum(1 for _ in self._folder.iterdir()) >= MAX_PENDING_UPLOADS:
            raise _mismatch(
                "等待的上传太多，请稍后再试", "too many unfinished uploads; try again later"
            )
        with path.open("ab") as file:
            file.write(part)
        if received + len(part) < length:
            return None
        sealed = path.read_bytes()
        if digest(sealed) != key:
            path.unlink()
            raise _mismatch("内容与摘要不符，请重传", "the content does not match the digest")
        return sealed

    def path(self, key: str) -> Path:
        """Return the path of a complete bundle."""
        return self._path(key)

    def remove(self, key: str) -> None:
        """Delete a bundle that was imported."""
        self._path(key).unlink(missing_ok=True)
