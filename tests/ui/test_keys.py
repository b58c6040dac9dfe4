from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate
from pytestqt.qtbot import QtBot

from ruhu.slips.device_code import device_in
from ruhu.ui.devices_page import RevokeDialog
from ruhu.ui.keys_dialog import KeysDialog
from ruhu.ui.main_window import MainWindow


def test_the_keys_are_shown_as_words_and_as_a_code_and_changed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = KeysDialog(window, window.session)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: not dialog.code.pixmap().isNull(), timeout=10_000)
    store: Any = window.session._store
    before = store.device
    assert before.words.zh in dialog.words.text()
    photo = tmp_path / "screen.png"
    assert dialog.code.grab().save(str(photo))
    assert device_in("screen.png", photo.read_bytes()) == before
    dialog.rotate()
    qtbot.waitUntil(lambda: before.words.zh not in dialog.words.text(), timeout=10_000)
    assert store.device != before


def test_a_laptop_is_revoked_from_a_chosen_day_on(window: MainWindow, qtbot: QtBot) -> None:
    dialog = RevokeDialog(window, "黄一")
    qtbot.addWidget(dialog)
    assert dialog.since is None
    dialog.day.setDate(QDate(2017, 6, 1))
    assert dialog.since is not None
    assert dialog.since.date() == date(2017, 6, 1)
