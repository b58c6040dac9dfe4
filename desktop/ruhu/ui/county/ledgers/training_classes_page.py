"""List the training classes and the conditions of the notice that they fail."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ruhu.county.county import CountyStore
from ruhu.county.ledgers.labels import rules, title_of_rule
from ruhu.county.ledgers.training_classes import TrainingClassEntry, class_sheet
from ruhu.export.spreadsheet import Sheet
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.ledgers.housing_case_panel import money
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow


class ClassesPage(Page):
    """Every training class with its findings."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.table = SearchableTable(
            self.tr("培训班"),
            [self.tr("名称"), self.tr("类型"), self.tr("日期"), self.tr("天数"), self.tr("人数"),
             self.tr("建档立卡"), self.tr("占比"), self.tr("人均每天（元）"), self.tr("不符合"),
             self.tr("可享受")],
            numbers=(3, 4, 5, 6, 7),
            wrap=True,
            empty=self.tr("还没有培训班。工作队员在左上角选“培训班”登记，随数据包送来。"),
        )  # fmt: skip
        bottom = QHBoxLayout()
        bottom.addWidget(ExportButtons(self, {self.tr("台账"): self._sheet}))
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addLayout(bottom)

    def refresh(self) -> None:
        self.session.run(lambda store: store.training_classes.all(), self._show)

    def _show(self, entries: list[TrainingClassEntry]) -> None:
        self.table.show_lines([self._row(each) for each in entries])

    def _row(self, entry: TrainingClassEntry) -> TableRow:
        document = entry.document

        def at(name: str) -> str:
            return str(document.get(name) if document.get(name) is not None else "")

        cells = (
            at("name"),
            interface.translate(entry.type.label) if entry.type else "",
            str((document.get("survey") or {}).get("date") or ""),
            at("days"),
            at("participants"),
            at("registered_participants"),
            "" if entry.share is None else f"{entry.share}%",
            money(entry.cost),
            "、".join(interface.translate(title_of_rule(rule)) for rule in entry.failing),
            "、".join(interface.translate(title_of_rule(rule)) for rule in entry.entitled),
        )
        counts = (
            document.get(name) for name in ("days", "participants", "registered_participants")
        )
        return TableRow(cells, entry, (*cells[:3], *counts, entry.share, entry.cost, *cells[8:]))

    @staticmethod
    def _sheet(store: CountyStore) -> Sheet:
        titles = {name: rule.title.zh for name, rule in rules().items()}
        return class_sheet(store.training_classes.all(), titles)
