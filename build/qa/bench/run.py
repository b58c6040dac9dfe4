"""Measures what the program promises, each figure against a peer or a limit in the same run.

usage: sh build/bench.sh [--quick] [--without-peers] [NAME ...]

Writes out/bench/results.json, a table with a picture, out/bench/results.md, which `sh build/site.sh` makes a page
of the handbook's web site. `--quick` only shows that it runs, and writes to out/bench/quick.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from build.qa.bench import (
    bundles,
    county,
    devices,
    many_counties,
    office,
    openfisca,
    panel,
    policy,
    slips,
    window,
)
from build.qa.bench.figures import Figure
from build.qa.bench.plot import draw
from build.qa.display import display

OUT = Path("out/bench")
PICTURE = "results.svg"
MEASURES: dict[str, Callable[..., Iterator[Figure]]] = {
    "household": policy.household_figures,
    "batch": policy.batch_figures,
    "panel": panel.figures,
    "window": window.figures,
    "slips": slips.figures,
    "bundles": bundles.figures,
    "county": county.figures,
    "devices": devices.figures,
    "region": many_counties.figures,
    "office": office.figures,
}


def _table(figures: list[Figure]) -> str:
    lines = [
        f"# Figures of {datetime.now(UTC):%Y-%m-%d}",
        "",
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "",
        f"![How much of its limit each promise takes]({PICTURE})",
        "",
        "| what | ours | reference | ratio or limit | wanted | kept |",
        "|---|---|---|---|---|---|",
        *(figure.row() for figure in figures),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the measures that are asked for. Returns 1 where a figure falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--without-peers", action="store_true")
    arguments = parser.parse_args()
    peer = None if arguments.without_peers else openfisca.Peer.install(OUT / "peer")
    figures: list[Figure] = []
    with display() as environment:
        os.environ.update(environment)
        for name in arguments.names or MEASURES:
            for figure in MEASURES[name](peer, quick=arguments.quick):
                print(figure.row(), flush=True)
                figures.append(figure)
        folder = OUT / "quick" if arguments.quick else OUT
        folder.mkdir(parents=True, exist_ok=True)
        draw(figures, folder / PICTURE)
    (folder / "results.md").write_text(_table(figures), encoding="utf-8")
    dumped = json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(dumped, encoding="utf-8")
    print(folder / "results.md")
    return 0 if arguments.quick or all(figure.kept is not False for figure in figures) else 1
