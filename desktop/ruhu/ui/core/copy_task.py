"""A long copy off the interface thread, which tells how far it is and can be stopped."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.progress import ProgressCallback

PERCENT = 100


class CopyCancelled(UserError):
    """Somebody stopped the copy."""


class CopyTask(QObject):
    """One copy: `step` brings how much of a hundred is done, `done` what the copy gives, `failed` why there is none."""

    step = Signal(int)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._stopped = threading.Event()

    def start(self, run: Callable[..., None], copy: Callable[..., Any]) -> None:
        """Begin: `run` does a job on its thread, `copy` is given what the job is given, and then who watches."""
        run(lambda *given: copy(*given, self._watch()), self.done.emit, self.failed.emit)

    def stop(self) -> None:
        """End it, with nothing of it left."""
        self._stopped.set()

    def _watch(self) -> ProgressCallback:
        told = -1

        def watch(done: int, whole: int) -> None:
            nonlocal told
            if self._stopped.is_set():
                raise CopyCancelled(
                    BilingualText("已停止，没有写下什么", "stopped; nothing was written")
                )
            now = PERCENT * done // max(whole, 1)
            if now != told:
                told = now
                self.step.emit(now)

        return watch
