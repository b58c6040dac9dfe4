"""OpenFisca-Core with its country template, the peer for rules, in an environment of its own.

It runs in a separate process and is not part of the program; its licence is the AGPL.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from build.qa.bench.peer import python_with

WANTED = ("openfisca-core==46.0.1", "openfisca-country-template==8.2.0")
SCRIPT = Path(__file__).with_name("openfisca_side.py")


class Peer:
    """The other engine, ready to be timed."""

    def __init__(self, python: Path) -> None:
        self._python = python

    @classmethod
    def install(cls, folder: Path) -> Peer:
        """Make its environment, once."""
        return cls(python_with(folder, *WANTED))

    def answers(self, *words: str) -> dict[str, Any]:
        """Run one of the measures of `openfisca_side.py`."""
        command = [str(self._python), str(SCRIPT), *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found
