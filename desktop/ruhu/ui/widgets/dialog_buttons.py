"""Confirm and cancel buttons of a dialog."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
)


def dialog_buttons(
    dialog: QDialog, label: str, cancel: str
) -> tuple[QDialogButtonBox, QPushButton]:
    box = QDialogButtonBox()
    act = box.addButton(label, QDialogButtonBox.ButtonRole.AcceptRole)
    act.setObjectName("primary")
    act.setEnabled(False)
    box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box, act
