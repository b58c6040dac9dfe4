"""The county's standards: edited, checked, weighed on all records, signed and published to the laptops."""

import json
import threading
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from ruhu.bundle.durable import write_durably
from ruhu.bundle.signed_standards import open_standards
from ruhu.county.ledgers.effect import Effect, changed_rules
from ruhu.county.ledgers.names import title_of_rule
from ruhu.county.rights import Right
from ruhu.policy.standards import FIGURES, SWITCH
from ruhu.policy.standards_file import read_standards_file
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError
from ruhu.ui.chart import Bar, BarChart
from ruhu.ui.confirmation import confirm
from ruhu.ui.county_page import Page, fill, table_of
from ruhu.ui.county_session import CountySession
from ruhu.ui.day_field import DayField
from ruhu.ui.language import interface
from ruhu.ui.preferences import Preferences
from ruhu.ui.standards_model import GROUPS, document_of, group_of, texts_of, tiers_of

TIER_ROWS = 5
CHART_LINES = 8
"""The picture of an effect is never lower than so many lines of text."""


class StandardsForm(QWidget):
    """Every figure the notice leaves to the county, as it is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.valid_from = DayField(self.tr("生效日期"))
        self.valid_to = DayField(self.tr("截止日期"))
        self.ends = QCheckBox(self.tr("有截止日期"))
        self.ends.toggled.connect(self.valid_to.setEnabled)
        self.valid_to.setEnabled(False)
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        form = QFormLayout(self)
        form.addRow(self.tr("生效日期"), self.valid_from)
        form.addRow(self.ends, self.valid_to)
        group = ""
        for path, figure in FIGURES.items():
            if group_of(path) != group:
                group = group_of(path)
                heading = QLabel(interface.say(GROUPS[group]))
                heading.setObjectName("heading")
                form.addRow(heading)
            field = self._field(figure.accepts is SWITCH)
            label = interface.say(figure.label)
            field.setAccessibleName(label)
            field.setToolTip(interface.say(figure.accepts))
            self.fields[path] = field
            form.addRow(label, field)
        heading = QLabel(self.tr("大病保险分段：起付线以上到多少元（最后一段不填）、报销比例"))
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        form.addRow(heading)
        self.tiers = [self._tier(form, number) for number in range(1, TIER_ROWS + 1)]

    def _field(self, switch: bool) -> QLineEdit | QComboBox:
        if not switch:
            return QLineEdit()
        box = QComboBox()
        for label, value in (
            (self.tr("未定"), ""),
            (self.tr("是"), "true"),
            (self.tr("否"), "false"),
        ):
            box.addItem(label, value)
        return box

    def _tier(self, form: QFormLayout, number: int) -> tuple[QLineEdit, QLineEdit]:
        end, rate = QLineEdit(), QLineEdit()
        end.setAccessibleName(self.tr("第{0}段到（元）").format(number))
        rate.setAccessibleName(self.tr("第{0}段比例").format(number))
        rate.setPlaceholderText("0.50")
        row = QHBoxLayout()
        row.addWidget(end)
        row.addWidget(rate)
        form.addRow(self.tr("第{0}段").format(number), row)
        return end, rate

    def show_document(self, document: Document) -> None:
        """Show a document's figures, to be edited."""
        for path, text in texts_of(document).items():
            field = self.fields[path]
            if isinstance(field, QComboBox):
                field.setCurrentIndex(max(0, field.findData(text)))
            else:
                field.setText(text)
        tiers = [*tiers_of(document), *[("", "")] * TIER_ROWS]
        for (end, rate), (told_end, told_rate) in zip(self.tiers, tiers, strict=False):
            end.setText(told_end)
            rate.setText(told_rate)
        if document.get("valid_from"):
            self.valid_from.setDate(QDate.fromString(str(document["valid_from"]), "yyyy-MM-dd"))
        self.ends.setChecked(bool(document.get("valid_to")))
        if document.get("valid_to"):
            self.valid_to.setDate(QDate.fromString(str(document["valid_to"]), "yyyy-MM-dd"))

    def document(self, county: str) -> Document:
        """What is typed, as a document of a county."""
        texts = {
            path: field.currentData() if isinstance(field, QComboBox) else field.text()
            for path, field in self.fields.items()
        }
        return document_of(
            county,
            self.valid_from.day,
            self.valid_to.day if self.ends.isChecked() else None,
            texts,
            [(end.text(), rate.text()) for end, rate in self.tiers],
        )


