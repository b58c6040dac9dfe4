"""A job off the interface thread with progress, cancellation, and one result or error.

Backups, synchronisation, slips and updates share it. `CancellableTask` does not own a thread: the
job runs through a function such as `Worker.submit`, `Session.run` or `QtThread.submit`.
"""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.ui.core.background_worker import receiver_alive

PROGRESS_MAX = 1000
"""`CancellableTask.progress` is in thousandths: bytes of a backup do not fit a signal's int."""


class TaskCancelled(UserError):
    """The user cancelled the task."""

    def __init__(self) -> None:
        super().__init__(BilingualText("已停止，没有写下什么", "cancelled; nothing was written"))


class CancellableTask(QObject):
    """One task of an owner. `finished` has the result, `failed` the `UserError`."""

    progress = Signal(int)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.cancelled = threading.Event()
        self._reported = -1

    def start(self, run: Callable[..., None], job: Callable[..., Any]) -> None:
        """Run `job` through `run(job, done, failed)`.

        The job gets the arguments that `run` passes, if any, and then `report`.
        """
        run(lambda *arguments: job(*arguments, self.report), self.finish, self.fail)

    def finish(self, result: object) -> None:
        """Emit the result, on the interface thread."""
        self.finished.emit(result)

    def fail(self, error: UserError) -> None:
        """Emit the error, on the interface thread."""
        self.failed.emit(error)

    def report(self, done: int, total: int) -> None:
        """Report progress from any thread; a `ProgressCallback`. Raises `TaskCancelled`."""
        if self.cancelled.is_set():
            raise TaskCancelled
        thousandths = PROGRESS_MAX * done // max(total, 1)
        if thousandths != self._reported:
            self._reported = thousandths
            self.progress.emit(thousandths)

    def cancel(self) -> None:
        """Ask the job to stop at its next report."""
        self.cancelled.set()


class QtThread(QThread):
    """A thread of Qt for one job: laying out text needs its timers."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._job: Callable[[], Any] | None = None
        self._done: Callable[[Any], None] | None = None
        self._failed: Callable[[UserError], None] | None = None
        self._result: Any = None
        self._error: UserError | None = None
        self.finished.connect(self._deliver)

    def submit(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None],
    ) -> None:
        """Run the job; the callbacks run on the interface thread while their receivers exist."""
        self._job, self._done, self._failed = job, done, failed
        self.start()

    def run(self) -> None:
        assert self._job is not None
        try:
            self._result = self._job()
        except UserError as error:
            self._error = error

    @Slot()
    def _deliver(self) -> None:
        callback, value = (
            (self._done, self._result) if self._error is None else (self._failed, self._error)
        )
        if callback is not None and receiver_alive(callback):
            callback(value)
