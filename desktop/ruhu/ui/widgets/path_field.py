"""Fields for the path of a file or a folder, typed or chosen."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget


class PathField(QWidget):
    """A field for a file; with `for_writing`, the file may be new. `chosen` follows each change."""

    chosen = Signal()

    def __init__(self, name: str, kinds: str, *, for_writing: bool = False) -> None:
        """`name` is the accessible name; `kinds` are the filters of the file dialog."""
        super().__init__()
        self._name, self._kinds, self._for_writing = name, kinds, for_writing
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
        """The path, or None if the field is empty."""
        text = self.line.text().strip()
        return Path(text) if text else None

    def _choose(self) -> None:
        name = self._ask()
        if name:
            self.line.setText(name)
            self.chosen.emit()

    def _ask(self) -> str:
        ask = QFileDialog.getSaveFileName if self._for_writing else QFileDialog.getOpenFileName
        return ask(self, self._name, self.line.text(), self._kinds)[0]


class FolderField(PathField):
    """A field for a folder, such as a USB stick."""

    def __init__(self, name: str) -> None:
        """`name` is the accessible name."""
        super().__init__(name, "")

    def _ask(self) -> str:
        return QFileDialog.getExistingDirectory(self, self._name, self.line.text())
