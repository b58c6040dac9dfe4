"""A file that the program is opened with, as by a double click."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from tests.conftest import QUICK
from tests.ui.conftest import PASSPHRASE, end_all, screen_of, settle

from ruhu.app.county import CountyApp
from ruhu.app.laptop import SurveyorApp
from ruhu.app.start import app_for
from ruhu.county.county import CountyStore
from ruhu.county.removable_media import write_replies
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.county.inbox.inbox_page import InboxPage
from ruhu.ui.county.window import CountyWindow
from ruhu.ui.surveyor.sync.sync_dialog import SyncDialog
from ruhu.ui.surveyor.window import MainWindow

Opening = Callable[[Path, Path], SurveyorApp | CountyApp]


@pytest.fixture
def open_with(qapp: QApplication, qtbot: QtBot) -> Iterator[Opening]:
    """Starts the program over a data folder with a file, and unlocks it."""
    programs: list[SurveyorApp | CountyApp] = []

    def start(folder: Path, file: Path) -> SurveyorApp | CountyApp:
        program = app_for(qapp, folder, "zh", file)
        programs.append(program)
        program.show_unlock()
        screen = screen_of(program)
        screen.passphrase.setText(PASSPHRASE)
        screen.try_unlock()
        wanted = (MainWindow, CountyWindow)
        qtbot.waitUntil(lambda: isinstance(program.window, wanted), timeout=10_000)
        return program

    yield start
    end_all(programs)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[CountyStore]:
    store, _ = CountyStore.create(
        tmp_path / "county.db", PASSPHRASE, county="451024", name="德保县", cost=QUICK
    )
    with store:
        yield store


def bundle_of(folder: Path, county: CountyStore, stick: Path) -> Path:
    """A bundle that the laptop wrote to a stick."""
    with Store.open(folder, PASSPHRASE) as store:
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
        return export_bundles(store, stick).files[0]


def test_a_bundle_says_where_it_belongs_on_a_laptop(
    folder: Path, tmp_path: Path, county: CountyStore, open_with: Opening
) -> None:
    program = open_with(folder, bundle_of(folder, county, tmp_path / "stick"))
    assert program.window is not None
    box = program.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "451024" in box.text()
    assert "第 1 包" in box.text()


def test_a_bundle_is_imported_if_the_county_database_is_here(
    folder: Path, tmp_path: Path, county: CountyStore, open_with: Opening, qtbot: QtBot
) -> None:
    bundle = bundle_of(folder, county, tmp_path / "stick")
    Preferences(folder, "zh").county_database = str(tmp_path / "county.db")
    window = open_with(folder, bundle).window
    assert isinstance(window, CountyWindow)
    settle(window, qtbot)
    state = window.page(InboxPage).results.item(0, 1)
    assert state is not None
    assert state.text() == "● 已接收"


def test_the_countys_receipts_are_imported(
    folder: Path, tmp_path: Path, county: CountyStore, open_with: Opening, qtbot: QtBot
) -> None:
    bundle = bundle_of(folder, county, tmp_path / "stick")
    county.exchange.import_file(bundle)
    write_replies(county, bundle.parent, [bundle])
    window = open_with(folder, bundle.parent / "ruhu-receipts-451024.json").window
    assert isinstance(window, MainWindow)
    dialog = window.findChild(SyncDialog)
    assert isinstance(dialog, SyncDialog)

    def confirmed() -> bool:
        item = dialog.table.item(0, 3)
        return item is not None and item.text().startswith("●")

    qtbot.waitUntil(confirmed, timeout=10_000)


def test_an_unknown_file_is_reported(folder: Path, tmp_path: Path, open_with: Opening) -> None:
    strange = tmp_path / "holiday.age"
    strange.write_bytes(b"age-encryption.org/v1")
    window = open_with(folder, strange).window
    assert window is not None
    box = window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "holiday.age" in box.text()
