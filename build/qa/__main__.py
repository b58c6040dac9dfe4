"""Prove one of the three promises, with figures.

usage: python -m build.qa durability|explanations|confidentiality [--quick]
       python -m build.qa confidentiality --advisories FOLDER

Writes out/proofs/NAME.json and NAME.md; ends with 1 where the promise was not kept. `--quick` shows in
some seconds that the proof runs. `--advisories` names a folder of advisories in the OSV format, such as a copy of
the PyPA's database, against which the locked dependencies are checked, too.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from build.qa.confidentiality import run as confidentiality
from build.qa.durability import run as durability
from build.qa.explanations import run as explanations
from build.qa.report import Report

PROOFS: dict[str, tuple[str, Callable[..., None]]] = {
    "durability": ("Nothing typed is lost", durability.prove),
    "explanations": ("No answer without its clause and its arithmetic", explanations.prove),
    "confidentiality": ("Nobody without the key reads a person's data", confidentiality.prove),
}


def main() -> int:
    """Run a proof."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=PROOFS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--advisories", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    title, prove = PROOFS[arguments.name]
    if arguments.advisories is not None:
        if arguments.name != "confidentiality":
            parser.error("--advisories goes with confidentiality")
        prove = partial(confidentiality.prove, advisories=arguments.advisories)
    report = Report(title)
    prove(report, quick=arguments.quick)
    print(report.write(arguments.name))
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
