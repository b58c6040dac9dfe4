"""The folder of versions beside the program, and the file that says which of them counts.

The file is written whole or not at all, so that whoever starts finds either the old or the new version.
Its format is for good: the launcher of the first version reads what the last one has written.
"""

import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from ruhu.data_folder import portable_home
from ruhu.updates.version import CURRENT_VERSION, Version

INSTALLED = "RUHU_INSTALLED"
"""The variable in which the installed program tells a newer version which it is itself."""
FORMAT = "ruhu.versions/1"
_NAME = re.compile(r"(\d+\.\d+\.\d+)-[0-9a-f]{8}", re.ASCII)


@dataclass(slots=True)
class State:
    """Which version counts. A version goes by the name of its folder; empty is the program as it was
    installed.

    `trial` has not shown yet that it starts; `tries` says how often it was started. `fell_back` is a
    version that did not start, and is told of once.
    """

    current: str = ""
    previous: str = ""
    trial: str = ""
    tries: int = 0
    fell_back: str = ""


def version_of(name: str) -> Version | None:
    """The version in a folder of a name; `None` where there can be none."""
    found = _NAME.fullmatch(name)
    return Version.parse(found[1]) if found else None


class Versions:
    """The folder of versions of one installed program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _file(self) -> Path:
        return self.folder / "versions.json"

    def read(self) -> State:
        """Which version counts; what is not there or makes no sense is the installed program."""
        try:
            told = json.loads(self._file.read_bytes())
            state = State(**{key: told[key] for key in asdict(State()) if key in told})
            names = (state.current, state.previous, state.trial, state.fell_back)
            sound = (
                told["format"] == FORMAT
                and isinstance(state.tries, int)
                and all(name == "" or version_of(name) for name in names)
            )
        except (OSError, ValueError, KeyError, TypeError):
            return State()
        return state if sound else State()

    def write(self, state: State) -> None:
        """Let a state count. Raises `WriteFailed`; the former one counts then."""
        from ruhu.files.atomic_write import write_atomic

        self.folder.mkdir(parents=True, exist_ok=True)
        told = {"format": FORMAT, **asdict(state)}
        write_atomic(self._file, json.dumps(told, indent=1).encode())

    def program(self, name: str, called: str) -> Path | None:
        """The program to start of a version; `None` where it is not there.

        On Windows there are two, one with a console: the one is meant that is `called` so.
        """
        if version_of(name) is None:
            return None
        places = (self.folder / name / file for file in (called, program_name()))
        return next((path for path in places if path.is_file()), None)


def installed_version() -> Version:
    """The version of the program as it was installed, whichever of its versions runs."""
    try:
        return Version.parse(os.environ.get(INSTALLED, ""))
    except ValueError:
        return CURRENT_VERSION


def program_name() -> str:
    """The name of the program's file in its folder."""
    return "ruhu.exe" if os.name == "nt" else "ruhu"


def versions_folder() -> Path:
    """Where this user's versions are: beside a portable program, else in the system's usual place for
    a user's programs.
    """
    home = portable_home()
    if home is not None:
        return home / "versions"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "Ruhu" / "versions"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "ruhu" / "versions"
