"""The real window over a real store."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.conftest import QUICK

from ruhu.app.county import CountyApp
from ruhu.app.laptop import SurveyorApp
from ruhu.county.county import CountyStore
from ruhu.store.store import Store
from ruhu.ui.county.window import CountyWindow
from ruhu.ui.login.unlock_screen import UnlockScreen
from ruhu.ui.surveyor.window import MainWindow

PASSPHRASE = "correct horse battery"


def end_all(programs: Sequence[SurveyorApp | CountyApp]) -> None:
    """Close programs and their windows, and delete what Qt would delete later."""
    for program in programs:
        program.close()
        if program.window is not None:
            program.window.close()
            program.window.deleteLater()
            program.window = None
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def folder(tmp_path: Path, household: dict[str, Any]) -> Path:
    """A data folder with three households."""
    place = tmp_path / "data"
    with Store.create(place, PASSPHRASE, surveyor="测试员", cost=QUICK) as store:
        others = []
        for number, name in ((7, "陆大光"), (8, "黄小妹")):
            other = json.loads(json.dumps(household))
            other["record_id"] = f"fb5db162-d1ed-5596-adab-00000000000{number}"
            other["registration"]["household_no"] = f"4510990000000{number}"
            other["members"] = [{"member_id": "m1", "name": name, "relationship": "户主"}]
            others.append(other)
        store.records.import_documents([household, *others])
    return place


@pytest.fixture
def start(
    office_pages: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[Callable[[Path], SurveyorApp]]:
    """Return a function that starts the program over a folder, at its first screen."""
    programs: list[SurveyorApp] = []

    def begin(place: Path) -> SurveyorApp:
        place.mkdir(exist_ok=True)
        program = SurveyorApp(qapp, place, "zh")
        programs.append(program)
        program.show_unlock()
        return program

    yield begin
    end_all(programs)


def screen_of(program: SurveyorApp | CountyApp) -> UnlockScreen:
    assert program.window is not None
    screen = program.window.centralWidget()
    assert isinstance(screen, UnlockScreen)
    return screen


def window_of(program: SurveyorApp) -> MainWindow:
    assert isinstance(program.window, MainWindow)
    return program.window


@pytest.fixture
def window(folder: Path, start: Callable[[Path], SurveyorApp], qtbot: QtBot) -> MainWindow:
    """The main window, unlocked, its list filled."""
    program = start(folder)
    screen = screen_of(program)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    shown = window_of(program)
    qtbot.waitUntil(lambda: len(shown.village.model.rows) == 3, timeout=10_000)
    qtbot.waitUntil(shown.isActiveWindow, timeout=10_000)
    return shown


Desk = Callable[..., CountyWindow]


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    """Return a function that signs a user in at the workspace of a new county."""
    made, _ = CountyStore.create(
        tmp_path / "county.db", PASSPHRASE, county="451024", name="德保县", cost=QUICK
    )
    made.close()
    programs: list[CountyApp] = []

    def sign_in(
        user: str = "", passphrase: str = PASSPHRASE, database: str = "county.db"
    ) -> CountyWindow:
        program = CountyApp(qapp, tmp_path / database, "zh")
        programs.append(program)
        program.show_unlock()
        screen = screen_of(program)
        if user:
            screen.user.setText(user)
        QTest.keyClicks(screen.passphrase, passphrase)
        QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: isinstance(program.window, CountyWindow), timeout=10_000)
        window = program.window
        assert isinstance(window, CountyWindow)
        qtbot.waitUntil(window.isActiveWindow, timeout=10_000)
        return window

    yield sign_in
    end_all(programs)


@pytest.fixture
def office(desk: Desk) -> CountyWindow:
    """The workspace over a new county, its administrator signed in."""
    return desk()


def settle(window: CountyWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.session.busy, timeout=10_000)
