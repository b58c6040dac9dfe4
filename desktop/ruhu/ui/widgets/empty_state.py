"""A hint in an empty table: what it will show, or what to do first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout


class EmptyHint(QLabel):
    """A text in a view that is visible while the view has no rows."""

    def __init__(self, view: QAbstractItemView, text: str) -> None:
        super().__init__(text)
        self._model = view.model()
        self.setObjectName("dim")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(view.viewport())
        layout.setContentsMargins(12, 0, 12, 0)
        layout.addWidget(self)
        for changed in (
            self._model.rowsInserted,
            self._model.rowsRemoved,
            self._model.modelReset,
        ):
            changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(self._model.rowCount() == 0)
