"""Separate environments for the peers that we compare with; none is part of the program."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path


def python_with(folder: Path, *wanted: str) -> Path:
    """The Python of an environment in `folder` that has the distributions wanted; made once."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != " ".join(wanted):
        print("preparing the peer:", *wanted, file=sys.stderr, flush=True)
        venv.EnvBuilder(with_pip=True, clear=True).create(folder)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted], check=True, capture_output=True)
        stamp.write_text(" ".join(wanted))
    return python.absolute()
