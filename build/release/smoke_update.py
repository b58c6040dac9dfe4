"""Updates the real frozen program: applied, killed while applying, started, broken, gone back from.

usage: python -m build.release.smoke_update [KILLS]      on Linux, after `sh build/freeze.sh`; needs xdotool (Debian)

The frozen program of out/dist/ruhu stands for the installed one, on a stick with its data folder. The same
source is frozen once more under a later version, packed and signed with keys made for this run.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from build.qa.display import display
from build.release.update import make_keys, make_package, make_root, read_key

from ruhu.store.store import Store
from ruhu.updates.version import CURRENT_VERSION, Version

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "out" / "dist" / "ruhu"
SECRET = PASSPHRASE = "made up for this run"  # noqa: S105 - opens made-up data only
NEXT = CURRENT_VERSION._replace(minor=CURRENT_VERSION.minor + 1)
BROKEN = CURRENT_VERSION._replace(minor=CURRENT_VERSION.minor + 2)
A_MINUTE = 60.0


def freeze_as(version: Version, place: Path, root: bytes) -> Path:
    """Freeze the source under another version and with a root of the updates, in a copy of it."""
    source = place / "source"
    for name in ("desktop", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("installer.spec", "pyproject.toml"):
        shutil.copy(ROOT / name, source / name)
    shutil.copytree(ROOT / "build", source / "build")
    (source / "resources" / "updates").mkdir(exist_ok=True)
    (source / "resources" / "updates" / "1.root.json").write_bytes(root)
    file = source / "desktop" / "ruhu" / "__init__.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r'__version__ = ".*"', f'__version__ = "{version}"', text), "utf-8")
    words = ["-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "installer.spec"]
    subprocess.run([sys.executable, *words], check=True, cwd=source)
    return source / "dist" / "ruhu"


class Stick:
    """The installed program, portable, and what is asked of it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._environment = {k: v for k, v in environment.items() if not k.startswith("RUHU_")}

    def run(self, *words: str, check: bool = True) -> str:
        """What a command prints."""
        done = subprocess.run(
            [self.folder / "ruhu", *words],
            check=False, capture_output=True, text=True, env=self._environment,
        )  # fmt: skip
        if check and done.returncode:
            sys.exit(f"ruhu {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return (done.stdout + done.stderr).strip()

    @property
    def state(self) -> dict[str, Any]:
        """Which version counts."""
        path = self.folder / "versions" / "versions.json"
        state: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return state

    def kill_applying(self, package: Path, after: float) -> None:
        """Begin to apply, and kill -9 after some seconds."""
        words = [str(self.folder / "ruhu"), "update", "apply", str(package)]
        with subprocess.Popen(words, env=self._environment, stdout=subprocess.DEVNULL) as applying:
            try:
                applying.wait(after)
            except subprocess.TimeoutExpired:
                applying.kill()

    @contextmanager
    def window(self) -> Any:
        """The window, at its first screen."""
        with subprocess.Popen([self.folder / "ruhu"], env=self._environment) as program:
            words = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "入户"]
            found = subprocess.run(
                words,
                check=True,
                capture_output=True,
                text=True,
                env=self._environment,
                timeout=A_MINUTE,
            )
            yield found.stdout.split()[0]
            # A version on trial is the launcher's child; one that counts has taken its place.
            children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text()
            for process in [*map(int, children.split()), program.pid]:
                os.kill(process, signal.SIGTERM)

    def unlock(self, window: str) -> None:
        """Type the passphrase."""
        words = ["xdotool", "type", "--window", window, "--delay", "30", PASSPHRASE]
        subprocess.run(words, check=True, env=self._environment)
        enter = ["xdotool", "key", "--window", window, "Return"]
        subprocess.run(enter, check=True, env=self._environment)


