"""Bundles through the window: to a stick, to a real server, and what came back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from tests.conftest import PASSPHRASE, QUICK
from tests.sync.county_server import serving
from tests.ui.user import RECORD, focused, open_household, settle, shown, stored, type_into
from uuid_utils.compat import uuid7

from ruhu.county.county import CountyStore
from ruhu.county.removable_media import write_replies
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles, import_from
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.sync.sync_dialog import SyncDialog
from ruhu.ui.surveyor.window import MainWindow


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CountyStore]:
    """The county that the window's laptop belongs to."""
    opened, _ = CountyStore.create(
        tmp_path / "county.db", PASSPHRASE, county="451024", name="德保县", cost=QUICK
    )
    with opened:
        yield opened


def bundles(window: MainWindow, qtbot: QtBot) -> SyncDialog:
    window.open_screen("bundles")
    dialog = window.findChild(SyncDialog)
    assert isinstance(dialog, SyncDialog)
    settle(window, qtbot)
    return dialog


def states(dialog: SyncDialog) -> list[str]:
    items = [dialog.table.item(row, 3) for row in range(dialog.table.rowCount())]
    return [item.text() for item in items if item is not None]


def belong(window: MainWindow, office: CountyStore) -> None:
    store = window.session.store
    store.identity.set_county(office.public)
    office.devices.enrol(store.identity.device)


def test_without_a_county_it_says_what_to_do(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = bundles(window, qtbot)
    assert "county.json" in dialog.server.text()
    dialog.write_to(tmp_path / "stick")
    qtbot.waitUntil(lambda: "county.json" in dialog.problem.text(), timeout=10_000)


def test_a_stick_goes_to_the_county_and_back(
    window: MainWindow, qtbot: QtBot, office: CountyStore, tmp_path: Path
) -> None:
    belong(window, office)
    dialog = bundles(window, qtbot)
    assert "修订 3 条" in dialog.waiting.text()
    stick = tmp_path / "stick"
    dialog.write_to(stick)
    qtbot.waitUntil(lambda: states(dialog) == ["○ 等县里确认"], timeout=10_000)
    files = list(stick.iterdir())
    for path in files:
        office.exchange.import_file(path)
    write_replies(office, stick, files)
    dialog.read_from(stick)
    qtbot.waitUntil(lambda: states(dialog) == ["● 县里已接收"], timeout=10_000)
    assert "新确认 1 个" in window.status.text()


def test_a_rejection_is_shown_in_the_language_in_use(
    window: MainWindow, qtbot: QtBot, office: CountyStore, tmp_path: Path
) -> None:
    window.session.store.identity.set_county(office.public)
    stick = tmp_path / "stick"
    export_bundles(window.session.store, stick)
    files = list(stick.iterdir())
    for path in files:
        office.exchange.import_file(path)
    write_replies(office, stick, files)
    import_from(window.session.store, stick)
    dialog = bundles(window, qtbot)
    (text,) = states(dialog)
    assert text.startswith("✗ 县里搁置：签名的设备没有登记")
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    interface.use("en")
    try:
        (text,) = states(bundles(window, qtbot))
    finally:
        interface.use("zh")
    assert text.startswith("✗ set aside by the county: the device that signed is not enrolled")


def test_bundles_are_sent_to_the_server_and_confirmed(
    window: MainWindow, qtbot: QtBot, office: CountyStore, tmp_path: Path
) -> None:
    with serving(office, tmp_path / "county.db") as port:
        office.keys.name_server(f"https://127.0.0.1:{port}")
        belong(window, office)
        open_household(window, qtbot)
        type_into(window, "housing.floor_area_m2", "61")
        window.record_actions.close_visit()
        settle(window, qtbot)
        dialog = bundles(window, qtbot)
        assert f"127.0.0.1:{port}" in dialog.server.text()
        dialog.send_button.click()
        qtbot.waitUntil(lambda: "已接收 1 个" in dialog.message.text(), timeout=20_000)
        qtbot.waitUntil(lambda: states(dialog) == ["● 县里已接收"], timeout=10_000)
        assert not dialog.progress.isVisible()
    sent = [
        d
        for d in office.records.documents()
        if d["registration"]["household_no"] == "45109900000009"
    ]
    assert sent[0]["housing"]["floor_area_m2"] == "61"


def test_a_refusing_server_is_reported_and_nothing_is_lost(
    window: MainWindow, qtbot: QtBot, office: CountyStore, tmp_path: Path
) -> None:
    with serving(office, tmp_path / "county.db") as port:
        office.keys.name_server(f"https://127.0.0.1:{port}")
        window.session.store.identity.set_county(office.public)
        dialog = bundles(window, qtbot)
        dialog.send_button.click()
        qtbot.waitUntil(lambda: "没有登记" in dialog.problem.text(), timeout=20_000)
        qtbot.waitUntil(lambda: states(dialog) == ["○ 等县里确认"], timeout=10_000)
    assert len(window.session.store.outbox.unconfirmed()) == 1


def send(opened: Store, floor_area: str) -> None:
    """Take in that somebody else measured the house, as the county sends it."""
    (head,) = opened.records.current(RECORD).heads
    assert head.document is not None
    housing = {**head.document["housing"], "floor_area_m2": floor_area}
    changed = {
        "revision_id": uuid7(),
        "parents": (head.revision_id,),
        "device_id": uuid7(),
        "document": {**head.document, "housing": housing},
    }
    opened.replies.import_revisions([head.model_copy(update=changed)])


def test_a_conflict_is_shown_until_it_is_resolved(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "61")
    settle(window, qtbot)
    window.session.run(lambda store: send(store, "60"))
    window.record_actions.close_visit()
    settle(window, qtbot)
    notice = window.form.notices.conflicts
    text = "有两种填法，等县里核对：改造后建筑面积（含储藏间）"
    assert (notice.isVisible(), notice.label.text()) == (True, text)
    open_household(window, qtbot, "陆大光")
    assert notice.isHidden()
    open_household(window, qtbot)
    assert notice.label.text() == text
    notice.go.click()
    assert window.form.rows()["housing.floor_area_m2"].isAncestorOf(focused())


def test_closing_a_visit_shows_merged_changes(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "5")
    settle(window, qtbot)
    store = window.session.store

    window.session.run(lambda opened: send(opened, "60"))
    window.record_actions.close_visit()
    settle(window, qtbot)
    assert shown(window, "housing.floor_area_m2") == "60"
    type_into(window, "housing.storage_area_m2", "6")
    window.record_actions.close_visit()
    settle(window, qtbot)
    document = stored(window)
    assert (
        document["housing"] | {"floor_area_m2": "60", "storage_area_m2": "6"} == document["housing"]
    )
    assert document["population"] == 5
    assert not store.records.has_draft(RECORD)


def test_everything_is_backed_up_to_a_stick_while_a_visit_is_open(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "71.5")
    dialog = bundles(window, qtbot)
    dialog.back_up(tmp_path)
    qtbot.waitUntil(lambda: "已备份到" in dialog.message.text(), timeout=20_000)
    (backup,) = tmp_path.glob("ruhu-backup-*")
    assert str(backup) in dialog.message.text()
    assert dialog.progress.isHidden()
    with Store.restore(backup, tmp_path / "other", PASSPHRASE) as other:
        assert other.records.document(RECORD)["housing"]["floor_area_m2"] == "71.5"


def test_a_failed_backup_is_reported(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = bundles(window, qtbot)
    dialog.back_up(tmp_path / "pulled out")
    qtbot.waitUntil(lambda: "备份没有写成" in dialog.problem.text(), timeout=20_000)
    assert dialog.back_up_button.isEnabled()
