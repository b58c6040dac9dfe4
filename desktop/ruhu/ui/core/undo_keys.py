"""Keys of undo and redo.

Text fields must not handle them: their own undo would hide that of the whole record.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence

UNDO = [QKeySequence("Ctrl+Z")]
REDO = [QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")]


def ignore_undo_shortcut(event: QEvent) -> bool:
    """Return whether a text field would handle an undo or redo key; the event is then ignored."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if QKeySequence(event.keyCombination()) not in (*UNDO, *REDO):
        return False
    event.ignore()
    return True
