"""Browse the clauses of both texts and their rules."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QSplitter,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.policy.policy_html import clauses_by_plan, page_html
from ruhu.ui.widgets.search_field import SearchField

CLAUSE = Qt.ItemDataRole.UserRole


class PolicyDialog(QDialog):
    """Searchable clauses on the left, the chosen one on the right."""

    def __init__(self, parent: QWidget, clause: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("政策条款"))
        self.resize(1120, 620)
        self.search = SearchField(self.tr("找条款"), self.tr("找条款：补助、面积、保险……"))
        self.search.textChanged.connect(self._list)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(self.tr("条款"))
        self.tree.currentItemChanged.connect(self._show_chosen)
        self.page = QTextBrowser()
        self.page.setAccessibleName(self.tr("条款内容"))
        self.page.setOpenLinks(False)
        self.page.anchorClicked.connect(lambda url: self.show_page(url))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        columns = QSplitter()
        columns.setChildrenCollapsible(False)
        columns.addWidget(left)
        columns.addWidget(self.page)
        columns.setSizes([340, 760])
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(columns, 1)
        layout.addWidget(buttons)
        self._list("")
        self._choose(clause)

    def _list(self, query: str) -> None:
        self.tree.clear()
        for title, clauses in clauses_by_plan(query):
            group = QTreeWidgetItem([interface.translate(title)])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for clause in clauses:
                item = QTreeWidgetItem([interface.translate(clause.place)])
                item.setToolTip(0, interface.translate(clause.summary))
                item.setData(0, CLAUSE, clause.id)
                group.addChild(item)
            self.tree.addTopLevelItem(group)
            group.setExpanded(True)

    def _choose(self, clause: str) -> None:
        for index in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(index)
            children = [group.child(row) for row in range(group.childCount())] if group else []
            for item in children:
                if item is not None and clause in ("", item.data(0, CLAUSE)):
                    self.tree.setCurrentItem(item)
                    return

    def _show_chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, CLAUSE):
            self.show_page(QUrl(f"clause:{item.data(0, CLAUSE)}"))

    def show_page(self, url: QUrl) -> None:
        """Show the clause or rule of a link."""
        self.page.setHtml(page_html(url.toString()))
