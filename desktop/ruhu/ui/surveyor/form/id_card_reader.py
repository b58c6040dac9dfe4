"""A reader of identity cards that types like a keyboard: an id number all at once, then Return or Tab.

It types wherever the cursor stands, also into a name, a date or a choice, which would take the digits
for answers.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from ruhu.survey.validation.id_number import IdNumber, read_id_number

MAX_KEY_INTERVAL_MS = 100
"""Two keys of a reader are nearer to each other than this; nobody types eighteen digits so."""
ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class CardReader(QObject):
    """Listens to the keys of a widget's window while the cursor stands within the widget.

    `began` tells of a key that may be a card's first, before it does anything; `read` of a whole
    number, whose last key does nothing any more.
    """

    began = Signal()
    read = Signal(str)

    def __init__(self, within: QWidget) -> None:
        super().__init__(within)
        self._within = within
        self._typed = ""
        self._at = 0

    def listen_to(self, window: QWindow) -> None:
        """Hear the keys of a window; they come here before any widget has them."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in ENDS:
            number, self._typed = self._typed, ""
            if event.timestamp() - self._at < MAX_KEY_INTERVAL_MS and isinstance(
                read_id_number(number), IdNumber
            ):
                self.read.emit(number.upper())
                return True
        elif event.text():
            self._hear(event.text(), event.timestamp())
        return False

    def _hear(self, text: str, at: int) -> None:
        if at - self._at >= MAX_KEY_INTERVAL_MS:
            self._typed = ""
        if not self._typed:
            focused = QApplication.focusWidget()
            if focused is None or not self._within.isAncestorOf(focused) or not text.isdigit():
                return
            self.began.emit()
        self._typed, self._at = self._typed + text, at
