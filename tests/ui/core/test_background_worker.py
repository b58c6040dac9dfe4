"""Jobs off the interface thread: what they reference is released on the interface thread."""

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
    """Stands for a widget that a job references; records the thread that releases it."""

    def __init__(self, gone: list[str]) -> None:
        weakref.finalize(self, lambda: gone.append(threading.current_thread().name))


@pytest.mark.parametrize("fails", [False, True])
def test_a_job_is_released_on_the_interface_thread(qtbot: QtBot, fails: bool) -> None:
    worker, gone, received = Worker("test"), list[str](), list[object]()

    def ask() -> None:
        in_job, in_answer = Held(gone), Held(gone)

        def job() -> Held:
            here = in_job
            if fails:
                raise UserError(BilingualText("不行", f"no {type(here).__name__}"))
            return Held(gone)

        def receive(answer: object) -> None:
            received.append(type(in_answer))

        worker.submit(job, receive, receive)

    for _ in range(50):
        ask()
    qtbot.waitUntil(lambda: not worker.busy, timeout=10_000)
    worker.stop()
    assert received == [Held] * 50
    assert len(gone) == (100 if fails else 150)
    assert set(gone) == {threading.main_thread().name}


def test_a_failed_job_reports_no_typed_text(qtbot: QtBot) -> None:
    worker = Worker("test")
    with qtbot.waitSignal(worker.failed, timeout=10_000) as received:
        worker.submit(lambda: int("typed"))
    worker.stop()
    assert received.args is not None
    assert "ValueError" in received.args[0].text.zh
    assert "typed" not in received.args[0].text.zh


def let_go() -> None:
    """Delete what Qt would delete later."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_results_for_deleted_widgets_are_dropped(qtbot: QtBot) -> None:
    worker, label, gate, received = Worker("test"), QLabel(), threading.Event(), list[object]()
    worker.failed.connect(received.append)
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
    worker.submit(lambda: "three", received.append)
    label.deleteLater()
    let_go()
    gate.set()
    qtbot.waitUntil(lambda: not worker.busy, timeout=10_000)
    worker.stop()
    assert received == [fault, "three"]


def test_a_dialog_can_be_closed_during_a_search(window: MainWindow, qtbot: QtBot) -> None:
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
