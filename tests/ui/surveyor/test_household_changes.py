"""The list of households: ordered, narrowed, on today's route; households split and joined."""

from datetime import date
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from tests.ui.user import (
    RECORD,
    choose,
    open_household,
    say_no,
    say_yes,
    settle,
    shown,
    stored,
    type_into,
)
from uuid_utils.compat import uuid7

from ruhu.revisions.merge import merge_revisions
from ruhu.store.record_list import SENT_BACK, TO_VISIT
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.survey.changes.returned import send_back
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.form.division_dialog import DivisionDialog
from ruhu.ui.surveyor.households.history_dialog import HistoryDialog
from ruhu.ui.surveyor.households.join_dialog import JoinDialog
from ruhu.ui.surveyor.households.records_model import COL_NAME
from ruhu.ui.surveyor.households.split_dialog import SplitDialog
from ruhu.ui.surveyor.window import MainWindow


def listed(window: MainWindow) -> list[str]:
    return [row.title for row in window.village.model.rows]


def narrow(window: MainWindow, key: str) -> None:
    window.village.filter.setCurrentIndex(window.village.filter.findData(key))


def test_clicking_a_heading_sorts_and_reverses(window: MainWindow, qtbot: QtBot) -> None:
    header = window.village.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(COL_NAME) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    by_name = ["黄小妹", "陆大光", "韦岜明"]
    qtbot.waitUntil(lambda: listed(window) == by_name, timeout=10_000)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: listed(window) == by_name[::-1], timeout=10_000)


def test_the_list_filters_by_status(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "60")
    settle(window, qtbot)
    narrow(window, "begun")
    qtbot.waitUntil(lambda: listed(window) == ["韦岜明"], timeout=10_000)
    assert "找到 1" in window.village.progress.text()
    narrow(window, "done")
    qtbot.waitUntil(window.village.empty_hint.isVisible, timeout=10_000)


def test_the_route_keeps_the_chosen_order(window: MainWindow, qtbot: QtBot) -> None:
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
    window.record_actions.split()
    dialog = window.findChild(SplitDialog)
    assert isinstance(dialog, SplitDialog)
    assert not dialog.confirm.isEnabled()
    boxes = dialog.findChildren(QCheckBox)
    for box in boxes:  # a click on the name will do
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(60, box.height() // 2))
    assert not dialog.confirm.isEnabled()  # somebody has to stay
    QTest.keyClick(boxes[0], Qt.Key.Key_Space)
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 4, timeout=10_000)
    settle(window, qtbot)
    assert window.session.editor.record_id != RECORD
    assert [m["name"] for m in window.session.editor.document["members"]] == [members[1]["name"]]
    assert window.session.editor.document["origin"] == {"split_from": str(RECORD)}
    store = window.session.store
    assert [r.reason for r in store.records.revisions(RECORD)] == ["roster", "split"]
    assert len(stored(window)["members"]) == len(members) - 1
    history = shown_history(window, qtbot)
    assert history[0][0][2] == f"{len(history[0]) - 1} 处"
    assert ["从哪一户分出", "—", "韦岜明"] in history[0]


def join(window: MainWindow, qtbot: QtBot, name: str) -> UUID:
    """Join the household of a name into the open one; returns its id."""
    window.record_actions.join()
    dialog = window.findChild(JoinDialog)
    assert isinstance(dialog, JoinDialog)
    dialog.search.setText(name)
    qtbot.waitUntil(lambda: dialog.list.count() == 1, timeout=10_000)
    dialog.list.setCurrentRow(0)
    other = dialog.chosen()
    assert other is not None
    dialog.accept()
    return other


def test_a_household_is_joined_and_the_other_leaves_the_list(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    other = join(window, qtbot, "黄小妹")
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 2, timeout=10_000)
    settle(window, qtbot)
    assert "黄小妹" in [m["name"] for m in window.session.editor.document["members"]]
    assert window.status.text() == "已并户"
    store = window.session.store
    assert merge_revisions(store.records.revisions(other)).document is None
    assert [s.title for s in store.records.summaries(Search("黄小妹"))] == ["韦岜明"]
    assert ["并入的户", "—", "黄小妹"] in shown_history(window, qtbot)[0]


