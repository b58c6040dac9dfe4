"""A program's archive unpacked into a folder: plain files, folders, and links that stay inside.

The archive is signed, so this is the second lock on the door; Python 3.11.2 has no filters of `tarfile`.
"""

import io
import lzma
import os
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ruhu.files.atomic_write import sync_folder
from ruhu.i18n import BilingualText
from ruhu.updates.package import UpdateRefused

MAX_ARCHIVE_FILES = 50_000
MAX_FILE_NAME_CHARS = 200
PART = 1024 * 1024
_FORBIDDEN = frozenset('\\:*?"<>|')
"""Also Windows' own separators and drive letters, so that a name means one place everywhere."""


class _Bounded(io.RawIOBase):
    """A stream that gives up after so many bytes."""

    def __init__(self, stream: io.BufferedIOBase, most: int) -> None:
        self._stream, self._left = stream, most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size if size >= 0 else PART, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise refused("解开后太大", "it unpacks to more than it says")
        return data


def refused(zh: str, en: str) -> UpdateRefused:
    """A refusal for a reason."""
    return UpdateRefused(
        BilingualText(
            f"更新包的内容不合规矩（{zh}）；没有改动",
            f"the package's contents are not as they must be ({en}); nothing was changed",
        )
    )


def unpack(archive: Path, folder: Path, most: int, told: Callable[[int], None]) -> None:
    """Unpack a `.tar.xz` archive into a new folder; what it holds may be `most` bytes.

    Every file is on the disk when this returns; `told` gets the bytes written so far. Raises
    `UpdateRefused`, and `OSError` where the disk does not take it.
    """
    folder.mkdir()
    seen: dict[PurePosixPath, bool] = {PurePosixPath(): False}
    written = 0
    overhead = 10 * 1024**2  # a header of 512 bytes each, and padding
    try:
        with (
            lzma.open(archive) as stream,
            tarfile.open(fileobj=_Bounded(stream, most + overhead), mode="r|") as tar,
        ):
            for member in tar:
                name = _place(member.name, seen)
                seen[name] = member.issym()
                if len(seen) > MAX_ARCHIVE_FILES:
                    raise refused("文件太多", "too many files")
                written += _put(tar, member, folder / name, name)
                if written > most:
                    raise refused("解开后太大", "it unpacks to more than it says")
                told(written)
    except (tarfile.TarError, lzma.LZMAError, EOFError):
        raise refused("压缩数据坏了", "its compression is broken") from None
    for each in {place.parent for place in map(folder.joinpath, seen)} - {folder.parent}:
        sync_folder(each)


def _place(text: str, seen: dict[PurePosixPath, bool]) -> PurePosixPath:
    """Where a member goes: below the folder, and through no link. Raises `UpdateRefused`."""
    name = PurePosixPath(text)
    sound = (
        text
        and not name.is_absolute()
        and ".." not in name.parts
        and len(text) <= MAX_FILE_NAME_CHARS
        and text.isprintable()
        and not _FORBIDDEN & set(text)
    )
    if not sound or name in seen:
        raise refused("文件名越界", "a name leads outside, or comes twice")
    if any(seen.get(parent, False) for parent in name.parents):
        raise refused("文件在链接之下", "a file below a link")
    return name


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path, name: PurePosixPath) -> int:
    """Make a member; the bytes it took."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if member.isdir():
        place.mkdir(exist_ok=True)
        return 0
    if member.issym():
        place.symlink_to(_link(member.linkname, name))
        return 0
    source = tar.extractfile(member) if member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) else None
    if source is None or member.issparse():
        raise refused("有特殊文件", "a special file")
    with place.open("xb") as out:
        while part := source.read(PART):
            out.write(part)
        out.flush()
        place.chmod(0o755 if member.mode & 0o100 else 0o644)  # on the disk with the bytes
        os.fsync(out.fileno())
    return member.size


def _link(target: str, name: PurePosixPath) -> str:
    """A link's target: up within the archive first, then down. Raises `UpdateRefused`.

    A step up behind a step down is refused, for the step down may be a link itself.
    """
    parts = PurePosixPath(target).parts
    ups = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
    inside = parts and ups <= len(name.parts) - 1 and ".." not in parts[ups:]
    if not inside or target.startswith("/") or _FORBIDDEN & set(target):
        raise refused("链接越界", "a link leads outside")
    return target
