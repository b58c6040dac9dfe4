"""The audit of locked dependencies with advisories in the OSV format; the advisories here are made up."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from build.qa.confidentiality.osv import audit_packages, run
from build.qa.report import Report

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"lantern": "2.4.1", "paper-boat": "1.0"}


def advisory(name: str, **entry: Any) -> dict[str, Any]:
    return {
        "id": f"MADE-UP-{name}",
        "modified": "2026-03-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **entry}],
    }


def between(*events: dict[str, str], kind: str = "ECOSYSTEM") -> list[dict[str, Any]]:
    return [{"type": kind, "events": list(events)}]


def put(folder: Path, content: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{content['id']}.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("entry", "hit"),
    [
        ({"versions": ["2.4.0", "2.4.1"]}, True),
        ({"versions": ["2.4.0"]}, False),
        ({"ranges": between({"introduced": "0"})}, True),
        ({"ranges": between({"introduced": "0"}, {"fixed": "2.4.1"})}, False),
        ({"ranges": between({"introduced": "0"}, {"fixed": "2.10"})}, True),
        ({"ranges": between({"introduced": "2.4.1"}, {"last_affected": "2.4.1"})}, True),
        ({"ranges": between({"introduced": "0"}, {"last_affected": "2.4"})}, False),
        (
            {"ranges": between({"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"})},
            True,
        ),
        # The later introduction comes first; the order must not matter.
        ({"ranges": between({"introduced": "3"}, {"fixed": "1"}, {"introduced": "0"})}, False),
        ({"ranges": between({"introduced": "0"}, kind="GIT")}, False),
    ],
)
def test_an_advisory_affects_its_versions_only(
    tmp_path: Path, entry: dict[str, Any], hit: bool
) -> None:
    put(tmp_path, advisory("Lantern", **entry))
    audit = audit_packages(tmp_path, PACKAGES)
    assert audit.packages == {"lantern"}
    assert audit.vulnerable == (["lantern 2.4.1 MADE-UP-Lantern"] if hit else [])


def test_advisories_are_read_from_subfolders_as_yaml_and_json(tmp_path: Path) -> None:
    put(tmp_path / "a", advisory("lantern", versions=["2.4.1"]))
    withdrawn = advisory("paper_boat", versions=["1.0"]) | {"withdrawn": "2026-02-01T00:00:00Z"}
    put(tmp_path / "a", withdrawn)
    elsewhere = advisory("lantern", versions=["2.4.1"]) | {"id": "MADE-UP-npm"}
    elsewhere["affected"][0]["package"]["ecosystem"] = "npm"
    put(tmp_path / "a", elsewhere)
    (tmp_path / "b.yaml").write_text(
        "id: MADE-UP-4\nmodified: 2026-04-02T10:00:00Z\n"
        "affected:\n- package: {ecosystem: PyPI, name: Paper.Boat}\n  versions: ['1.0']\n"
    )
    audit = audit_packages(tmp_path, PACKAGES)
    assert audit.advisories == 4
    assert audit.newest == "2026-04-02"
    assert audit.vulnerable == ["lantern 2.4.1 MADE-UP-lantern", "paper-boat 1.0 MADE-UP-4"]


def test_an_affected_package_or_an_unreadable_advisory_is_a_failure(tmp_path: Path) -> None:
    put(tmp_path, advisory("lantern", versions=["2.4.1"]))
    put(tmp_path, advisory("paper-boat", ranges=between({"introduced": "the beginning"})))
    report = Report("made up")
    run(tmp_path, PACKAGES, report)
    dependency, advisory_ = report.failures
    assert dependency == "a dependency: lantern 2.4.1 MADE-UP-lantern"
    assert "MADE-UP-paper-boat" in advisory_


def test_a_folder_without_advisories_is_a_failure(tmp_path: Path) -> None:
    report = Report("made up")
    run(tmp_path, PACKAGES, report)
    assert report.failures


def test_advisories_are_refused_for_other_proofs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build.qa", "explanations", "--advisories", str(tmp_path)]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--advisories" in done.stderr
