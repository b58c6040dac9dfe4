"""The notice's targets, and where the households on this laptop stand."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.policy.evaluation.finding import Assessment
from ruhu.policy.packs.loader import pack_for
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.policy.indicators_model import HEADS, row_of


class IndicatorsDialog(QDialog):
    """The rates of each county, with how many households count and how many had to stay out."""

    def __init__(self, parent: QWidget, answers: Sequence[Assessment]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("县级指标"))
        self.resize(1080, 600)
        remark = QLabel(
            self.tr(
                "只计入本机的农户；没填到的不计入，计入多少、缺多少见“说明”一栏。全县数以县里为准。"
            )
        )
        remark.setWordWrap(True)
        remark.setObjectName("dim")
        rows = [(answer, row_of(finding)) for answer in answers for finding in answer.findings]
        self.table = QTableWidget(len(rows), len(HEADS) + 1)
        self.table.setAccessibleName(self.tr("县级指标"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("县、核对日"), *(interface.translate(head) for head in HEADS)]
        )
        for at, (answer, cells) in enumerate(rows):
            place = f"{answer.record_id}　{answer.as_of.isoformat()}"
            for column, text in enumerate((place, *(interface.translate(cell) for cell in cells))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(at, column, item)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(True)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(HEADS), QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        policy = QLabel(
            "、".join(sorted({interface.translate(pack_for(a.as_of).title) for a in answers}))
        )
        policy.setObjectName("dim")
        empty = QLabel(
            self.tr("本机还没有填了县代码的农户：在表单上面的“⋯”里“选行政区划…”就有了。")
        )
        empty.setVisible(not rows)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (policy, remark, empty):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
