"""What the pages of the county's workspace share: tables, times, a sentence for what went wrong."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.errors import UserError
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.session import CountySession


def table_of(name: str, headings: Sequence[str], *, wrap: bool = False) -> QTableWidget:
    """Return a read-only table whose last column takes the remaining width.

    With `wrap`, rows are as high as their texts need; use it for short tables only.
    """
    table = QTableWidget(0, len(headings))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(headings))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.setWordWrap(wrap)
    if wrap:
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    return table


def set_rows(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """Show rows of text."""
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)


def format_timestamp(at: str) -> str:
    """A time as a clerk reads it."""
    return at[:16].replace("T", " ")


class ErrorLabel(QLabel):
    """A sentence for what went wrong; it takes no room while there is none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("wrong")
        self.setWordWrap(True)
        self.hide()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setVisible(bool(text))

    def clear(self) -> None:
        self.setText("")


class Page(QWidget):
    """What the pages share: the session, and a sentence for what went wrong."""

    status_message = Signal(str)

    def __init__(self, session: CountySession) -> None:
        super().__init__()
        self.session = session
        self.problem = ErrorLabel(self)

    def refresh(self) -> None:
        """Show the page as the store is now."""

    def _button(
        self, label: str, act: Any, *, primary: bool = False, right: Permission = Permission.READ
    ) -> QPushButton:
        """A button; who has not its right does not see it."""
        button = QPushButton(label)
        if not self.session.has_permission(right):
            button.hide()
        if primary:
            button.setObjectName("primary")
        button.clicked.connect(lambda _=False: act())
        return button

    def _run(
        self, job: Callable[[CountyStore], Any], told: str | Callable[[Any], str] = ""
    ) -> None:
        """Run a job that changes something, then show all pages anew; `told` is what is said then."""

        def done(result: Any) -> None:
            self.problem.setText("")
            text = told if isinstance(told, str) else told(result)
            if text:
                self.status_message.emit(text)
            self.session.changed.emit()

        self.session.run(job, done, self._failed)

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.translate(error.text))
