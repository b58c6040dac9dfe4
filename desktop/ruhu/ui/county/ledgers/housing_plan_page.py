"""Draft a year's housing plan, override its ranking, and finalise it."""

from uuid import UUID

from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QSpinBox,
    QVBoxLayout,
)

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.housing.cases import HousingCase
from ruhu.county.ledgers.housing.plan_ranking import ManualDecision, RankedCandidate
from ruhu.county.ledgers.housing.plans import YearPlan
from ruhu.county.ledgers.housing.reports import plan_sheet
from ruhu.county.ledgers.labels import number_of, village_of
from ruhu.export.spreadsheet import Sheet
from ruhu.survey.households import head_of
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.ledgers.housing_case_panel import money
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.confirmation import confirm
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow


class PlanPage(Page):
    """The plan of one year."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._plan: YearPlan | None = None
        self.year = QSpinBox()
        self.year.setRange(2016, 2100)
        self.year.setValue(self.session.today.year)
        self.year.setAccessibleName(self.tr("年度"))
        self.year.valueChanged.connect(lambda _: self.refresh())
        self.quota = QSpinBox()
        self.quota.setRange(1, 100_000)
        self.quota.setAccessibleName(self.tr("指标（户）"))
        self.draw = self._button(
            self.tr("编制草案"), self.draw_up, primary=True, right=Permission.PLAN
        )
        self.freeze = self._button(self.tr("定稿…"), self.confirm_finalise, right=Permission.PLAN)
        self.state = QLabel()
        self.state.setObjectName("heading")
        self.state.setWordWrap(True)
        self.table = SearchableTable(
            self.tr("年度计划"),
            [self.tr("次序"), self.tr("纳入"), self.tr("户主"), self.tr("行政村"),
             self.tr("户编号"), self.tr("优先级"), self.tr("识别分数"), self.tr("申请（入户）日期"),
             self.tr("补助（元）"), self.tr("人工调整")],
            numbers=(0, 5, 6, 8),
        )  # fmt: skip
        self.table.chosen.connect(self._enable)
        top = QHBoxLayout()
        for label, widget in ((self.tr("年度"), self.year), (self.tr("指标（户）"), self.quota)):
            top.addWidget(QLabel(label))
            top.addWidget(widget)
        top.addWidget(self.draw)
        top.addWidget(self.freeze)
        top.addStretch(1)
        bottom = QHBoxLayout()
        self.put_in = self._button(
            self.tr("指定纳入…"), lambda: self.ask_reason("in"), right=Permission.PLAN
        )
        self.put_out = self._button(
            self.tr("指定不纳入…"), lambda: self.ask_reason("out"), right=Permission.PLAN
        )
        self.put_back = self._button(
            self.tr("按次序"), lambda: self.pin(None, ""), right=Permission.PLAN
        )
        for button in (self.put_in, self.put_out, self.put_back):
            bottom.addWidget(button)
        self.lists = ExportButtons(self, {self.tr("计划"): self._sheet})
        bottom.addWidget(self.lists)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.state)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addLayout(bottom)

    def refresh(self) -> None:
        year = self.year.value()

        def job(store: CountyStore) -> tuple[YearPlan | None, list[TableRow]]:
            if year not in store.plans.years():
                return None, []
            cases = {case.record_id: case for case in store.housing.cases()}
            plan = store.plans.read(year)
            return plan, [self._row(plan, entry, cases) for entry in plan.entries]

        self.session.run(job, self._show)

    def _show(self, result: tuple[YearPlan | None, list[TableRow]]) -> None:
        self._plan, rows = result
        plan = self._plan
        self.table.show_lines(rows)
        if plan is None:
            self.state.setText(
                self.tr("{0}年还没有计划：填好指标，点“编制草案”。").format(self.year.value())
            )
        else:
            included = [entry for entry in plan.entries if entry.included]
            total = sum(entry.candidate.subsidy or 0 for entry in included)
            state = (
                self.tr("已于 {0} 定稿").format(plan.frozen_at[:10])
                if plan.frozen_at
                else self.tr("草案")
            )
            self.state.setText(
                self.tr("{0}：候选 {1} 户，纳入 {2} 户（指标 {3}），补助合计 {4:,.2f} 元").format(
                    state, len(plan.entries), len(included), plan.quota, total
                )
            )
            self.quota.setValue(plan.quota)
        self._enable()

    def _row(
        self, plan: YearPlan, entry: RankedCandidate, cases: dict[UUID, HousingCase]
    ) -> TableRow:
        candidate = entry.candidate
        case = cases.get(candidate.record_id)
        document = case.document if case else {}
        reason = plan.reasons.get(candidate.record_id, "")
        pinned = {"in": self.tr("纳入"), "out": self.tr("不纳入")}.get(entry.decision or "", "")
        cells = (
            str(entry.rank),
            self.tr("● 纳入") if entry.included else "○",
            str(head_of(document).get("name") or ""),
            village_of(document),
            number_of(document) or candidate.household_no,
            str(candidate.priority),
            "" if candidate.score is None else f"{candidate.score:f}",
            candidate.since.isoformat() if candidate.since else "",
            money(candidate.subsidy),
            interface.labelled(pinned, reason) if pinned else "",
        )
        keys = (entry.rank, not entry.included, *cells[2:5], candidate.priority, candidate.score,
                candidate.since, candidate.subsidy, cells[9])  # fmt: skip
        return TableRow(cells, candidate, keys)

    def _enable(self) -> None:
        is_draft = self._plan is None or self._plan.frozen_at is None
        chosen = bool(self.table.chosen_rows())
        self.draw.setEnabled(is_draft)
        self.freeze.setEnabled(is_draft and self._plan is not None)
        for button in (self.put_in, self.put_out, self.put_back):
            button.setEnabled(is_draft and chosen)
        self.lists.setEnabled(self._plan is not None)

    def draw_up(self) -> None:
        """Draft the plan, replacing an earlier draft."""
        year, quota = self.year.value(), self.quota.value()
        self._run(lambda store: store.plans.draw_up(year, quota), self.tr("草案已编制"))

    def ask_reason(self, pinned: ManualDecision) -> None:
        """Ask for a reason, and include or exclude the chosen household."""
        reason, accepted = QInputDialog.getText(self, self.tr("调整计划"), self.tr("理由："))
        if accepted:
            self.pin(pinned, reason)

    def pin(self, pinned: ManualDecision | None, reason: str) -> None:
        """Include or exclude the chosen household, or return it to its rank with None."""
        lines = self.table.chosen_rows()
        if lines:
            year, record_id = self.year.value(), lines[0].item.record_id
            self._run(
                lambda store: store.plans.override(year, record_id, pinned, reason),
                self.tr("草案已调整"),
            )

    def confirm_finalise(self) -> None:
        """Finalise the plan after a confirmation; this cannot be undone."""
        question = self.tr("{0}年计划定稿后不能再改。定稿吗？").format(self.year.value())
        confirm(self, self.tr("计划定稿"), question, self.tr("定稿"), self.finalise)

    def finalise(self) -> None:
        """Finalise the plan."""
        year = self.year.value()
        self._run(lambda store: store.plans.finalise(year), self.tr("计划已定稿"))

    def _sheet(self, store: CountyStore) -> Sheet:
        year = self._plan.year if self._plan else self.year.value()
        return plan_sheet(store.plans.read(year), store.housing.cases(), store.public.name)
