"""The question before something that cannot be undone: only its own button does it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.user import answer_question, dialog_in_front, press

from ruhu.ui.widgets.confirmation import confirm


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[list[str]]:
    """What was done so far, with the question in front."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    done: list[str] = []
    confirm(parent, "停用", "停用 <b>韦</b>？", "停用", lambda: done.append("停用"))
    yield done
    parent.close()


@pytest.mark.parametrize(
    ("key", "other_button", "done"),
    [
        (Qt.Key.Key_Return, False, []),
        (Qt.Key.Key_Space, False, []),
        (Qt.Key.Key_Escape, False, []),
        (Qt.Key.Key_Escape, True, []),
        (Qt.Key.Key_Space, True, ["停用"]),
        (Qt.Key.Key_Return, True, ["停用"]),
    ],
)
def test_only_the_verb_button_confirms_by_key(
    asked: list[str], qtbot: QtBot, key: Qt.Key, other_button: bool, done: list[str]
) -> None:
    assert answer_question(qtbot, key, other_button=other_button) == "停用 <b>韦</b>？"
    assert asked == done


def test_closing_a_confirmation_does_nothing(asked: list[str], qtbot: QtBot) -> None:
    box = dialog_in_front(QMessageBox, qtbot)
    assert sorted(button.text() for button in box.buttons()) == ["停用", "取消"]
    assert box.textFormat() == Qt.TextFormat.PlainText
    box.close()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=10_000)
    assert asked == []


def test_clicking_the_verb_confirms(asked: list[str], qtbot: QtBot) -> None:
    press(dialog_in_front(QMessageBox, qtbot), "停用")
    assert asked == ["停用"]
