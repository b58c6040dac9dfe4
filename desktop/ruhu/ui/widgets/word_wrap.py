"""Tree items and buttons that wrap their text."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

PADDING = 8
MIN_WIDTH = 60
"""Pixels; text is not wrapped to a narrower width."""
HEIGHT_CACHE_SIZE = 5_000
"""Cached heights: most items are unchanged after a keystroke."""


def layout_lines(text: str, font: QFont, width: int) -> list[tuple[str, float]]:
    """Return the lines of a text wrapped to a width in pixels, each with its height."""
    layout = QTextLayout(text, font)
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(wrapping)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, MIN_WIDTH))
        lines.append(line)
    layout.endLayout()
    return [
        (text[line.textStart() : line.textStart() + line.textLength()].rstrip(), line.height())
        for line in lines
    ]


class WrappingDelegate(QStyledItemDelegate):
    """Gives each item the height that its wrapped text needs."""

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree
        self._heights: dict[tuple[str, str, int], float] = {}

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        self.initStyleOption(option, index)
        depth, parent = 1, index.parent()
        while parent.isValid():
            depth, parent = depth + 1, parent.parent()
        width = self._tree.viewport().width() - depth * self._tree.indentation() - 2 * PADDING
        key = (option.text, option.font.key(), width)
        height = self._heights.get(key)
        if height is None:
            if len(self._heights) >= HEIGHT_CACHE_SIZE:
                self._heights.clear()
            height = sum(
                line_height for _, line_height in layout_lines(option.text, option.font, width)
            )
            self._heights[key] = height
        return QSize(max(width, MIN_WIDTH), int(height) + PADDING)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideNone


class WrappingButton(QPushButton):
    """A button that wraps its text."""

    def __init__(self) -> None:
        super().__init__()
        self._full_text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def set_wrapped_text(self, text: str) -> None:
        """Show a text, wrapped to the button's width."""
        self._full_text = text
        self._wrap()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def _wrap(self) -> None:
        room = self.contentsRect().width() - 4 * PADDING
        shown = "\n".join(line for line, _ in layout_lines(self._full_text, self.font(), room))
        if shown != self.text():
            self.setText(shown)
