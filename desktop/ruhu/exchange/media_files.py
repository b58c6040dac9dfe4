"""List and read files on removable media safely.

Files are recognised by name and size before anything is read, and read within limits. Names follow FAT and
ignore case. Links, pipes and folders are never ours, whatever their name.
"""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import SUFFIX
from ruhu.exchange.formats.container import MAX_SEALED_BYTES
from ruhu.i18n import BilingualText

MAX_FOLDER_FILES = 20_000
"""Names examined in one folder; FAT32 holds 65,534 short ones."""
MAX_RECEIPTS_BYTES = 4 * 1024 * 1024
MAX_COUNTY_FILE_BYTES = 64 * 1024

MediaFileKind = Literal["bundle", "answer", "receipts", "county"]
_PATTERNS: dict[MediaFileKind, str] = {
    "bundle": rf"ruhu-(\d{{6}})-([0-9a-f]{{8}})-(\d{{6,9}}){re.escape(SUFFIX)}",
    "answer": r"ruhu-answer-(\d{6})-([0-9a-f]{8})-(\d{6,9})\.age",
    "receipts": r"ruhu-receipts-(\d{6})\.json()()",
    "county": r"ruhu-county-(\d{6})\.json()()",
}
_MAX_BYTES: dict[MediaFileKind, int] = {
    "bundle": MAX_SEALED_BYTES,
    "answer": MAX_SEALED_BYTES,
    "receipts": MAX_RECEIPTS_BYTES,
    "county": MAX_COUNTY_FILE_BYTES,
}
KINDS: dict[MediaFileKind, BilingualText] = {
    "bundle": BilingualText("数据包", "bundle"),
    "answer": BilingualText("县里的答复", "the county's answer"),
    "receipts": BilingualText("县里的回执", "the county's receipts"),
    "county": BilingualText("县公钥", "the county's key"),
}


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file recognised by its name; its content has not been read.

    `device` is the last eight digits of a device's id and `sequence` a number, for kinds that have them.
    `problem` says why it must not be read.
    """

    path: Path
    kind: MediaFileKind
    county: str
    device: str
    sequence: int
    size: int
    problem: BilingualText | None = None


def device_suffix(device_id: UUID) -> str:
    """Return the part of a device's id used in file names."""
    return str(device_id)[-8:]


def bundle_file(county: str, device_id: UUID, sequence: int) -> str:
    """Return the name of a bundle's file."""
    return f"ruhu-{county}-{device_suffix(device_id)}-{sequence:06d}{SUFFIX}"


def reply_file(county: str, device_id: UUID, sequence: int) -> str:
    """Return the name of a reply's file."""
    return f"ruhu-answer-{county}-{device_suffix(device_id)}-{sequence:06d}.age"


def receipts_file(county: str) -> str:
    """Return the name of the file with a county's receipts."""
    return f"ruhu-receipts-{county}.json"


def county_file(county: str) -> str:
    """Return the name of a county's public key file."""
    return f"ruhu-county-{county}.json"


def list_media_files(folder: Path) -> list[MediaFile]:
    """List our files in a folder, by kind, device and number.

    Raises `UserError` if the folder cannot be read.
    """
    files = []
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(MAX_FOLDER_FILES), entries, strict=False):
                file = _recognised(entry)
                if file is not None:
                    files.append(file)
    except OSError as error:
        raise UserError(
            BilingualText("{folder} 打不开（{why}）", "{folder} cannot be opened ({why})").format(
                folder=folder, why=error.strerror
            )
        ) from None
    return sorted(files, key=lambda f: (f.kind, f.county, f.device, f.sequence, f.path.name))


def bundles_in(folder: Path) -> list[Path]:
    """Return the readable bundles of a folder, by device and number."""
    return [f.path for f in list_media_files(folder) if f.kind == "bundle" and f.problem is None]


def identify(path: Path) -> MediaFile | None:
    """Recognise a single file by its name; `None` if it is not ours or does not exist.

    Raises `UserError` if its folder cannot be read.
    """
    return next((f for f in list_media_files(path.parent) if f.path.name == path.name), None)


def _recognised(entry: os.DirEntry[str]) -> MediaFile | None:
    for kind, pattern in _PATTERNS.items():
        match = re.fullmatch(pattern, entry.name, re.IGNORECASE)
        if match is None:
            continue
        county, device, number = match.groups()
        try:
            size = entry.stat(follow_symlinks=False).st_size
            plain = entry.is_file(follow_symlinks=False)
        except OSError:
            size, plain = 0, False
        problem = None
        if not plain:
            problem = BilingualText("不是普通文件，不读", "not a regular file; skipped")
        elif not 0 < size <= _MAX_BYTES[kind]:
            problem = BilingualText(
                "文件是空的或大得不合理，不读：请工作队员重新写到U盘",
                "empty or of an impossible size; skipped. Have the surveyor write it to the USB stick again",
            )
        sequence = int(number) if number else 0
        return MediaFile(Path(entry.path), kind, county, device.lower(), sequence, size, problem)
    return None


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """Read a regular file of at most `max_bytes`; follow no link and wait for no pipe.

    Raises `OSError`, or `UserError` for anything but such a file.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        status = os.fstat(stream.fileno())
        data = stream.read(max_bytes + 1) if stat.S_ISREG(status.st_mode) else b""
    if not stat.S_ISREG(status.st_mode) or len(data) > max_bytes:
        raise UserError(
            BilingualText(
                "{path}：不是普通文件，或超过 {limit} MB",
                "{path}: not a regular file, or over {limit} MB",
            ).format(path=path, limit=max_bytes // 1024 // 1024)
        )
    return data
