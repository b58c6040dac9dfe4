"""The release script, in a small repository of its own."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
from build.release.release import NotReleased, Release

CHANGELOG = """# Changelog

## [Unreleased]
> 明白卡可以整村打印。

### Added
- Slips of a whole village.

## [0.1.0] - 2026-01-01
- The first.
"""
MAKES = """
import pathlib, ruhu
place = pathlib.Path("out/packages")
place.mkdir(parents=True)
(place / f"ruhu-{ruhu.__version__}.deb").write_text("a package")
pathlib.Path("out/sbom.cdx.json").write_text("{}")
"""
KEEPS = "import pathlib; pathlib.Path('data-of-it').write_text('kept')"
PASSES, FAILS = "pass", "raise SystemExit(1)"


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    (place / "desktop/ruhu").mkdir(parents=True)
    (place / "desktop/ruhu/__init__.py").write_text('__version__ = "0.1.0"\n')
    (place / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    (place / ".gitignore").write_text("/out/\n__pycache__/\n")
    (place / "key.pem").write_text("a key")
    (place / "resources/updates").mkdir(parents=True)
    (place / "resources/updates/1.root.json").write_text("{}")
    git(place, "init", "--quiet")
    git(place, "config", "user.name", "发布人")
    git(place, "config", "user.email", "release@example.org")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "-m", "all")
    return place


def make(
    root: Path,
    version: str = "0.2.0",
    *,
    really: bool = False,
    checks: str = PASSES,
    key: bool = True,
) -> list[Path]:
    release = Release(root, version, date(2026, 11, 25), root / "key.pem" if key else None, really)
    return release.make(["-c", checks], [["-c", MAKES]], ["-c", KEEPS])


def state(root: Path) -> tuple[str, str, str]:
    return git(root, "rev-parse", "HEAD"), git(root, "tag"), git(root, "status", "--porcelain")


def test_a_dry_run_makes_everything_and_changes_nothing(root: Path) -> None:
    before = state(root)
    artefacts = make(root)
    assert state(root) == before
    assert [p.name for p in artefacts] == ["ruhu-0.2.0.deb", "sbom.cdx.json", "SHA256SUMS"]
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=artefacts[0].parent, check=True)
    assert done.returncode == 0


def test_a_release_has_a_commit_a_tag_a_dated_changelog_and_its_data(root: Path) -> None:
    make(root, really=True)
    assert git(root, "describe", "--tags") == "v0.2.0"
    assert git(root, "status", "--porcelain") == ""
    assert '"0.2.0"' in (root / "desktop/ruhu/__init__.py").read_text()
    assert (root / "data-of-it").read_text() == "kept"
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]\n\n## [0.2.0] - 2026-11-25\n> 明白卡可以整村打印。" in changelog


@pytest.mark.parametrize(
    ("version", "why"),
    [("0.1.0", "not above"), ("0.0.9", "not above"), ("0.2", "MAJOR.MINOR.PATCH")],
)
def test_an_invalid_or_lower_version_is_refused(root: Path, version: str, why: str) -> None:
    with pytest.raises(NotReleased, match=why):
        make(root, version)


def test_a_dirty_tree_failed_checks_or_a_missing_key_change_nothing(root: Path) -> None:
    before = state(root)
    with pytest.raises(NotReleased, match="failed"):
        make(root, really=True, checks=FAILS)
    with pytest.raises(NotReleased, match="wants the key"):
        make(root, really=True, key=False)
    assert state(root) == before
    (root / "new.txt").write_text("not committed")
    with pytest.raises(NotReleased, match="not clean"):
        make(root, really=True)


def test_a_program_that_could_never_be_updated_is_not_released(root: Path) -> None:
    git(root, "rm", "--quiet", "resources/updates/1.root.json")
    git(root, "commit", "--quiet", "-m", "no root")
    assert make(root)
    with pytest.raises(NotReleased, match="no root"):
        make(root, really=True)


def test_a_changelog_without_a_chinese_summary_is_refused(root: Path) -> None:
    changelog = (
        (root / "CHANGELOG.md").read_text(encoding="utf-8").replace("> 明白卡可以整村打印。\n", "")
    )
    (root / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    git(root, "commit", "--quiet", "-am", "no summary")
    with pytest.raises(NotReleased, match="Chinese summary"):
        make(root)
