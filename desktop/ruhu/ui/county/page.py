"""Base of the county's pages, and helpers for tables and timestamps."""

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
    """Show rows of text in a table."""
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)


def format_timestamp(timestamp: str) -> str:
    """Return a timestamp to the minute."""
    return timestamp[:16].replace("T", " ")


class ErrorLabel(QLabel):
    """An error message that is hidden while it is empty."""

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
    """A page with its session and an error message."""

    status_message = Signal(str)

    def __init__(self, session: CountySession) -> None:
        super().__init__()
        self.session = session
        self.problem = ErrorLabel(self)

    def refresh(self) -> None:
        """Show the current state of the database."""

    def _button(
        self, label: str, action: Any, *, primary: bool = False, right: Permission = Permission.READ
    ) -> QPushButton:
        """Return a button, hidden from users without its permission."""
        button = QPushButton(label)
        if not self.session.has_permission(right):
            button.hide()
        if primary:
            button.setObjectName("primary")
        button.clicked.connect(lambda _=False: action())
        return button

    def _run(
        self, job: Callable[[CountyStore], Any], message: str | Callable[[Any], str] = ""
    ) -> None:
        """Run a job that changes something, then refresh the page and show a status message."""

        def done(result: Any) -> None:
            self.problem.setText("")
            text = message if isinstance(message, str) else message(result)
            if text:
                self.status_message.emit(text)
            self.session.changed.emit()

        self.session.run(job, done, self._failed)

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.translate(error.text))
