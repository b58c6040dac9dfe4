"""The screen that asks for the passphrase.

It is shown before the store and the rest of the window are loaded, which happens meanwhile.
"""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface


def secret_line(name: str = "") -> QLineEdit:
    """Return a field that hides its text."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    if name:
        line.setAccessibleName(name)
    return line


def hint_label(text: str) -> QLabel:
    """Return a wrapped label in the colour of hints."""
    label = QLabel(text)
    label.setObjectName("dim")
    label.setWordWrap(True)
    return label


def quiet_button(label: str, act: Callable[[], None] | None) -> QPushButton:
    """Return a flat button, hidden without an action."""
    button = QPushButton(label)
    button.setFlat(True)
    button.setVisible(act is not None)
    if act is not None:
        button.clicked.connect(lambda _=False: act())
    return button


def centred_box(screen: QWidget, parts: Sequence[QWidget | QLayout]) -> None:
    """Lay out parts below the program's name in a box in the middle of a screen."""
    box = QFrame()
    box.setObjectName("column")
    box.setMaximumWidth(box.fontMetrics().horizontalAdvance("汉") * 36)
    inside = QVBoxLayout(box)
    inside.setContentsMargins(32, 24, 32, 24)
    inside.setSpacing(12)
    title = QLabel("入户　Ruhu")
    font = title.font()
    font.setPointSizeF(font.pointSizeF() * 1.6)
    title.setFont(font)
    inside.addWidget(title)
    for part in parts:
        if isinstance(part, QLayout):
            inside.addLayout(part)
        else:
            inside.addWidget(part)
    across = QHBoxLayout()
    across.addStretch(1)
    across.addWidget(box, 4)
    across.addStretch(1)
    layout = QVBoxLayout(screen)
    layout.addStretch(1)
    layout.addLayout(across)
    layout.addStretch(2)


class UnlockScreen(QWidget):
    """Opens a laptop's or county's store with a passphrase; `unlocked` has the open store.

    `open_` derives the key, which is slow, so it runs on the worker. With `user`, a user name is asked
    for and passed to `open_` before the passphrase. `lost` and `restore` are the actions of further
    buttons.
    """

    unlocked = Signal(object)

    def __init__(
        self,
        hint: str,
        open_: Callable[..., Any],
        worker: Worker,
        user: str | None = None,
        lost: Callable[[], None] | None = None,
        restore: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._open, self._worker = open_, worker
        self.user = QLineEdit(user or "")
        self._asks_user = user is not None
        self.passphrase = secret_line()
        self.passphrase.returnPressed.connect(self.try_unlock)
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self.button = QPushButton(self.tr("进入"))
        self.button.setObjectName("primary")
        self.button.clicked.connect(self.try_unlock)
        self.lost = quiet_button(self.tr("忘记口令…"), lost)
        self.restore = quiet_button(self.tr("从备份恢复…"), restore)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.restore)
        below.addWidget(self.lost)
        form = QFormLayout()
        if self._asks_user:
            self.user.returnPressed.connect(self.passphrase.setFocus)
            form.addRow(self.tr("用户名"), self.user)
        form.addRow(self.tr("口令"), self.passphrase)
        self._hint = hint_label(hint)
        centred_box(self, [self._hint, form, self.problem, self.button, below])
        self.passphrase.setFocus()
        # The first accessible name loads Qt's accessibility, so set it once the screen is shown.
        QTimer.singleShot(0, self._name_fields)

    def _name_fields(self) -> None:
        self.user.setAccessibleName(self.tr("用户名"))
        self.passphrase.setAccessibleName(self.tr("口令"))

    def reset(self, hint: str) -> None:
        """Ask for the new passphrase after a change."""
        self.passphrase.clear()
        self.problem.setText("")
        self._hint.setText(hint)
        self.passphrase.setFocus()

    def try_unlock(self) -> None:
        """Open with the typed passphrase."""
        passphrase = self.passphrase.text()
        first = [self.user.text().strip()] if self._asks_user else []
        self.problem.setText("")
        self.button.setEnabled(False)
        self._worker.submit(
            lambda: self._open(*first, passphrase), self.unlocked.emit, self._failed
        )

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.translate(error.text))
        self.button.setEnabled(True)
        self.passphrase.selectAll()
        QTimer.singleShot(0, self.passphrase.setFocus)
