"""From a keystroke to the findings on screen, in the real window, for a household of eight."""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from build.qa.bench.figures import Figure
from build.qa.bench.made_up import household
from build.qa.bench.openfisca import Peer
from build.qa.bench.window import PASSPHRASE, Painted, application, unlocked, until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from ruhu.policy.standards.files import read_standards_file
from ruhu.resources import resource
from ruhu.store.store import Store
from ruhu.ui.surveyor.window import MainWindow

FIELDS = ("housing.floor_area_m2", "income.operating", "farming.microloan.amount")


def measure(keystrokes: int) -> dict[str, float]:
    """Milliseconds from key to paint: median, 99th percentile, and the longest block of the window."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "data"
        with Store.create(place, PASSPHRASE, surveyor="测试员") as store:
            store.records.import_documents([household(random.Random(3), 8)])
        program, window = unlocked(place)
        path = resource("demo/standards.toml")
        file = read_standards_file(path.name, path.read_bytes())
        window.session.add_standards(file, lambda: None, window.session.failed.emit)
        window.session.editor.open_record(window.village.model.rows[0].record_id)
        until(lambda: window.session.editor.record_id is not None)
        times = _type(window, application(), keystrokes)
        program.close()
        window.close()
    times.sort()
    return {
        "median_ms": statistics.median(times),
        "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)],
    }


def _type(window: MainWindow, app: QApplication, keystrokes: int) -> list[float]:
    """Type digits and take them back, field by field, waiting each time for the new findings."""
    panel = window.answers
    painted = Painted(panel.tree.viewport(), shown=lambda: list(panel.lines))
    window.session.assessments.assessed.connect(painted.tell)
    times: list[float] = []
    keys = [Qt.Key.Key_7, Qt.Key.Key_Backspace]
    while len(times) < keystrokes:
        for name in FIELDS:
            window.form.focus_path(name)
            until(lambda: isinstance(app.focusWidget(), QLineEdit))
            edit = app.focusWidget()
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
