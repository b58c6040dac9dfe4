"""A process's disk as it may be: failing at the n-th change, or recorded change by change."""

import ctypes
import os
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
LIBRARY = "RUHU_PROOF_DISK"


def build(folder: Path) -> Path:
    """Compile the layer into a folder."""
    made = folder / "disk.so"
    command = ["gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return made


def environment(library: Path) -> dict[str, str]:
    """The environment in which a process has the layer below it."""
    return {**os.environ, "LD_PRELOAD": str(library), LIBRARY: str(library)}


class Disk:
    """The layer below this very process, which `environment` started."""

    def __init__(self, folder: Path) -> None:
        self._layer = ctypes.CDLL(os.environ[LIBRARY])
        self._layer.disk_count.restype = ctypes.c_long
        self._layer.disk_watch(os.fsencode(folder.resolve()))

    def fail(self, at: int, error: int, *, lasting: bool) -> None:
        """Let the so-manieth change from now on fail with an error number, and all after it."""
        self._layer.disk_fail(ctypes.c_long(at), error, int(lasting))

    def sound(self) -> None:
        """Stop failing, and reset the count of changes to zero."""
        self._layer.disk_fail(ctypes.c_long(0), 0, 0)

    @property
    def count(self) -> int:
        """How many changes there were since the last `fail` or `sound`."""
        return int(self._layer.disk_count())

    def record(self, fd: int) -> None:
        """Write every change to a descriptor from now on."""
        self._layer.disk_record(fd)

    def mark(self, text: str) -> None:
        """Write down that something was acknowledged."""
        self._layer.disk_mark(text.encode())


@dataclass(frozen=True, slots=True)
class Change:
    """One change: W bytes written at an offset, T cut to a length (the offset), S flushed, C made,
    R renamed to `text`, U removed, M a mark with its `text`.
    """

    kind: str
    path: str
    offset: int
    data: bytes

    @property
    def text(self) -> str:
        """The data as text."""
        return self.data.decode()


_HEADER = struct.Struct("<qiic7x")


def read_changes(log: bytes) -> Iterator[Change]:
    """What was recorded, in order."""
    at = 0
    while at < len(log):
        offset, path, data, kind = _HEADER.unpack_from(log, at)
        at += _HEADER.size
        name, at = log[at : at + path].decode(), at + path
        yield Change(kind.decode(), name, offset, log[at : at + data])
        at += data
