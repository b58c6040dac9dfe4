"""Edit the county's standards, compute their impact, and publish them."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.assessment.standards_impact import StandardsImpact, changed_rules
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.labels import title_of_rule
from ruhu.errors import UserError
from ruhu.exchange.formats.signed_standards import open_standards
from ruhu.files.atomic_write import write_atomic
from ruhu.policy.standards.files import read_standards_file
from ruhu.strict_json import Document
from ruhu.ui.core.cancellable_task import CancellableTask, TaskCancelled
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.county.page import Page, set_rows, table_of
from ruhu.ui.county.session import CountySession
from ruhu.ui.county.standards.standards_form import StandardsForm
from ruhu.ui.widgets.bar_chart import Bar, BarChart
from ruhu.ui.widgets.confirmation import confirm
from ruhu.ui.widgets.wrapped_label import wrapped_label

MIN_CHART_LINES = 8
"""The minimum height of the chart, in lines of text."""


class StandardsPage(Page):
    """Published standards and the form on the left, their impact on the right."""

    assessed = Signal(int)

    def __init__(self, session: CountySession, preferences: Preferences) -> None:
        super().__init__(session)
        self._published: list[Document] = []
        self._task: CancellableTask | None = None
        self.sets = QListWidget()
        self.sets.setAccessibleName(self.tr("已发布的标准"))
        self.sets.currentRowChanged.connect(self._show_set)
        self.form = StandardsForm()
        self.message = wrapped_label(text=self.tr("改好后先“试算影响”，看清楚谁多谁少，再发布。"))
        self.effect = self._make_effect_table()
        self.chart = BarChart(self.tr("合计的变化"), preferences.theme)
        self.chart.setMinimumHeight(self.fontMetrics().height() * MIN_CHART_LINES)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.setRange(0, 0)
        self.assessed.connect(
            lambda count: self.status_message.emit(self.tr("已核对 {0} 条").format(count))
        )
        self.stop = self._button(self.tr("停止"), self._cancel)
        self.weigh = self._button(self.tr("试算影响"), self.weigh_effect)
        self.publish = self._button(self.tr("签名并发布…"), self.ask_publish, primary=True)
        self.load = self._button(self.tr("读入文件…"), self.choose_file)
        self.save = self._button(self.tr("存签名文件…"), self.choose_target)
        self._lay_out()
        self._show_busy(False)
        self.effect.hide()
        self.chart.hide()

    def _make_effect_table(self) -> QTableWidget:
        table = table_of(
            self.tr("试算影响"),
            [self.tr("待遇"), self.tr("原合计（元）"), self.tr("新合计（元）"), self.tr("增加"),
             self.tr("减少"), self.tr("新确定")],
        )  # fmt: skip
        table.setSizeAdjustPolicy(QTableWidget.SizeAdjustPolicy.AdjustToContents)
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return table

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.form)
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(QLabel(self.tr("已发布（点开可作为新标准的底稿）")))
        column.addWidget(self.sets, 1)
        column.addWidget(scroll, 6)
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.message)
        column.addWidget(self.effect)
        column.addWidget(self.chart, 1)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.addWidget(left)
        columns.addWidget(right)
        columns.setSizes([600, 600])
        columns.setChildrenCollapsible(False)
        bottom = QHBoxLayout()
        for widget in (self.load, self.save, self.weigh, self.publish, self.progress, self.stop):
            bottom.addWidget(widget)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(columns, 1)
        layout.addWidget(self.problem)
        layout.addLayout(bottom)

    def refresh(self) -> None:
        self.session.run(lambda store: store.standards.published(), self._show)

    def _show(self, published: list[Document]) -> None:
        known = len(self._published)
        self._published = published
        self.sets.blockSignals(True)
        self.sets.clear()
        for signed in published:
            standards = signed["standards"]
            end = standards.get("valid_to")
            until = self.tr("至 {0}").format(end) if end else ""
            text = self.tr("{0} 起 {1}").format(standards["valid_from"], until)
            self.sets.addItem(text.strip())
        self.sets.blockSignals(False)
        self.save.setEnabled(bool(published))
        if published and not known:
            self.sets.setCurrentRow(len(published) - 1)

    def _show_set(self, row: int) -> None:
        if 0 <= row < len(self._published):
            self.form.show_document(self._published[row]["standards"])

    def choose_file(self) -> None:
        """Choose a standards file to edit."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("读入标准文件"), "", self.tr("标准 (*.toml *.json)")
        )
        if name:
            self.read(Path(name))

    def read(self, path: Path) -> None:
        """Show a standards file in the form."""
        try:
            document = open_standards(read_standards_file(path.name, path.read_bytes()))
        except OSError:
            self.problem.setText(self.tr("{0}：打不开").format(path.name))
        except UserError as error:
            self._failed(error)
        else:
            self.problem.clear()
            self.form.show_document(document)

    def weigh_effect(self) -> None:
        """Compute what these standards would change for every record."""
        document = self.form.document(self.session.public.county)
        self._start(lambda store, count: store.standards.impact(document, count), self._show_effect)

    def _start(
        self,
        job: Callable[[CountyStore, Callable[[int], None]], Any],
        done: Callable[[Any], None],
    ) -> None:
        """Run a job that assesses all records; it calls its second argument with their number."""
        self._task = task = CancellableTask(self.session)

        def count(assessed: int) -> None:
            self.assessed.emit(assessed)
            task.report(assessed, assessed)

        task.finished.connect(done)
        task.failed.connect(self._show_failed)
        self._show_busy(True)
        task.start(self.session.run, lambda store, _: job(store, count))

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _show_failed(self, error: UserError) -> None:
        self._show_busy(False)
        if isinstance(error, TaskCancelled):
            self.problem.setText(self.tr("已停止，什么都没有改"))
        else:
            self._failed(error)

    def _show_effect(self, effect: StandardsImpact) -> None:
        self._show_busy(False)
        self.problem.clear()
        changed = list(changed_rules(effect))
        self.message.setText(
            self.tr("共 {0} 条记录：{1} 户增加，{2} 户减少，{3} 项待遇有变化。").format(
                effect.records, effect.households_gaining, effect.households_losing, len(changed)
            )
        )
        rows, bars = [], []
        for each in changed:
            title = interface.translate(title_of_rule(each.rule))
            rows.append(
                (title, f"{each.before:,.2f}", f"{each.after:,.2f}", str(each.gaining or ""),
                 str(each.losing or ""), str(each.newly_known or ""))
            )  # fmt: skip
            difference: Decimal = each.after - each.before
            bars.append(Bar(title, float(difference), f"{difference:+,.0f}"))
        set_rows(self.effect, rows)
        self.effect.setVisible(bool(rows))
        self.chart.setVisible(bool(bars))
        if bars:
            self.chart.show_bars(self.tr("合计的变化"), bars, self.tr("元"))

    def ask_publish(self) -> None:
        """Publish after a confirmation; every record is assessed again."""
        start = self.form.valid_from.day.isoformat()
        question = self.tr(
            "发布自 {0} 起的标准？将用县签名钥签名，全部记录重新核对，随答复发给各台电脑。"
        ).format(start)
        confirm(self, self.tr("发布标准"), question, self.tr("发布"), self.publish_standards)

    def publish_standards(self) -> None:
        """Sign and publish what is in the form."""
        document = self.form.document(self.session.public.county)

        def done(_: Document) -> None:
            self._show_busy(False)
            self.problem.clear()
            self.status_message.emit(self.tr("已发布，全部记录已重新核对"))
            self.session.changed.emit()

        self._start(lambda store, count: store.standards.publish(document, count), done)

    def choose_target(self) -> None:
        """Choose a file for the signed standards that are chosen."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("存签名文件"), "standards.json", self.tr("签名的标准 (*.json)")
        )
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Write the chosen signed standards, for a laptop that gets no replies."""
        signed = self._published[max(self.sets.currentRow(), 0)]
        try:
            write_atomic(path, json.dumps(signed, ensure_ascii=False, indent=1).encode())
        except UserError as error:
            self._failed(error)
        else:
            self.status_message.emit(self.tr("已保存：{0}").format(path.name))

    def _show_busy(self, busy: bool) -> None:
        for widget in (self.progress, self.stop):
            widget.setVisible(busy)
        for button in (self.weigh, self.publish, self.load):
            button.setEnabled(not busy)
