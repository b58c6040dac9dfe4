"""The notice's targets, compared with the households on this laptop."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Assessment, Finding
from ruhu.policy.language.numbers import to_plain
from ruhu.policy.packs.loader import pack_for
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.status_glyphs import GLYPHS
from ruhu.ui.widgets.wrapped_label import wrapped_label

HEADINGS = (
    BilingualText("指标", "Indicator"),
    BilingualText("结论", "Outcome"),
    BilingualText("现状", "Rate"),
    BilingualText("目标", "Target"),
    BilingualText("说明", "Explained"),
)


def cells_of(finding: Finding) -> tuple[BilingualText, ...]:
    """Return an indicator's cells, in the order of `HEADINGS`."""
    outcome, strength = finding.outcome.label, finding.strength.label
    rate = "–" if finding.value is None else f"{to_plain(finding.value)}%"
    target = "–" if finding.limit is None else f"{to_plain(finding.limit)}%"
    glyph = GLYPHS[finding.outcome]
    return (
        finding.title,
        BilingualText(
            f"{glyph} {outcome.zh}（{strength.zh}）", f"{glyph} {outcome.en} ({strength.en})"
        ),
        BilingualText(rate, rate),
        BilingualText(target, target),
        finding.steps[0].text,
    )


class IndicatorsDialog(QDialog):
    """The rates of each county, with the numbers of counted and excluded households."""

    def __init__(self, parent: QWidget, assessments: Sequence[Assessment]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("县级指标"))
        self.resize(1080, 600)
        self.table = self._make_table(assessments)
        remark = self.tr(
            "只计入本机的农户；没填到的不计入，计入多少、缺多少见“说明”一栏。全县数以县里为准。"
        )
        titles = {interface.translate(pack_for(a.as_of).title) for a in assessments}
        empty = wrapped_label(
            text=self.tr("本机还没有填了县代码的农户：在表单上面的“⋯”里“选行政区划…”就有了。")
        )
        empty.setVisible(self.table.rowCount() == 0)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(wrapped_label("dim", "、".join(sorted(titles))))
        layout.addWidget(wrapped_label("dim", remark))
        layout.addWidget(empty)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)

    def _make_table(self, assessments: Sequence[Assessment]) -> QTableWidget:
        rows = [(each, finding) for each in assessments for finding in each.findings]
        table = QTableWidget(len(rows), len(HEADINGS) + 1)
        table.setAccessibleName(self.tr("县级指标"))
        table.setHorizontalHeaderLabels(
            [self.tr("县、核对日"), *(interface.translate(heading) for heading in HEADINGS)]
        )
        for row, (assessment, finding) in enumerate(rows):
            county = f"{assessment.record_id}　{assessment.as_of.isoformat()}"
            texts = (county, *map(interface.translate, cells_of(finding)))
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(row, column, item)
        table.verticalHeader().hide()
        table.setWordWrap(True)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(HEADINGS), QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table
