"""The locked dependencies against a folder of advisories in the OSV format (ossf.github.io/osv-schema), such as
a copy of the PyPA's advisory database or of GitHub's that came by stick.
"""

from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from build.qa.report import Report
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


@dataclass
class Told:
    """What a folder of advisories tells of some packages."""

    advisories: int = 0
    newest: str = ""
    packages: set[str] = field(default_factory=set)
    """The packages that any advisory names."""
    vulnerable: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    """Advisories of these packages whose ranges hold what is no version."""


def affects(affected: dict[str, Any], version: str) -> bool:
    """Whether an entry of an advisory affects a version. Raises InvalidVersion."""
    if version in affected.get("versions", ()):
        return True
    ranges = [each for each in affected.get("ranges", ()) if each["type"] == "ECOSYSTEM"]
    return any(_is_in(Version(version), each["events"]) for each in ranges)


def _is_in(version: Version, events: list[dict[str, str]]) -> bool:
    """Whether a version lies in a range; its events may stand in any order."""
    what_at = chain.from_iterable(event.items() for event in events)
    inside = False
    for at, what in sorted((Version(at), what) for what, at in what_at if what != "limit"):
        if what == "introduced" and version >= at:
            inside = True
        elif (what == "fixed" and version >= at) or (what == "last_affected" and version > at):
            inside = False
    return inside


def told_of(folder: Path, packages: dict[str, str]) -> Told:
    """What the advisories in a folder tell of packages, by name, in a version each."""
    told = Told()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".json"):
            continue
        advisory = yaml.load(path.read_bytes(), yaml.CSafeLoader)  # JSON is YAML, too
        told.advisories += 1
        told.newest = max(told.newest, str(advisory["modified"])[:10])
        if not advisory.get("withdrawn"):
            for affected in advisory.get("affected", ()):
                _hold_against(affected, packages, advisory["id"], told)
    return told


def _hold_against(
    affected: dict[str, Any], packages: dict[str, str], advisory: str, told: Told
) -> None:
    name = canonicalize_name(affected["package"]["name"])
    if affected["package"]["ecosystem"] != "PyPI" or name not in packages:
        return
    told.packages.add(name)
    try:
        hit = affects(affected, packages[name])
    except InvalidVersion as error:
        told.unreadable.append(f"{name} {advisory}: {error}")
        return
    if hit:
        told.vulnerable.append(f"{name} {packages[name]} {advisory}")


def run(folder: Path, packages: dict[str, str], report: Report) -> str:
    """Hold the locked packages against the advisories, and say how new these are; the newest's day."""
    told = told_of(folder, packages)
    if not told.advisories:
        report.broken("the advisories", f"none in {folder.name}")
    report.add(
        f"OSV advisories up to {told.newest}",
        advisories=told.advisories,
        packages=len(packages),
        with_advisories=len(told.packages),
        vulnerable=len(told.vulnerable),
    )
    for line in told.vulnerable:
        report.broken("a dependency", line)
    for line in told.unreadable:
        report.broken("an advisory to be read by a person", line)
    return told.newest