@pytest.mark.parametrize("roster_in_hand", [True, False])
def test_joining_a_roster_household_keeps_visited_facts(
    window: MainWindow, qtbot: QtBot, roster_in_hand: bool
) -> None:
    visited = stored(window)
    roster = {**visited, "record_id": str(uuid7())}
    del roster["survey"]
    roster["registration"] = {"household_no": "45109900000999"}
    roster["place"] = {**visited["place"], "group": "7"}
    roster["housing"] = {"relocation_listed": not visited["housing"]["relocation_listed"]}
    roster["members"] = [
        {**member, "member_id": f"x{number}", "ethnicity": "壮族"}
        for number, member in enumerate(visited["members"])
    ]
    store = window.session.store
    window.session.run(lambda opened: opened.records.import_documents([roster]))
    settle(window, qtbot)
    window.session.editor.open_record(UUID(roster["record_id"]) if roster_in_hand else RECORD)
    settle(window, qtbot)
    join(
        window,
        qtbot,
        visited["registration"]["household_no"] if roster_in_hand else "45109900000999",
    )
    qtbot.waitUntil(lambda: "已并户" in window.status.text(), timeout=10_000)
    settle(window, qtbot)
    assert window.session.editor.record_id is not None
    document = store.records.document(window.session.editor.record_id)
    assert document["housing"] == visited["housing"]
    assert document["place"]["group"] == visited["place"]["group"]
    assert document["survey"] == visited["survey"]
    assert [m["name"] for m in document["members"]] == [m["name"] for m in visited["members"]]
    assert {m["ethnicity"] for m in document["members"]} == {"壮族"}


def test_joining_a_returned_household_stays_returned(window: MainWindow, qtbot: QtBot) -> None:
    def returned(opened: Store) -> None:
        (other,) = opened.records.summaries(Search("黄小妹"))
        (head,) = opened.records.current(other.record_id).heads
        assert head.document is not None
        opened.replies.import_revisions(
            [
                head.model_copy(
                    update={
                        "revision_id": uuid7(),
                        "parents": (head.revision_id,),
                        "document": send_back(
                            head.document, comment="请核实", by="德保县", on=date(2017, 6, 2)
                        ),
                    }
                )
            ]
        )

    window.session.run(returned)
    open_household(window, qtbot)
    join(window, qtbot, "黄小妹")
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 2, timeout=10_000)
    statuses = {row.title: row.status for row in window.village.model.rows}
    assert statuses == {"韦岜明": SENT_BACK, "陆大光": TO_VISIT}


def abandon(window: MainWindow) -> None:
    """Choose the entry in the menu."""
    menu = window.form.header.menu_button.menu()
    menu.aboutToShow.emit()
    action = next(a for a in menu.actions() if a.text() == "放弃这次入户…")
    assert action.isEnabled()
    action.trigger()


def test_discarding_a_new_household_removes_it(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 4, timeout=10_000)
    type_into(window, "population", "5")
    abandon(window)
    assert "不能恢复" in say_no(qtbot)
    settle(window, qtbot)
    assert len(window.village.model.rows) == 4
    abandon(window)
    say_yes(qtbot)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 3, timeout=10_000)
    assert window.form.empty.isVisible()
    assert window.session.store.records.resume_position() is None
    open_household(window, qtbot)
    assert window.form.fields.isVisible()


