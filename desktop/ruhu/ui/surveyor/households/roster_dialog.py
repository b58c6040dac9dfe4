"""Preview of a roster: its households, ambiguous cells and differing facts."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTabWidget, QVBoxLayout, QWidget

from ruhu.i18n import BilingualText
from ruhu.store.record_list import summary_of
from ruhu.store.roster_import import RosterImport
from ruhu.strict_json import Document
from ruhu.survey.roster.reader import Roster
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.households.records_model import place_text
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow

MAX_WRAPPED_ROWS = 200
"""Measuring the heights of more rows takes too long."""


class RosterDialog(QDialog):
    """The preview; accepting it imports the roster."""

    def __init__(self, parent: QWidget, file: str, roster: Roster, plan: RosterImport) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("导入名册"))
        self.resize(1100, 600)
        count = self.tr("{0}：读到 {1} 户 {2} 人").format(
            file, len(roster.households), roster.persons
        )
        summary = QLabel(f"{count}\n{interface.translate(plan.text)}")
        summary.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("名册预览"))
        self.tabs.setDocumentMode(True)
        self._show_households(plan)
        self._show_issues(roster)
        self._show_texts(self.tr("也在别的户 {0} 人"), self.tr("谁，在哪一户"), plan.duplicates)
        self._show_texts(self.tr("与已登记的不同 {0} 处"), self.tr("哪一项"), plan.remarks)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(
            self.tr("导入"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.accept_button.setObjectName("primary")
        self.accept_button.setEnabled(bool(plan.new or plan.completed))
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (summary, self.tabs, buttons):
            layout.addWidget(widget)
        self.accept_button.setFocus()

    def _add(self, title: str, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
        table = SearchableTable(title, headings, wrap=len(rows) <= MAX_WRAPPED_ROWS)
        table.show_lines([TableRow(row, number) for number, row in enumerate(rows)])
        self.tabs.addTab(table, title)

    def _show_households(self, plan: RosterImport) -> None:
        new, completed = self.tr("新增"), self.tr("补充")
        rows = [self._row(new, d) for d in plan.new]
        rows += [self._row(completed, d) for d in plan.completed]
        headings = (
            self.tr("怎么处理"), self.tr("户编号"), self.tr("户主"), self.tr("人口"), self.tr("村组"),
        )  # fmt: skip
        if rows:
            self._add(self.tr("要导入的户 {0}").format(len(rows)), headings, rows)

    def _row(self, action: str, document: Document) -> tuple[str, ...]:
        summary = summary_of(document)
        persons = str(summary.persons)
        return action, summary.household_no, summary.title, persons, place_text(summary)

    def _show_issues(self, roster: Roster) -> None:
        headings = (self.tr("位置"), self.tr("列"), self.tr("读到"), self.tr("怎么处理"))
        rows = [
            (f"{r.sheet}!{r.column}{r.row or ''}", r.heading, r.read, interface.translate(r.done))
            for r in roster.report
        ]
        title = self.tr("存疑 {0} 处（原文都保留，未猜填）").format(len(rows))
        self._add(title, headings, rows)

    def _show_texts(self, title: str, heading: str, texts: Sequence[BilingualText]) -> None:
        if texts:
            rows = [(interface.translate(text),) for text in texts]
            self._add(title.format(len(rows)), (heading,), rows)
