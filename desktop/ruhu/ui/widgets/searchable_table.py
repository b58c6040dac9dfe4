"""A table of many rows that is searched, ordered and chosen from; each row stands for something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ruhu.ui.widgets.empty_state import EmptyHint
from ruhu.ui.widgets.search_field import SearchField

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_NOWHERE = QModelIndex()
MEASURED_ROWS = 40
"""Rows that tell how wide a column is; a table may have tens of thousands."""

MAX_COLUMN_WIDTH = 320
"""Pixels beyond which a column is cut off, its whole text in the tooltip."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: what its cells say, what they are ordered by where that is not the text, and what it
    stands for.
    """

    cells: tuple[str, ...]
    what: Any
    keys: tuple[Any, ...] = ()

    def key(self, column: int) -> Any:
        """What the row is ordered by: absent values stand last."""
        value = self.keys[column] if self.keys else self.cells[column]
        return (value is None or value == "", value)


class LedgerModel(QAbstractTableModel):
    """Lines under headings. `numbers` are the columns set to the right."""

    def __init__(self, headings: Sequence[str], numbers: Iterable[int] = ()) -> None:
        super().__init__()
        self._headings, self._numbers = list(headings), frozenset(numbers)
        self._all: list[TableRow] = []
        self.lines: list[TableRow] = []
        self._text = ""
        self._order: tuple[int, bool] | None = None

    def show(self, lines: Sequence[TableRow]) -> None:
        """Show these lines, in the order and under the search that were chosen."""
        self._all = list(lines)
        self._arrange()

    def search(self, text: str) -> None:
        """Show only the lines that have a text in a cell."""
        self._text = text.strip()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        text = self._text
        lines = [x for x in self._all if not text or any(text in cell for cell in x.cells)]
        if self._order is not None:
            column, descending = self._order
            empty = [line for line in lines if line.key(column)[0]]
            full = [line for line in lines if not line.key(column)[0]]
            full.sort(key=lambda line: line.key(column)[1], reverse=descending)
            lines = full + empty
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if role in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            return self.lines[index.row()].cells[index.column()]
        if role == _ROLE.TextAlignmentRole and index.column() in self._numbers:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if role == _ROLE.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        return None


class SearchableTable(QWidget):
    """A search over a table. `chosen` tells that another row is in hand.

    The rows of a `whole` one, which is short, are as high as it takes to read them to the end. Where
    there are none, `empty` says what comes here, or what to do first.
    """

    chosen = Signal()

    def __init__(
        self,
        name: str,
        headings: Sequence[str],
        numbers: Iterable[int] = (),
        *,
        many: bool = False,
        whole: bool = False,
        empty: str = "",
    ) -> None:
        super().__init__()
        self._empty = empty
        self._numbers = numbers = frozenset(numbers)
        self.model = LedgerModel(headings, numbers)
        self.search = SearchField(self.tr("查找：{0}").format(name), self.tr("在表中查找"))
        self.search.textChanged.connect(self._search)
        self.view = QTableView()
        self.view.setAccessibleName(name)
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.view.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.view.setTabKeyNavigation(False)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(whole)
        self.view.verticalHeader().hide()
        if whole:
            mode_of_rows = QHeaderView.ResizeMode.ResizeToContents
            self.view.verticalHeader().setSectionResizeMode(mode_of_rows)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(len(headings) - 1 not in numbers)
        header.setMaximumSectionSize(MAX_COLUMN_WIDTH)
        header.setResizeContentsPrecision(MEASURED_ROWS)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self._hint = EmptyHint(self.view, empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)

    def show_lines(self, lines: Sequence[TableRow]) -> None:
        """Show lines; what was in hand stays in hand where it is still there."""
        held = [line.what for line in self.chosen_lines()]
        self.model.show(lines)
        self._hint.setText(self.tr("没有找到，换几个字再查。") if lines else self._empty)
        self._widen(lines)
        self._hold(held)

    def _widen(self, lines: Sequence[TableRow]) -> None:
        """Make columns as wide as the first rows want them, those of numbers as wide as any does."""
        self.view.resizeColumnsToContents()
        measure, edge = self.view.fontMetrics(), self.view.fontMetrics().averageCharWidth() * 2
        for column in self._numbers:
            longest = max((line.cells[column] for line in lines), key=len, default="")
            width = measure.horizontalAdvance(longest) + edge
            if width > self.view.columnWidth(column):
                self.view.setColumnWidth(column, width)

    def _hold(self, held: list[Any]) -> None:
        for row, line in enumerate(self.model.lines):
            if held and _same(line.what, held[0]):
                self.view.selectRow(row)
                return
        self.chosen.emit()

    def _search(self, text: str) -> None:
        held = [line.what for line in self.chosen_lines()]
        self.model.search(text)
        self._hold(held)

    def chosen_lines(self) -> list[TableRow]:
        """The rows in hand, in the table's order."""
        rows = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        return [self.model.lines[row] for row in rows if row < len(self.model.lines)]


def _same(one: Any, other: Any) -> bool:
    """Whether two rows stand for the same thing, though it may have changed meanwhile."""
    for name in ("key", "record_id"):
        if hasattr(one, name):
            same = getattr(one, name) == getattr(other, name, None)
            return same and getattr(one, "address", "") == getattr(other, "address", "")
    return bool(one == other)
