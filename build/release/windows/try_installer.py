"""Install, update and remove the program under Wine, and list what it leaves behind.

usage: python -m build.release.windows.try_installer     on Linux with wine64, nsis and xvfb

The program inside is a stand-in: what is tried is the installer's own work. The real program is installed
and used by the workflow `checks` on Windows.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build.qa.display import display
from build.release.windows.packages import compile_installer

CLASSES = r"HKCU\Software\Classes"
KEYS = [
    rf"{CLASSES}\Ruhu.Bundle",
    rf"{CLASSES}\.age",
    r"HKCU\Software\Ruhu",
    r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Ruhu",
]


class Wine:
    """A Windows installation in a folder."""

    def __init__(self, prefix: Path, environment: dict[str, str]) -> None:
        self.drive = prefix / "drive_c"
        self._environment = {
            **environment, "WINEPREFIX": str(prefix), "WINEARCH": "win64", "WINEDEBUG": "-all",
        }  # fmt: skip

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program in it, and wait for what that has started."""
        done = subprocess.run(
            [*map(str, words)], check=False, capture_output=True, text=True, env=self._environment
        )
        subprocess.run(["wineserver", "-w"], check=False, env=self._environment, timeout=120)
        return done

    def has_key(self, key: str) -> bool:
        """Return whether the registry has a key."""
        return self.run("wine", "reg", "query", key).returncode == 0

    def ours(self) -> set[str]:
        """Return every file that belongs to the program."""
        paths = (str(p.relative_to(self.drive)) for p in self.drive.rglob("*") if p.is_file())
        return {path for path in paths if "Ruhu" in path}


def stand_in(folder: Path) -> Path:
    """Create a folder that stands in for a frozen program."""
    (folder / "_internal").mkdir(parents=True)
    for name in ("ruhu.exe", "ruhuw.exe", "_internal/part"):
        (folder / name).write_bytes(b"MZ")
    return folder


def try_out(wine: Wine, installer: Path) -> list[str]:
    """Try the installer and return the problems."""
    faults: list[str] = []

    def expect(holds: bool, what: str) -> None:
        print("ok  " if holds else "FAIL", what, flush=True)
        if not holds:
            faults.append(what)

    wine.run("wineboot", "-i")
    person = next(p for p in (wine.drive / "users").iterdir() if p.name != "Public")
    data = person / "AppData/Roaming/Ruhu/store.db"
    data.parent.mkdir(parents=True)
    data.write_bytes(b"survey data")
    program = person / "AppData/Local/Programs/Ruhu"
    expect(wine.run("wine", installer, "/S").returncode == 0, "installs silently")
    expect((program / "_internal/part").exists(), "the program is the user's own, below AppData")
    expect(any(path.endswith(".lnk") for path in wine.ours()), "stands in the start menu")
    expect(all(map(wine.has_key, KEYS)), "bundles belong to it, and Windows lists it")
    (program / "_internal/of the old version").write_bytes(b"")
    version = person / "AppData/Local/Ruhu/versions/0.2.0/ruhu.exe"
    version.parent.mkdir(parents=True)
    version.write_bytes(b"MZ")
    (program / "data").mkdir()
    (program / "data/store.db").write_bytes(b"portable data")
    expect(wine.run("wine", installer, "/S").returncode == 0, "installs over itself")
    expect(not (program / "_internal/of the old version").exists(), "nothing of the old is left")
    expect(version.exists(), "a version that came by an update package stays")
    wine.run("wine", program / "uninstall.exe", "/S")
    left = {str(p.relative_to(wine.drive)) for p in (data, program / "data/store.db")}
    expect(wine.ours() == left, "takes itself and its versions away and leaves the data")
    expect(not any(map(wine.has_key, KEYS)), "the registry is as before")
    return faults


def main() -> None:
    """Make an installer of a stand-in and try it."""
    missing = [name for name in ("wine", "makensis", "Xvfb") if not shutil.which(name)]
    if missing:
        sys.exit(f"needs {', '.join(missing)}: apt-get install wine64 wine nsis xvfb")
    with tempfile.TemporaryDirectory() as place, display() as environment:
        folder = Path(place)
        # Debian's Wine runs 64-bit programs alone where no other architecture was added.
        installer = compile_installer(stand_in(folder / "ruhu"), folder, "-XTarget amd64-unicode")
        faults = try_out(Wine(folder / "wine", {**os.environ, **environment}), installer)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
