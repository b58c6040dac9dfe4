"""Make a release: version, changelog, data kept of it, checks, packages, list of parts, update package, checksums.

usage: python -m build.release.release VERSION [--key FOLDER/release.pem] [--really]

Everything is done in a clone below out/release/VERSION, so that a run touches nothing; the artefacts stay there.
With `--really`, and only once all of it has succeeded, the clone's commit and its tag are taken over. A tree that
is not clean, a check that fails, a version that is not above the last, or a changelog without a Chinese summary
(lines with `> ` below Unreleased) ends the run before anything is made. Without a key no update package is made,
which `--really` does not accept.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE, CHANGELOG = Path("desktop/ruhu/__init__.py"), Path("CHANGELOG.md")
ROOTS = Path("resources/updates")
DATA: Sequence[str] = ("-m", "build.release.release_data")
"""Keeps data of the version, so that later programs are held to opening it."""
CHECKS: Sequence[str] = ("-m", "build.test", "--all")
PACKAGES: Sequence[str] = ("-m", "build.release.package")
UPDATE: Sequence[str] = ("-m", "build.release.update", "make", "--key")
UNRELEASED = "## [Unreleased]"


class NotReleased(Exception):
    """The release failed; the repository is unchanged."""


@dataclass(frozen=True)
class Release:
    """One run, in a repository at `root`."""

    root: Path
    version: str
    on: date
    key: Path | None = None
    really: bool = False

    @property
    def place(self) -> Path:
        """Return the folder of the clone and the artefacts."""
        return self.root / "out" / "release" / self.version

    @property
    def clone(self) -> Path:
        """Return the folder of the clone."""
        return self.place / "source"

    @property
    def tag(self) -> str:
        """Return the tag of the release."""
        return f"v{self.version}"

    def make(
        self, checks: Sequence[str], builds: Sequence[Sequence[str]], data: Sequence[str]
    ) -> list[Path]:
        """Run all steps and return the artefacts. Raise `NotReleased` if one fails."""
        self._require_ready()
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        self._git(
            "clone", "--quiet", "--no-hardlinks", str(self.root), str(self.clone), at=self.place
        )
        self._write_version()
        self._python(data)
        self._python(checks)
        self._git("add", "--all", at=self.clone)
        identity = [
            "-c",
            f"user.name={self._asked('user.name')}",
            "-c",
            f"user.email={self._asked('user.email')}",
        ]
        self._git(*identity, "commit", "--quiet", "-m", f"Release {self.version}", at=self.clone)
        self._git(*identity, "tag", "-a", self.tag, "-m", f"Ruhu {self.version}", at=self.clone)
        for words in builds:
            self._python(words)
        artefacts = self._gather()
        if self._git("status", "--porcelain", at=self.clone):
            raise NotReleased("building has changed what is tracked")
        if self.really:
            self._git("pull", "--quiet", "--ff-only", "--tags", str(self.clone), "HEAD")
        return artefacts

    def _require_ready(self) -> None:
        if self._git("status", "--porcelain"):
            raise NotReleased("the tree is not clean: commit first")
        if self._git("tag", "--list", self.tag):
            raise NotReleased(f"{self.tag} is there already")
        if numbers(self.version) <= numbers(self.current):
            raise NotReleased(f"{self.version} is not above {self.current}")
        section = unreleased((self.root / CHANGELOG).read_text(encoding="utf-8"))
        if "\n- " not in section:
            raise NotReleased("the changelog has nothing unreleased")
        if not re.search(r"^> \S", section, re.MULTILINE):
            raise NotReleased(
                "the changelog's Unreleased wants a Chinese summary, in lines that begin with “> ”"
            )
        if self.really and self.key is None:
            raise NotReleased("a release wants the key of its update package: --key")
        if self.really and not list((self.root / ROOTS).glob("*.root.json")):
            raise NotReleased(f"{ROOTS} has no root: a program without one takes no update, ever")
        if self.key is not None and not self.key.is_file():
            raise NotReleased(f"there is no key {self.key}")

    @property
    def current(self) -> str:
        """Return the current version of the source tree."""
        found = re.search(r'__version__ = "(.*)"', (self.root / MODULE).read_text(encoding="utf-8"))
        assert found is not None
        return found[1]

    def _write_version(self) -> None:
        module, changelog = self.clone / MODULE, self.clone / CHANGELOG
        text = module.read_text(encoding="utf-8").replace(f'"{self.current}"', f'"{self.version}"')
        module.write_text(text, encoding="utf-8")
        text = changelog.read_text(encoding="utf-8")
        dated = f"{UNRELEASED}\n\n## [{self.version}] - {self.on.isoformat()}"
        changelog.write_text(text.replace(UNRELEASED, dated, 1), encoding="utf-8")

    def _gather(self) -> list[Path]:
        """Take the artefacts out of the clone, and write their checksums."""
        out = self.clone / "out"
        found = [*sorted((out / "packages").glob("*")), *sorted(out.glob("*.cdx.json"))]
        kept = [Path(shutil.copy(path, self.place)) for path in found if path.is_file()]
        sums = []
        for path in kept:
            with path.open("rb") as file:
                sums.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
        checksums = self.place / "SHA256SUMS"
        checksums.write_text("".join(sums), encoding="utf-8")
        return [*kept, checksums]

    def _python(self, words: Sequence[str]) -> None:
        """Run a part of the build in the clone, on the clone's own program."""
        environment = {**os.environ, "PYTHONPATH": str(self.clone / "desktop")}
        print("$ python", *words, flush=True)
        done = subprocess.run(
            [sys.executable, *words], check=False, cwd=self.clone, env=environment
        )
        if done.returncode:
            raise NotReleased(f"python {' '.join(words)} failed")

    def _asked(self, name: str) -> str:
        return self._git("config", name) or "Ruhu"

    def _git(self, *words: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words], check=False, cwd=at or self.root, capture_output=True, text=True
        )
        if done.returncode and words[0] != "config":
            raise NotReleased(f"git {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout.strip()


def numbers(version: str) -> tuple[int, ...]:
    """Parse a version into comparable numbers. Raise `NotReleased` if it is invalid."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise NotReleased(f"{version}: a version is MAJOR.MINOR.PATCH")
    return tuple(map(int, version.split(".")))


def unreleased(changelog: str) -> str:
    """Return the changelog's entries below Unreleased."""
    return changelog.partition(UNRELEASED)[2].partition("\n## [")[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("version")
    parser.add_argument("--key", type=Path)
    parser.add_argument("--really", action="store_true")
    asked = parser.parse_args()
    key = asked.key.resolve() if asked.key else None
    today = date.today()  # noqa: DTZ011 - the day on the releaser's wall
    release = Release(ROOT, asked.version, today, key, asked.really)
    builds = [PACKAGES, *([[*UPDATE, str(key)]] if key else [])]
    try:
        artefacts = release.make(CHECKS, builds, DATA)
    except NotReleased as why:
        sys.exit(f"no release: {why}")
    for path in artefacts:
        print(f"{path.stat().st_size / 1024**2:8.1f} MB  {path.relative_to(ROOT)}")
    print(
        f"{release.tag} is here; push it"
        if release.really
        else "a trial: nothing of the repository has changed"
    )


if __name__ == "__main__":
    main()
