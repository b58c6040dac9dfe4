"""Third-party components of the program and the texts of their licences."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.i18n import BilingualText
from ruhu.licences.component import ComponentKind, LicensedComponent
from ruhu.licences.listed import all_components
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface
from ruhu.ui.widgets.search_field import SearchField

KINDS = {
    ComponentKind.LIBRARY: BilingualText("程序库", "library"),
    ComponentKind.RUNTIME: BilingualText("运行环境", "runtime"),
    ComponentKind.SYSTEM: BilingualText("系统库", "system library"),
    ComponentKind.DATA: BilingualText("数据和图形", "data and pictures"),
}
PART = Qt.ItemDataRole.UserRole


class LicencesDialog(QDialog):
    """Searchable components on the left, the chosen one's licence on the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("开源许可"))
        self.resize(1080, 620)
        self._worker = Worker("parts")
        self._parts: tuple[LicensedComponent, ...] = ()
        self._is_open = True
        self.search = SearchField(self.tr("找名称或许可"), self.tr("找名称或许可：Qt、LGPL……"))
        self.search.textChanged.connect(self._list)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("组成部分"))
        self.tree.setRootIsDecorated(False)
        self.tree.setHeaderLabels([self.tr("名称"), self.tr("许可"), self.tr("版本")])
        header = self.tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMaximumSectionSize(self.fontMetrics().horizontalAdvance("汉") * 14)
        header.setStretchLastSection(True)
        self.tree.currentItemChanged.connect(self._chosen)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("许可全文"))
        self._about = QLabel()
        self._about.setObjectName("heading")
        self._about.setWordWrap(True)
        self._count = QLabel(self.tr("正在列出…"))
        self._count.setObjectName("dim")
        self._lay_out()
        self._worker.submit(all_components, self._show_parts)
        self.finished.connect(self._end)

    def _lay_out(self) -> None:
        intro = QLabel(
            self.tr(
                "入户按 MIT 许可发布。下列部分由他人制作，随程序一起分发，各按自己的许可；"
                "Qt、PySide6 和 psycopg 按 LGPL 使用，是单独的文件，可以自行替换。"
            )
        )
        intro.setWordWrap(True)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._about)
        column.addWidget(self.text, 1)
        columns = QSplitter()
        columns.setChildrenCollapsible(False)
        columns.addWidget(self.tree)
        columns.addWidget(right)
        columns.setSizes([500, 580])
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        close.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self._count)
        top.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(intro)
        layout.addLayout(top)
        layout.addWidget(columns, 1)

    def _show_parts(self, parts: tuple[LicensedComponent, ...]) -> None:
        if self._is_open:
            self._parts = parts
            self._list()

    def _end(self) -> None:
        self._is_open = False
        self._worker.stop()

    def _list(self) -> None:
        text = self.search.text().strip().casefold()
        matches = [p for p in self._parts if text in f"{p.name} {p.licence}".casefold()]
        self.tree.clear()
        for part in matches:
            licence = part.licence or self.tr("见全文")
            item = QTreeWidgetItem([part.name, licence, part.version])
            item.setToolTip(0, part.name)
            item.setToolTip(1, licence)
            item.setData(0, PART, part)
            self.tree.addTopLevelItem(item)
        self._count.setText(self.tr("{0} 项").format(len(matches)))
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        part: LicensedComponent | None = item.data(0, PART) if item is not None else None
        self._about.setText(
            f"{part.name} {part.version}　{interface.translate(KINDS[part.kind])}　{part.licence}"
            if part
            else ""
        )
        self.text.setPlainText(part.text if part else "")
