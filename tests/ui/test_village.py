"""The list of households: ordered, narrowed, on today's route; households split and joined."""

from uuid import UUID

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.ui.person import RECORD, open_household, settle, stored, type_into

from ruhu.bundle.merge import current
from ruhu.store.index import Search
from ruhu.ui.division_dialog import DivisionDialog
from ruhu.ui.household_dialogs import HistoryDialog, JoinDialog, SplitDialog
from ruhu.ui.main_window import MainWindow
from ruhu.ui.village_panel import COL_NAME


def listed(window: MainWindow) -> list[str]:
    return [row.title for row in window.village.model.rows]


def narrow(window: MainWindow, key: str) -> None:
    window.village.filter.setCurrentIndex(window.village.filter.findData(key))


def test_a_click_on_the_heading_orders_by_it_and_again_the_other_way(
    window: MainWindow, qtbot: QtBot
) -> None:
    header = window.village.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(COL_NAME) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    by_name = ["黄小妹", "陆大光", "韦岜明"]
    qtbot.waitUntil(lambda: listed(window) == by_name, timeout=10_000)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: listed(window) == by_name[::-1], timeout=10_000)


def test_the_list_is_narrowed_to_those_begun(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "60")
    settle(window, qtbot)
    narrow(window, "begun")
    qtbot.waitUntil(lambda: listed(window) == ["韦岜明"], timeout=10_000)
    assert "找到 1" in window.village._progress.text()
    narrow(window, "done")
    qtbot.waitUntil(window.village._empty.isVisible, timeout=10_000)


def test_the_route_has_the_order_the_worker_sets(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("黄小妹", "韦岜明", "陆大光"):
        open_household(window, qtbot, name)
        window.village.table.setFocus()
        QTest.keyClick(window.village.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        settle(window, qtbot)
    narrow(window, "route")
    qtbot.waitUntil(lambda: listed(window) == ["黄小妹", "韦岜明", "陆大光"], timeout=10_000)
    open_household(window, qtbot, "陆大光")
    window.village.table.setFocus()
    QTest.keyClick(window.village.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: listed(window) == ["黄小妹", "陆大光", "韦岜明"], timeout=10_000)
    QTest.keyClick(window.village.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: listed(window) == ["黄小妹", "韦岜明"], timeout=10_000)


def test_a_household_is_split_and_both_keep_their_history(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    members = stored(window)["members"]
    window.split()
    dialog = window.findChild(SplitDialog)
    assert isinstance(dialog, SplitDialog)
    assert not dialog._act.isEnabled()
    item = dialog.list.item(1)
    assert item is not None
    item.setCheckState(Qt.CheckState.Checked)
    dialog.accept()
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 4, timeout=10_000)
    settle(window, qtbot)
    assert window.session.record_id != RECORD
    assert [m["name"] for m in window.session.document["members"]] == [members[1]["name"]]
    assert window.session.document["origin"] == {"split_from": str(RECORD)}
    store = window.session._store
    assert [r.reason for r in store.revisions(RECORD)] == ["roster", "split"]
    assert len(stored(window)["members"]) == len(members) - 1


def test_a_household_is_joined_and_the_other_leaves_the_list(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    window.join()
    dialog = window.findChild(JoinDialog)
    assert isinstance(dialog, JoinDialog)
    dialog.search.setText("黄小妹")
    qtbot.waitUntil(lambda: dialog.list.count() == 1, timeout=10_000)
    dialog.list.setCurrentRow(0)
    other = dialog.chosen()
    dialog.accept()
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 2, timeout=10_000)
    settle(window, qtbot)
    assert "黄小妹" in [m["name"] for m in window.session.document["members"]]
    assert isinstance(other, UUID)
    store = window.session._store
    assert current(store.revisions(other)).document is None
    assert [s.title for s in store.summaries(Search("黄小妹"))] == ["韦岜明"]


def test_the_history_tells_what_each_visit_changed(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "61")
    settle(window, qtbot)
    window.close_visit()
    settle(window, qtbot)
    window.show_history()
    qtbot.waitUntil(lambda: window.findChild(HistoryDialog) is not None, timeout=10_000)
    dialog = window.findChild(HistoryDialog)
    assert isinstance(dialog, HistoryDialog)
    assert dialog.tree.topLevelItemCount() == 2
    latest = dialog.tree.topLevelItem(0)
    assert latest is not None
    assert "入户" in latest.text(0)
    rows = [latest.child(n) for n in range(latest.childCount())]
    told = [[row.text(c) for c in range(3)] for row in rows if row is not None]
    assert ["改造后建筑面积（含储藏间）", "68", "61"] in told


def test_a_place_is_chosen_from_the_division_codes(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    window.choose_place()
    dialog = window.findChild(DivisionDialog)
    assert isinstance(dialog, DivisionDialog)
    dialog.search.setText("多敬村")
    place = dialog.place()
    assert place["village_name"].startswith("多敬村")
    assert (len(place["county"]), len(place["township"]), len(place["village"])) == (6, 9, 12)
    dialog.accept()
    settle(window, qtbot)
    assert stored(window)["place"]["village"] == place["village"]
    assert stored(window)["place"]["county_name"] == place["county_name"]
    window.session.undo()
    settle(window, qtbot)
    assert stored(window)["place"].get("village") != place["village"]
