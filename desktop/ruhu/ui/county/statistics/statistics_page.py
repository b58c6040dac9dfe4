"""Statistics of the county, a township or a village, as tables and charts."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.assessment.statistics import WHOLE_COUNTY, DrillDown, Figures, Scope
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.benefits.payments import PaymentTotals
from ruhu.errors import UserError
from ruhu.export.spreadsheet import Sheet
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession
from ruhu.ui.county.statistics.households_dialog import HouseholdsDialog
from ruhu.ui.county.statistics.statistics_rows import (
    StatisticsRow,
    failing_rows,
    indicator_rows,
    name_of_place,
    progress_rows,
    sheet_of,
    stage_rows,
    sum_rows,
    visit_rows,
)
from ruhu.ui.widgets.bar_chart import BarChart
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow

Statistics = tuple[Figures, list[PaymentTotals]]


class FiguresTab(QWidget):
    """One subject: its table on the left, its chart on the right."""

    def __init__(
        self,
        title: str,
        headings: Sequence[str],
        unit: str,
        theme: str,
        numbers: Sequence[int],
        *,
        wrap: bool = False,
    ) -> None:
        super().__init__()
        self.title, self.headings, self.unit = title, list(headings), unit
        self.rows: list[StatisticsRow] = []
        empty = self.tr("还没有数字：先在“收件箱”收数据包。")
        self.table = SearchableTable(title, headings, numbers, wrap=wrap, empty=empty)
        self.chart = BarChart(title, theme)
        self._split = split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.chart)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([1300, 700] if wrap else [1000, 800])
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(split)

    def show_rows(self, rows: list[StatisticsRow]) -> None:
        """Show rows and their bars."""
        self.rows = rows
        self.table.show_lines([TableRow(row.cells, row, row.keys) for row in rows])
        bars = [row.bar for row in rows if row.bar is not None]
        self.chart.setVisible(bool(bars))
        if bars:
            self.chart.show_bars(self.title, bars, self.unit)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Widen the table to its last column, as far as the chart has room."""
        table, chart = self._split.sizes()
        lacking = self.table.view.horizontalHeader().length() - self.table.view.viewport().width()
        added = min(lacking, chart - max(self.chart.minimumWidth(), (table + chart) // 3))
        if added > 0 and self.isVisible():
            self._split.setSizes([table + added, chart - added])

    @property
    def row(self) -> StatisticsRow | None:
        """The chosen row."""
        lines = self.table.chosen_rows()
        return lines[0].item if lines else None


class FiguresPage(Page):
    """The statistics of one scope."""

    def __init__(self, session: CountySession, preferences: Preferences) -> None:
        super().__init__(session)
        self.scope = WHOLE_COUNTY
        self.heading = QLabel()
        self.heading.setObjectName("heading")
        self.heading.setWordWrap(True)
        self.up = self._button(self.tr("返回上一级"), self.go_up)
        self.down = self._button(self.tr("看这个乡镇、村"), self.go_down)
        self.behind = self._button(self.tr("看背后的农户"), self.show_behind)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        theme = preferences.theme
        self.subjects: list[tuple[FiguresTab, Callable[[Statistics], list[StatisticsRow]]]] = []
        self._add(self.tr("进度"), FiguresTab(
            self.tr("入户进度"),
            [self.tr("地点"), self.tr("农户"), self.tr("已入户"), self.tr("进度"),
             self.tr("人口"), self.tr("建档立卡户")],
            "%", theme, (1, 2, 3, 4, 5)), lambda statistics: progress_rows(statistics[0]))  # fmt: skip
        self._add(self.tr("待遇"), FiguresTab(
            self.tr("各项待遇应发金额"),
            [self.tr("待遇"), self.tr("可享受"), self.tr("金额（元）"), self.tr("计量"),
             self.tr("金额待定"), self.tr("待核实"), self.tr("全县已发放（元）")],
            self.tr("元"), theme, (1, 2, 4, 5, 6)), lambda statistics: sum_rows(*statistics))  # fmt: skip
        self._add(self.tr("危改"), FiguresTab(
            self.tr("危房改造各环节户数"), [self.tr("环节"), self.tr("户数")],
            self.tr("户"), theme, (1,)), lambda statistics: stage_rows(statistics[0]))  # fmt: skip
        self._add(self.tr("指标"), FiguresTab(
            self.tr("通知的指标与目标（红线）"),
            [self.tr("指标"), self.tr("结论"), self.tr("现状"), self.tr("目标"), self.tr("说明")],
            "%", theme, (2, 3), wrap=True), lambda statistics: indicator_rows(statistics[0]))  # fmt: skip
        self._add(self.tr("问题"), FiguresTab(
            self.tr("不符合的事项"), [self.tr("事项"), self.tr("件数")],
            self.tr("件"), theme, (1,)), lambda statistics: failing_rows(statistics[0]))  # fmt: skip
        self._add(self.tr("走势"), FiguresTab(
            self.tr("每月入户"), [self.tr("月份"), self.tr("入户"), self.tr("累计")],
            self.tr("户"), theme, (1, 2)), lambda statistics: visit_rows(statistics[0]))  # fmt: skip
        self.tabs.currentChanged.connect(lambda _: self._enable())
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        for button in (self.up, self.down, self.behind):
            top.addWidget(button)
        bottom = QHBoxLayout()
        bottom.addWidget(ExportButtons(self, {self.tr("表格"): self._sheet}))
        self.chart_buttons = (
            self._button(self.tr("图保存为图片…"), self.choose_picture),
            self._button(self.tr("图打印…"), lambda: self.tab.chart.print_preview()),
        )
        for button in self.chart_buttons:
            bottom.addWidget(button)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.problem)
        layout.addLayout(bottom)
        self._enable()

    def _add(
        self, label: str, tab: FiguresTab, rows: Callable[[Statistics], list[StatisticsRow]]
    ) -> None:
        self.tabs.addTab(tab, label)
        self.subjects.append((tab, rows))
        tab.table.chosen.connect(self._enable)
        tab.table.view.doubleClicked.connect(lambda _: self.go_down_or_behind())

    @property
    def tab(self) -> FiguresTab:
        """The current subject."""
        tab = self.tabs.currentWidget()
        assert isinstance(tab, FiguresTab)
        return tab

    def refresh(self) -> None:
        scope = self.scope
        self.session.run(
            lambda store: (store.statistics.figures(scope), store.benefits.totals()), self._show
        )

    def _show(self, statistics: Statistics) -> None:
        figures = statistics[0]
        if figures.scope != self.scope:
            return
        total = figures.total
        places = [self.session.public.name]
        places += [
            name_of_place(p) for p in (self.scope.township, self.scope.village) if p is not None
        ]
        self.heading.setText(
            self.tr("{0}：农户 {1} 户，已入户 {2} 户，人口 {3}，建档立卡 {4} 户").format(
                " › ".join(places), total.households, total.visited, total.persons, total.registered
            )
        )
        for tab, rows in self.subjects:
            tab.show_rows(rows(statistics))
        self._enable()

    def _enable(self) -> None:
        row = self.tab.row
        self.up.setEnabled(self.scope != WHOLE_COUNTY)
        self.down.setEnabled(row is not None and row.place is not None and self._below())
        self.behind.setEnabled(row is not None and row.behind is not None)
        for button in self.chart_buttons:
            button.setEnabled(any(each.bar is not None for each in self.tab.rows))

    def _below(self) -> bool:
        return self.scope.village is None

    def go_to(self, scope: Scope) -> None:
        """Show another scope."""
        self.scope = scope
        self.refresh()

    def go_up(self) -> None:
        """Go from a village to its township, from a township to the county."""
        above = Scope(self.scope.township) if self.scope.village is not None else WHOLE_COUNTY
        self.go_to(above)

    def go_down(self) -> None:
        """Go to the township or village of the chosen row."""
        row = self.tab.row
        if row is not None and row.place is not None and self._below():
            self.go_to(self.scope.within(row.place))

    def go_down_or_behind(self) -> None:
        """Go down to the chosen division, or show the households behind the row."""
        row = self.tab.row
        if row is not None and row.place is not None and self._below():
            self.go_down()
        elif row is not None:
            self.show_behind()

    def show_behind(self) -> None:
        """Show the households behind the chosen row."""
        row = self.tab.row
        if row is not None and row.behind is not None:
            behind: DrillDown = row.behind
            title = f"{self.tab.title}　{row.cells[0]}"
            self.session.run(
                lambda store: store.statistics.records_behind(behind),
                lambda documents: HouseholdsDialog(self, title, documents).open(),
                self._failed,
            )

    def _sheet(self, _: CountyStore) -> Sheet:
        tab = self.tab
        return sheet_of(f"{self.session.public.name}{tab.title}", tab.headings, tab.rows)

    def choose_picture(self) -> None:
        """Choose a file for the chart."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("图保存为图片"), "", self.tr("图片 (*.png)")
        )
        if name:
            self.save_picture(Path(name).with_suffix(".png"))

    def save_picture(self, path: Path) -> None:
        """Save the current chart as a PNG."""
        try:
            self.tab.chart.save(path)
        except UserError as error:
            self._failed(error)
        else:
            self.status_message.emit(self.tr("已保存：{0}").format(path.name))
