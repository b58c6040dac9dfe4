"""Window, session and preferences that operations work on, and their messages."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from ruhu.errors import UserError
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.surveyor.record_edits import InvalidRecord
from ruhu.ui.surveyor.session import Session


class OperationContext(QObject):
    """Gives operations what they work on; its signals are requests to the window."""

    status_message = Signal(str)
    pending_changed = Signal(int)
    field_requested = Signal(str)
    list_requested = Signal()
    restart_requested = Signal()
    restyle_requested = Signal()

    def __init__(self, window: QWidget, session: Session, preferences: Preferences) -> None:
        super().__init__(window)
        self.window, self.session, self.preferences = window, session, preferences

    def open(self, dialog: QDialog) -> None:
        """Open a dialog that is deleted once it is closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_error(self, error: UserError) -> None:
        """Show an error; an invalid record is shown at its first invalid field."""
        if isinstance(error, InvalidRecord):
            self.field_requested.emit(error.path)
        self.show_warning(interface.translate(error.text))

    def show_warning(self, text: str) -> None:
        """Show a message with one button."""
        box = QMessageBox(self.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("请注意"))
        box.setText(text)
        box.addButton(self.tr("知道了"), QMessageBox.ButtonRole.AcceptRole)
        box.open()
