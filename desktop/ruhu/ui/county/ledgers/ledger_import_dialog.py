"""Preview the changes of an edited ledger before they are recorded."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import set_rows, table_of
from ruhu.ui.widgets.wrapped_label import wrapped_label

Row = tuple[str, str, BilingualText | None, Any]
"""The row and person of a change, its description, its problem if any, and the change itself."""


class ChangesDialog(QDialog):
    """The changes of an edited ledger; those without a problem are recorded."""

    def __init__(
        self,
        parent: QWidget,
        name: str,
        rows: Sequence[Row],
        confirmed: Callable[[list[Any]], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("读回台账：{0}").format(name))
        self.resize(900, 520)
        self._valid = [change for _, _, problem, change in rows if problem is None]
        self._confirmed = confirmed
        summary = wrapped_label(
            text=self.tr("将登记 {0} 行；{1} 行有问题，不会登记。").format(
                len(self._valid), len(rows) - len(self._valid)
            )
            if rows
            else self.tr("与已登记的相同，没有要改的。")
        )
        self.table = table_of(
            self.tr("改动"), [self.tr("行、姓名"), self.tr("将登记"), self.tr("问题")]
        )
        set_rows(
            self.table,
            [
                (person, text, f"✗ {interface.translate(problem)}" if problem else "")
                for person, text, problem, _ in rows
            ],
        )
        self.table.setVisible(bool(rows))
        buttons = QDialogButtonBox()
        self.record = buttons.addButton(self.tr("登记"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.record.setEnabled(bool(self._valid))
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._record)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(summary)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)

    def _record(self) -> None:
        self.accept()
        self._confirmed(self._valid)
