"""What a roster would bring: the households, every doubtful cell, what is recorded differently."""

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

WRAPPED = 200
"""So many rows are as high as it takes to read them; of more, measuring them all takes too long."""


class RosterDialog(QDialog):
    """Shown before anything is stored."""

    def __init__(self, parent: QWidget, file: str, roster: Roster, intake: RosterImport) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("导入名册"))
        self.resize(1100, 600)
        told = self.tr("{0}：读到 {1} 户 {2} 人").format(
            file, len(roster.households), roster.persons
        )
        summary = QLabel(f"{told}\n{interface.translate(intake.text)}")
        summary.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("名册预览"))
        self.tabs.setDocumentMode(True)
        self._show_households(intake)
        self._show_doubts(roster)
        self._show_texts(self.tr("也在别的户 {0} 人"), self.tr("谁，在哪一户"), intake.duplicates)
        self._show_texts(self.tr("与已登记的不同 {0} 处"), self.tr("哪一项"), intake.remarks)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(
            self.tr("导入"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.accept_button.setObjectName("primary")
        self.accept_button.setEnabled(bool(intake.new or intake.completed))
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (summary, self.tabs, buttons):
            layout.addWidget(widget)
        self.accept_button.setFocus()

    def _add(self, title: str, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
        table = SearchableTable(title, headings, whole=len(rows) <= WRAPPED)
        table.show_lines([TableRow(row, number) for number, row in enumerate(rows)])
        self.tabs.addTab(table, title)

    def _show_households(self, intake: RosterImport) -> None:
        new, completed = self.tr("新增"), self.tr("补充")
        rows = [self._row(new, d) for d in intake.new]
        rows += [self._row(completed, d) for d in intake.completed]
        headings = (
            self.tr("怎么处理"), self.tr("户编号"), self.tr("户主"), self.tr("人口"), self.tr("村组"),
        )  # fmt: skip
        if rows:
            self._add(self.tr("要导入的户 {0}").format(len(rows)), headings, rows)

    def _row(self, what: str, document: Document) -> tuple[str, ...]:
        listed = summary_of(document)
        return what, listed.household_no, listed.title, str(listed.persons), place_text(listed)

    def _show_doubts(self, roster: Roster) -> None:
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
