"""List the records behind a figure."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ruhu.county.ledgers.labels import number_of, township_of, village_of
from ruhu.strict_json import Document
from ruhu.survey.households import head_of
from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow


class HouseholdsDialog(QDialog):
    """Records by name and address, searchable and sortable."""

    def __init__(self, parent: QWidget, title: str, documents: Sequence[Document]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("{0}：{1} 条记录").format(title, len(documents)))
        self.resize(820, 560)
        self.table = SearchableTable(
            self.tr("记录"),
            [self.tr("户主、名称"), self.tr("户编号"), self.tr("乡镇"), self.tr("行政村"),
             self.tr("人口"), self.tr("入户日期")],
            numbers=(4,),
        )  # fmt: skip
        self.table.show_lines([_row(document) for document in documents])
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)


def _row(document: Document) -> TableRow:
    people = len(document.get("members") or ())
    cells = (
        str(head_of(document).get("name") or document.get("name") or ""),
        number_of(document),
        township_of(document),
        village_of(document),
        str(people or ""),
        str((document.get("survey") or {}).get("date") or ""),
    )
    return TableRow(cells, document, (*cells[:4], people, cells[5]))
