"""A visit broken off by a dead battery goes on at the very field."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot
from tests.ui.conftest import PASSPHRASE, folder, screen_of, start, window_of

from ruhu.app.laptop import SurveyorApp
from ruhu.ui.surveyor.window import MainWindow

__all__ = ["folder", "start"]

WORKER = """
import sys, pathlib, time
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from ruhu.app.laptop import SurveyorApp
from ruhu.ui.surveyor.window import MainWindow
app = QApplication([])
program = SurveyorApp(app, pathlib.Path(sys.argv[1]), "zh")
program.show_unlock()
screen = program.window.centralWidget()
screen.passphrase.setText(sys.argv[2])
screen.try_unlock()
def until(condition):
    while not condition():
        app.processEvents()
        time.sleep(0.005)
until(lambda: isinstance(program.window, MainWindow))
window = program.window
until(lambda: len(window.village.model.rows) == 3 and window.isActiveWindow())
window.session.editor.open_record(next(s.record_id for s in window.village.model.rows if s.title == "韦岜明"))
until(lambda: window.form.header.title.text().startswith("韦岜明"))
for text in ("71", "72"):
    window.form.focus_path("housing.floor_area_m2")
    line = window.form.rows()["housing.floor_area_m2"].editor.line
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Tab)
    until(lambda: not window.session.busy)
print("left the field", flush=True)
until(lambda: False)
"""


def test_an_interrupted_visit_resumes_at_its_field(
    folder: Path, start: Callable[[Path], SurveyorApp], qtbot: QtBot
) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    words = [sys.executable, "-c", WORKER, str(folder), PASSPHRASE]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "left the field"
        worker.kill()
    program = start(folder)
    screen_of(program).passphrase.setText(PASSPHRASE)
    screen_of(program).try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    window = window_of(program)
    qtbot.waitUntil(lambda: "housing.floor_area_m2" in window.form.rows(), timeout=10_000)
    row = window.form.rows()["housing.floor_area_m2"]
    qtbot.waitUntil(lambda: row.editor.isAncestorOf(window.focusWidget()), timeout=10_000)
    assert window.session.editor.document["housing"]["floor_area_m2"] == "72"
