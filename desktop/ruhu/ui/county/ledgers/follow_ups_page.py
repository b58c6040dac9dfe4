"""Follow up failed checks, and list the water projects by village."""

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
)

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.follow_up_reports import follow_up_sheet, water_sheet
from ruhu.county.ledgers.follow_ups import DROPOUT, WATER, FollowUp
from ruhu.county.ledgers.labels import number_of, rules, title_of_rule, township_of, village_of
from ruhu.export.spreadsheet import Sheet
from ruhu.policy.evaluation.finding import RuleKind
from ruhu.survey.households import head_of
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.date_field import DateField
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow

WATER_SUBSIDY = "water.project_subsidy"


class FollowUpsPage(Page):
    """The follow-ups of one check."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.rule = QComboBox()
        self.rule.setAccessibleName(self.tr("事项"))
        others = [
            rule.id
            for rule in rules().values()
            if rule.kind is RuleKind.CHECK and rule.id not in (DROPOUT, WATER)
        ]
        for name in (DROPOUT, WATER, *others):
            self.rule.addItem(interface.translate(title_of_rule(name)), name)
        self.rule.currentIndexChanged.connect(lambda _: self._show_rule())
        self._sum = QLabel()
        self._sum.setObjectName("heading")
        self.table = SearchableTable(
            self.tr("跟踪办理"),
            [self.tr("姓名"), self.tr("户主"), self.tr("乡镇"), self.tr("行政村"),
             self.tr("户编号"), self.tr("状态"), self.tr("最近记录")],
            empty=self.tr("这一项没有要跟踪的。不符合的农户，随数据包收到后列在这里。"),
        )  # fmt: skip
        self.table.chosen.connect(self._show_notes)
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.day = DateField(self.tr("记录日期"), past=True)
        self.note = QLineEdit()
        self.note.setAccessibleName(self.tr("记录"))
        self.note.setPlaceholderText(
            self.tr("去向、原因、做了什么，如“已家访，随父母在外，约定下周返校”")
        )
        self.note.returnPressed.connect(lambda: self.add_note())
        self.add = self._button(self.tr("记录"), self.add_note, primary=True, right=Permission.PLAN)
        for widget in (self.day, self.note):
            widget.setVisible(session.has_permission(Permission.PLAN))
        note_row = QHBoxLayout()
        note_row.addWidget(self.day)
        note_row.addWidget(self.note, 1)
        note_row.addWidget(self.add)
        bottom = QHBoxLayout()
        bottom.addWidget(ExportButtons(self, {self.tr("台账"): self._sheet}))
        self.water = ExportButtons(self, {self.tr("按村汇总"): self._water})
        self._by_village = QLabel(self.tr("按村汇总："))
        bottom.addWidget(self._by_village)
        bottom.addWidget(self.water)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.rule)
        layout.addWidget(self._sum)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.notes)
        layout.addLayout(note_row)
        layout.addWidget(self.problem)
        layout.addLayout(bottom)
        self._show_rule()

    def _show_rule(self) -> None:
        shown = self.rule.currentData() == WATER and self.session.has_permission(Permission.EXPORT)
        for widget in (self._by_village, self.water):
            widget.setVisible(shown)
        self.refresh()

    def refresh(self) -> None:
        rule = str(self.rule.currentData())
        summary = self.tr("待办 {0}，已解决 {1}")

        def job(store: CountyStore) -> tuple[list[TableRow], str]:
            follow_ups = store.follow_ups.find(rule)
            open_count = sum(1 for each in follow_ups if each.is_open)
            text = summary.format(open_count, len(follow_ups) - open_count)
            return [self._row(each) for each in follow_ups], text

        self.session.run(job, self._show)

    def _show(self, result: tuple[list[TableRow], str]) -> None:
        rows, text = result
        self.table.show_lines(rows)
        self._sum.setText(text)

    def _row(self, matter: FollowUp) -> TableRow:
        last = matter.notes[0] if matter.notes else None
        cells = (
            matter.person.name,
            str(head_of(matter.document).get("name") or ""),
            township_of(matter.document),
            village_of(matter.document),
            number_of(matter.document),
            self.tr("○ 待办") if matter.is_open else self.tr("● 已解决"),
            f"{last.on.isoformat()} {last.text}" if last else "",
        )
        return TableRow(cells, matter)

    @property
    def matter(self) -> FollowUp | None:
        """The chosen follow-up."""
        lines = self.table.chosen_rows()
        return lines[0].item if lines else None

    def _show_notes(self) -> None:
        matter = self.matter
        notes = matter.notes if matter else ()
        self.notes.setText(
            "\n".join(
                interface.with_parenthesis(f"{note.on.isoformat()}　{note.text}", note.by)
                for note in notes[:5]
            )
        )
        self.add.setEnabled(matter is not None)
        self.note.setEnabled(matter is not None)

    def add_note(self) -> None:
        """Add the typed note to the chosen follow-up."""
        matter, text = self.matter, self.note.text()
        if matter is None:
            return
        day = self.day.day

        def done(_: object) -> None:
            self.note.clear()
            self.problem.clear()
            self.status_message.emit(self.tr("已记录"))
            self.session.changed.emit()

        self.session.run(
            lambda store: store.follow_ups.add_note(matter, text, day), done, self._failed
        )

    def _sheet(self, store: CountyStore) -> Sheet:
        rule = str(self.rule.currentData())
        return follow_up_sheet(rule, store.follow_ups.find(rule))

    def _water(self, store: CountyStore) -> Sheet:
        subsidies = store.statistics.amounts(WATER_SUBSIDY)
        return water_sheet(store.follow_ups.find(WATER), subsidies)