def wait_for(what: str, condition: Callable[[], bool]) -> float:
    """Wait at most a minute until something is so; how long it took, in seconds."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > A_MINUTE:
            sys.exit(f"not within a minute: {what}")
        time.sleep(0.1)
    return time.monotonic() - began


def timed(act: Callable[[], Any]) -> float:
    """How long an act takes, in seconds."""
    began = time.monotonic()
    act()
    return time.monotonic() - began


def start_time(stick: Stick) -> float:
    """The best of five starts of a command, in seconds."""
    return min(timed(lambda: stick.run("--version")) for _ in range(5))


def require(what: str, good: bool) -> None:
    """Say that something holds, or end."""
    print("ok " if good else "NOT", what, flush=True)
    if not good:
        sys.exit(1)


def kill_often(stick: Stick, package: Path, kills: int, whole: float) -> None:
    """Kill applying at random moments; each time a version must be there that starts."""
    chance, left = random.Random(1), {"old": 0, "new": 0}  # noqa: S311 - no secret
    for _ in range(kills):
        shutil.rmtree(stick.folder / "versions", ignore_errors=True)
        stick.kill_applying(package, chance.uniform(0.05, whole * 1.05))
        assert stick.run("--version") == f"ruhu {CURRENT_VERSION}"
        trial = stick.state.get("trial", "")
        if trial:
            program = stick.folder / "versions" / trial / "ruhu"
            done = subprocess.run(
                [program, "--version"], check=True, capture_output=True, text=True
            )
            assert done.stdout.strip() == f"ruhu {NEXT}"
        left["new" if trial else "old"] += 1
    require(
        f"{kills} kills while applying: {left['old']} left the old version, {left['new']} the new one on trial",
        True,
    )
    shutil.rmtree(stick.folder / "versions", ignore_errors=True)


def main() -> None:
    if not FROZEN.is_dir() or not shutil.which("xdotool"):
        sys.exit("first: sh build/freeze.sh; and apt-get install xdotool")
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory(dir=ROOT / "out") as name, display() as environment:
        place = Path(name)
        make_keys(place / "keys", SECRET, "试用")
        root = make_root(place / "keys", SECRET)
        signer = read_key(place / "keys" / "release.pem", SECRET)
        stick = Stick(place / "stick", environment)
        shutil.copytree(FROZEN, stick.folder, symlinks=True)
        updates = stick.folder / "_internal/ruhu/resources/updates"
        updates.mkdir(exist_ok=True)
        (updates / "1.root.json").write_bytes(root)
        Store.create(stick.folder / "data", PASSPHRASE, surveyor="演示员").close()

        newer = freeze_as(NEXT, place, root)
        out = place / "packages"
        package = make_package(newer, out, signer, version=NEXT, roots={1: root}, preset=6)
        print(f"package: {package.stat().st_size / 1024**2:.0f} MB")
        took = timed(lambda: stick.run("update", "check", str(package)))
        print(
            f"checked in {took:.1f} s: {stick.run('update', 'check', str(package)).splitlines()[-1]}"
        )
        took = timed(lambda: stick.run("update", "apply", str(package)))
        print(f"applied in {took:.1f} s")
        kill_often(stick, package, kills, took)

        by_itself = start_time(stick)
        stick.run("update", "apply", str(package))
        with stick.window() as window:
            stick.unlock(window)
            seconds = wait_for("the data opened", lambda: not stick.state["trial"])
        require(
            f"{NEXT} opened the data, {seconds:.1f} s after Enter",
            stick.run("--version") == f"ruhu {NEXT}",
        )

        handed = start_time(stick)
        print(f"a command starts in {by_itself:.2f} s, handed to {NEXT} in {handed:.2f} s")

        (newer / "_internal/PySide6/QtWidgets.abi3.so").unlink()
        bad = make_package(newer, out, signer, version=BROKEN, roots={1: root}, preset=1)
        stick.run("update", "apply", str(bad))
        with stick.window():
            require(f"{BROKEN} does not start; the window comes up all the same", True)
        require(
            "the version that did not start is reported",
            stick.state["fell_back"].startswith(str(BROKEN)),
        )
        require(f"{NEXT} counts as before", stick.run("--version") == f"ruhu {NEXT}")

        print(stick.run("update", "rollback"))
        require(f"back at {CURRENT_VERSION}", stick.run("--version") == f"ruhu {CURRENT_VERSION}")
        with stick.window() as window:
            stick.unlock(window)
            wait_for("the data opened", lambda: (stick.folder / "data" / "store.db-wal").exists())
        require("and the data is there", True)


if __name__ == "__main__":
    os.environ.pop("RUHU_DATA", None)
    main()
