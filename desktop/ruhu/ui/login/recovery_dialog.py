"""Base of the dialogs for recovery and restore."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from ruhu.errors import UserError
from ruhu.exchange.keys import recovery
from ruhu.exchange.media_files import read_regular_file
from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface


class RecoveryDialog(QDialog):
    """A dialog with one action, the button `act`; `words` are compared by telephone."""

    def __init__(self, parent: QWidget, title: str, act: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("汉") * 34)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self.act = QPushButton(act)
        self.act.setObjectName("primary")
        self._cancel = QPushButton(self.tr("取消"))
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self.reject)
        self._form = QFormLayout()
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.act, self._cancel):
            buttons.addWidget(button)
        return buttons

    def _show_words(self, words: BilingualText | None) -> None:
        text = self.tr("电话里核对：{0}")
        self.words.setText(text.format(interface.translate(words)) if words else "")
        self._grow()

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.translate(error.text))
        self._grow()

    def _grow(self) -> None:
        """Grow the dialog to the height of its texts."""
        width = self.width()
        self.resize(width, max(self.height(), self.heightForWidth(width)))


def read_chosen(path: Path) -> bytes:
    """Return the content of a small file that was chosen. Raises `UserError`."""
    try:
        return read_regular_file(path, recovery.MAX_REQUEST_BYTES)
    except OSError:
        raise UserError(BilingualText(f"{path} 打不开", f"{path} cannot be opened")) from None
