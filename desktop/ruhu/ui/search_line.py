"""A field to search in, with a cross that empties it."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLineEdit

from ruhu.ui.icons import icon


class SearchLine(QLineEdit):
    """A named field with a hint of what can be typed.

    The cross is an icon of ours: Qt looks for its own in 50 ms, in one go.
    """

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        clear = self.addAction(icon("x", colour), QLineEdit.ActionPosition.TrailingPosition)
        clear.setText(self.tr("清空"))
        clear.setToolTip(self.tr("清空"))
        clear.setVisible(False)
        clear.triggered.connect(self.clear)
        self.textChanged.connect(lambda text: clear.setVisible(bool(text)))
