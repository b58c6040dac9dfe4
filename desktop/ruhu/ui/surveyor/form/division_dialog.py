"""Choose county, township and village from Guangxi's division codes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.strict_json import Document
from ruhu.survey.divisions import Division, divisions_in, find_villages

CODE = Qt.ItemDataRole.UserRole
LEVELS = (6, 9, 12)
MAX_RESULTS = 100


class DivisionDialog(QDialog):
    """A list per level, and a search for villages."""

    def __init__(self, parent: QWidget, address: Document) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("选行政区划（2017年）"))
        self.resize(820, 520)
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("查找村名"))
        self.search.setPlaceholderText(self.tr("查找村名，如 巴荷"))
        self.search.textChanged.connect(self._find)
        names = (self.tr("县（市、区）"), self.tr("乡（镇、街道）"), self.tr("村（社区）"))
        self.lists: list[QListWidget] = []
        columns = QHBoxLayout()
        for level, name in enumerate(names):
            box = QListWidget()
            box.setAccessibleName(name)
            box.currentItemChanged.connect(lambda *_, index=level: self._fill(index + 1))
            self.lists.append(box)
            column = QVBoxLayout()
            label = QLabel(name)
            label.setBuddy(box)
            column.addWidget(label)
            column.addWidget(box)
            columns.addLayout(column)
        buttons = QDialogButtonBox()
        self.confirm = buttons.addButton(self.tr("选定"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.confirm.setObjectName("primary")
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addLayout(columns)
        layout.addWidget(buttons)
        self._fill(0)
        self.select(
            str(address.get("village") or address.get("township") or address.get("county") or "")
        )

    def _fill(self, level: int) -> None:
        """Fill a list with the divisions of the choice before it, and clear the lists after it."""
        for later_list in self.lists[level:]:
            later_list.blockSignals(True)
            later_list.clear()
            later_list.blockSignals(False)
        self.confirm.setEnabled(bool(self._code(0)))
        parent = self._code(level - 1) if level else ""
        if level == len(self.lists) or (level and not parent):
            return
        for division in divisions_in(parent, LEVELS[level]):
            self._add(self.lists[level], division)

    def _add(self, box: QListWidget, division: Division) -> None:
        item = QListWidgetItem(division.name)
        item.setData(CODE, division.code)
        item.setToolTip(division.code)
        box.addItem(item)

    def _code(self, level: int) -> str:
        item = self.lists[level].currentItem()
        return "" if item is None else str(item.data(CODE))

    def _find(self, text: str) -> None:
        villages = find_villages(text.strip(), MAX_RESULTS)
        if villages:
            self.select(villages[0].code)

    def select(self, code: str) -> None:
        """Choose the division with a code, and those above it."""
        for level, length in enumerate(LEVELS):
            box = self.lists[level]
            for row in range(box.count()):
                item = box.item(row)
                if item is not None and item.data(CODE) == code[:length]:
                    box.setCurrentRow(row)
                    box.scrollToItem(item)

    def address(self) -> Document:
        """Codes and names of what was chosen, as a record's place has them."""
        address: Document = {}
        for level, name in enumerate(("county", "township", "village")):
            item = self.lists[level].currentItem()
            if item is not None:
                address |= {name: str(item.data(CODE)), f"{name}_name": item.text()}
        return address
