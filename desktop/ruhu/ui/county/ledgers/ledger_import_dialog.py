"""What an edited ledger would change, shown before anything is recorded."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import set_rows, table_of

Row = tuple[str, str, BilingualText | None, Any]
"""Whom a change is about, what it does, what is against it, and the change itself."""


class ChangesDialog(QDialog):
    """The rows of an edited ledger that change something; only those nothing is against are recorded."""

    def __init__(
        self,
        parent: QWidget,
        name: str,
        rows: Sequence[Row],
        agreed: Callable[[list[Any]], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("读回台账：{0}").format(name))
        self.resize(900, 520)
        self._good = [change for _, _, problem, change in rows if problem is None]
        self._agreed = agreed
        told = QLabel(
            self.tr("将登记 {0} 行；{1} 行有问题，不会登记。").format(
                len(self._good), len(rows) - len(self._good)
            )
            if rows
            else self.tr("与已登记的相同，没有要改的。")
        )
        told.setWordWrap(True)
        self.table = table_of(
            self.tr("改动"), [self.tr("行、姓名"), self.tr("将登记"), self.tr("问题")]
        )
        set_rows(
            self.table,
            [
                (who, what, f"✗ {interface.translate(problem)}" if problem else "")
                for who, what, problem, _ in rows
            ],
        )
        self.table.setVisible(bool(rows))
        buttons = QDialogButtonBox()
        self.record = buttons.addButton(self.tr("登记"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.record.setEnabled(bool(self._good))
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._record)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)

    def _record(self) -> None:
        self.accept()
        self._agreed(self._good)
