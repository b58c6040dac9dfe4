"""Confirm and cancel buttons of a dialog."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
)


def dialog_buttons(
    dialog: QDialog, label: str, cancel: str
) -> tuple[QDialogButtonBox, QPushButton]:
    """Return the button box of a dialog and its confirming button, which is disabled."""
    box = QDialogButtonBox()
    confirm = box.addButton(label, QDialogButtonBox.ButtonRole.AcceptRole)
    confirm.setObjectName("primary")
    confirm.setEnabled(False)
    box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box, confirm
