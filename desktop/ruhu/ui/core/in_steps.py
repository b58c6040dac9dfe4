"""Work on the interface thread while somebody types: step by step, each when nothing else waits."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer


class IdleTask(QObject):
    """Takes one step at a time, between the keys; `finish` takes those that are left at once."""

    def __init__(self, parent: QObject, steps: Iterator[None]) -> None:
        super().__init__(parent)
        self._steps = steps
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take)
        self._timer.start(0)

    def _take(self) -> None:
        if next(self._steps, self) is self:
            self.stop()

    def stop(self) -> None:
        """Take no more steps."""
        self._timer.stop()

    def finish(self) -> None:
        """Take the steps that are left."""
        self.stop()
        for _ in self._steps:
            pass
