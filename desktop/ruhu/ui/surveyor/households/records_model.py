"""Table model of the household list."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ruhu.i18n import BilingualText
from ruhu.store.record_list import BEGUN, DONE, SENT_BACK, TO_VISIT, Summary
from ruhu.survey.models.common import group_label
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import default_title

COL_STATUS, COL_NAME, COL_PLACE, COL_PERSONS = range(4)
STATUS = {
    TO_VISIT: BilingualText("○ 待访", "○ to visit"),
    BEGUN: BilingualText("◐ 已开始", "◐ begun"),
    DONE: BilingualText("● 已访", "● done"),
    SENT_BACK: BilingualText("↩ 退回", "↩ sent back"),
}
Index = QModelIndex | QPersistentModelIndex


def place_text(row: Summary) -> str:
    """Return a record's village and group."""
    return f"{row.village} {interface.translate(group_label(row.group))}".strip()


class RecordsModel(QAbstractTableModel):
    """The list of records; further rows are loaded by scrolling (`more_wanted`)."""

    more_wanted = Signal()

    def __init__(self, headings: list[str]) -> None:
        super().__init__()
        self._headings = headings
        self.rows: list[Summary] = []
        self.total = 0
        self._is_loading = False

    def name_column(self, column: int, heading: str) -> None:
        """Change the heading of a column."""
        self._headings[column] = heading
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def set_rows(self, rows: list[Summary], total: int) -> None:
        """Show the first rows of `total`; the same records in the same order keep the selection."""
        self.total, self._is_loading = total, False
        if rows and [r.record_id for r in rows] == [r.record_id for r in self.rows]:
            self.rows = rows
            last = self.index(len(rows) - 1, len(self._headings) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def add_rows(self, rows: list[Summary]) -> None:
        """Append rows."""
        self._is_loading = False
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows = [*self.rows, *rows]
            self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:
        return not self._is_loading and len(self.rows) < self.total

    def fetchMore(self, parent: Index) -> None:
        self._is_loading = True
        self.more_wanted.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        return self._display(self.rows[index.row()], index.column())

    def _display(self, row: Summary, column: int) -> str:
        if column == COL_STATUS:
            return interface.translate(STATUS[row.status])
        if column == COL_NAME:
            name = row.title or row.household_no or interface.translate(default_title(row.kind))
            return f"{name}{' ⚑' if row.on_route else ''}"
        if column == COL_PLACE:
            return place_text(row)
        return str(row.persons)
