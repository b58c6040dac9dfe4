"""Recognise the input of an id card reader, which types like a keyboard.

It types an id number and Return or Tab into the focused field, even a name, a date or a choice.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from ruhu.survey.validation.id_number import IdNumber, read_id_number

MAX_KEY_INTERVAL_MS = 100
"""A reader's keys follow each other faster; nobody types eighteen digits so fast."""
ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class CardReader(QObject):
    """Watches the keys of a window while the cursor is within a widget.

    `began` precedes a key that may be a card's first; `read` has a complete number, whose last key is
    consumed.
    """

    began = Signal()
    read = Signal(str)

    def __init__(self, within: QWidget) -> None:
        super().__init__(within)
        self._within = within
        self._typed = ""
        self._last_key_ms = 0

    def watch(self, window: QWindow) -> None:
        """Watch the keys of a window before any widget gets them."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in ENDS:
            number, self._typed = self._typed, ""
            if event.timestamp() - self._last_key_ms < MAX_KEY_INTERVAL_MS and isinstance(
                read_id_number(number), IdNumber
            ):
                self.read.emit(number.upper())
                return True
        elif event.text():
            self._add_key(event.text(), event.timestamp())
        return False

    def _add_key(self, text: str, time_ms: int) -> None:
        if time_ms - self._last_key_ms >= MAX_KEY_INTERVAL_MS:
            self._typed = ""
        if not self._typed:
            focused = QApplication.focusWidget()
            if focused is None or not self._within.isAncestorOf(focused) or not text.isdigit():
                return
            self.began.emit()
        self._typed, self._last_key_ms = self._typed + text, time_ms
