"""List the benefits that are due, and record claims and payments."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
)

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.benefits.excel_import import BenefitChange, read_benefits
from ruhu.county.ledgers.benefits.payments import Benefit
from ruhu.county.ledgers.benefits.reports import benefit_sheet, remark
from ruhu.county.ledgers.benefits.service import BatchResult, BenefitService, format_errors
from ruhu.county.ledgers.labels import grants, village_of
from ruhu.county.ledgers.payment_holds import Hold, holds_on_benefits, join_reasons
from ruhu.county.ledgers.workbook_rows import UnknownRow
from ruhu.export.spreadsheet import Sheet
from ruhu.i18n import BilingualText
from ruhu.survey.households import head_of
from ruhu.survey.validation.id_number import mask
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.ledgers.housing_case_panel import money
from ruhu.ui.county.ledgers.ledger_import_dialog import ChangesDialog, Row
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.date_field import DateField
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow


class BenefitsPage(Page):
    """The benefits of one rule and year."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.rule = QComboBox()
        self.rule.setAccessibleName(self.tr("待遇"))
        for rule in grants():
            self.rule.addItem(interface.translate(rule.title), rule.id)
        self.rule.currentIndexChanged.connect(lambda _: self.refresh())
        self.year = QSpinBox()
        self.year.setRange(2016, 2100)
        self.year.setValue(self.session.today.year)
        self.year.setAccessibleName(self.tr("年度"))
        self.year.valueChanged.connect(lambda _: self.refresh())
        self._sum = QLabel()
        self._sum.setObjectName("heading")
        self._sum.setWordWrap(True)
        self.table = SearchableTable(
            self.tr("待遇发放"),
            [self.tr("享受人"), self.tr("身份证号"), self.tr("户主"), self.tr("行政村"),
             self.tr("期次"), self.tr("应发（元）"), self.tr("申领"), self.tr("发放"),
             self.tr("备注")],
            numbers=(5,),
            multiple=True,
            empty=self.tr("这一年没有应发这项待遇的人；上面可以换一项，或换年度。"),
        )  # fmt: skip
        self.day = DateField(self.tr("申领或发放日期"), past=True)
        self.claim = self._button(
            self.tr("所选登记申领"), self.claim_chosen, primary=True, right=Permission.PLAN
        )
        self.pay = self._button(self.tr("所选登记发放"), self.pay_chosen, right=Permission.PAY)
        self.table.chosen.connect(self._enable)
        top = QHBoxLayout()
        top.addWidget(QLabel(self.tr("待遇")))
        top.addWidget(self.rule, 1)
        top.addWidget(QLabel(self.tr("年度")))
        top.addWidget(self.year)
        bottom = QHBoxLayout()
        for widget in (self.day, self.claim, self.pay):
            bottom.addWidget(widget)
        bottom.addWidget(ExportButtons(self, {self.tr("名单"): self._sheet}))
        bottom.addWidget(
            self._button(self.tr("读回名单…"), self.choose_ledger, right=Permission.PAY)
        )
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._sum)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addLayout(bottom)
        self._enable()

    @property
    def _selection(self) -> tuple[str, int]:
        return str(self.rule.currentData()), self.year.value()

    def refresh(self) -> None:
        rule, year = self._selection
        summary = self.tr("应发 {0} 人次 {1:,.2f} 元；已申领 {2}；已发放 {3} 人次 {4:,.2f} 元")
        on_hold = self.tr("；暂缓 {0} 人次 {1:,.2f} 元不在应发之内，原因见备注")

        def job(store: CountyStore) -> tuple[list[TableRow], str]:
            dues = store.benefits.dues(rule, year)
            holds = holds_on_benefits(dues)
            paid = [due for due in dues if due.paid_on]
            held = [due for due, hold in zip(dues, holds, strict=True) if hold]
            ready = [due for due, hold in zip(dues, holds, strict=True) if not hold]
            text = summary.format(
                sum(1 for due in ready if not due.lapsed),
                sum(due.amount or 0 for due in ready),
                sum(1 for due in dues if due.claimed_on),
                len(paid),
                sum(due.paid or 0 for due in paid),
            )
            if held:
                text += on_hold.format(len(held), sum(due.amount or 0 for due in held))
            return [self._row(*row) for row in zip(dues, holds, strict=True)], text

        self.session.run(job, self._show)

    def _show(self, result: tuple[list[TableRow], str]) -> None:
        rows, text = result
        self.table.show_lines(rows)
        self._sum.setText(text)

    def _row(self, due: Benefit, hold: Hold) -> TableRow:
        id_number = mask(due.person.id_number) if due.person.id_number else ""
        amount = due.paid if due.lapsed else due.amount
        cells = (
            due.person.name,
            id_number,
            str(head_of(due.document).get("name") or ""),
            village_of(due.document),
            interface.translate(due.key.period.label),
            money(amount),
            due.claimed_on.isoformat() if due.claimed_on else "",
            due.paid_on.isoformat() if due.paid_on else "",
            self._remark(due, hold),
        )
        keys = (*cells[:4], due.key.period.name, amount, due.claimed_on, due.paid_on, cells[8])
        return TableRow(cells, due, keys)

    def _remark(self, due: Benefit, hold: Hold) -> str:
        held = (
            interface.labelled(self.tr("✗ 暂缓"), interface.translate(join_reasons(hold)))
            if hold
            else ""
        )
        return "；".join(filter(None, (held, remark(due))))

    @property
    def chosen(self) -> list[Benefit]:
        """The chosen benefits."""
        return [line.item for line in self.table.chosen_rows()]

    def _enable(self) -> None:
        chosen = self.chosen
        self.claim.setEnabled(any(not due.claimed_on for due in chosen))
        self.pay.setEnabled(any(due.claimed_on and not due.paid_on for due in chosen))

    def claim_chosen(self) -> None:
        """Record a claim of each chosen benefit."""
        dues, day = [due for due in self.chosen if not due.claimed_on], self.day.day
        self._record(lambda ledger: ledger.claim(dues, day))

    def pay_chosen(self) -> None:
        """Record a payment of each chosen benefit."""
        dues, day = [d for d in self.chosen if d.claimed_on and not d.paid_on], self.day.day
        self._record(lambda ledger: ledger.pay(dues, day))

    def _record(self, record: Callable[[BenefitService], BatchResult]) -> None:
        def done(recorded: BatchResult) -> None:
            self.problem.setText(interface.translate(format_errors(recorded.refused)))
            self.status_message.emit(self.tr("已登记 {0} 人次").format(recorded.done))
            self.session.changed.emit()

        self.session.run(lambda store: record(store.benefits), done, self._failed)

    def _sheet(self, store: CountyStore) -> Sheet:
        rule, year = self._selection
        return benefit_sheet(rule, year, store.benefits.dues(rule, year))

    def choose_ledger(self) -> None:
        """Choose an edited list to import."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("读回填好的名单"), "", self.tr("Excel 工作簿 (*.xlsx)")
        )
        if name:
            self.read_back(Path(name))

    def read_back(self, path: Path) -> None:
        """Show the changes of an edited list, and record them once they are confirmed."""
        rule, year = self._selection

        def job(store: CountyStore) -> list[Row]:
            changes = read_benefits(path.read_bytes(), store.benefits.dues(rule, year))
            return [self._describe(change) for change in changes]

        def show(rows: list[Row]) -> None:
            ChangesDialog(self, path.name, rows, self._record_changes).open()

        self.session.run(job, show, self._failed)

    def _describe(self, change: BenefitChange | UnknownRow) -> Row:
        if isinstance(change, UnknownRow):
            return str(change.row), "", change.problem, change
        days = ((self.tr("申领"), change.claim_on), (self.tr("发放"), change.pay_on))
        text = "，".join(f"{name} {day.isoformat()}" for name, day in days if day)
        return f"{change.row}　{change.benefit.person.name}", text, change.problem, change

    def _record_changes(self, changes: list[BenefitChange]) -> None:
        def record_all(ledger: BenefitService) -> BatchResult:
            done = 0
            refused: list[BilingualText] = []
            for change in changes:
                for day, record in ((change.claim_on, ledger.claim), (change.pay_on, ledger.pay)):
                    if day is not None:
                        recorded = record([change.benefit], day)
                        done += recorded.done
                        refused += recorded.refused
            return BatchResult(done, tuple(refused))

        self._record(record_all)
