"""Actions of a user at the window, and what the user sees."""

from typing import Any, TypeVar
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ruhu.ui.surveyor.form.editors import SegmentEditor, TextEditor
from ruhu.ui.surveyor.form.field_row import FieldRow
from ruhu.ui.surveyor.window import MainWindow

RECORD = UUID("fb5db162-d1ed-5596-adab-abdae880b3b4")


def focused() -> QWidget:
    """Return the focused widget."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


D = TypeVar("D", bound=QDialog)


def dialog_in_front(kind: type[D], qtbot: QtBot) -> D:
    """Return the dialog of a class once it has the focus."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=20_000)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    qtbot.waitUntil(lambda: dialog.isAncestorOf(focused()), timeout=10_000)
    return dialog


def answer_question(qtbot: QtBot, key: Qt.Key, *, other_button: bool = False) -> str:
    """Press a key at the question that came up; returns its text.

    With `other_button`, Tab goes to the other button first.
    """
    box = dialog_in_front(QMessageBox, qtbot)
    text = box.text()
    if other_button:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClick(focused(), key)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not box, timeout=10_000)
    return text


def say_yes(qtbot: QtBot) -> str:
    """Answer the question that came up with yes; returns its text."""
    return answer_question(qtbot, Qt.Key.Key_Space, other_button=True)


def say_no(qtbot: QtBot) -> str:
    """Answer the question that came up with Enter, which cancels; returns its text."""
    return answer_question(qtbot, Qt.Key.Key_Return)


def choose_file(name: str) -> None:
    """Type a name into the file dialog that comes up."""

    def type_name() -> None:
        asked = QApplication.activeModalWidget()
        if isinstance(asked, QFileDialog):
            (line,) = asked.findChildren(QLineEdit, "fileNameEdit")
            line.setText(name)
            QTest.keyClick(line, Qt.Key.Key_Return)
        else:
            QTimer.singleShot(20, type_name)

    QTimer.singleShot(20, type_name)


def press(within: QWidget, label: str) -> None:
    """Click the button of a label or an accessible name."""
    buttons = within.findChildren(QAbstractButton)
    (button,) = [b for b in buttons if label in (b.text(), b.accessibleName()) and b.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def open_household(window: MainWindow, qtbot: QtBot, name: str = "韦岜明") -> None:
    row = next(i for i, s in enumerate(window.village.model.rows) if s.title == name)
    rect = window.village.table.visualRect(window.village.model.index(row, 1))
    viewport = window.village.table.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.waitUntil(lambda: window.form.header.title.text().startswith(name), timeout=10_000)


def shown(window: MainWindow, path: str) -> str:
    editor = window.form.rows()[path].editor
    assert isinstance(editor, TextEditor)
    return editor.line.text()


def field(window: MainWindow, path: str) -> FieldRow:
    window.form.focus_path(path)
    return window.form.rows()[path]


def type_into(window: MainWindow, path: str, text: str) -> None:
    editor = field(window, path).editor
    assert isinstance(editor, TextEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClick(editor.line, Qt.Key.Key_Backspace)
    if text.isascii():
        QTest.keyClicks(editor.line, text)
    else:  # QTest has no Chinese keys
        QApplication.clipboard().setText(text)
        editor.line.paste()
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)


def choose(window: MainWindow, path: str, digit: str) -> None:
    editor = field(window, path).editor
    assert isinstance(editor, SegmentEditor)
    proxy = editor.focusProxy()
    assert proxy is not None
    QTest.keyClick(proxy, Qt.Key(Qt.Key.Key_0.value + int(digit)))


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.session.busy, timeout=10_000)


def findings(window: MainWindow) -> list[str]:
    tree = window.answers.tree
    texts = []
    for index in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(index)
        assert group is not None
        children = [group.child(row) for row in range(group.childCount())]
        texts += [child.text(0) for child in children if child is not None]
    return texts


def stored(window: MainWindow) -> dict[str, Any]:
    return window.session.store.records.document(RECORD)


def choices_of(window: MainWindow, path: str) -> list[str]:
    buttons = field(window, path).editor.findChildren(QAbstractButton)
    return [b.text() for b in buttons if b.isChecked()]
