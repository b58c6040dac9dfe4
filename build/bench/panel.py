"""From a keystroke to the findings on screen, in the real window, for a household of eight."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from build.bench.figures import Figure
from build.bench.made_up import household
from build.bench.openfisca import Peer
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from ruhu.app import Program
from ruhu.assets import resource
from ruhu.policy.standards_file import read_standards_file
from ruhu.store.store import Store
from ruhu.ui.main_window import MainWindow
from ruhu.ui.unlock import UnlockScreen

PASSPHRASE = "correct horse battery"
FIELDS = ("housing.floor_area_m2", "income.operating", "farming.microloan.amount")


class Painted(QObject):
    """Waits until the findings told last are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self._told = False
        self._loop = QEventLoop()

    def tell(self) -> None:
        """New findings came; the next painting shows them."""
        self._told = True

    def wait(self) -> float:
        """Run the window until then; when that was."""
        guard = QTimer(singleShot=True, interval=20_000)
        guard.timeout.connect(self._loop.quit)
        guard.start()
        self._loop.exec()
        if not guard.isActive():
            raise TimeoutError("no findings were painted")
        return self.at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._told:
            self.at, self._told = time.perf_counter(), False
            self._loop.quit()
        return False


def _until(done: Callable[[], bool]) -> None:
    end = time.perf_counter() + 20
    while not done():
        QTest.qWait(5)
        if time.perf_counter() > end:
            raise TimeoutError("the window does not answer")


def _open(program: Program) -> MainWindow:
    program.show_unlock()
    screen = program.window.centralWidget() if program.window else None
    assert isinstance(screen, UnlockScreen)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    _until(lambda: isinstance(program.window, MainWindow))
    window = program.window
    assert isinstance(window, MainWindow)
    window.resize(1366, 768)
    _until(lambda: len(window.village.model.rows) == 1)
    return window


def measure(keystrokes: int) -> dict[str, float]:
    """Milliseconds from key to paint: median, 99th percentile, and the longest block of the window."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "data"
        with Store.create(place, PASSPHRASE, surveyor="测试员") as store:
            store.import_documents([household(random.Random(3), 8)])
        program = Program(application, place, "zh")
        window = _open(program)
        path = resource("demo/standards.toml")
        file = read_standards_file(path.name, path.read_bytes())
        window.session.add_standards(file, lambda: None, window.session.failed.emit)
        window.session.open_record(window.village.model.rows[0].record_id)
        _until(lambda: window.session.record_id is not None)
        times = _type(window, application, keystrokes)
        program.close()
        window.close()
    times.sort()
    return {
        "median_ms": statistics.median(times),
        "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)],
    }


def _type(window: MainWindow, application: QApplication, keystrokes: int) -> list[float]:
    """Type digits and take them back, field by field, waiting each time for the new findings."""
    painted = Painted()
    window.answers.tree.viewport().installEventFilter(painted)
    window.session.assessed.connect(painted.tell)
    times: list[float] = []
    keys = [Qt.Key.Key_7, Qt.Key.Key_Backspace]
    while len(times) < keystrokes:
        for name in FIELDS:
            window.form.focus_path(name)
            _until(lambda: isinstance(application.focusWidget(), QLineEdit))
            edit = application.focusWidget()
            assert isinstance(edit, QLineEdit)
            edit.end(False)
            for turn in range(20):
                QTest.qWait(20)
                start = time.perf_counter()
                QTest.keyClick(edit, keys[turn % 2])
                times.append((painted.wait() - start) * 1000)
    return times


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """The live panel, in a process of its own display."""
    found = measure(60 if quick else 600)
    yield Figure(
        "household of eight: milliseconds from a key to the findings on screen, 99th percentile",
        f"{found['p99_ms']:.1f} (median {found['median_ms']:.1f})",
        "",
        found["p99_ms"],
        at_most=16.0,
    )
