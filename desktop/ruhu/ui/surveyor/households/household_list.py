"""The left column: the village's households, found while typing."""

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
    QLabel,
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

ROUTE_FILTER = "route"
FILTERS = {
    "": BilingualText("全部", "All"),
    ROUTE_FILTER: BilingualText("今天的路线", "Today's route"),
    TO_VISIT: BilingualText("待访", "To visit"),
    BEGUN: BilingualText("已开始", "Begun"),
    DONE: BilingualText("已访", "Done"),
    SENT_BACK: BilingualText("县里退回", "Sent back"),
}
ORDERS = {
    COL_STATUS: SortOrder.STATUS,
    COL_NAME: SortOrder.NAME,
    COL_PLACE: SortOrder.PLACE,
    COL_PERSONS: SortOrder.PERSONS,
}


class _BeginningFirst(QStyledItemDelegate):
    """Leaves out the end of what is too long, where the table leaves out the middle."""

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
        self.search = SearchField(
            self.tr("查找"),
            self.tr("姓名、拼音首字母、证件号末几位、户编号"),
            self.tr("姓名、拼音、证件号、户编号"),
            self.tr("姓名、证件号、户编号"),
        )
        QShortcut(QKeySequence.StandardKey.Find, self, self.begin_search)
        self.search.returnPressed.connect(self._open_first)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(self.tr("记录类型"))
        for kind in RecordKind:
            self.kinds.addItem(interface.translate(kind.label), kind.value)
        self.filter = QComboBox()
        self.filter.setAccessibleName(self.tr("显示哪些户"))
        for key, text in FILTERS.items():
            self.filter.addItem(interface.translate(text), key)
        self.filter.currentIndexChanged.connect(self.reload)
        self._new = QPushButton(self.tr("新建"))
        self._new.setToolTip("Ctrl+N")
        QShortcut(QKeySequence.StandardKey.New, self, self._ask_new)
        self._new.clicked.connect(self._ask_new)
        self.model = RecordsModel(
            [self.tr("状态"), self.tr("户主"), self.tr("村组"), self.tr("人口")]
        )
        self.table = QTableView()
        self.table.setAccessibleName(self.tr("农户列表"))
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        # Of a long place the village's middle is left out: its group tells where to walk.
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        enable_touch_scrolling(self.table)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(max(32, self.fontMetrics().height() + 12))
        header = self.table.horizontalHeader()
        widest = self.fontMetrics().horizontalAdvance
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(COL_PLACE, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(
            COL_STATUS, max(widest(interface.translate(t)) for t in STATUS.values()) + 20
        )
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(False)
        header.setSortIndicator(COL_PLACE, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(lambda *_: self.reload())
        header.resizeSection(COL_PERSONS, widest(self.tr("人口")) + 20)
        self.table.setItemDelegateForColumn(COL_NAME, _BeginningFirst(self.table))
        self._suit_kind()
        self.model.more_wanted.connect(self._more)
        self._shown = Search()
        self._opening = False
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._choose)
        self._progress = QLabel()
        self._progress.setObjectName("dim")
        self._progress.setWordWrap(True)
        self._empty = EmptyHint(self.table, "")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(40)
        self._timer.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda: self._timer.start())
        self.kinds.currentIndexChanged.connect(self._suit_kind)
        self.kinds.currentIndexChanged.connect(self.reload)
        self._route = self._route_buttons()
        line = QHBoxLayout()
        line.addWidget(self.kinds, 2)
        line.addWidget(self.filter, 3)
        line.addWidget(self._new)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addLayout(line)
        layout.addWidget(self.search)
        layout.addWidget(self._progress)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._route)
        session.listed.connect(self._show)
        session.saved.connect(self._saved)
        session.opened.connect(self._follow)

    def _suit_kind(self) -> None:
        """Give the columns the names and the room that the chosen kind of record wants."""
        people = self._of_households
        self.model.name_column(COL_NAME, self.tr("户主") if people else self.tr("名称"))
        mode = QHeaderView.ResizeMode
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(COL_NAME, mode.Fixed if people else mode.Stretch)
        if people:
            header.resizeSection(COL_NAME, self.fontMetrics().horizontalAdvance("汉") * 4 + 16)
        # At large text the number of persons gives its room to the place.
        self.table.setColumnHidden(COL_PERSONS, not people or is_large(self.font()))

    @property
    def _of_households(self) -> bool:
        return str(self.kinds.currentData()) == RecordKind.HOUSEHOLD.value

    def begin_search(self) -> None:
        """Go to the search; what was searched before gives way to what is typed."""
        self.search.setFocus()
        self.search.selectAll()

    @property
    def result_count(self) -> int:
        """How many records the search leaves."""
        return self.model.found

    def _ask_new(self) -> None:
        self.new_asked.emit(self.kinds.currentData())

    @property
    def wanted(self) -> Search:
        """What the list is asked to show."""
        header, chosen = self.table.horizontalHeader(), str(self.filter.currentData())
        return Search(
            self.search.text(),
            str(self.kinds.currentData()),
            "" if chosen == ROUTE_FILTER else chosen,
            chosen == ROUTE_FILTER,
            ORDERS.get(header.sortIndicatorSection(), SortOrder.PLACE),
            header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        )

    def reload(self) -> None:
        """Ask for the list again, as searched and as far as it was scrolled."""
        most = max(PAGE_SIZE, len(self.model.rows)) if self.wanted == self._shown else PAGE_SIZE
        self._session.list_records(self.wanted, most=most)

    def _more(self) -> None:
        self._session.list_records(self._shown, start=len(self.model.rows))

    def _show(self, listing: RecordPage) -> None:
        if listing.start:
            if listing.search == self._shown and listing.start == len(self.model.rows):
                self.model.add_rows(listing.rows)
            return
        self._shown = listing.search
        self._route.setVisible(listing.search.on_route)
        self.model.set_rows(listing.rows, listing.total)
        progress = listing.progress
        self._empty.setText(self._why_empty(listing.search))
        if listing.search.kind == RecordKind.HOUSEHOLD.value:
            text = self.tr("已访 {0} / {1} 户，已开始 {2} 户").format(
                progress.done, progress.total, progress.begun
            )
            if progress.sent_back:
                text += self.tr("，退回 {0} 户").format(progress.sent_back)
            if listing.search.text or listing.search.status or listing.search.on_route:
                text += self.tr("；找到 {0}").format(listing.total)
        else:
            text = self.tr("共 {0} 条").format(listing.total)
        self._progress.setText(text)
        self._mark()
        if self._opening and listing.search == self.wanted:
            self._opening = False
            if listing.rows:
                self._choose(self.model.index(0, 0))

    def _why_empty(self, search: Search) -> str:
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

    def _route_buttons(self) -> QWidget:
        acts = (
            (self.tr("上移"), "Alt+Up", lambda: self._move(-1)),
            (self.tr("下移"), "Alt+Down", lambda: self._move(1)),
            (self.tr("移出"), "Ctrl+R", self.toggle_route),
            (self.tr("清空"), "", lambda: self._session.change_route(lambda _: [])),
        )
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        for label, keys, act in acts:
            button = QPushButton(label)
            button.setToolTip(keys)
            button.clicked.connect(lambda _=False, a=act: a())
            row.addWidget(button)
            if keys:
                QShortcut(QKeySequence(keys), self, act)
        box.hide()
        return box

    def _chosen(self) -> UUID | None:
        row = self.table.currentIndex().row()
        return self.model.rows[row].record_id if 0 <= row < len(self.model.rows) else None

    def toggle_route(self) -> None:
        """Put the chosen household on today's route, at its end, or take it off."""
        record_id = self._chosen()
        if record_id is not None:
            self._session.change_route(
                lambda route: (
                    [r for r in route if r != record_id]
                    if record_id in route
                    else [*route, record_id]
                )
            )

    def _move(self, by: int) -> None:
        record_id = self._chosen()
        if record_id is not None and self._shown.on_route:
            self._session.change_route(lambda route: move_on_route(route, record_id, by))

    def _saved(self, at: datetime, pending: int) -> None:
        self.reload()

    def _follow(self) -> None:
        """List the kind of record that was opened, as one that a start goes on with."""
        self.kinds.setCurrentIndex(self.kinds.findData(self._session.kind))
        self._mark()

    def _mark(self) -> None:
        """Show which record is in hand."""
        for row, summary in enumerate(self.model.rows):
            if summary.record_id == self._session.record_id:
                self.table.selectRow(row)
                return
        self.table.clearSelection()

    def _open_first(self) -> None:
        """Enter in the search opens what stands on top, as soon as the list has followed."""
        self._timer.stop()
        self._opening = True
        self.reload()

    def _choose(self, index: QModelIndex) -> None:
        record_id: UUID = self.model.rows[index.row()].record_id
        if record_id != self._session.record_id:
            self.chosen.emit(record_id)
