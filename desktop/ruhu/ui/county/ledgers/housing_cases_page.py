"""The housing cases: found by stage, moved on with the day, refused with the reason; lists from them."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.access.permissions import Permission
from ruhu.county.case_rules import (
    ORDER,
    StageTransition,
    join_labels,
    steps_of,
    transition_problems,
)
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.housing.cases import MAX_PUBLICITY_DAYS, HousingCase, transition_context
from ruhu.county.ledgers.housing.excel_import import CaseChange, read_cases
from ruhu.county.ledgers.housing.reports import case_sheet, payment_sheet, publicity_sheet
from ruhu.county.ledgers.labels import number_of, village_of
from ruhu.county.ledgers.payment_holds import Hold, holds_on_cases, join_reasons
from ruhu.county.ledgers.workbook_rows import UnknownRow
from ruhu.export.spreadsheet import Sheet
from ruhu.survey.households import head_of
from ruhu.survey.models.choices import HousingStage
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import default_title
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.ledgers.ledger_import_dialog import ChangesDialog, Row
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.date_field import DateField
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow

REFUSED = "refused"
NOT_BEGUN = "not_begun"


def money(amount: Decimal | None) -> str:
    """An amount as the ledgers show it."""
    return "" if amount is None else f"{amount:,.2f}"


@dataclass(frozen=True, slots=True)
class _Found:
    """The cases as they are listed, where each is (at a stage, refused or not begun), and why payments are
    held back.
    """

    lines: list[TableRow]
    places: list[str]
    counts: Counter[str]
    holds: dict[UUID, Hold]


class HousingPage(Page):
    """The cases on the left, the one in hand on the right with what comes next."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._found = _Found([], [], Counter(), {})
        self._not_begun, self._refused = self.tr("尚未开始"), self.tr("不予批准")
        self._reason_for: tuple[UUID, HousingStage | None] | None = None
        self.stages = QComboBox()
        self.stages.setAccessibleName(self.tr("按环节筛选"))
        self.stages.currentIndexChanged.connect(lambda _: self._list())
        self.table = SearchableTable(
            self.tr("危房改造案件"),
            [self.tr("户主"), self.tr("行政村"), self.tr("户编号"), self.tr("环节"),
             self.tr("日期"), self.tr("补助（元）"), self.tr("核对")],
            numbers=(5,),
            empty=self.tr("还没有危房改造案件。收到的农户里有 C、D 级危房的，自动列在这里。"),
        )  # fmt: skip
        self.table.chosen.connect(self._show_case)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stages)
        column.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self._detail())
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.addWidget(split, 1)
        layout.addWidget(self.problem)
        lists = QHBoxLayout()
        makers = {
            self.tr("台账"): self._ledger,
            self.tr("公示名单"): self._publicity,
            self.tr("拨付名单"): self._payments,
        }
        lists.addWidget(ExportButtons(self, makers))
        lists.addWidget(
            self._button(self.tr("读回台账…"), self.choose_ledger, right=Permission.PAY)
        )
        lists.addStretch(1)
        self.publicity = self._button(
            self.tr("公示天数…"), self.ask_publicity, right=Permission.USERS
        )
        lists.addWidget(self.publicity)
        layout.addLayout(lists)

    def _detail(self) -> QWidget:
        panel = QFrame()
        panel.setObjectName("column")
        self._who, self._facts = QLabel(), QLabel()
        self._who.setObjectName("heading")
        self._steps, self._against = QLabel(), QLabel()
        self._against.setObjectName("wrong")
        for label in (self._who, self._facts, self._steps, self._against):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.day = DateField(self.tr("到达该环节的日期"), past=True)
        self.day.dateChanged.connect(lambda _: self._weigh())
        self.seismic = QCheckBox(self.tr("抗震达标"))
        self.seismic.toggled.connect(lambda _: self._weigh())
        self.reason = QLineEdit()
        self.reason.setAccessibleName(self.tr("缺件理由"))
        self.reason.setPlaceholderText(self.tr("如：老屋已倒塌清理，无法拍照"))
        self.reason.textChanged.connect(lambda _: self._weigh())
        self.record = self._button(self.tr("登记"), self.record_move, primary=True)
        self.refuse = self._button(self.tr("不予批准…"), self.ask_reason)
        self.reopen = self._button(self.tr("恢复办理"), self.reopen_case)
        self._next = QLabel()
        form = QFormLayout()
        form.addRow(self.tr("下一环节"), self._next)
        form.addRow(self.tr("日期"), self.day)
        form.addRow("", self.seismic)
        form.addRow(self.tr("缺件理由"), self.reason)
        self._form = form
        buttons = QHBoxLayout()
        for button in (self.record, self.refuse, self.reopen):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(panel)
        column.addWidget(self._who)
        column.addWidget(self._facts)
        column.addLayout(form)
        column.addWidget(self._against)
        column.addLayout(buttons)
        column.addWidget(self._steps)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(panel)
        return scroll

    # What is shown

    def refresh(self) -> None:
        self.session.run(lambda store: self._read(store.housing.cases()), self._show)

    def _read(self, cases: list[HousingCase]) -> _Found:
        """What is listed; of a large county that takes its time, which the store's thread has."""
        places = [self._where(case) for case in cases]
        holds = holds_on_cases(cases)
        lines = [self._line(case, holds.get(case.record_id, ())) for case in cases]
        return _Found(lines, places, Counter(places), holds)

    def _show(self, found: _Found) -> None:
        self._found = found
        chosen = self.stages.currentData()
        self.stages.blockSignals(True)
        self.stages.clear()
        self.stages.addItem(self.tr("全部（{0}）").format(len(found.lines)), None)
        words = {NOT_BEGUN: self._not_begun, REFUSED: self._refused}
        for where in (NOT_BEGUN, REFUSED, *ORDER):
            if found.counts[where]:
                label = words.get(where) or interface.translate(HousingStage(where).label)
                self.stages.addItem(
                    interface.with_parenthesis(label, str(found.counts[where])), where
                )
        self.stages.setCurrentIndex(max(0, self.stages.findData(chosen)))
        self.stages.blockSignals(False)
        self._list()

    @staticmethod
    def _where(case: HousingCase) -> str:
        return REFUSED if case.refused else case.stage.value if case.stage else NOT_BEGUN

    def _list(self) -> None:
        wanted = self.stages.currentData()
        found = zip(self._found.lines, self._found.places, strict=True)
        self.table.show_lines([line for line, where in found if wanted in (None, where)])

    def _held(self, hold: Hold) -> str:
        return interface.labelled(self.tr("✗ 暂缓拨付"), interface.translate(join_reasons(hold)))

    def _line(self, case: HousingCase, hold: Hold) -> TableRow:
        steps = steps_of(case.document)
        day = steps.get(case.stage) if case.stage else None
        stage = self._refused if case.refused else self._stage(case.stage)
        cells = (
            str(head_of(case.document).get("name") or ""),
            village_of(case.document),
            number_of(case.document),
            stage,
            day.isoformat() if day else "",
            money(case.subsidy),
            self._held(hold) if hold else interface.translate(case.eligible.label),
        )
        at = ORDER.index(case.stage) if case.stage else -1
        keys = (*cells[:3], at, day, case.subsidy, cells[6])
        return TableRow(cells, case, keys)

    def _stage(self, stage: HousingStage | None) -> str:
        return interface.translate(stage.label) if stage else self._not_begun

    @property
    def case(self) -> HousingCase | None:
        """The case in hand."""
        lines = self.table.chosen_rows()
        return lines[0].item if lines else None

    def _show_case(self) -> None:
        case = self.case
        for widget in (self.day, self.seismic, self.record, self.refuse, self.reopen):
            widget.setVisible(case is not None)
        self._form.setRowVisible(self.reason, False)
        for row in (self._next, self.day, self.seismic):
            self._form.setRowVisible(row, case is not None)
        if case is None:
            self._who.setText(self.tr("在左边选一户，在这里登记它到了哪个环节"))
            for label in (self._facts, self._steps, self._next, self._against):
                label.clear()
            return
        name = str(
            head_of(case.document).get("name") or interface.translate(default_title("household"))
        )
        self._who.setText(f"{name}　{village_of(case.document)}　{number_of(case.document)}")
        self._facts.setText(self._facts_of(case))
        self._steps.setText(self._steps_of(case))
        self._next.setText(self._stage(case.next) if case.next else self.tr("已办结"))
        self.seismic.setVisible(case.next is HousingStage.ACCEPTED)
        self.seismic.setChecked(False)
        going_on = case.next is not None and case.refused is None
        pays = case.next is HousingStage.PAID
        for widget in (self.day, self.record):
            widget.setVisible(
                going_on
                and self.session.has_permission(Permission.PAY if pays else Permission.PLAN)
            )
        if (case.record_id, case.next) != self._reason_for:
            self._reason_for = (case.record_id, case.next)
            self.reason.clear()
        lacks = bool(case.lacking) and self.record.isVisibleTo(self)
        self._form.setRowVisible(self.reason, lacks)
        self.refuse.setVisible(going_on and self.session.has_permission(Permission.PLAN))
        self.reopen.setVisible(
            case.refused is not None and self.session.has_permission(Permission.PLAN)
        )
        self.day.reset_to_today()
        self._weigh()

    def _facts_of(self, case: HousingCase) -> str:
        lines = [self.tr("危改资格：{0}").format(interface.translate(case.eligible.label))]
        if case.subsidy is not None:
            lines.append(self.tr("补助：{0} 元").format(money(case.subsidy)))
        if hold := self._found.holds.get(case.record_id):
            lines.append(self._held(hold))
        if case.review_from and case.next is HousingStage.REVIEWED:
            lines.append(self.tr("公示期满：{0} 起可审核").format(case.review_from.isoformat()))
        waived = self.tr("“{0}”时缺{1}：{2}（{3}）")
        lines += [
            waived.format(
                self._stage(each.stage),
                interface.translate(join_labels(each.lacking)),
                each.reason,
                each.by,
            )
            for each in case.waivers
        ]
        if case.refused:
            lines.append(
                self.tr("{0} 不予批准：{1}").format(
                    case.refused.on.isoformat(), case.refused.reason
                )
            )
        return "\n".join(lines)

    def _steps_of(self, case: HousingCase) -> str:
        steps = steps_of(case.document)
        lines = []
        for stage in ORDER:
            mark = "●" if stage in steps else "○"
            day = steps[stage].isoformat() if stage in steps else ""
            lines.append(f"{mark} {interface.translate(stage.label)}　{day}")
        return "\n".join(lines)

    # What is done

    def _move_now(self, case: HousingCase) -> StageTransition | None:
        if case.next is None:
            return None
        seismic = self.seismic.isChecked() if case.next is HousingStage.ACCEPTED else None
        paid = case.subsidy if case.next is HousingStage.PAID else None
        return StageTransition(case.next, self.day.day, seismic, paid, self.reason.text())

    def _weigh(self) -> None:
        """Say beforehand what stands against the move that is prepared."""
        case = self.case
        move = self._move_now(case) if case else None
        if case is None or move is None or case.refused is not None:
            self._against.clear()
            return
        basis = transition_context(case, self.session.today)
        against = transition_problems(case.document, move, basis)
        self._against.setText("\n".join(interface.translate(text) for text in against))
        self.record.setEnabled(not against)

    def record_move(self) -> None:
        """Record that the case reached its next stage."""
        case = self.case
        move = self._move_now(case) if case else None
        if case is None or move is None:
            return
        record_id = case.record_id
        self._run(
            lambda store: store.housing.advance(record_id, move),
            self.tr("已登记“{0}”").format(self._stage(move.stage)),
        )

    def ask_reason(self) -> None:
        """Ask why the case is refused, and refuse it."""
        reason, asked = QInputDialog.getMultiLineText(
            self, self.tr("不予批准"), self.tr("原因（会告知农户）：")
        )
        if asked:
            self.refuse_case(reason)

    def refuse_case(self, reason: str) -> None:
        """Refuse the case in hand."""
        case = self.case
        if case is not None:
            record_id = case.record_id
            self._run(
                lambda store: store.housing.refuse(record_id, reason), self.tr("已登记不予批准")
            )

    def reopen_case(self) -> None:
        """Take the refused case in hand up again."""
        case = self.case
        if case is not None:
            record_id = case.record_id
            self._run(lambda store: store.housing.reopen(record_id), self.tr("已恢复办理"))

    def ask_publicity(self) -> None:
        """Ask how many days a list hangs out in this county."""

        def ask(now: int) -> None:
            days, asked = QInputDialog.getInt(
                self,
                self.tr("公示天数"),
                self.tr("公示满多少天才能审核："),
                now,
                1,
                MAX_PUBLICITY_DAYS,
            )
            if asked:
                self.set_publicity(days)

        self.session.run(lambda store: store.housing.publicity_days(), ask)

    def set_publicity(self, days: int) -> None:
        """Set how many days a list hangs out."""
        self._run(
            lambda store: store.housing.set_publicity_days(days),
            self.tr("公示期改为 {0} 天").format(days),
        )

    # Lists

    def _shown(self, store: CountyStore) -> list[HousingCase]:
        wanted = {line.item.record_id for line in self.table.model.lines}
        return [case for case in store.housing.cases() if case.record_id in wanted]

    def _ledger(self, store: CountyStore) -> Sheet:
        return case_sheet(self._shown(store))

    def _publicity(self, store: CountyStore) -> Sheet:
        return publicity_sheet(self._shown(store), store.public.name)

    def _payments(self, store: CountyStore) -> Sheet:
        return payment_sheet(store.housing.cases(), store.public.name)

    def choose_ledger(self) -> None:
        """Choose an edited ledger to read back."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("读回填好的台账"), "", self.tr("Excel 工作簿 (*.xlsx)")
        )
        if name:
            self.read_back(Path(name))

    def read_back(self, path: Path) -> None:
        """Show what an edited ledger would change, and record it once that is agreed to."""

        def job(store: CountyStore) -> list[Row]:
            changes = read_cases(path.read_bytes(), store.housing.cases(), self.session.today)
            return [describe_case_change(change) for change in changes]

        def agreed(changes: list[CaseChange]) -> None:
            def record(store: CountyStore) -> None:
                for change in changes:
                    store.housing.advance(change.case.record_id, *change.moves)

            self._run(record, self.tr("已按台账登记 {0} 户").format(len(changes)))

        def show(rows: list[Row]) -> None:
            ChangesDialog(self, path.name, rows, agreed).open()

        self.session.run(job, show, self._failed)


def describe_case_change(change: CaseChange | UnknownRow) -> Row:
    """A change as the preview shows it: whom, what, what is against it, and the change itself."""
    if isinstance(change, UnknownRow):
        return str(change.row), "", change.problem, change
    what = "，".join(
        f"{interface.translate(m.stage.label)} {m.on.isoformat()}" for m in change.moves
    )
    name = str(head_of(change.case.document).get("name") or "")
    return f"{change.row}　{name}", what, change.problem, change
