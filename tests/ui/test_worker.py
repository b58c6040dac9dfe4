"""Jobs off the interface thread: what they hold is let go on the interface thread."""

import threading
import weakref

import pytest
from pytestqt.qtbot import QtBot

from ruhu.survey.text import Text, UserError
from ruhu.ui.worker import Worker


class Held:
    """Stands for a widget that only a job or its receiver holds; notes the thread that lets it go."""

    def __init__(self, gone: list[str]) -> None:
        weakref.finalize(self, lambda: gone.append(threading.current_thread().name))


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_job_holds_is_let_go_on_the_interface_thread(qtbot: QtBot, fails: bool) -> None:
    worker, gone, told = Worker("test"), list[str](), list[object]()

    def ask() -> None:
        in_job, in_answer = Held(gone), Held(gone)

        def job() -> Held:
            here = in_job
            if fails:
                raise UserError(Text("不行", f"no {type(here).__name__}"))
            return Held(gone)

        def receive(answer: object) -> None:
            told.append(type(in_answer))

        worker.submit(job, receive, receive)

    for _ in range(50):
        ask()
    qtbot.waitUntil(lambda: not worker.busy, timeout=10_000)
    worker.stop()
    assert told == [Held] * 50
    assert len(gone) == (100 if fails else 150)
    assert set(gone) == {threading.main_thread().name}


def test_a_job_that_breaks_is_told_without_what_was_typed(qtbot: QtBot) -> None:
    worker = Worker("test")
    with qtbot.waitSignal(worker.failed, timeout=10_000) as told:
        worker.submit(lambda: int("typed"))
    worker.stop()
    assert told.args is not None
    assert "ValueError" in told.args[0].text.zh
    assert "typed" not in told.args[0].text.zh
