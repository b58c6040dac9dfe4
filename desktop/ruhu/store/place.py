"""Where the data folder is, and whether there is a store in it."""

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """The folder of the user's data: RUHU_DATA, else `data` beside a frozen program that has such a
    folder (as on a stick), else the system's usual place.
    """
    named = os.environ.get("RUHU_DATA")
    if named:
        return Path(named)
    beside = Path(sys.executable).parent / "data"
    if getattr(sys, "frozen", False) and beside.is_dir():
        return beside
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home()) / "Ruhu"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "ruhu"


def keys_of(folder: Path) -> Path:
    """The file that holds the wrapped key of a store."""
    return folder / "keys.json"


def has_store(folder: Path) -> bool:
    """Whether a store was made in `folder`."""
    return keys_of(folder).exists()
