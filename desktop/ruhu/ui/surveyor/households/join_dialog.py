"""Join another household into the open one."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.store.record_list import Summary
from ruhu.store.search import Search
from ruhu.ui.surveyor.households.records_model import place_text
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.dialog_buttons import dialog_buttons
from ruhu.ui.widgets.wrapped_label import wrapped_label

MAX_RESULTS = 50
ROW_HEIGHT = 36
"""Pixels that a finger can hit."""


class JoinDialog(QDialog):
    """Search for the household to join into the open one."""

    def __init__(
        self, parent: QWidget, session: Session, title: str, likely: Sequence[Summary] = ()
    ) -> None:
        """`likely` are listed before a search, such as households with the same members."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("并户"))
        self._session = session
        hint = wrapped_label(
            text=self.tr(
                "查找并入“{0}”的一户。它的人和这一户没有的情况并进来，已登记的不变；它从列表里去掉，历史都在。"
            ).format(title)
        )
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("查找"))
        self.search.setPlaceholderText(self.tr("姓名、拼音首字母、证件号末几位、户编号"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("农户列表"))
        self.nothing = QLabel(self.tr("没有找到别的户。"))
        self.nothing.setObjectName("dim")
        self.nothing.hide()
        buttons, confirm = dialog_buttons(self, self.tr("并入"), self.tr("取消"))
        self.list.currentRowChanged.connect(lambda row: confirm.setEnabled(row >= 0))
        self.search_delay = QTimer(self)
        self.search_delay.setSingleShot(True)
        self.search_delay.setInterval(40)
        self.search_delay.timeout.connect(self._find)
        self.search.textChanged.connect(lambda: self.search_delay.start())
        layout = QVBoxLayout(self)
        for widget in (hint, self.search, self.list, self.nothing, buttons):
            layout.addWidget(widget)
        self._fill(likely)

    def _find(self) -> None:
        search = Search(self.search.text())
        if search.text.strip():
            self._session.run(
                lambda store: store.records.summaries(search, limit=MAX_RESULTS), self._show
            )

    def _show(self, summaries: list[Summary]) -> None:
        self._fill(summaries)
        self.nothing.setVisible(not self.list.count())

    def _fill(self, summaries: Sequence[Summary]) -> None:
        self.list.clear()
        for summary in summaries:
            if summary.record_id != self._session.editor.record_id:
                texts = (summary.title, summary.household_no, place_text(summary))
                item = QListWidgetItem("　".join(text for text in texts if text))
                item.setData(Qt.ItemDataRole.UserRole, str(summary.record_id))
                self.list.addItem(item)

    def chosen(self) -> UUID | None:
        """Return the id of the chosen household, or None."""
        item = self.list.currentItem()
        return None if item is None else UUID(item.data(Qt.ItemDataRole.UserRole))