class StandardsPage(Page):
    """Published sets on the left, the form in the middle, the effect on the right."""

    right = Right.STANDARDS
    assessed = Signal(int)

    def __init__(self, session: CountySession, preferences: Preferences) -> None:
        super().__init__(session)
        self._published: list[Document] = []
        self.sets = QListWidget()
        self.sets.setAccessibleName(self.tr("已发布的标准"))
        self.sets.currentRowChanged.connect(self._show_set)
        self.form = StandardsForm()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.form)
        self._told = QLabel(self.tr("改好后先“试算影响”，看清楚谁多谁少，再发布。"))
        self._told.setWordWrap(True)
        self.effect = table_of(
            self.tr("试算影响"),
            [self.tr("待遇"), self.tr("原合计（元）"), self.tr("新合计（元）"), self.tr("增加"),
             self.tr("减少"), self.tr("新确定")],
        )  # fmt: skip
        self.effect.setSizeAdjustPolicy(QTableWidget.SizeAdjustPolicy.AdjustToContents)
        self.effect.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.chart = BarChart(self.tr("合计的变化"), preferences.theme)
        self.chart.setMinimumHeight(self.fontMetrics().height() * CHART_LINES)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.setRange(0, 0)
        self._stopping = threading.Event()
        self.stop = self._button(self.tr("停止"), self._stopping.set)
        self.assessed.connect(lambda done: self.told.emit(self.tr("已核对 {0} 条").format(done)))
        self.weigh = self._button(self.tr("试算影响"), self.weigh_effect)
        self.publish = self._button(self.tr("签名并发布…"), self.ask_publish, primary=True)
        self.load = self._button(self.tr("读入文件…"), self.choose_file)
        self.save = self._button(self.tr("存签名文件…"), self.choose_target)
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(QLabel(self.tr("已发布（点开可作为新标准的底稿）")))
        column.addWidget(self.sets, 1)
        column.addWidget(scroll, 6)
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self._told)
        column.addWidget(self.effect)
        column.addWidget(self.chart, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([600, 600])
        split.setChildrenCollapsible(False)
        bottom = QHBoxLayout()
        for widget in (self.load, self.save, self.weigh, self.publish, self.progress, self.stop):
            bottom.addWidget(widget)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(split, 1)
        layout.addWidget(self.problem)
        layout.addLayout(bottom)
        self._work(False)
        self.effect.hide()
        self.chart.hide()

    def refresh(self) -> None:
        self.session.run(lambda store: store.office.published(), self._show)

    def _show(self, published: list[Document]) -> None:
        known = len(self._published)
        self._published = published
        self.sets.blockSignals(True)
        self.sets.clear()
        for signed in published:
            told = signed["standards"]
            end = self.tr("至 {0}").format(told["valid_to"]) if told.get("valid_to") else ""
            self.sets.addItem(self.tr("{0} 起 {1}").format(told["valid_from"], end).strip())
        self.sets.blockSignals(False)
        self.save.setEnabled(bool(published))
        if published and not known:
            self.sets.setCurrentRow(len(published) - 1)

    def _show_set(self, row: int) -> None:
        if 0 <= row < len(self._published):
            self.form.show_document(self._published[row]["standards"])

    def choose_file(self) -> None:
        """Choose a standards file to start from."""
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
        """Work out what these standards would change for every record."""
        document = self.form.document(self.session.public.county)
        self._work(True)
        self.session.run(
            lambda store: store.office.effect(document, self._watch),
            self._show_effect,
            self._stopped,
        )

    def _watch(self, done: int) -> None:
        """Called on the store's thread as records are assessed; where it raises, nothing is kept."""
        self.assessed.emit(done)
        if self._stopping.is_set():
            raise UserError(Text("已停止，什么都没有改", "stopped; nothing was changed"))

    def _stopped(self, error: UserError) -> None:
        self._work(False)
        self._failed(error)

    def _show_effect(self, effect: Effect) -> None:
        self._work(False)
        self.problem.clear()
        changed = list(changed_rules(effect))
        self._told.setText(
            self.tr("共 {0} 条记录：{1} 户增加，{2} 户减少，{3} 项待遇有变化。").format(
                effect.records, effect.households_gaining, effect.households_losing, len(changed)
            )
        )
        rows, bars = [], []
        for each in changed:
            title = interface.say(title_of_rule(each.rule))
            rows.append(
                (title, f"{each.before:,.2f}", f"{each.after:,.2f}", str(each.gaining or ""),
                 str(each.losing or ""), str(each.newly_known or ""))
            )  # fmt: skip
            difference: Decimal = each.after - each.before
            bars.append(Bar(title, float(difference), f"{difference:+,.0f}"))
        fill(self.effect, rows)
        self.effect.setVisible(bool(rows))
        self.chart.setVisible(bool(bars))
        if bars:
            self.chart.show_bars(self.tr("合计的变化"), bars, self.tr("元"))

    def ask_publish(self) -> None:
        """Publish once that is confirmed: every record is assessed anew."""
        start = self.form.valid_from.day.isoformat()
        question = self.tr(
            "发布自 {0} 起的标准？将用县签名钥签名，全部记录重新核对，随答复发给各台电脑。"
        ).format(start)
        confirm(self, self.tr("发布标准"), question, self.tr("发布"), self.publish_standards)

    def publish_standards(self) -> None:
        """Sign and publish what is in the form."""
        document = self.form.document(self.session.public.county)

        def done(_: Document) -> None:
            self._work(False)
            self.problem.clear()
            self.told.emit(self.tr("已发布，全部记录已重新核对"))
            self.session.changed.emit()

        self._work(True)
        self.session.run(
            lambda store: store.office.publish(document, self._watch), done, self._stopped
        )

    def choose_target(self) -> None:
        """Choose where the signed file of the set in hand goes."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("存签名文件"), "standards.json", self.tr("签名的标准 (*.json)")
        )
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Write the signed file of the set in hand, for a laptop that gets no answers."""
        signed = self._published[max(self.sets.currentRow(), 0)]
        try:
            write_durably(path, json.dumps(signed, ensure_ascii=False, indent=1).encode())
        except UserError as error:
            self._failed(error)
        else:
            self.told.emit(self.tr("已保存：{0}").format(path.name))

    def _work(self, busy: bool) -> None:
        self._stopping.clear()
        for widget in (self.progress, self.stop):
            widget.setVisible(busy)
        for button in (self.weigh, self.publish, self.load):
            button.setEnabled(not busy)
