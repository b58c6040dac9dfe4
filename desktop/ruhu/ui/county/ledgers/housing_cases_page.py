"""The housing cases: filtered by stage, advanced, refused, and exported as lists."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.access.permissions import Permission
from ruhu.county.case_rules import ORDER, StageTransition, steps_of
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.housing.cases import MAX_PUBLICITY_DAYS, HousingCase
from ruhu.county.ledgers.housing.excel_import import CaseChange, read_cases
from ruhu.county.ledgers.housing.reports import case_sheet, payment_sheet, publicity_sheet
from ruhu.county.ledgers.labels import number_of, village_of
from ruhu.county.ledgers.payment_holds import Hold, holds_on_cases
from ruhu.county.ledgers.workbook_rows import UnknownRow
from ruhu.export.spreadsheet import Sheet
from ruhu.survey.households import head_of
from ruhu.survey.models.choices import HousingStage
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.ledgers.housing_case_panel import (
    HousingCasePanel,
    hold_text,
    money,
    stage_label,
)
from ruhu.ui.county.ledgers.ledger_import_dialog import ChangesDialog, Row
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow

REFUSED = "refused"
NOT_STARTED = "not_begun"


@dataclass(frozen=True, slots=True)
class _CaseList:
    """The rows of all cases, the status of each, and the holds on payments by record id.

    A status is a stage, `REFUSED` or `NOT_STARTED`.
    """

    rows: list[TableRow]
    statuses: list[str]
    counts: Counter[str]
    holds: dict[UUID, Hold]


class HousingPage(Page):
    """The cases on the left, the chosen one on the right."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._cases = _CaseList([], [], Counter(), {})
        self.filter = QComboBox()
        self.filter.setAccessibleName(self.tr("按环节筛选"))
        self.filter.currentIndexChanged.connect(lambda _: self._list())
        self.table = SearchableTable(
            self.tr("危房改造案件"),
            [self.tr("户主"), self.tr("行政村"), self.tr("户编号"), self.tr("环节"),
             self.tr("日期"), self.tr("补助（元）"), self.tr("核对")],
            numbers=(5,),
            empty=self.tr("还没有危房改造案件。收到的农户里有 C、D 级危房的，自动列在这里。"),
        )  # fmt: skip
        self.table.chosen.connect(self._show_case)
        self.panel = HousingCasePanel(session)
        self.panel.transition_requested.connect(self._advance)
        self.panel.refusal_requested.connect(self.refuse_case)
        self.panel.reopening_requested.connect(self.reopen_case)
        layout = QVBoxLayout(self)
        layout.addWidget(self._make_columns(), 1)
        layout.addWidget(self.problem)
        layout.addLayout(self._make_buttons())

    def _make_columns(self) -> QSplitter:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.addWidget(left)
        columns.addWidget(self.panel)
        columns.setStretchFactor(0, 3)
        columns.setStretchFactor(1, 2)
        columns.setChildrenCollapsible(False)
        return columns

    def _make_buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        sheets = {
            self.tr("台账"): self._ledger,
            self.tr("公示名单"): self._publicity,
            self.tr("拨付名单"): self._payments,
        }
        buttons.addWidget(ExportButtons(self, sheets))
        buttons.addWidget(
            self._button(self.tr("读回台账…"), self.choose_ledger, right=Permission.PAY)
        )
        buttons.addStretch(1)
        self.publicity = self._button(
            self.tr("公示天数…"), self.ask_publicity, right=Permission.USERS
        )
        buttons.addWidget(self.publicity)
        return buttons

    # What is shown

    def refresh(self) -> None:
        self.session.run(lambda store: self._read(store.housing.cases()), self._show)

    def _read(self, cases: list[HousingCase]) -> _CaseList:
        """Build the rows, on the store's thread: a large county takes a while."""
        statuses = [_status_of(case) for case in cases]
        holds = holds_on_cases(cases)
        rows = [self._row(case, holds.get(case.record_id, ())) for case in cases]
        return _CaseList(rows, statuses, Counter(statuses), holds)

    def _show(self, cases: _CaseList) -> None:
        self._cases = cases
        chosen = self.filter.currentData()
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.addItem(self.tr("全部（{0}）").format(len(cases.rows)), None)
        for status in (NOT_STARTED, REFUSED, *ORDER):
            if cases.counts[status]:
                count = str(cases.counts[status])
                label = interface.with_parenthesis(self._status_label(status), count)
                self.filter.addItem(label, status)
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))
        self.filter.blockSignals(False)
        self._list()

    def _status_label(self, status: str) -> str:
        if status == REFUSED:
            return self.tr("不予批准")
        return stage_label(None if status == NOT_STARTED else HousingStage(status))

    def _list(self) -> None:
        chosen = self.filter.currentData()
        rows = zip(self._cases.rows, self._cases.statuses, strict=True)
        self.table.show_lines([row for row, status in rows if chosen in (None, status)])

    def _row(self, case: HousingCase, hold: Hold) -> TableRow:
        days = steps_of(case.document)
        day = days.get(case.stage) if case.stage else None
        cells = (
            str(head_of(case.document).get("name") or ""),
            village_of(case.document),
            number_of(case.document),
            self._status_label(_status_of(case)),
            day.isoformat() if day else "",
            money(case.subsidy),
            hold_text(hold) if hold else interface.translate(case.eligible.label),
        )
        stage_index = ORDER.index(case.stage) if case.stage else -1
        keys = (*cells[:3], stage_index, day, case.subsidy, cells[6])
        return TableRow(cells, case, keys)

    @property
    def case(self) -> HousingCase | None:
        """The chosen case."""
        rows = self.table.chosen_rows()
        return rows[0].item if rows else None

    def _show_case(self) -> None:
        case = self.case
        hold = self._cases.holds.get(case.record_id, ()) if case else ()
        self.panel.show_case(case, hold)

    # Actions

    def _advance(self, transition: StageTransition) -> None:
        case = self.case
        if case is not None:
            record_id = case.record_id
            self._run(
                lambda store: store.housing.advance(record_id, transition),
                self.tr("已登记“{0}”").format(stage_label(transition.stage)),
            )

    def refuse_case(self, reason: str) -> None:
        """Refuse the chosen case."""
        case = self.case
        if case is not None:
            record_id = case.record_id
            self._run(
                lambda store: store.housing.refuse(record_id, reason), self.tr("已登记不予批准")
            )

    def reopen_case(self) -> None:
        """Reopen the chosen case, which was refused."""
        case = self.case
        if case is not None:
            record_id = case.record_id
            self._run(lambda store: store.housing.reopen(record_id), self.tr("已恢复办理"))

    def ask_publicity(self) -> None:
        """Ask for the publicity period in days."""

        def ask(current: int) -> None:
            days, accepted = QInputDialog.getInt(
                self,
                self.tr("公示天数"),
                self.tr("公示满多少天才能审核："),
                current,
                1,
                MAX_PUBLICITY_DAYS,
            )
            if accepted:
                self.set_publicity(days)

        self.session.run(lambda store: store.housing.publicity_days(), ask)

    def set_publicity(self, days: int) -> None:
        """Set the publicity period in days."""
        self._run(
            lambda store: store.housing.set_publicity_days(days),
            self.tr("公示期改为 {0} 天").format(days),
        )

    # Lists

    def _listed(self, store: CountyStore) -> list[HousingCase]:
        ids = {row.item.record_id for row in self.table.model.lines}
        return [case for case in store.housing.cases() if case.record_id in ids]

    def _ledger(self, store: CountyStore) -> Sheet:
        return case_sheet(self._listed(store))

    def _publicity(self, store: CountyStore) -> Sheet:
        return publicity_sheet(self._listed(store), store.public.name)

    def _payments(self, store: CountyStore) -> Sheet:
        return payment_sheet(store.housing.cases(), store.public.name)

    def choose_ledger(self) -> None:
        """Choose an edited ledger to import."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("读回填好的台账"), "", self.tr("Excel 工作簿 (*.xlsx)")
        )
        if name:
            self.read_back(Path(name))

    def read_back(self, path: Path) -> None:
        """Show the changes of an edited ledger, and record them once they are confirmed."""

        def job(store: CountyStore) -> list[Row]:
            changes = read_cases(path.read_bytes(), store.housing.cases(), self.session.today)
            return [describe_case_change(change) for change in changes]

        def confirmed(changes: list[CaseChange]) -> None:
            def record(store: CountyStore) -> None:
                for change in changes:
                    store.housing.advance(change.case.record_id, *change.moves)

            self._run(record, self.tr("已按台账登记 {0} 户").format(len(changes)))

        def show(rows: list[Row]) -> None:
            ChangesDialog(self, path.name, rows, confirmed).open()

        self.session.run(job, show, self._failed)


def _status_of(case: HousingCase) -> str:
    return REFUSED if case.refused else case.stage.value if case.stage else NOT_STARTED


def describe_case_change(change: CaseChange | UnknownRow) -> Row:
    """Return a change as a row of the import preview."""
    if isinstance(change, UnknownRow):
        return str(change.row), "", change.problem, change
    stages = "，".join(
        f"{interface.translate(move.stage.label)} {move.on.isoformat()}" for move in change.moves
    )
    name = str(head_of(change.case.document).get("name") or "")
    return f"{change.row}　{name}", stages, change.problem, change
