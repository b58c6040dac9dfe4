"""A thread with a queue of jobs, whose results return on the interface thread.

There is one thread for the store and one for assessments. So typing never waits for the disk or
the rules, and the store is used from one thread only.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from ruhu.errors import UserError

Done = Callable[[Any], None]
Failed = Callable[[UserError], None]


@dataclass(slots=True)
class _Job:
    """A job, its callbacks, and its result or error."""

    job: Callable[[], Any]
    done: Done
    failed: Failed
    result: Any = None
    error: UserError | None = None
    bug: str = ""


def _qobjects_in(callback: object) -> Iterator[QObject]:
    """Yield the QObjects that a callback reaches as receiver, argument or closure variable."""
    pending: list[object] = [callback]
    visited: list[FunctionType] = []
    while pending:
        value = pending.pop()
        if isinstance(value, QObject):
            yield value
        elif isinstance(value, MethodType | BuiltinMethodType):
            pending.append(value.__self__)
        elif isinstance(value, partial):
            pending += [value.func, *value.args]
        elif isinstance(value, FunctionType) and value not in visited:
            visited.append(value)
            pending += [cell.cell_contents for cell in value.__closure__ or ()]


def receiver_alive(callback: object) -> bool:
    """Return whether every QObject that a callback reaches still exists."""
    return all(map(isValid, _qobjects_in(callback)))


class Worker(QObject):
    """A thread with a queue of jobs. `failed` has the errors that no callback handles.

    A result for a deleted window or dialog is dropped; its error goes to `failed`.

    The thread is passed job numbers only. Jobs, results and the widgets that they reference are
    released on the interface thread, as Qt requires.
    """

    failed = Signal(object)
    idle = Signal()
    _completed = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._numbers = count()
        self._jobs: dict[int, _Job] = {}
        self._queue: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._completed.connect(self._deliver)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether jobs are waiting or running."""
        return bool(self._jobs)

    def submit(
        self, job: Callable[[], Any], done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Run `job` on the thread; `done` gets its value, `failed` its `UserError`."""
        number = next(self._numbers)
        self._jobs[number] = _Job(job, done or (lambda _: None), failed or self.failed.emit)
        self._queue.put(number)

    def stop(self) -> None:
        """Finish the queued jobs, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (number := self._queue.get()) is not None:
            self._do(number)
            self._completed.emit(number)

    def _do(self, number: int) -> None:
        entry = self._jobs[number]
        try:
            entry.result = entry.job()
        except UserError as error:
            # A traceback references the frames of the job and all their variables.
            error.__context__ = error.__cause__ = None
            entry.error = error.with_traceback(None)
        except Exception as error:
            import logging  # slow to import, and not needed before the window is shown

            # Types and positions only: a message could quote personal data.
            entry.bug = type(error).__name__
            log = logging.getLogger(__name__)
            log.exception("job failed: %s", entry.bug, exc_info=False)
            log.debug("traceback", exc_info=True)

    def _bug(self, name: str) -> None:
        from ruhu.i18n import BilingualText

        self.failed.emit(
            UserError(
                BilingualText(
                    f"程序内部出错（{name}），已保存的数据不受影响；请记下刚才的操作并报告",
                    f"an internal error ({name}); saved data is safe. Please report what you did",
                )
            )
        )

    @Slot(int)
    def _deliver(self, number: int) -> None:
        entry = self._jobs.pop(number)
        if entry.bug:
            self._bug(entry.bug)
        elif entry.error is not None:
            failed = entry.failed if receiver_alive(entry.failed) else self.failed.emit
            failed(entry.error)
        elif receiver_alive(entry.done):
            entry.done(entry.result)
        if not self._jobs:
            self.idle.emit()
