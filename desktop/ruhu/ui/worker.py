"""Work off the interface thread: one thread for the store, one for assessing, each with a queue.

Jobs run one after the other; what they return comes back on the interface thread. So typing never
waits for the disk or the rules, and the store is only ever used from its one thread.
"""

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from ruhu.survey.text import UserError

Done = Callable[[Any], None]
Failed = Callable[[UserError], None]


class Worker(QObject):
    """A thread with a queue of jobs. `failed` tells errors a job had no handler for."""

    failed = Signal(object)
    idle = Signal()
    _answered = Signal(object, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Done, Failed] | None] = (
            queue.SimpleQueue()
        )
        self._waiting = 0
        self._answered.connect(self._deliver)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether jobs are waiting or running."""
        return self._waiting > 0

    def submit(
        self, job: Callable[[], Any], done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Run `job` on the thread; `done` gets its value, `failed` its `UserError`."""
        self._waiting += 1
        self._jobs.put((job, done or (lambda _: None), failed or self.failed.emit))

    def stop(self) -> None:
        """Let the jobs that wait finish, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (entry := self._jobs.get()) is not None:
            job, done, failed = entry
            try:
                value = job()
            except UserError as error:
                self._answered.emit(failed, error)
            except Exception as error:
                import logging  # needed for nothing else before the window stands

                # Types and places only: a message could quote what was typed.
                log = logging.getLogger(__name__)
                log.exception("job failed: %s", type(error).__name__, exc_info=False)
                log.debug("traceback", exc_info=True)
                self._answered.emit(self._bug, error)
            else:
                self._answered.emit(done, value)

    def _bug(self, error: Exception) -> None:
        from ruhu.survey.text import Text

        name = type(error).__name__
        self.failed.emit(
            UserError(
                Text(
                    f"程序内部出错（{name}），已保存的数据不受影响；请记下刚才的操作并报告",
                    f"an internal error ({name}); saved data is safe. Please report what you did",
                )
            )
        )

    @Slot(object, object)
    def _deliver(self, receive: Callable[[Any], None], value: Any) -> None:
        self._waiting -= 1
        receive(value)
        if not self._waiting:
            self.idle.emit()