def test_discarding_a_visit_restores_the_household(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    before = stored(window)
    type_into(window, "population", "5")
    settle(window, qtbot)
    open_household(window, qtbot, "黄小妹")  # what was typed can be undone no more
    open_household(window, qtbot)
    abandon(window)
    say_no(qtbot)
    settle(window, qtbot)
    assert stored(window)["population"] == 5
    abandon(window)
    say_yes(qtbot)
    settle(window, qtbot)
    assert stored(window) == before
    assert shown(window, "population") == "3"
    statuses = {row.title: row.status for row in window.village.model.rows}
    assert statuses["韦岜明"] == TO_VISIT
    menu = window.form.header.menu_button.menu()
    menu.aboutToShow.emit()
    assert not menu.actions()[-1].isEnabled()


def shown_history(window: MainWindow, qtbot: QtBot) -> list[list[list[str]]]:
    """Return the cells of the history, by revision, the newest first."""
    window.record_actions.show_history()
    qtbot.waitUntil(lambda: window.findChild(HistoryDialog) is not None, timeout=10_000)
    dialog = window.findChild(HistoryDialog)
    assert isinstance(dialog, HistoryDialog)
    history = []
    for number in range(dialog.tree.topLevelItemCount()):
        top = dialog.tree.topLevelItem(number)
        assert top is not None
        items = [top, *(top.child(row) for row in range(top.childCount()))]
        history.append([[item.text(column) for column in range(3)] for item in items if item])
    dialog.close()
    dialog.deleteLater()
    return history


def test_the_history_shows_changes_per_visit(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "61")
    choose(window, "water.tap", "3")
    settle(window, qtbot)
    window.record_actions.close_visit()
    settle(window, qtbot)
    latest, first = shown_history(window, qtbot)
    assert "入户" in latest[0][0]
    assert latest[1:] == [
        ["改造后建筑面积（含储藏间）", "68", "61"],
        ["自来水入户", "—", "不清楚"],
    ]
    assert "名册" in first[0][0]


def test_invalid_records_cannot_be_split_or_joined(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "黄小妹")
    type_into(window, "housing.floor_area_m2", "abc")
    settle(window, qtbot)
    for act, dialog in (
        (window.record_actions.split, SplitDialog),
        (window.record_actions.join, JoinDialog),
    ):
        act()
        box = window.findChild(QMessageBox)
        assert isinstance(box, QMessageBox)
        assert "还有1处要改。改造后建筑面积（含储藏间）：请填" in box.text()
        box.close()
        line = window.form.rows()["housing.floor_area_m2"].editor.focusProxy()
        assert window.focusWidget() is line
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert window.findChild(dialog) is None
    open_household(window, qtbot)
    join(window, qtbot, "黄小妹")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=10_000)
    refused = window.findChild(QMessageBox)
    assert isinstance(refused, QMessageBox)
    assert "另一户还有填错的格子" in refused.text()
    settle(window, qtbot)
    assert len(window.village.model.rows) == 3


def test_a_join_suggests_households_with_the_same_person(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "陆大光")
    type_into(window, "members[m1].id_number", "451099198606190789")
    qtbot.waitUntil(window.form.notices.duplicates.isVisible, timeout=10_000)
    window.record_actions.join()
    dialog = window.findChild(JoinDialog)
    assert isinstance(dialog, JoinDialog)
    assert dialog.nothing.isHidden()
    items = [dialog.list.item(row) for row in range(dialog.list.count())]
    assert [item.text() for item in items if item] == ["韦岜明　45109900000009　示范一村 1组"]
    QTest.keyClicks(dialog.search, "zzz")
    qtbot.waitUntil(dialog.nothing.isVisible, timeout=10_000)


def test_a_division_is_chosen_from_the_codes(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    window.record_actions.choose_division()
    dialog = window.findChild(DivisionDialog)
    assert isinstance(dialog, DivisionDialog)
    dialog.search.setText("多敬村")
    place = dialog.address()
    assert place["village_name"].startswith("多敬村")
    assert (len(place["county"]), len(place["township"]), len(place["village"])) == (6, 9, 12)
    dialog.accept()
    settle(window, qtbot)
    assert stored(window)["place"]["village"] == place["village"]
    assert stored(window)["place"]["county_name"] == place["county_name"]
    window.session.editor.undo()
    settle(window, qtbot)
    assert stored(window)["place"].get("village") != place["village"]


def test_split_and_join_dialogs_are_translated(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    interface.use("en")
    try:
        for dialog in (
            SplitDialog(window, window.session.editor.document),
            JoinDialog(window, window.session, "", []),
        ):
            qtbot.addWidget(dialog)
            texts = [button.text() for button in dialog.findChildren(QPushButton)]
            assert "Cancel" in texts
            assert all(text.isascii() for text in texts)
    finally:
        interface.use("zh")
