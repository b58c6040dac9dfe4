"""One housing case: its facts and stages, and what can be recorded next."""

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
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
from ruhu.county.ledgers.housing.cases import HousingCase, transition_context
from ruhu.county.ledgers.labels import number_of, village_of
from ruhu.county.ledgers.payment_holds import Hold, join_reasons
from ruhu.i18n import BilingualText
from ruhu.survey.households import head_of
from ruhu.survey.models.choices import HousingStage
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import default_title
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.date_field import DateField
from ruhu.ui.widgets.wrapped_label import wrapped_label

NOT_STARTED_LABEL = BilingualText("尚未开始", "Not begun")
ON_HOLD_LABEL = BilingualText("✗ 暂缓拨付", "✗ Payment held back")


def money(amount: Decimal | None) -> str:
    """Return an amount as the ledgers show it."""
    return "" if amount is None else f"{amount:,.2f}"


class HousingCasePanel(QScrollArea):
    """Shows a case; its signals ask the page to record a transition, a refusal or a reopening."""

    transition_requested = Signal(object)
    refusal_requested = Signal(str)
    reopening_requested = Signal()

    def __init__(self, session: CountySession) -> None:
        super().__init__()
        self._session = session
        self._case: HousingCase | None = None
        self._reason_for: tuple[object, HousingStage | None] | None = None
        self._make_labels()
        self._make_fields()
        self._make_buttons()
        self._form = self._make_form()
        self.setWidgetResizable(True)
        self.setWidget(self._lay_out())

    def _make_labels(self) -> None:
        self.title, self.facts = wrapped_label("heading"), wrapped_label()
        self.stages, self.problems = wrapped_label(), wrapped_label("wrong")
        for label in (self.title, self.facts, self.stages, self.problems):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.next_stage = QLabel()

    def _make_fields(self) -> None:
        self.day = DateField(self.tr("到达该环节的日期"), past=True)
        self.day.dateChanged.connect(lambda _: self._check())
        self.seismic = QCheckBox(self.tr("抗震达标"))
        self.seismic.toggled.connect(lambda _: self._check())
        self.reason = QLineEdit()
        self.reason.setAccessibleName(self.tr("缺件理由"))
        self.reason.setPlaceholderText(self.tr("如：老屋已倒塌清理，无法拍照"))
        self.reason.textChanged.connect(lambda _: self._check())

    def _make_buttons(self) -> None:
        self.record = QPushButton(self.tr("登记"))
        self.record.setObjectName("primary")
        self.record.clicked.connect(self.request_transition)
        self.refuse = QPushButton(self.tr("不予批准…"))
        self.refuse.clicked.connect(self._ask_refusal_reason)
        self.reopen = QPushButton(self.tr("恢复办理"))
        self.reopen.clicked.connect(self.reopening_requested)

    def _make_form(self) -> QFormLayout:
        form = QFormLayout()
        form.addRow(self.tr("下一环节"), self.next_stage)
        form.addRow(self.tr("日期"), self.day)
        form.addRow("", self.seismic)
        form.addRow(self.tr("缺件理由"), self.reason)
        return form

    def _lay_out(self) -> QWidget:
        buttons = QHBoxLayout()
        for button in (self.record, self.refuse, self.reopen):
            buttons.addWidget(button)
        buttons.addStretch(1)
        panel = QFrame()
        panel.setObjectName("column")
        column = QVBoxLayout(panel)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addLayout(self._form)
        column.addWidget(self.problems)
        column.addLayout(buttons)
        column.addWidget(self.stages)
        column.addStretch(1)
        return panel

    # What is shown

    def show_case(self, case: HousingCase | None, hold: Hold = ()) -> None:
        """Show a case and why its payment is on hold, or a hint without a case."""
        self._case = case
        for widget in (self.day, self.seismic, self.record, self.refuse, self.reopen):
            widget.setVisible(case is not None)
        self._form.setRowVisible(self.reason, False)
        for row in (self.next_stage, self.day, self.seismic):
            self._form.setRowVisible(row, case is not None)
        if case is None:
            self.title.setText(self.tr("在左边选一户，在这里登记它到了哪个环节"))
            for label in (self.facts, self.stages, self.next_stage, self.problems):
                label.clear()
            return
        head = head_of(case.document).get("name")
        name = str(head or interface.translate(default_title("household")))
        self.title.setText(f"{name}　{village_of(case.document)}　{number_of(case.document)}")
        self.facts.setText(self._facts_text(case, hold))
        self.stages.setText(_stages_text(case))
        self.next_stage.setText(stage_label(case.next) if case.next else self.tr("已办结"))
        self._show_fields(case)
        self._check()

    def _show_fields(self, case: HousingCase) -> None:
        """Show the fields and buttons that the case's stage and the user's permissions allow."""
        can_plan = self._session.has_permission(Permission.PLAN)
        is_open = case.next is not None and case.refused is None
        is_payment = case.next is HousingStage.PAID
        permission = Permission.PAY if is_payment else Permission.PLAN
        for widget in (self.day, self.record):
            widget.setVisible(is_open and self._session.has_permission(permission))
        self.seismic.setVisible(case.next is HousingStage.ACCEPTED)
        self.seismic.setChecked(False)
        if (case.record_id, case.next) != self._reason_for:
            self._reason_for = (case.record_id, case.next)
            self.reason.clear()
        lacks_evidence = bool(case.lacking) and self.record.isVisibleTo(self)
        self._form.setRowVisible(self.reason, lacks_evidence)
        self.refuse.setVisible(is_open and can_plan)
        self.reopen.setVisible(case.refused is not None and can_plan)
        self.day.reset_to_today()

    def _facts_text(self, case: HousingCase, hold: Hold) -> str:
        lines = [self.tr("危改资格：{0}").format(interface.translate(case.eligible.label))]
        if case.subsidy is not None:
            lines.append(self.tr("补助：{0} 元").format(money(case.subsidy)))
        if hold:
            lines.append(hold_text(hold))
        if case.review_from and case.next is HousingStage.REVIEWED:
            lines.append(self.tr("公示期满：{0} 起可审核").format(case.review_from.isoformat()))
        waived = self.tr("“{0}”时缺{1}：{2}（{3}）")
        lines += [
            waived.format(
                stage_label(waiver.stage),
                interface.translate(join_labels(waiver.lacking)),
                waiver.reason,
                waiver.by,
            )
            for waiver in case.waivers
        ]
        if case.refused:
            text = self.tr("{0} 不予批准：{1}")
            lines.append(text.format(case.refused.on.isoformat(), case.refused.reason))
        return "\n".join(lines)

    # What is recorded

    def _transition(self) -> StageTransition | None:
        case = self._case
        if case is None or case.next is None:
            return None
        seismic = self.seismic.isChecked() if case.next is HousingStage.ACCEPTED else None
        paid = case.subsidy if case.next is HousingStage.PAID else None
        return StageTransition(case.next, self.day.day, seismic, paid, self.reason.text())

    def _check(self) -> None:
        """Show what is missing for the transition as entered."""
        case, transition = self._case, self._transition()
        if case is None or transition is None or case.refused is not None:
            self.problems.clear()
            return
        context = transition_context(case, self._session.today)
        problems = transition_problems(case.document, transition, context)
        self.problems.setText("\n".join(interface.translate(text) for text in problems))
        self.record.setEnabled(not problems)

    def request_transition(self) -> None:
        """Ask to record that the case reached its next stage."""
        transition = self._transition()
        if transition is not None:
            self.transition_requested.emit(transition)

    def _ask_refusal_reason(self) -> None:
        reason, accepted = QInputDialog.getMultiLineText(
            self, self.tr("不予批准"), self.tr("原因（会告知农户）：")
        )
        if accepted:
            self.refusal_requested.emit(reason)


def stage_label(stage: HousingStage | None) -> str:
    """Return the name of a stage; None is a case that has not started."""
    return interface.translate(stage.label if stage else NOT_STARTED_LABEL)


def hold_text(hold: Hold) -> str:
    """Return why a payment is on hold."""
    return interface.labelled(
        interface.translate(ON_HOLD_LABEL), interface.translate(join_reasons(hold))
    )


def _stages_text(case: HousingCase) -> str:
    days = steps_of(case.document)
    lines = []
    for stage in ORDER:
        mark, day = ("●", days[stage].isoformat()) if stage in days else ("○", "")
        lines.append(f"{mark} {interface.translate(stage.label)}　{day}")
    return "\n".join(lines)
