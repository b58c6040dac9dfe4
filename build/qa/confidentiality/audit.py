"""An audit of the locked dependencies for known vulnerable versions, without direct network access.

It uses two sources, in a separate environment. The advisories of the package `safety-db` end in July 2021,
so they only cover packages that were never upgraded since. `pip-audit` asks the package registry, and works
if that answers for vulnerabilities. `osv.py` reads newer advisories from a folder.
"""

import json
import re
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from build.qa.report import Report
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCK = Path("requirements.lock")
ADVISORIES = "safety-db==2021.7.17"
AUDIT = "pip-audit==2.10.1"
DATA_ENDS = "2021-07-17"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def locked() -> dict[str, str]:
    """Every package of the lock file and its version."""
    found = _PINNED.findall(LOCK.read_text(encoding="utf-8"))
    return {canonicalize_name(name): version for name, version in found}


def unhashed() -> list[str]:
    """Packages of the lock file without a hash: none may be another than was reviewed."""
    entries = re.split(r"^(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    pinned = [entry for entry in entries if _PINNED.match(entry)]
    return [entry.split("==")[0] for entry in pinned if "--hash=sha256:" not in entry]


def known_vulnerable(advisories: dict[str, Any], packages: dict[str, str]) -> list[str]:
    """What the advisories say of the locked versions."""
    found = []
    for name, entries in advisories.items():
        version = packages.get(canonicalize_name(name))
        if version is None or not isinstance(entries, list):
            continue
        for entry in entries:
            for spec in entry.get("specs", ()):
                try:
                    hit = Version(version) in SpecifierSet(spec)
                except InvalidSpecifier:
                    continue
                if hit:
                    found.append(f"{name} {version} {spec}: {entry.get('id')}")
    return found


def run(place: Path, report: Report, known_until: str = DATA_ENDS) -> None:
    """Audit, and say how old the data is and what could not be asked; `known_until` is the day of the
    newest advisory that the dependencies are held against.
    """
    packages = locked()
    bare = unhashed()
    if bare:
        report.broken("the lock file", f"without hashes: {', '.join(bare)}")
    venv.EnvBuilder(with_pip=True).create(place)
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, ADVISORIES, AUDIT], check=True, capture_output=True)
    (data,) = place.glob("**/safety_db/insecure_full.json")
    advisories = json.loads(data.read_text(encoding="utf-8"))
    vulnerable = known_vulnerable(advisories, packages)
    report.add(
        f"advisories up to {DATA_ENDS}",
        packages=len(packages),
        with_advisories=sum(canonicalize_name(name) in packages for name in advisories),
        vulnerable=len(vulnerable),
    )
    for line in vulnerable:
        report.broken("a dependency", line)
    _ask_registry(python, place, report, known_until)


def _ask_registry(python: Path, place: Path, report: Report, known_until: str) -> None:
    out = place / "audit.json"
    command = [str(python), "-m", "pip_audit", "-r", str(LOCK), "--no-deps", "--disable-pip",
               "--format", "json", "--output", str(out), "--progress-spinner", "off"]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if not out.exists():
        report.note(f"pip-audit could not ask anybody: {done.stderr.strip()[-200:]}")
        return
    answers = json.loads(out.read_text(encoding="utf-8"))["dependencies"]
    asked = [each for each in answers if "skip_reason" not in each]
    report.add("pip-audit", packages=len(answers), answered=len(asked))
    for each in asked:
        for vulnerability in each["vulns"]:
            report.broken("a dependency", f"{each['name']} {each['version']} {vulnerability['id']}")
    if len(asked) < len(answers):
        report.note(
            f"The package registry at hand answers for vulnerabilities of {len(asked)} of {len(answers)} "
            f"packages; the rest rests on advisories that end on {known_until}."
        )
