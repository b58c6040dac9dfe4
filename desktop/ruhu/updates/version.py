"""Comparable versions of the program, and the platform that one is built for."""

import platform
import re
import sys
from typing import NamedTuple, Self

from ruhu import __version__


class Version(NamedTuple):
    """A version such as 0.2.0."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `MAJOR.MINOR.PATCH`. Raises `ValueError` for anything else."""
        match = re.fullmatch(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})", text, re.ASCII)
        if match is None:
            raise ValueError("a version is MAJOR.MINOR.PATCH")
        return cls(*(int(part) for part in match.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


CURRENT_VERSION = Version.parse(__version__)
"""The running version."""


def this_platform() -> str:
    """Return the platform as packages name it, such as `linux-x86_64` or `windows-amd64`."""
    system = {"win32": "windows"}.get(sys.platform, sys.platform)
    return f"{system}-{platform.machine().lower()}"
