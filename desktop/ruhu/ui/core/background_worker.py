"""Work off the interface thread: one thread for the store, one for assessing, each with a queue.

Jobs run one after the other; what they return comes back on the interface thread. So typing never
waits for the disk or the rules, and the store is only ever used from its one thread.
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
    """A job, who gets its answer, and the answer."""

    job: Callable[[], Any]
    done: Done
    failed: Failed
    answer: Any = None
    error: UserError | None = None
    bug: str = ""


def _qobjects_in(callback: object) -> Iterator[QObject]:
    """What of Qt's a callback reaches: whose method it is, what it was given, and what it closes over."""
    waiting: list[object] = [callback]
    followed: list[FunctionType] = []
    while waiting:
        by = waiting.pop()
        if isinstance(by, QObject):
            yield by
        elif isinstance(by, MethodType | BuiltinMethodType):
            waiting.append(by.__self__)
        elif isinstance(by, partial):
            waiting += [by.func, *by.args]
        elif isinstance(by, FunctionType) and by not in followed:
            followed.append(by)
            waiting += [cell.cell_contents for cell in by.__closure__ or ()]


def receiver_alive(callback: object) -> bool:
    """Whether nothing that a callback reaches is gone, as a window that was closed meanwhile is."""
    return all(map(isValid, _qobjects_in(callback)))


class Worker(QObject):
    """A thread with a queue of jobs. `failed` tells errors a job had no handler for.

    An answer for a window or dialog that is gone by then is dropped; an error is told by `failed`.

    The thread gets numbers only, and has let go of a job and its answer before it tells that one is
    done: what hangs on them, widgets among it, is let go on the interface thread, where it has to be.
    """

    failed = Signal(object)
    idle = Signal()
    _answered = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._numbers = count()
        self._errands: dict[int, _Job] = {}
        self._waiting: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._answered.connect(self._deliver)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether jobs are waiting or running."""
        return bool(self._errands)

    def submit(
        self, job: Callable[[], Any], done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Run `job` on the thread; `done` gets its value, `failed` its `UserError`."""
        number = next(self._numbers)
        self._errands[number] = _Job(job, done or (lambda _: None), failed or self.failed.emit)
        self._waiting.put(number)

    def stop(self) -> None:
        """Let the jobs that wait finish, then end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (number := self._waiting.get()) is not None:
            self._do(number)
            self._answered.emit(number)

    def _do(self, number: int) -> None:
        errand = self._errands[number]
        try:
            errand.answer = errand.job()
        except UserError as error:
            # A traceback holds the frames of the job and all that stands in them.
            error.__context__ = error.__cause__ = None
            errand.error = error.with_traceback(None)
        except Exception as error:
            import logging  # needed for nothing else before the window stands

            # Types and places only: a message could quote what was typed.
            errand.bug = type(error).__name__
            log = logging.getLogger(__name__)
            log.exception("job failed: %s", errand.bug, exc_info=False)
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
        errand = self._errands.pop(number)
        if errand.bug:
            self._bug(errand.bug)
        elif errand.error is not None:
            tell = errand.failed if receiver_alive(errand.failed) else self.failed.emit
            tell(errand.error)
        elif receiver_alive(errand.done):
            errand.done(errand.answer)
        if not self._errands:
            self.idle.emit()
