"""Unpack a program's archive into a folder: plain files, folders, and links that stay inside.

The archive is signed, so this is a second line of defence; Python 3.11.2 lacks the filters of `tarfile`.
"""

import io
import lzma
import os
import tarfile
from pathlib import Path, PurePosixPath

from ruhu.files.atomic_write import sync_folder
from ruhu.i18n import BilingualText
from ruhu.progress import ByteCountCallback
from ruhu.updates.package import UpdateRefused

MAX_ARCHIVE_FILES = 50_000
MAX_FILE_NAME_CHARS = 200
CHUNK_BYTES = 1024 * 1024
_FORBIDDEN = frozenset('\\:*?"<>|')
"""Includes Windows' separators and drive letters, so that a name means one path everywhere."""


class _Bounded(io.RawIOBase):
    """A stream that raises `UpdateRefused` after `limit` bytes."""

    def __init__(self, stream: io.BufferedIOBase, limit: int) -> None:
        self._stream, self._left = stream, limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size if size >= 0 else CHUNK_BYTES, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise refusal("解开后太大", "it unpacks to more than it states")
        return data


def refusal(zh: str, en: str) -> UpdateRefused:
    """Return a refusal with a reason."""
    return UpdateRefused(
        BilingualText(
            f"更新包的内容不合规矩（{zh}）；没有改动",
            f"the package's contents are invalid ({en}); nothing was changed",
        )
    )


def unpack(archive: Path, folder: Path, max_bytes: int, progress: ByteCountCallback) -> None:
    """Unpack a `.tar.xz` archive of at most `max_bytes` into a new folder.

    Every file is flushed when this returns; `progress` gets the bytes written so far. Raises `UpdateRefused`,
    and `OSError` if the disk fails.
    """
    folder.mkdir()
    seen: dict[PurePosixPath, bool] = {PurePosixPath(): False}
    written = 0
    overhead = 10 * 1024**2  # a header of 512 bytes each, and padding
    try:
        with (
            lzma.open(archive) as stream,
            tarfile.open(fileobj=_Bounded(stream, max_bytes + overhead), mode="r|") as tar,
        ):
            for member in tar:
                name = _member_path(member.name, seen)
                seen[name] = member.issym()
                if len(seen) > MAX_ARCHIVE_FILES:
                    raise refusal("文件太多", "too many files")
                written += _write_member(tar, member, folder / name, name)
                if written > max_bytes:
                    raise refusal("解开后太大", "it unpacks to more than it states")
                progress(written)
    except (tarfile.TarError, lzma.LZMAError, EOFError):
        raise refusal("压缩数据坏了", "its compressed data is damaged") from None
    for each in {path.parent for path in map(folder.joinpath, seen)} - {folder.parent}:
        sync_folder(each)


def _member_path(text: str, seen: dict[PurePosixPath, bool]) -> PurePosixPath:
    """Return the path of a member: below the folder, and through no link. Raises `UpdateRefused`."""
    name = PurePosixPath(text)
    valid = (
        text
        and not name.is_absolute()
        and ".." not in name.parts
        and len(text) <= MAX_FILE_NAME_CHARS
        and text.isprintable()
        and not _FORBIDDEN & set(text)
    )
    if not valid or name in seen:
        raise refusal("文件名越界", "a name leads outside, or is repeated")
    if any(seen.get(parent, False) for parent in name.parents):
        raise refusal("文件在链接之下", "a file below a link")
    return name


def _write_member(
    tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path, name: PurePosixPath
) -> int:
    """Write a member; return the number of bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if member.isdir():
        path.mkdir(exist_ok=True)
        return 0
    if member.issym():
        path.symlink_to(_link(member.linkname, name))
        return 0
    source = tar.extractfile(member) if member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) else None
    if source is None or member.issparse():
        raise refusal("有特殊文件", "a special file")
    with path.open("xb") as out:
        while chunk := source.read(CHUNK_BYTES):
            out.write(chunk)
        out.flush()
        path.chmod(0o755 if member.mode & 0o100 else 0o644)  # on the disk with the bytes
        os.fsync(out.fileno())
    return member.size


def _link(target: str, name: PurePosixPath) -> str:
    """Validate a link's target: up within the archive first, then down. Raises `UpdateRefused`.

    A step up after a step down is refused, as the step down may be a link itself.
    """
    parts = PurePosixPath(target).parts
    ups = next((position for position, part in enumerate(parts) if part != ".."), len(parts))
    inside = parts and ups <= len(name.parts) - 1 and ".." not in parts[ups:]
    if not inside or target.startswith("/") or _FORBIDDEN & set(target):
        raise refusal("链接越界", "a link leads outside")
    return target
