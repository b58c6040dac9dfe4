import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from tests.conftest import QUICK
from tests.ui.conftest import PASSPHRASE, screen_of

from ruhu.app.laptop import SurveyorApp
from ruhu.data_folder import store_exists
from ruhu.exchange.keys.county import CountySecrets
from ruhu.store.store import Store
from ruhu.ui.core.idle_timer import IdleWatch
from ruhu.ui.login.first_run import COUNTY, SURVEYOR, FirstStart
from ruhu.ui.login.restore_dialog import RestoreDialog
from ruhu.ui.login.unlock_screen import UnlockScreen
from ruhu.ui.surveyor.window import MainWindow

Start = Callable[[Path], SurveyorApp]


def first_start(program: SurveyorApp) -> FirstStart:
    assert program.window is not None
    screen = program.window.centralWidget()
    assert isinstance(screen, FirstStart)
    return screen


def choose_passphrase(screen: FirstStart, again: str = PASSPHRASE) -> None:
    QTest.keyClicks(screen.passphrase, PASSPHRASE)
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    QTest.keyClicks(screen.again, again)
    QTest.keyClick(screen.again, Qt.Key.Key_Return)


def test_the_first_start_creates_the_store_in_three_steps(
    tmp_path: Path, start: Start, qtbot: QtBot
) -> None:
    _, public, _ = CountySecrets.generate("451024", "德保县")
    (tmp_path / "county.json").write_text(public.model_dump_json())
    program = start(tmp_path / "data")
    screen = first_start(program)
    choose_passphrase(screen)
    QTest.keyClicks(screen.county, str(tmp_path / "county.json"))
    QTest.keyClick(screen.county, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: public.words.zh in screen.fingerprint.text(), timeout=10_000)
    assert screen.pages.currentIndex() == COUNTY
    QTest.keyClick(screen.next, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.pages.currentIndex() == SURVEYOR, timeout=10_000)
    screen.surveyor.setText("覃小村")
    QTest.mouseClick(screen.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    program.close()
    with Store.open(tmp_path / "data", PASSPHRASE) as store:
        assert store.identity.surveyor == "覃小村"
        assert store.identity.county == public


def test_different_or_short_passphrases_are_rejected(tmp_path: Path, start: Start) -> None:
    screen = first_start(start(tmp_path / "data"))
    choose_passphrase(screen, "something else")
    assert "不一样" in screen.problem.text()
    screen.passphrase.setText("short")
    screen.continue_()
    assert "太短" in screen.problem.text()
    assert screen.pages.currentIndex() == 0
    assert not store_exists(tmp_path / "data")


def test_an_invalid_county_file_is_rejected(tmp_path: Path, start: Start, qtbot: QtBot) -> None:
    (tmp_path / "county.json").write_text("{}")
    screen = first_start(start(tmp_path / "data"))
    choose_passphrase(screen)
    screen.county.setText(str(tmp_path / "county.json"))
    screen.continue_()
    qtbot.waitUntil(lambda: bool(screen.problem.text()), timeout=10_000)
    assert screen.pages.currentIndex() == 1
    QTest.mouseClick(screen.back, Qt.MouseButton.LeftButton)
    assert screen.pages.currentIndex() == 0
    assert screen.passphrase.text() == PASSPHRASE


def test_a_wrong_passphrase_can_be_retried(folder: Path, start: Start, qtbot: QtBot) -> None:
    program = start(folder)
    screen = screen_of(program)
    QTest.keyClicks(screen.passphrase, "not the passphrase")
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "口令不对" in screen.problem.text(), timeout=10_000)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)


def test_a_folder_in_use_is_reported(folder: Path, start: Start, qtbot: QtBot) -> None:
    with Store.open(folder, PASSPHRASE):
        screen = screen_of(start(folder))
        screen.passphrase.setText(PASSPHRASE)
        screen.try_unlock()
        qtbot.waitUntil(lambda: "另一个入户程序" in screen.problem.text(), timeout=10_000)


