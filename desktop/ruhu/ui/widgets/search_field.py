"""A search field with a button that clears it."""

from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from ruhu.ui.widgets.icons import icon

PADDING = 24
"""Pixels of the field that its frame and margins take."""


class SearchField(QLineEdit):
    """A named search field that shows the first hint with enough room, else its name.

    The clear button has an icon of ours: loading Qt's own blocks for 50 ms.
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
        text_width = self.fontMetrics().horizontalAdvance
        room = self.width() - PADDING
        self.setPlaceholderText(
            next((hint for hint in self._hints if text_width(hint) <= room), self._hints[-1])
        )
