"""Undo and redo go across the record; a text field's own, of Qt's, would stand in their way."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence

UNDO = [QKeySequence("Ctrl+Z")]
REDO = [QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")]


def ignore_undo_shortcut(event: QEvent) -> bool:
    """Whether a text field would take keys that undo or redo; the event is turned down then."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if QKeySequence(event.keyCombination()) not in (*UNDO, *REDO):
        return False
    event.ignore()
    return True