def test_a_key_restarts_the_idle_timer(window: MainWindow, qtbot: QtBot) -> None:
    clock = QElapsedTimer()
    clock.start()
    watch = IdleWatch(2000, window)
    qtbot.waitUntil(lambda: clock.hasExpired(1200), timeout=10_000)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    with qtbot.waitSignal(watch.idle, timeout=10_000):
        pass
    assert clock.elapsed() > 3000


def test_only_enter_counts_as_an_attempt(folder: Path, start: Start, qtbot: QtBot) -> None:
    program = start(folder)
    screen = screen_of(program)
    QTest.keyClicks(screen.passphrase, PASSPHRASE)
    assert not (folder / "tries.json").exists()
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    assert not (folder / "tries.json").exists()


def test_a_corrected_passphrase_opens_after_a_wrong_one(
    folder: Path, start: Start, qtbot: QtBot
) -> None:
    screen = screen_of(start(folder))
    QTest.keyClicks(screen.passphrase, PASSPHRASE)
    QTest.keyClick(screen.passphrase, Qt.Key.Key_X)
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(screen.problem.text()), timeout=10_000)
    assert json.loads((folder / "tries.json").read_bytes())["wrong"] == 1
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Backspace)
    QTest.keyClicks(screen.passphrase, PASSPHRASE)
    with qtbot.waitSignal(screen.unlocked, timeout=10_000):
        QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)


def test_an_unreadable_key_file_is_reported_on_the_screen(
    folder: Path, start: Start, qtbot: QtBot
) -> None:
    (folder / "keys.json").write_text("{}")
    screen = screen_of(start(folder))
    QTest.keyClicks(screen.passphrase, PASSPHRASE)
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "密钥文件" in screen.problem.text(), timeout=10_000)
    assert not any(isinstance(w, QMessageBox) for w in QApplication.topLevelWidgets())


def restore(program: SurveyorApp, place: Path, passphrase: str = PASSPHRASE) -> RestoreDialog:
    """Choose a backup on the first screen and type its passphrase."""
    assert program.window is not None
    screen = program.window.centralWidget()
    assert isinstance(screen, FirstStart | UnlockScreen)
    QTest.mouseClick(screen.restore, Qt.MouseButton.LeftButton)
    dialog = screen.findChild(RestoreDialog)
    assert isinstance(dialog, RestoreDialog)
    dialog.place.line.setText(str(place))
    QTest.keyClicks(dialog.passphrase, passphrase)
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    return dialog


def backed_up(tmp_path: Path, household: dict[str, Any]) -> Path:
    with Store.create(tmp_path / "lost", PASSPHRASE, surveyor="覃小村", cost=QUICK) as store:
        store.records.add(household)
        return store.back_up(tmp_path)


def test_a_new_laptop_restores_the_backup_of_a_lost_one(
    tmp_path: Path, start: Start, qtbot: QtBot, household: dict[str, Any]
) -> None:
    backed_up(tmp_path, household)
    program = start(tmp_path / "data")
    dialog = restore(program, tmp_path, "not the passphrase")
    qtbot.waitUntil(lambda: "口令" in dialog.problem.text(), timeout=10_000)
    dialog.passphrase.setText(PASSPHRASE)
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=20_000)
    window = program.window
    assert isinstance(window, MainWindow)
    assert window.session.surveyor == "覃小村"
    qtbot.waitUntil(lambda: window.form.header.title.text() != "", timeout=10_000)


def test_a_damaged_key_file_is_restored_from_a_backup(
    tmp_path: Path, start: Start, qtbot: QtBot, household: dict[str, Any]
) -> None:
    backup = backed_up(tmp_path, household)
    (tmp_path / "lost/keys.json").write_text("{")
    program = start(tmp_path / "lost")
    restore(program, backup)
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=20_000)
    (kept,) = (tmp_path / "lost").glob("before-restoring-*")
    assert (kept / "keys.json").read_text() == "{"
    assert (kept / "store.db").exists()


def test_a_folder_without_a_backup_is_reported(tmp_path: Path, start: Start, qtbot: QtBot) -> None:
    dialog = restore(start(tmp_path / "data"), tmp_path)
    qtbot.waitUntil(lambda: "没有备份" in dialog.problem.text(), timeout=10_000)
    dialog.reject()
    assert not store_exists(tmp_path / "data")
