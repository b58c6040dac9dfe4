"""The training classes, and which of the notice's conditions each does not meet."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ruhu.county.county import CountyStore
from ruhu.county.ledgers.labels import rules, title_of_rule
from ruhu.county.ledgers.training_classes import TrainingClassEntry, class_sheet
from ruhu.export.spreadsheet import Sheet
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.ledgers.housing_cases_page import money
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow


class ClassesPage(Page):
    """Every training class."""

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

    def _show(self, found: list[TrainingClassEntry]) -> None:
        self.table.show_lines([self._line(each) for each in found])

    def _line(self, each: TrainingClassEntry) -> TableRow:
        document = each.document

        def at(name: str) -> str:
            return str(document.get(name) if document.get(name) is not None else "")

        cells = (
            at("name"),
            interface.translate(each.type.label) if each.type else "",
            str((document.get("survey") or {}).get("date") or ""),
            at("days"),
            at("participants"),
            at("registered_participants"),
            "" if each.share is None else f"{each.share}%",
            money(each.cost),
            "、".join(interface.translate(title_of_rule(rule)) for rule in each.failing),
            "、".join(interface.translate(title_of_rule(rule)) for rule in each.entitled),
        )
        counts = (
            document.get(name) for name in ("days", "participants", "registered_participants")
        )
        return TableRow(cells, each, (*cells[:3], *counts, each.share, each.cost, *cells[8:]))

    @staticmethod
    def _sheet(store: CountyStore) -> Sheet:
        titles = {name: rule.title.zh for name, rule in rules().items()}
        return class_sheet(store.training_classes.all(), titles)
