"""A question before an action that cannot be undone easily."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class Confirmation(QMessageBox):
    """A question whose default and Escape cancel; `agreed` runs for the other button."""

    def __init__(
        self, parent: QWidget, title: str, question: str, verb: str, agreed: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)  # the text has names that users typed
        self.setWindowTitle(title)
        self.setText(question)
        self.addButton(verb, QMessageBox.ButtonRole.AcceptRole)
        safe = self.addButton(self.tr("取消"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(safe)
        self.setEscapeButton(safe)
        self.accepted.connect(agreed)


def confirm(
    parent: QWidget, title: str, question: str, verb: str, agreed: Callable[[], None]
) -> None:
    """Ask, and run `agreed` if the button `verb` is pressed; returns at once."""
    Confirmation(parent, title, question, verb, agreed).open()
