"""Tree lines and buttons that wrap instead of being cut off."""

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
"""Narrower than so many pixels nothing is wrapped."""
HEIGHT_CACHE_SIZE = 5_000
"""Lines whose height is kept: at every key nearly all are the same as before."""


def layout_lines(text: str, font: QFont, width: int) -> list[tuple[str, float]]:
    """The lines of a text in a width in pixels, each with its height."""
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
    """Gives each line the height its wrapped text needs at the tree's width."""

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
            height = sum(high for _, high in layout_lines(option.text, option.font, width))
            self._heights[key] = height
        return QSize(max(width, MIN_WIDTH), int(height) + PADDING)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideNone


class WrappingButton(QPushButton):
    """A button whose words go on to further lines, as long as it is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def set_words(self, words: str) -> None:
        """Show these words."""
        self._words = words
        self._wrap()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def _wrap(self) -> None:
        room = self.contentsRect().width() - 4 * PADDING
        shown = "\n".join(line for line, _ in layout_lines(self._words, self.font(), room))
        if shown != self.text():
            self.setText(shown)
