"""A table that can be searched and sorted; each row represents an item."""

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
"""Rows that are measured for the width of a column; a table may have tens of thousands."""

MAX_COLUMN_WIDTH = 320
"""Pixels; a wider text is elided and shown in the tooltip."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: the texts of its cells, the item it represents, and sort keys unless the texts sort."""

    cells: tuple[str, ...]
    item: Any
    keys: tuple[Any, ...] = ()

    def key(self, column: int) -> Any:
        """Return the sort key of a column; missing values sort last."""
        value = self.keys[column] if self.keys else self.cells[column]
        return (value is None or value == "", value)


class LedgerModel(QAbstractTableModel):
    """Rows under headings. The columns `numbers` are aligned right."""

    def __init__(self, headings: Sequence[str], numbers: Iterable[int] = ()) -> None:
        super().__init__()
        self._headings, self._numbers = list(headings), frozenset(numbers)
        self._all: list[TableRow] = []
        self.lines: list[TableRow] = []
        self._text = ""
        self._order: tuple[int, bool] | None = None

    def show(self, lines: Sequence[TableRow]) -> None:
        """Show rows in the chosen order, filtered by the search."""
        self._all = list(lines)
        self._arrange()

    def search(self, text: str) -> None:
        """Show only rows with a text in a cell."""
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
    """A search field above a table. `chosen` follows each change of the selection.

    With `wrap`, rows are as high as their texts need; use it for short tables only. `empty` is the
    hint shown without rows, `multiple` allows to select several rows.
    """

    chosen = Signal()

    def __init__(
        self,
        name: str,
        headings: Sequence[str],
        numbers: Iterable[int] = (),
        *,
        multiple: bool = False,
        wrap: bool = False,
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
        self.view.setSelectionMode(mode.ExtendedSelection if multiple else mode.SingleSelection)
        self.view.setTabKeyNavigation(False)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(wrap)
        self.view.verticalHeader().hide()
        if wrap:
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
        """Show rows; a selected item stays selected if it is still there."""
        selected = [row.item for row in self.chosen_rows()]
        self.model.show(lines)
        self._hint.setText(self.tr("没有找到，换几个字再查。") if lines else self._empty)
        self._fit_columns(lines)
        self._select(selected)

    def _fit_columns(self, lines: Sequence[TableRow]) -> None:
        """Fit columns to the first rows, and columns of numbers to all rows."""
        self.view.resizeColumnsToContents()
        measure, edge = self.view.fontMetrics(), self.view.fontMetrics().averageCharWidth() * 2
        for column in self._numbers:
            longest = max((line.cells[column] for line in lines), key=len, default="")
            width = measure.horizontalAdvance(longest) + edge
            if width > self.view.columnWidth(column):
                self.view.setColumnWidth(column, width)

    def _select(self, items: list[Any]) -> None:
        for row, line in enumerate(self.model.lines):
            if items and _is_same(line.item, items[0]):
                self.view.selectRow(row)
                return
        self.chosen.emit()

    def _search(self, text: str) -> None:
        selected = [row.item for row in self.chosen_rows()]
        self.model.search(text)
        self._select(selected)

    def chosen_rows(self) -> list[TableRow]:
        """Return the selected rows, in the table's order."""
        rows = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        return [self.model.lines[row] for row in rows if row < len(self.model.lines)]


def _is_same(first: Any, second: Any) -> bool:
    """Return whether two items have the same identity; their content may have changed."""
    for name in ("key", "record_id"):
        if hasattr(first, name):
            same = getattr(first, name) == getattr(second, name, None)
            return same and getattr(first, "address", "") == getattr(second, "address", "")
    return bool(first == second)
