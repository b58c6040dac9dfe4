"""Typing as a worker does it, key by key in the real window, until it is killed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from build.qa.durability.workload import FIELD, Lost, Step, Tell, Typing, household, require_sound
from build.release.release_data import PASSPHRASE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ruhu.app.laptop import SurveyorApp
from ruhu.store.store import Store
from ruhu.ui.login.unlock_screen import UnlockScreen
from ruhu.ui.surveyor.window import MainWindow

LONGEST_WAIT = 60.0
FIRST_AREA = 50


class InWindow(Typing):
    """An area is typed and the field left, again and again; each is acknowledged once the window has saved it.

    Only to be opened in a process that ends with it: Qt stays.
    """

    name, steps, ends = "typing in the window", 25, True

    @contextmanager
    def open(self, folder: Path) -> Iterator[Step]:
        app = QApplication([])
        program = SurveyorApp(app, folder / "laptop", "zh")
        program.show_unlock()
        screen = program.window.centralWidget() if program.window else None
        assert isinstance(screen, UnlockScreen)
        screen.passphrase.setText(PASSPHRASE)
        screen.try_unlock()
        _until(app, lambda: isinstance(program.window, MainWindow))
        window = program.window
        assert isinstance(window, MainWindow)
        _until(app, lambda: bool(window.village.model.rows) and window.isActiveWindow())
        opened: list[str] = []
        window.session.editor.opened.connect(opened.append)
        window.session.editor.open_record(window.village.model.rows[0].record_id)
        _until(app, lambda: bool(opened) and FIELD in window.form.rows())
        saved: list[object] = []
        window.session.editor.saved.connect(lambda at, _: saved.append(at))

        def step(number: int, tell: Tell) -> None:
            window.form.focus_path(FIELD)
            line = window.form.rows()[FIELD].editor.line  # type: ignore[attr-defined]
            line.selectAll()
            before = len(saved)
            QTest.keyClicks(line, str(FIRST_AREA + number))
            QTest.keyClick(line, Qt.Key.Key_Tab)
            _until(app, lambda: len(saved) > before)
            tell(str(FIRST_AREA + number))

        yield step

    def check(self, folder: Path, acknowledged: list[str]) -> None:
        with Store.open(folder / "laptop", PASSPHRASE) as store:
            require_sound(store)
            ids = {summary.record_id for summary in store.records.summaries()}
            if len(ids) != len({household(n, 0)["record_id"] for n in range(len(ids))}):
                raise Lost("households are gone")
            areas = [int(store.records.document(key)["housing"]["floor_area_m2"]) for key in ids]
            if acknowledged and max(areas) < int(acknowledged[-1]):
                raise Lost(f"{acknowledged[-1]} was typed and {max(areas)} is there")
            if acknowledged and (store.records.resume_position() or (None, ""))[1] != FIELD:
                raise Lost("the field that was left is not known")


def _until(app: QApplication, condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + LONGEST_WAIT
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError
        app.processEvents()
        time.sleep(0.002)
