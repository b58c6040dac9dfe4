"""The left column: search, list and route of the records."""

from datetime import datetime
from uuid import UUID

from PySide6.QtCore import (
    QModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ruhu.i18n import BilingualText
from ruhu.store.record_list import BEGUN, DONE, SENT_BACK, TO_VISIT
from ruhu.store.route import move_on_route
from ruhu.store.search import Search, SortOrder
from ruhu.survey.models.choices import RecordKind
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.theme import is_large
from ruhu.ui.surveyor.households.records_model import (
    COL_NAME,
    COL_PERSONS,
    COL_PLACE,
    COL_STATUS,
    STATUS,
    Index,
    RecordsModel,
)
from ruhu.ui.surveyor.session import PAGE_SIZE, RecordPage, Session
from ruhu.ui.widgets.empty_state import EmptyHint
from ruhu.ui.widgets.search_field import SearchField
from ruhu.ui.widgets.touch_scrolling import enable_touch_scrolling
from ruhu.ui.widgets.wrapped_label import wrapped_label

ROUTE_FILTER = "route"
FILTERS = {
    "": BilingualText("全部", "All"),
    ROUTE_FILTER: BilingualText("今天的路线", "Today's route"),
    TO_VISIT: BilingualText("待访", "To visit"),
    BEGUN: BilingualText("已开始", "Begun"),
    DONE: BilingualText("已访", "Done"),
    SENT_BACK: BilingualText("县里退回", "Sent back"),
}
SEARCH_DELAY_MS = 40
ORDERS = {
    COL_STATUS: SortOrder.STATUS,
    COL_NAME: SortOrder.NAME,
    COL_PLACE: SortOrder.PLACE,
    COL_PERSONS: SortOrder.PERSONS,
}


class _ElideRightDelegate(QStyledItemDelegate):
    """Elides the end of a long text; the table elides the middle."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideRight


class HouseholdList(QFrame):
    """Search, list and progress."""

    chosen = Signal(object)
    new_asked = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("column")
        self._session = session
        self._shown = Search()
        self._is_opening_first = False
        self.search = self._make_search()
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(self.tr("记录类型"))
        for kind in RecordKind:
            self.kinds.addItem(interface.translate(kind.label), kind.value)
        self.filter = QComboBox()
        self.filter.setAccessibleName(self.tr("显示哪些户"))
        for key, text in FILTERS.items():
            self.filter.addItem(interface.translate(text), key)
        self._new = QPushButton(self.tr("新建"))
        self._new.setToolTip("Ctrl+N")
        self.model = RecordsModel(
            [self.tr("状态"), self.tr("户主"), self.tr("村组"), self.tr("人口")]
        )
        self.table = self._make_table()
        self._set_up_columns()
        self._fit_columns_to_kind()
        self.progress = wrapped_label("dim")
        self.empty_hint = EmptyHint(self.table, "")
        self._route_bar = self._make_route_bar()
        self._delay = self._make_delay()
        self._lay_out()
        self._connect()

    def _make_search(self) -> SearchField:
        return SearchField(
            self.tr("查找"),
            self.tr("姓名、拼音首字母、证件号末几位、户编号"),
            self.tr("姓名、拼音、证件号、户编号"),
            self.tr("姓名、证件号、户编号"),
        )

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName(self.tr("农户列表"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        # The middle of a long address is elided: its end, the group, says where to walk.
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setItemDelegateForColumn(COL_NAME, _ElideRightDelegate(table))
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(max(32, self.fontMetrics().height() + 12))
        enable_touch_scrolling(table)
        return table

    def _set_up_columns(self) -> None:
        header, text_width = self.table.horizontalHeader(), self.fontMetrics().horizontalAdvance
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(COL_PLACE, QHeaderView.ResizeMode.Stretch)
        statuses = max(text_width(interface.translate(text)) for text in STATUS.values())
        header.resizeSection(COL_STATUS, statuses + 20)
        header.resizeSection(COL_PERSONS, text_width(self.tr("人口")) + 20)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(False)
        header.setSortIndicator(COL_PLACE, Qt.SortOrder.AscendingOrder)

    def _make_delay(self) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(SEARCH_DELAY_MS)
        timer.timeout.connect(self.reload)
        return timer

    def _lay_out(self) -> None:
        controls = QHBoxLayout()
        controls.addWidget(self.kinds, 2)
        controls.addWidget(self.filter, 3)
        controls.addWidget(self._new)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addLayout(controls)
        layout.addWidget(self.search)
        layout.addWidget(self.progress)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._route_bar)

    def _connect(self) -> None:
        QShortcut(QKeySequence.StandardKey.Find, self, self.begin_search)
        QShortcut(QKeySequence.StandardKey.New, self, self._request_new)
        self._new.clicked.connect(self._request_new)
        self.search.returnPressed.connect(self._open_first)
        self.search.textChanged.connect(self._delay_search)
        self.filter.currentIndexChanged.connect(self.reload)
        self.kinds.currentIndexChanged.connect(self._fit_columns_to_kind)
        self.kinds.currentIndexChanged.connect(self.reload)
        self.table.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self.reload())
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._choose)
        self.model.more_wanted.connect(self._load_more)
        editor = self._session.editor
        self._session.listed.connect(self._show)
        editor.saved.connect(self._reload_saved)
        editor.opened.connect(self._show_opened)

    def _fit_columns_to_kind(self) -> None:
        """Name and size the columns for the chosen kind of record."""
        is_household = self._shows_households
        self.model.name_column(COL_NAME, self.tr("户主") if is_household else self.tr("名称"))
        mode = QHeaderView.ResizeMode
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(COL_NAME, mode.Fixed if is_household else mode.Stretch)
        if is_household:
            header.resizeSection(COL_NAME, self.fontMetrics().horizontalAdvance("汉") * 4 + 16)
        # At large text the number of persons gives its room to the address.
        self.table.setColumnHidden(COL_PERSONS, not is_household or is_large(self.font()))

    @property
    def _shows_households(self) -> bool:
        return str(self.kinds.currentData()) == RecordKind.HOUSEHOLD.value

    def begin_search(self) -> None:
        """Focus the search; typing replaces the last search."""
        self.search.setFocus()
        self.search.selectAll()

    def _request_new(self) -> None:
        self.new_asked.emit(self.kinds.currentData())

    @property
    def current_search(self) -> Search:
        """The search that the controls describe."""
        header, chosen = self.table.horizontalHeader(), str(self.filter.currentData())
        return Search(
            self.search.text(),
            str(self.kinds.currentData()),
            "" if chosen == ROUTE_FILTER else chosen,
            chosen == ROUTE_FILTER,
            ORDERS.get(header.sortIndicatorSection(), SortOrder.PLACE),
            header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        )

    def _delay_search(self) -> None:
        self._session.search = self.current_search
        self._delay.start()

    def reload(self) -> None:
        """Search again, for as many rows as were loaded if the search is the same."""
        search = self.current_search
        rows = len(self.model.rows) if search == self._shown else 0
        self._session.list_records(search, limit=max(PAGE_SIZE, rows))

    def _load_more(self) -> None:
        self._session.list_records(self._shown, start=len(self.model.rows))

    def _show(self, page: RecordPage) -> None:
        if page.start:
            if page.search == self._shown and page.start == len(self.model.rows):
                self.model.add_rows(page.rows)
            return
        self._shown = page.search
        self._route_bar.setVisible(page.search.on_route)
        self.model.set_rows(page.rows, page.total)
        self.empty_hint.setText(self._hint_for(page.search))
        self.progress.setText(self._progress_text(page))
        self._select_opened()
        if self._is_opening_first and page.search == self.current_search:
            self._is_opening_first = False
            if page.rows:
                self._choose(self.model.index(0, 0))

    def _progress_text(self, page: RecordPage) -> str:
        search, progress = page.search, page.progress
        if search.kind != RecordKind.HOUSEHOLD.value:
            return self.tr("共 {0} 条").format(page.total)
        text = self.tr("已访 {0} / {1} 户，已开始 {2} 户").format(
            progress.done, progress.total, progress.begun
        )
        if progress.sent_back:
            text += self.tr("，退回 {0} 户").format(progress.sent_back)
        if search.text or search.status or search.on_route:
            text += self.tr("；找到 {0}").format(page.total)
        return text

    def _hint_for(self, search: Search) -> str:
        if search.text:
            return self.tr("没有找到“{0}”。\n换几个字，或看上面选的范围。").format(search.text)
        if search.on_route:
            return self.tr("今天的路线还是空的。\n在列表里选一户，按 Ctrl+R 放进来。")
        if search.status:
            return self.tr("没有这样的记录。")
        if search.kind != RecordKind.HOUSEHOLD.value:
            kind = interface.translate(RecordKind(search.kind).label)
            return self.tr("还没有{0}。\n点“新建”登记一个。").format(kind)
        return self.tr("还没有农户。\n先点左边“名册”导入，或点“新建”。")

    # Today's route

    def _make_route_bar(self) -> QWidget:
        actions = (
            (self.tr("上移"), "Alt+Up", lambda: self._move(-1)),
            (self.tr("下移"), "Alt+Down", lambda: self._move(1)),
            (self.tr("移出"), "Ctrl+R", self.toggle_route),
            (self.tr("清空"), "", lambda: self._session.change_route(lambda _: [])),
        )
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        for label, keys, act in actions:
            button = QPushButton(label)
            button.setToolTip(keys)
            button.clicked.connect(lambda _=False, a=act: a())
            row.addWidget(button)
            if keys:
                QShortcut(QKeySequence(keys), self, act)
        bar.hide()
        return bar

    def _chosen_id(self) -> UUID | None:
        row = self.table.currentIndex().row()
        return self.model.rows[row].record_id if 0 <= row < len(self.model.rows) else None

    def toggle_route(self) -> None:
        """Add the chosen household to the end of today's route, or remove it."""
        record_id = self._chosen_id()
        if record_id is not None:
            self._session.change_route(
                lambda route: (
                    [r for r in route if r != record_id]
                    if record_id in route
                    else [*route, record_id]
                )
            )

    def _move(self, by: int) -> None:
        record_id = self._chosen_id()
        if record_id is not None and self._shown.on_route:
            self._session.change_route(lambda route: move_on_route(route, record_id, by))

    def _reload_saved(self, at: datetime, pending: int) -> None:
        self.reload()

    def _show_opened(self) -> None:
        """List the kind of record that was opened."""
        self.kinds.setCurrentIndex(self.kinds.findData(self._session.editor.kind))
        self._select_opened()

    def _select_opened(self) -> None:
        """Select the row of the open record."""
        for row, summary in enumerate(self.model.rows):
            if summary.record_id == self._session.editor.record_id:
                self.table.selectRow(row)
                return
        self.table.clearSelection()

    def _open_first(self) -> None:
        """Open the first match once the list has been searched."""
        self._delay.stop()
        self._is_opening_first = True
        self.reload()

    def _choose(self, index: QModelIndex) -> None:
        record_id: UUID = self.model.rows[index.row()].record_id
        if record_id != self._session.editor.record_id:
            self.chosen.emit(record_id)
