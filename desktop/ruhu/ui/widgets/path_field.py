"""A line with the path of a file or a folder, typed or chosen."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget


class PathField(QWidget):
    """Where a file is, or, where it is one to be `written`, is to be. `chosen` tells of a new one."""

    chosen = Signal()

    def __init__(self, name: str, kinds: str, *, written: bool = False) -> None:
        """`name` says what the file is; `kinds` are the filters of the file dialog."""
        super().__init__()
        self._name, self._kinds, self._written = name, kinds, written
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.editingFinished.connect(self.chosen)
        self.button = QPushButton(self.tr("选…"))
        self.button.setAccessibleName(f"{self.button.text()} {name}")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._choose)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.setFocusProxy(self.line)

    @property
    def path(self) -> Path | None:
        """What stands there, `None` for nothing."""
        text = self.line.text().strip()
        return Path(text) if text else None

    def _choose(self) -> None:
        name = self._ask()
        if name:
            self.line.setText(name)
            self.chosen.emit()

    def _ask(self) -> str:
        ask = QFileDialog.getSaveFileName if self._written else QFileDialog.getOpenFileName
        return ask(self, self._name, self.line.text(), self._kinds)[0]


class FolderField(PathField):
    """Where a folder is, a stick say."""

    def __init__(self, name: str) -> None:
        """`name` says what the folder is."""
        super().__init__(name, "")

    def _ask(self) -> str:
        return QFileDialog.getExistingDirectory(self, self._name, self.line.text())
