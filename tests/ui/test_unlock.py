from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PASSPHRASE, screen_of

from ruhu.app import Program
from ruhu.store.place import has_store
from ruhu.store.store import Store
from ruhu.ui.main_window import MainWindow

Start = Callable[[Path], Program]


def test_the_first_start_makes_the_store(tmp_path: Path, start: Start, qtbot: QtBot) -> None:
    program = start(tmp_path / "data")
    screen = screen_of(program)
    QTest.keyClicks(screen.passphrase, PASSPHRASE)
    QTest.keyClicks(screen.again, PASSPHRASE)
    screen.surveyor.setText("覃小村")
    QTest.mouseClick(screen.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    program.close()
    with Store.open(tmp_path / "data", PASSPHRASE) as store:
        assert store.surveyor == "覃小村"


def test_two_different_passphrases_make_nothing(tmp_path: Path, start: Start) -> None:
    screen = screen_of(start(tmp_path / "data"))
    screen.passphrase.setText(PASSPHRASE)
    screen.again.setText("something else")
    screen.try_unlock()
    assert "不一样" in screen.problem.text()
    assert not has_store(tmp_path / "data")


def test_a_wrong_passphrase_is_said_and_can_be_tried_again(
    folder: Path, start: Start, qtbot: QtBot
) -> None:
    program = start(folder)
    screen = screen_of(program)
    QTest.keyClicks(screen.passphrase, "not the passphrase")
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "口令不对" in screen.problem.text(), timeout=10_000)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)


def test_a_folder_in_use_is_said(folder: Path, start: Start, qtbot: QtBot) -> None:
    with Store.open(folder, PASSPHRASE):
        screen = screen_of(start(folder))
        screen.passphrase.setText(PASSPHRASE)
        screen.try_unlock()
        qtbot.waitUntil(lambda: "另一个入户程序" in screen.problem.text(), timeout=10_000)
