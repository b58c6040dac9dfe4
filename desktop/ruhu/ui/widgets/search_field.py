"""A field to search in, with a cross that empties it."""

from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from ruhu.ui.widgets.icons import icon

PADDING = 24
"""Pixels of the field that its frame and margins take."""


class SearchField(QLineEdit):
    """A named field with a hint of what can be typed: of several, the first that has room,
    else its name.

    The cross is an icon of ours: Qt looks for its own in 50 ms, in one go.
    """

    def __init__(self, name: str, *hints: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._hints = (*hints, name)
        self.setPlaceholderText(hints[0])
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        clear = self.addAction(icon("x", colour), QLineEdit.ActionPosition.TrailingPosition)
        clear.setText(self.tr("清空"))
        clear.setToolTip(self.tr("清空"))
        clear.setVisible(False)
        clear.triggered.connect(self.clear)
        self.textChanged.connect(lambda text: clear.setVisible(bool(text)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        widest = self.fontMetrics().horizontalAdvance
        room = self.width() - PADDING
        self.setPlaceholderText(
            next((hint for hint in self._hints if widest(hint) <= room), self._hints[-1])
        )
