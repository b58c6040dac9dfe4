from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from tests.conftest import QUICK
from tests.ui.conftest import PASSPHRASE, Desk, screen_of
from tests.ui.user import choose_file, press, say_no, say_yes, settle

from ruhu.app.laptop import SurveyorApp
from ruhu.county.county import CountyStore
from ruhu.exchange.keys.county import CountySecrets
from ruhu.slips.device_qr import device_in
from ruhu.store.store import Store
from ruhu.ui.county.devices.devices_page import DevicesPage, RevokeDialog
from ruhu.ui.county.devices.grant_recovery_dialog import GrantDialog
from ruhu.ui.login.lost_passphrase_dialog import LostPassphraseDialog
from ruhu.ui.surveyor.sync.keys_dialog import KeysDialog
from ruhu.ui.surveyor.window import MainWindow

Start = Callable[[Path], SurveyorApp]


def test_keys_are_shown_and_rotated(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = KeysDialog(window, window.session)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.code.pixmap().isNull(), timeout=10_000)
    qtbot.waitUntil(lambda: dialog.code.height() >= dialog.code.pixmap().height(), timeout=10_000)
    store: Any = window.session.store
    before = store.identity.device
    assert before.words.zh in dialog.words.text()
    photo = tmp_path / "screen.png"
    assert dialog.code.grab().save(str(photo))
    assert device_in("screen.png", photo.read_bytes()) == before
    press(dialog, "更换本机密钥…")
    assert "更换吗" in say_no(qtbot)
    settle(window, qtbot)
    assert store.identity.device == before
    press(dialog, "更换本机密钥…")
    say_yes(qtbot)
    qtbot.waitUntil(lambda: before.words.zh not in dialog.words.text(), timeout=10_000)
    assert store.identity.device != before


def test_a_laptop_is_revoked_from_a_chosen_day_on(window: MainWindow, qtbot: QtBot) -> None:
    dialog = RevokeDialog(window, "黄一")
    qtbot.addWidget(dialog)
    assert dialog.since is None
    dialog.day.setDate(QDate(2017, 6, 1))
    assert dialog.since is not None
    assert dialog.since.date() == date(2017, 6, 1)


def drive(line: QLineEdit, text: str) -> None:
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    line.clear()
    QTest.keyClicks(line, text)


def test_a_lost_passphrase_is_recovered_through_the_county(
    folder: Path, start: Start, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    made, recovery = CountyStore.create(
        tmp_path / "keys.db", PASSPHRASE, county="451024", name="德保县", cost=QUICK
    )
    made.close()
    (tmp_path / "recovery.key").write_text(recovery)
    (tmp_path / "other.key").write_text(CountySecrets.generate("451025", "靖西市")[2])
    with Store.open(folder, PASSPHRASE) as store:
        store.identity.set_county(made.public)
    program = start(folder)
    screen = screen_of(program)
    QTest.mouseClick(screen.lost, Qt.MouseButton.LeftButton)
    lost = the_open(LostPassphraseDialog)
    choose_file(str(tmp_path / "request.json"))
    QTest.mouseClick(lost.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(lost.words.text()), timeout=10_000)
    words = lost.words.text()

    window = desk(database="keys.db")
    window.show_page(DevicesPage)
    (button,) = [
        b for b in window.page(DevicesPage).findChildren(QPushButton) if b.text() == "找回口令…"
    ]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    granting = the_open(GrantDialog)
    choose_file(str(tmp_path / "request.json"))
    QTest.mouseClick(granting.request.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: granting.words.text() == words, timeout=10_000)
    drive(granting.recovery.line, str(tmp_path / "other.key"))
    QTest.mouseClick(granting.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "打不开" in granting.problem.text(), timeout=10_000)
    assert not (tmp_path / "answer.age").exists()
    drive(granting.recovery.line, str(tmp_path / "recovery.key"))
    with qtbot.waitSignal(granting.accepted, timeout=10_000):
        QTest.mouseClick(granting.act, Qt.MouseButton.LeftButton)
    assert "recover passphrase" in [entry.act for entry in window.session.store.audit.entries()]

    drive(lost.answer.line, str(tmp_path / "answer.age"))
    drive(lost.passphrase, "a new passphrase")
    drive(lost.again, "another passphrase")
    QTest.keyClick(lost.again, Qt.Key.Key_Return)
    assert "不一样" in lost.problem.text()
    drive(lost.again, "a new passphrase")
    with qtbot.waitSignal(lost.accepted, timeout=10_000):
        QTest.keyClick(lost.again, Qt.Key.Key_Return)
    QTest.keyClicks(screen.passphrase, "a new passphrase")
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)


def the_open(kind: type[Any]) -> Any:
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found


def test_recovery_without_a_county_key_is_explained(
    folder: Path, start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = screen_of(start(folder))
    QTest.mouseClick(screen.lost, Qt.MouseButton.LeftButton)
    lost = the_open(LostPassphraseDialog)
    lost.save_request(tmp_path / "request.json")
    qtbot.waitUntil(lambda: "从未导入县公钥" in lost.problem.text(), timeout=10_000)
    assert not (tmp_path / "request.json").exists()
    QTest.keyClick(lost, Qt.Key.Key_Escape)
    assert screen.isVisible()


def test_the_path_of_the_public_key_is_shown(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = KeysDialog(window, window.session)
    qtbot.addWidget(dialog)
    dialog.write_device(tmp_path / "device.json")
    qtbot.waitUntil(lambda: "device.json" in dialog.message.text(), timeout=10_000)
    assert (tmp_path / "device.json").exists()
    dialog.write_device(tmp_path / "nowhere" / "device.json")
    qtbot.waitUntil(lambda: bool(dialog.problem.text()), timeout=10_000)
