"""Where the data folder is, and whether there is a store in it."""

import os
import sys
from pathlib import Path

HOME_VARIABLE = "RUHU_HOME"
"""The variable in which the installed program tells a newer version that it starts where it lies."""


def installed_program() -> Path | None:
    """The frozen program as it was installed, whichever of its versions runs; `None` from source."""
    if not getattr(sys, "frozen", False):
        return None
    running = Path(sys.executable)
    return Path(os.environ.get(HOME_VARIABLE) or running.parent) / running.name


def portable_home() -> Path | None:
    """The folder of a frozen program that has its data beside it, as on a stick."""
    program = installed_program()
    return program.parent if program and (program.parent / "data").is_dir() else None


def data_folder() -> Path:
    """The folder of the user's data: RUHU_DATA, else `data` beside a frozen program that has such a
    folder (as on a stick), else the system's usual place.
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
    """The file that holds the wrapped key of a store."""
    return folder / "keys.json"


def database_of(folder: Path) -> Path:
    """The encrypted file of a store."""
    return folder / "store.db"


def lock_of(folder: Path) -> Path:
    """The file that whoever opens a store locks."""
    return folder / "in-use.lock"


def store_exists(folder: Path) -> bool:
    """Whether a store was made in `folder`."""
    return keys_of(folder).exists()
