"""A search of the program's memory for data of the store, as in a core dump.

It runs before the program is unlocked, while it is, and after it is locked again.

usage (under a display): python -m build.qa.confidentiality.memory FOLDER
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from build.qa.confidentiality.canaries import PASSPHRASE, people
from build.qa.display import display
from build.qa.report import Report
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ruhu.app.laptop import SurveyorApp
from ruhu.app.start import run as run_program
from ruhu.ui.login.unlock_screen import UnlockScreen
from ruhu.ui.surveyor.window import MainWindow

PART = 64 * 1024 * 1024
LONGEST_WAIT = 60.0
BEFORE = "before the passphrase"
ASKED = "请输入口令打开本机的调查数据"
MUST_GO = (
    "page of the store",
    "record as JSON",
    "data key",
    "data key (hex)",
    "passphrase",
    "passphrase (UTF-16)",
)
"""What must be gone after a lock."""


def regions(pid: int) -> Iterator[tuple[int, int]]:
    """Yield the readable regions of a process's memory."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, access, *rest = line.split(maxsplit=5)
        name = rest[-1] if len(rest) == 4 else ""
        if access.startswith("r") and name not in ("[vvar]", "[vsyscall]"):
            first, last = (int(part, 16) for part in span.split("-"))
            yield first, last - first


def count(pid: int, wanted: dict[str, bytes]) -> dict[str, int]:
    """Count the occurrences of some bytes in a process's memory, by their name."""
    found = dict.fromkeys(wanted, 0)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 - no path to join
        for start, size in regions(pid):
            for offset in range(0, size, PART):
                try:
                    memory.seek(start + offset)
                    data = memory.read(min(PART, size - offset))
                except OSError:
                    continue
                for name, sought in wanted.items():
                    found[name] += data.count(sought)
    return found


def wanted(key: bytes) -> dict[str, bytes]:
    """Return the bytes to search: planted people as text and as a row of the store, and its keys."""
    _, secrets = people()
    sought: dict[str, bytes] = {}
    for secret in secrets[:2]:
        for writing, data in secret.writings():
            if writing in ("UTF-8", "UTF-16"):
                sought[f"{secret.what} ({writing})"] = data
    name = secrets[0]
    sought["record as JSON"] = f'"name":"{name.text}"'.encode()
    # Two columns of a row side by side: so they stand in a page and nowhere else.
    sought["page of the store"] = b'roster{"revision_id"'
    sought["data key"] = key
    sought["data key (hex)"] = key.hex().encode()
    sought["passphrase"] = PASSPHRASE.encode()
    sought["passphrase (UTF-16)"] = PASSPHRASE.encode("utf-16-le")
    return sought


def run(folder: Path, key: bytes, report: Report) -> dict[str, dict[str, int]]:
    """Open the window on a store, lock it, and look into its memory before and after."""
    counts: dict[str, dict[str, int]] = {}
    sought = wanted(key)
    with (
        display() as environment,
        subprocess.Popen(
            [sys.executable, "-m", "build.qa.confidentiality.memory", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        ) as process,
    ):  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for state in (BEFORE, "unlocked"):
            if process.stdout.readline().strip() != state:
                raise RuntimeError("the window did not open")
            counts[state] = count(process.pid, sought)
            process.stdin.write("\n")
            process.stdin.flush()
        _wait_for_unlock(process)
        counts["locked"] = count(process.pid, sought)
        process.kill()
    for state, found in counts.items():
        report.add(f"memory of the window, {state}", **found)
    return counts


def _wait_for_unlock(process: "subprocess.Popen[str]") -> None:
    """Return once the process shows the screen that asks for the passphrase, locked."""
    ends = time.monotonic() + LONGEST_WAIT
    asked = {"asked": ASKED.encode("utf-16-le")}
    while True:
        if process.poll() is not None or time.monotonic() > ends:
            raise RuntimeError("the window did not come again after the lock")
        words = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        if b"build.qa.confidentiality.memory" not in words and count(process.pid, asked)["asked"]:
            return
        time.sleep(0.2)


class Driver:
    """A driver of the real program in its own event loop: it unlocks, shows households, and locks."""

    def __init__(self, program: SurveyorApp) -> None:
        self._program = program

    def drive(self) -> None:
        """Do it, and wait at each state for a line on the standard input."""
        program = self._program
        screen = program.window.centralWidget() if program.window else None
        assert isinstance(screen, UnlockScreen)
        self._tell(BEFORE)
        screen.passphrase.setText(PASSPHRASE)
        screen.try_unlock()
        self._until(lambda: isinstance(program.window, MainWindow))
        window = program.window
        assert isinstance(window, MainWindow)
        self._until(lambda: bool(window.village.model.rows))
        for row in window.village.model.rows:
            window.session.editor.open_record(row.record_id)
            self._until(lambda: not window.session.busy)
        self._tell("unlocked")
        window.lock_asked.emit()

    def _until(self, condition: Callable[[], bool]) -> None:
        ends = time.monotonic() + LONGEST_WAIT
        while not condition():
            if time.monotonic() > ends:
                raise TimeoutError
            QApplication.processEvents()
            time.sleep(0.002)

    @staticmethod
    def _tell(state: str) -> None:
        print(state, flush=True)
        sys.stdin.readline()


def main() -> None:
    """Run the program as `ruhu app` does, driven."""
    show_unlock = SurveyorApp.show_unlock

    def show_and_drive(program: SurveyorApp) -> None:
        show_unlock(program)
        QTimer.singleShot(0, Driver(program).drive)

    vars_of: Any = SurveyorApp
    vars_of.show_unlock = show_and_drive
    run_program(Path(sys.argv[1]), "zh")


if __name__ == "__main__":
    main()
