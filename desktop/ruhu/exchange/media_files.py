"""What lies on a stick: told by names and sizes before anything is read, and read within bounds.

Names keep to what FAT allows and are compared without regard to case. Links, pipes and folders are
no files of ours, whatever they are called.
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
"""Names that are looked at in one folder; FAT32 holds 65,534 short ones."""
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
    """A file of ours by its name: nothing of it has been read.

    `device` is the last eight digits of a device's id and `sequence` a number, where the kind has
    them; `problem` says why it is not to be read.
    """

    path: Path
    kind: MediaFileKind
    county: str
    device: str
    sequence: int
    size: int
    problem: BilingualText | None = None


def device_suffix(device_id: UUID) -> str:
    """The part of a device's id that stands in file names."""
    return str(device_id)[-8:]


def bundle_file(county: str, device_id: UUID, sequence: int) -> str:
    """The name of a bundle's file."""
    return f"ruhu-{county}-{device_suffix(device_id)}-{sequence:06d}{SUFFIX}"


def answer_file(county: str, device_id: UUID, sequence: int) -> str:
    """The name of an answer's file."""
    return f"ruhu-answer-{county}-{device_suffix(device_id)}-{sequence:06d}.age"


def receipts_file(county: str) -> str:
    """The name of the file with a county's receipts."""
    return f"ruhu-receipts-{county}.json"


def county_file(county: str) -> str:
    """The name of a county's public key file."""
    return f"ruhu-county-{county}.json"


def list_stick(folder: Path) -> list[MediaFile]:
    """The files of ours in a folder, by kind, device and number.

    Raises `UserError` where the folder cannot be looked into.
    """
    found = []
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(MAX_FOLDER_FILES), entries, strict=False):
                file = _recognised(entry)
                if file is not None:
                    found.append(file)
    except OSError as error:
        raise UserError(
            BilingualText("{folder} 打不开（{why}）", "{folder} cannot be opened ({why})").format(
                folder=folder, why=error.strerror
            )
        ) from None
    return sorted(found, key=lambda f: (f.kind, f.county, f.device, f.sequence, f.path.name))


def bundles_in(folder: Path) -> list[Path]:
    """The bundles of a folder that may be read, by device and number."""
    return [f.path for f in list_stick(folder) if f.kind == "bundle" and f.problem is None]


def identify(path: Path) -> MediaFile | None:
    """What a single file is by its name; `None` where it is none of ours or not there.

    Raises `UserError` where its folder cannot be looked into.
    """
    return next((f for f in list_stick(path.parent) if f.path.name == path.name), None)


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
            problem = BilingualText("不是普通文件，不读", "no plain file; not read")
        elif not 0 < size <= _MAX_BYTES[kind]:
            problem = BilingualText(
                "文件是空的或大得不合理，不读：请工作队员重新写到U盘",
                "empty or of no possible size, not read: let the worker write it to the stick again",
            )
        sequence = int(number) if number else 0
        return MediaFile(Path(entry.path), kind, county, device.lower(), sequence, size, problem)
    return None


def read_regular_file(path: Path, most: int) -> bytes:
    """The bytes of a plain file of at most `most` bytes; no link is followed, no pipe waited for.

    Raises `OSError`, or `UserError` for anything else than such a file.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        status = os.fstat(stream.fileno())
        data = stream.read(most + 1) if stat.S_ISREG(status.st_mode) else b""
    if not stat.S_ISREG(status.st_mode) or len(data) > most:
        raise UserError(
            BilingualText(
                "{path}：不是普通文件，或超过 {limit} MB",
                "{path}: no plain file, or over {limit} MB",
            ).format(path=path, limit=most // 1024 // 1024)
        )
    return data
