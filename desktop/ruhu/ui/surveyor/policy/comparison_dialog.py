"""Compare the two policy texts, and rebuilding with repairing the house."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ruhu.i18n import BilingualText
from ruhu.policy.advice.comparison import OutcomeChange
from ruhu.policy.advice.housing_options import HousingOption
from ruhu.policy.evaluation.finding import Outcome
from ruhu.survey.facts.item_names import owner_of_subject
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.operations.advice import Advice

NO_RULE = BilingualText("无此规定", "no such rule")


class AdviceDialog(QDialog):
    """The outcomes that differ for the open record, in two tables."""

    def __init__(self, parent: QWidget, advice: Advice) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("对照与试算"))
        self.resize(1080, 600)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("对照与试算"))
        if advice.options:
            self.tabs.addTab(self._options(advice.options), self.tr("新建与维修"))
        self.tabs.addTab(self._changes(advice.changes, advice.names), self.tr("2016年与2017年文本"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)

    def _page(self, remark: str, table: QTableWidget) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        label = QLabel(remark)
        label.setObjectName("dim")
        label.setWordWrap(True)
        layout.addWidget(label)
        layout.addWidget(table, 1)
        return page

    def _table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> QTableWidget:
        table = QTableWidget(len(rows), len(headings))
        table.setHorizontalHeaderLabels(list(headings))
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(True)
        table.verticalHeader().hide()
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                table.setItem(row, column, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _changes(self, changes: Sequence[OutcomeChange], names: dict[str, str]) -> QWidget:
        rows = []
        for change in changes:
            owner = owner_of_subject(change.finding.subject, names)
            title = interface.translate(change.title)
            cells = [
                interface.translate(NO_RULE if finding is None else finding.explanation)
                for finding in (change.before, change.after)
            ]
            rows.append([interface.with_parenthesis(title, owner) if owner else title, *cells])
        table = self._table([self.tr("事项"), self.tr("2016年文本"), self.tr("2017年文本")], rows)
        table.setAccessibleName(self.tr("2016年与2017年文本"))
        remark = self.tr("同一天、同样的情况，按两个文本各核对一次；只列结论不同的。")
        return self._page(remark, table)

    def _options(self, options: Sequence[HousingOption]) -> QWidget:
        headings = [
            self.tr("事项"),
            *(interface.translate(option.renovation.label) for option in options),
        ]
        rows = [
            [self.tr("面积下限"), *(interface.translate(option.bounds()[0]) for option in options)],
            [self.tr("面积上限"), *(interface.translate(option.bounds()[1]) for option in options)],
        ]
        titles = {f.rule: f.title for option in options for f in option.findings}
        for rule, title in titles.items():
            findings = [option.finding(rule) for option in options]
            cells = [
                interface.translate(Outcome.NOT_APPLICABLE.label if f is None else f.explanation)
                for f in findings
            ]
            rows.append([interface.translate(title), *cells])
        table = self._table(headings, rows)
        table.setAccessibleName(self.tr("新建与维修"))
        return self._page(self.tr("其他情况不变，只换改造方式。"), table)
