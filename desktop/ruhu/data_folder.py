"""Locate the data folder and its files."""

import os
import sys
from pathlib import Path

HOME_VARIABLE = "RUHU_HOME"
"""Environment variable with the folder of the installed program, set for the version that it starts."""


def installed_program() -> Path | None:
    """Return the path of the installed program, whichever version runs; `None` when run from source."""
    if not getattr(sys, "frozen", False):
        return None
    running = Path(sys.executable)
    return Path(os.environ.get(HOME_VARIABLE) or running.parent) / running.name


def portable_home() -> Path | None:
    """Return the folder of a portable program, one with a `data` folder next to it."""
    program = installed_program()
    return program.parent if program and (program.parent / "data").is_dir() else None


def data_folder() -> Path:
    """Return the folder of the user's data.

    It is RUHU_DATA if set, then `data` next to a portable program, then the system's usual place.
    """
    named = os.environ.get("RUHU_DATA")
    if named:
        return Path(named)
    home = portable_home()
    if home is not None:
        return home / "data"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home()) / "Ruhu"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "ruhu"


def keys_of(folder: Path) -> Path:
    """Return the file with a store's wrapped key."""
    return folder / "keys.json"


def database_of(folder: Path) -> Path:
    """Return a store's encrypted database file."""
    return folder / "store.db"


def lock_of(folder: Path) -> Path:
    """Return the lock file of an open store."""
    return folder / "in-use.lock"


def store_exists(folder: Path) -> bool:
    """Return whether `folder` contains a store."""
    return keys_of(folder).exists()
