"""An audit of the locked dependencies with a folder of advisories in the OSV format.

The format is documented at ossf.github.io/osv-schema. The folder is, for example, a copy of the advisory
database of the PyPA or of GitHub, brought on a stick.
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
class Audit:
    """The result of checking some packages against a folder of advisories."""

    advisories: int = 0
    newest: str = ""
    packages: set[str] = field(default_factory=set)
    """The packages that any advisory names."""
    vulnerable: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    """Advisories of these packages whose ranges contain an invalid version."""


def affects(affected: dict[str, Any], version: str) -> bool:
    """Return whether an entry of an advisory affects a version. Raise `InvalidVersion` if a range is invalid."""
    if version in affected.get("versions", ()):
        return True
    ranges = [each for each in affected.get("ranges", ()) if each["type"] == "ECOSYSTEM"]
    return any(_is_in(Version(version), each["events"]) for each in ranges)


def _is_in(version: Version, events: list[dict[str, str]]) -> bool:
    """Return whether a version lies in a range; its events may be in any order."""
    what_at = chain.from_iterable(event.items() for event in events)
    inside = False
    for at, what in sorted((Version(at), what) for what, at in what_at if what != "limit"):
        if what == "introduced" and version >= at:
            inside = True
        elif (what == "fixed" and version >= at) or (what == "last_affected" and version > at):
            inside = False
    return inside


def audit_packages(folder: Path, packages: dict[str, str]) -> Audit:
    """Check packages, a version by name, against the advisories in a folder."""
    audit = Audit()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".json"):
            continue
        advisory = yaml.load(path.read_bytes(), yaml.CSafeLoader)  # JSON is YAML, too
        audit.advisories += 1
        audit.newest = max(audit.newest, str(advisory["modified"])[:10])
        if not advisory.get("withdrawn"):
            for affected in advisory.get("affected", ()):
                _check_entry(affected, packages, advisory["id"], audit)
    return audit


def _check_entry(
    affected: dict[str, Any], packages: dict[str, str], advisory: str, audit: Audit
) -> None:
    name = canonicalize_name(affected["package"]["name"])
    if affected["package"]["ecosystem"] != "PyPI" or name not in packages:
        return
    audit.packages.add(name)
    try:
        hit = affects(affected, packages[name])
    except InvalidVersion as error:
        audit.unreadable.append(f"{name} {advisory}: {error}")
        return
    if hit:
        audit.vulnerable.append(f"{name} {packages[name]} {advisory}")


def run(folder: Path, packages: dict[str, str], report: Report) -> str:
    """Audit the locked packages, report the result, and return the date of the newest advisory."""
    audit = audit_packages(folder, packages)
    if not audit.advisories:
        report.broken("the advisories", f"none in {folder.name}")
    report.add(
        f"OSV advisories up to {audit.newest}",
        advisories=audit.advisories,
        packages=len(packages),
        with_advisories=len(audit.packages),
        vulnerable=len(audit.vulnerable),
    )
    for line in audit.vulnerable:
        report.broken("a dependency", line)
    for line in audit.unreadable:
        report.broken("an advisory that needs manual review", line)
    return audit.newest
