"""Run a long task on the interface thread, step by step while no event is pending."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer


class IdleTask(QObject):
    """Runs one step at a time between events."""

    def __init__(self, parent: QObject, steps: Iterator[None]) -> None:
        super().__init__(parent)
        self._steps = steps
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._run_step)
        self._timer.start(0)

    def _run_step(self) -> None:
        if next(self._steps, self) is self:
            self.stop()

    def stop(self) -> None:
        """Run no more steps."""
        self._timer.stop()

    def finish(self) -> None:
        """Run the remaining steps at once."""
        self.stop()
        for _ in self._steps:
            pass
