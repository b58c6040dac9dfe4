"""A list of the form: a table of its items and the fields of the chosen one."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue, schema_path
from ruhu.survey.facts.paths import get_value, new_item_id
from ruhu.survey.validation.id_number import mask
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.form.field_row import FieldRow
from ruhu.ui.surveyor.form.form_model import get_fact, item_facts
from ruhu.ui.surveyor.record_editor import RecordEditor
from ruhu.ui.widgets.confirmation import confirm
from ruhu.ui.widgets.empty_state import EmptyHint

MAX_COLUMNS = 5
GROUPS = {
    "schooling": BilingualText("上学", "Schooling"),
    "labour": BilingualText("劳动", "Labour"),
    "business": BilingualText("创业", "Business"),
    "health": BilingualText("健康与医保", "Health and insurance"),
}
"""Headings between a member's facts."""
ROW_HEIGHT = 32
MakeRow = Callable[[Fact, str, Callable[[str, Any], None] | None], FieldRow]
"""Makes the field of a fact at a path; the callback replaces the record as its receiver."""


class ItemTable(QWidget):
    """The items of any list: members, stays, employees, partners, teachers and so on."""

    shown = Signal()

    def __init__(self, editor: RecordEditor, path: str, make_row: MakeRow) -> None:
        super().__init__()
        self.editor, self.path, self._row = editor, path, make_row
        self.rows: dict[str, FieldRow] = {}
        self.inner: dict[str, ItemTable] = {}
        self._item = ""
        kind = editor.kind
        fact = catalogue(kind)[schema_path(path)]
        self._key = fact.item_key or ""
        self._facts = item_facts(kind, schema_path(path))
        self._columns = [f for f in self._facts if f.kind is not FactKind.LIST][:MAX_COLUMNS]
        paths = [f.path.rpartition(".")[2] for f in self._columns]
        self._number = paths.index("id_number") if "id_number" in paths else -1
        self._title = interface.translate(fact.label)
        self.table = self._make_table()
        self._remove = QPushButton(self.tr("删除所选"))
        self._remove.setAccessibleName(f"{self.tr('删除所选')} {self._title}")
        self._remove.clicked.connect(self.remove)
        self._detail = QVBoxLayout()
        self._detail.setContentsMargins(0, 4, 0, 0)
        self._lay_out()
        self.refresh()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(self._columns))
        table.setAccessibleName(self._title)
        table.setHorizontalHeaderLabels([interface.translate(f.label) for f in self._columns])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        row_height = max(ROW_HEIGHT, self.fontMetrics().height() + 10)
        table.verticalHeader().setDefaultSectionSize(row_height)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        EmptyHint(table, self.tr("还没有，点“添加”"))
        table.currentCellChanged.connect(self._choose)
        return table

    def _lay_out(self) -> None:
        add = QPushButton(self.tr("添加"))
        add.setAccessibleName(f"{self.tr('添加')} {self._title}")
        add.setToolTip("Ctrl+I")
        add.clicked.connect(self.add)
        heading = QLabel(self._title)
        heading.setObjectName("heading")
        buttons = QHBoxLayout()
        buttons.addWidget(heading, 1)
        buttons.addWidget(add)
        buttons.addWidget(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addLayout(buttons)
        layout.addWidget(self.table)
        layout.addLayout(self._detail)

    @property
    def items(self) -> list[Document]:
        """The items of the list in the record."""
        return list(get_value(self.editor.document, self.path, self.editor.kind) or [])

    def current_id(self) -> str | None:
        """Return the id of the chosen item, or None."""
        row = self.table.currentRow()
        items = self.items
        return str(items[row].get(self._key)) if 0 <= row < len(items) else None

    def begin(self) -> None:
        """Choose the first item, after another record was opened."""
        self.table.blockSignals(True)
        self.table.setCurrentCell(0, 0)
        self.table.blockSignals(False)

    def refresh(self) -> None:
        """Show the items and the fields of the chosen one."""
        items = self.items
        chosen = self.table.currentRow()
        self.table.blockSignals(True)
        self.table.setRowCount(len(items))
        for row, item in enumerate(items):
            for column, fact in enumerate(self._columns):
                self.table.setItem(row, column, QTableWidgetItem(self._cell(fact, item)))
        if items and not 0 <= chosen < len(items):
            self.table.setCurrentCell(min(max(chosen, 0), len(items) - 1), 0)
        self.table.blockSignals(False)
        height = self.table.verticalHeader().defaultSectionSize() * min(max(len(items), 1), 5)
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + height + 4)
        self._remove.setEnabled(bool(items))
        self._fit_columns()
        self._show_detail()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Hide columns that do not fit, the id number last: the fields below show it, too."""
        table, header = self.table, self.table.horizontalHeader()
        columns = range(len(self._columns))
        for column in columns:
            table.setColumnHidden(column, False)
        widths = [max(header.sectionSizeHint(c), table.sizeHintForColumn(c)) for c in columns]
        spare = sorted(columns[1:], key=lambda c: (c == self._number, c))
        while spare and sum(widths) > self.width() - 2 * table.frameWidth():
            widths[spare[-1]] = 0
            table.setColumnHidden(spare.pop(), True)

    def _cell(self, fact: Fact, item: Document) -> str:
        value: Any = item
        for name in fact.path.rsplit("[].", 1)[-1].split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.tr("是") if value else self.tr("否")
        if fact.choices:
            return next(
                (interface.translate(c.label) for c in fact.choices if c == value), str(value)
            )
        return f"…{mask(str(value))[-2:]}" if fact.path.endswith("id_number") else str(value)

    def _choose(self, *_: int) -> None:
        self._show_detail()
        self.shown.emit()

    def _show_detail(self) -> None:
        item_id = self.current_id()
        item_path = f"{self.path}[{item_id}]" if item_id else ""
        if not item_path or not self._item:
            for _ in self._build_detail(item_path):
                pass
        elif item_path != self._item:
            self._readdress_detail(item_path)
        for path, row in self.rows.items():
            row.show_fact(get_fact(self.editor.document, path, self.editor.kind))
        for inner in self.inner.values():
            inner.refresh()

    def _readdress_detail(self, item: str) -> None:
        """Give existing fields the paths of another item."""
        start = len(self._item)
        self._item = item
        rows, self.rows = self.rows, {}
        for path, row in rows.items():
            row.path = f"{item}{path[start:]}"
            self.rows[row.path] = row
        inner, self.inner = self.inner, {}
        for path, part in inner.items():
            part.path = f"{item}{path[start:]}"
            self.inner[part.path] = part
            part.begin()

    def build_ahead(self) -> Iterator[None]:
        """Build the fields of an item, one by one, before there is any item."""
        yield from self._build_detail(f"{self.path}[]")

    def _build_detail(self, item: str) -> Iterator[None]:
        self._item = item
        while (entry := self._detail.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows, self.inner = {}, {}
        if not item:
            return
        group = ""
        for fact in self._facts:
            name = fact.path.rsplit("[].", 1)[-1]
            path = f"{item}.{name}"
            before, group = group, name.split(".")[0] if "." in name else ""
            if group != before and group in GROUPS:
                heading = QLabel(interface.translate(GROUPS[group]))
                heading.setObjectName("heading")
                self._detail.addWidget(heading)
            if fact.kind is FactKind.LIST:
                inner = ItemTable(self.editor, path, self._row)
                inner.shown.connect(self.shown)
                self.inner[path] = inner
                self._detail.addWidget(inner)
            else:
                on_change = self._rename_item if name == self._key else None
                self.rows[path] = row = self._row(fact, path, on_change)
                self._detail.addWidget(row)
            yield

    def _rename_item(self, path: str, value: Any) -> None:
        """Change the key of the chosen item, unless it is empty or in use."""
        old = self.current_id()
        if old is None or value == old:
            return
        if not isinstance(value, str) or not self.editor.rename_item(self.path, old, value):
            self.rows[path].show_fact(old)
            self.rows[path].show_problem(self.tr("请另填一个：空着的，或已有的，都分不清是哪一项"))

    def stops(self) -> "list[FieldRow | ItemTable]":
        """Return the fields and lists of the chosen item, in their order."""
        return [
            self.inner[path] if path in self.inner else self.rows[path]
            for fact in self._facts
            for path in [f"{self._item}.{fact.path.rsplit('[].', 1)[-1]}"]
            if self._item
        ]

    def shown_item(self) -> int:
        """Return the index of the chosen item."""
        return self.table.currentRow()

    def show_item(self, number: int) -> bool:
        """Choose an item by its index; returns False if there is none."""
        if not 0 <= number < self.table.rowCount():
            return False
        self.table.setCurrentCell(number, 0)
        return True

    def all_rows(self) -> dict[str, FieldRow]:
        """Return every field shown, also those of inner lists."""
        rows = dict(self.rows)
        for inner in self.inner.values():
            rows |= inner.all_rows()
        return rows

    def show_next(self) -> bool:
        """Choose the next item; returns False at the last one."""
        return self.show_item(self.shown_item() + 1)

    def show_previous(self) -> bool:
        """Choose the previous item; returns False at the first one."""
        return self.show_item(self.shown_item() - 1)

    def add(self) -> None:
        """Add an item and go to its first field."""
        kind = self.editor.kind
        item_id = new_item_id(self.editor.document, self.path, kind)
        facts = catalogue(kind)
        key_fact = facts[f"{schema_path(self.path)}[].{self._key}"]
        if key_fact.choices:
            taken = {item.get(self._key) for item in self.items}
            free = [c.value for c in key_fact.choices if c.value not in taken]
            if not free:
                return
            item_id = free[0]
        self.editor.set_items(self.path, [*self.items, {self._key: item_id}])
        self.refresh()
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        first = next(iter(self.rows.values()), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.TabFocusReason)

    def remove(self) -> None:
        """Remove the chosen item after a confirmation."""
        item_id = self.current_id()
        if item_id is None:
            return

        def removed() -> None:
            remaining = [item for item in self.items if str(item.get(self._key)) != item_id]
            self.editor.set_items(self.path, remaining)
            self.refresh()

        confirm(
            self,
            self.tr("删除"),
            self.tr("删除所选的一项？可用 Ctrl+Z 恢复。"),
            self.tr("删除"),
            removed,
        )

    def choose(self, item_id: str) -> None:
        """Choose an item by its id."""
        for row, item in enumerate(self.items):
            if str(item.get(self._key)) == item_id:
                self.table.setCurrentCell(row, 0)
