"""A question before something that cannot be undone, or not easily."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class Confirmation(QMessageBox):
    """A question whose safe answer has the cursor and Escape; `agreed` runs for the other alone."""

    def __init__(
        self, parent: QWidget, title: str, question: str, verb: str, agreed: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names of people and places stand in it
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
    """Ask before `agreed` is run: only the button `verb` does, and nothing waits for the answer."""
    Confirmation(parent, title, question, verb, agreed).open()
