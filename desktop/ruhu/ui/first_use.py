"""What Qt fetches when it is first used (its own icons, the drawing of SVG, the lists of choice boxes).

Done one by one between the keys of the passphrase, it is there when the window is built, which is
the last step.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QTableView,
    QTabWidget,
    QToolButton,
    QTreeWidget,
)

from ruhu.ui.icons import icon


def _choice() -> None:
    QComboBox().addItem("")


def _clear_button() -> None:
    QLineEdit().setClearButtonEnabled(True)


def _svg() -> None:
    icon("village", "#000000")


_KINDS = (QTableView, QTreeWidget, QTabWidget, QSplitter, QScrollArea, QToolButton, QMainWindow)
_STEPS: tuple[Callable[[], object], ...] = (_choice, _clear_button, _svg, *_KINDS)


class FirstUse(QObject):
    """Takes one step each time that nothing else waits, and `then` the last."""

    def __init__(self, parent: QObject, then: Callable[[], object]) -> None:
        super().__init__(parent)
        self._left = [*_STEPS, then]
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self._timer.start(0)

    def _step(self) -> None:
        self._left.pop(0)()
        if not self._left:
            self._timer.stop()
