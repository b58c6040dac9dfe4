"""The folder of installed versions, and the file that names the current one.

The file is written atomically, so a starting program finds either the old or the new version. Its format
never changes: the launcher of the first version reads what the last one wrote.
"""

import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from ruhu.data_folder import portable_home
from ruhu.updates.version import CURRENT_VERSION, Version

INSTALLED_VARIABLE = "RUHU_INSTALLED"
"""Environment variable with the installed program's version, set for the version that it starts."""
FORMAT = "ruhu.versions/1"
_NAME = re.compile(r"(\d+\.\d+\.\d+)-[0-9a-f]{8}", re.ASCII)


@dataclass(slots=True)
class VersionState:
    """Which version is current. Versions are named by their folder; empty is the installed program.

    `trial` has not yet proved that it starts; `tries` counts its starts. `fell_back` is a version that did
    not start and has not been reported.
    """

    current: str = ""
    previous: str = ""
    trial: str = ""
    tries: int = 0
    fell_back: str = ""


def version_of(name: str) -> Version | None:
    """Return the version of a folder name, `None` if it is not one."""
    match = _NAME.fullmatch(name)
    return Version.parse(match[1]) if match else None


class Versions:
    """The folder of versions of one installed program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _file(self) -> Path:
        return self.folder / "versions.json"

    def read(self) -> VersionState:
        """Return which version is current; the installed program if the file is missing or invalid."""
        try:
            document = json.loads(self._file.read_bytes())
            state = VersionState(
                **{key: document[key] for key in asdict(VersionState()) if key in document}
            )
            names = (state.current, state.previous, state.trial, state.fell_back)
            valid = (
                document["format"] == FORMAT
                and isinstance(state.tries, int)
                and all(name == "" or version_of(name) for name in names)
            )
        except (OSError, ValueError, KeyError, TypeError):
            return VersionState()
        return state if valid else VersionState()

    def write(self, state: VersionState) -> None:
        """Save a state. Raises `WriteFailed`; the previous state stays then."""
        from ruhu.files.atomic_write import write_atomic

        self.folder.mkdir(parents=True, exist_ok=True)
        document = {"format": FORMAT, **asdict(state)}
        write_atomic(self._file, json.dumps(document, indent=1).encode())

    def program(self, name: str, preferred_name: str) -> Path | None:
        """Return the program file of a version, `None` if it does not exist.

        Windows has two, one with a console; the one named `called` is preferred.
        """
        if version_of(name) is None:
            return None
        candidates = (self.folder / name / file for file in (preferred_name, program_name()))
        return next((path for path in candidates if path.is_file()), None)


def installed_version() -> Version:
    """Return the version of the installed program, whichever version runs."""
    try:
        return Version.parse(os.environ.get(INSTALLED_VARIABLE, ""))
    except ValueError:
        return CURRENT_VERSION


def program_name() -> str:
    """Return the name of the program's file in its folder."""
    return "ruhu.exe" if os.name == "nt" else "ruhu"


def versions_folder() -> Path:
    """Return this user's folder of versions.

    It is next to a portable program, otherwise the system's usual place for a user's programs.
    """
    home = portable_home()
    if home is not None:
        return home / "versions"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "Ruhu" / "versions"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "ruhu" / "versions"
