"""Jobs off the interface thread: what they hold is let go on the interface thread."""

import threading
import weakref
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.ui.user import open_household, settle

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.surveyor.households.join_dialog import JoinDialog
from ruhu.ui.surveyor.window import MainWindow


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
                raise UserError(BilingualText("不行", f"no {type(here).__name__}"))
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


def let_go() -> None:
    """Let Qt delete what it was told to."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_an_answer_for_a_widget_that_is_gone_is_dropped_and_its_error_told(qtbot: QtBot) -> None:
    worker, label, gate, told = Worker("test"), QLabel(), threading.Event(), list[object]()
    worker.failed.connect(told.append)
    fault = UserError(BilingualText("不行", "no"))

    def show(text: str) -> None:
        label.setText(text)

    def showing() -> Callable[[object], None]:
        return lambda answer: show(str(answer))

    def fails() -> None:
        raise fault

    worker.submit(gate.wait)
    worker.submit(lambda: "one", label.setText)
    worker.submit(lambda: "two", showing())
    worker.submit(lambda: "too", partial(QLabel.setText, label))
    worker.submit(fails, failed=lambda error: show(str(error)))
    worker.submit(lambda: "three", told.append)
    label.deleteLater()
    let_go()
    gate.set()
    qtbot.waitUntil(lambda: not worker.busy, timeout=10_000)
    worker.stop()
    assert told == [fault, "three"]


def test_a_dialog_may_be_closed_while_what_it_asked_for_is_looked_up(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    window.record_actions.join()
    dialog = window.findChild(JoinDialog)
    assert isinstance(dialog, JoinDialog)
    gate = threading.Event()
    window.session.run(lambda _: gate.wait())
    with qtbot.waitSignal(dialog.search_delay.timeout):
        QTest.keyClicks(dialog.search, "ldg")
    dialog.reject()
    let_go()
    gate.set()
    settle(window, qtbot)
    assert window.findChild(JoinDialog) is None
