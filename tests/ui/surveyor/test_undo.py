"""Undo and redo across the record, by keyboard from wherever one is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.surveyor.test_attachments_panel import gallery_with_a_photo, saved_papers
from tests.ui.user import (
    RECORD,
    choose,
    field,
    open_household,
    say_no,
    say_yes,
    settle,
    shown,
    stored,
    type_into,
)
from tests.ui.user import press as press_button

from ruhu.store.record_list import BEGUN, DONE, TO_VISIT
from ruhu.survey.attachments import Purpose, papers_of
from ruhu.ui.surveyor.form.editors import NotesEditor
from ruhu.ui.surveyor.form.item_table import ItemTable
from ruhu.ui.surveyor.window import MainWindow


def press(key: Qt.Key, extra: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, Qt.KeyboardModifier.ControlModifier | extra)


def undo() -> None:
    press(Qt.Key.Key_Z)


def redo() -> None:
    press(Qt.Key.Key_Y)


def in_hand(window: MainWindow, path: str) -> bool:
    """Whether the cursor stands in a field."""
    focused = QApplication.focusWidget()
    assert focused is not None
    return window.form.rows()[path].editor.isAncestorOf(focused)


def test_undo_and_redo_keys_work_across_the_record(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "5")
    choose(window, "housing.self_funding", "2")
    field(window, "housing.floor_area_m2")  # a text field, which has an undo of its own
    undo()
    assert window.session.editor.document["housing"]["self_funding"] is True
    assert in_hand(window, "housing.self_funding")
    undo()
    assert window.session.editor.document["population"] == 3
    assert in_hand(window, "population")
    assert shown(window, "population") == "3"
    redo()
    settle(window, qtbot)
    assert stored(window)["population"] == 5
    assert shown(window, "population") == "5"
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    settle(window, qtbot)
    assert stored(window)["housing"]["self_funding"] is False


def listed(window: MainWindow) -> str:
    rows = window.village.model.rows
    return next(row.status for row in rows if row.record_id == RECORD)


def test_undoing_everything_drops_the_visit(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "5")
    qtbot.waitUntil(lambda: listed(window) == BEGUN)
    undo()
    settle(window, qtbot)
    assert listed(window) == TO_VISIT
    assert not window.session.store.records.has_draft(RECORD)
    redo()
    settle(window, qtbot)
    assert listed(window) == BEGUN
    assert stored(window)["population"] == 5


def test_undo_after_a_closed_visit_leaves_it_done(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "5")
    window.record_actions.close_visit()
    qtbot.waitUntil(lambda: listed(window) == DONE)
    type_into(window, "population", "4")
    qtbot.waitUntil(lambda: listed(window) == BEGUN)
    undo()
    settle(window, qtbot)
    assert listed(window) == DONE
    assert stored(window)["population"] == 5
    undo()  # into the visit that was closed: this is a change again
    settle(window, qtbot)
    assert listed(window) == BEGUN
    assert stored(window)["population"] == 3


def test_undo_keeps_a_visit_begun_earlier(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "5")
    settle(window, qtbot)
    open_household(window, qtbot, "陆大光")
    open_household(window, qtbot)
    type_into(window, "population", "6")
    undo()
    settle(window, qtbot)
    assert listed(window) == BEGUN
    assert stored(window)["population"] == 5


def test_typing_in_one_field_is_one_undo_step(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    editor = field(window, "survey.notes").editor
    assert isinstance(editor, NotesEditor)
    QTest.keyClicks(editor.text, "the roof leaks")
    undo()
    assert editor.text.toPlainText() == ""
    redo()
    assert editor.text.toPlainText() == "the roof leaks"
    settle(window, qtbot)
    assert stored(window)["survey"]["notes"] == "the roof leaks"


def test_undo_removes_an_added_member_with_its_values(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    window.form.fields.lists["members"].add()
    type_into(window, "members[m3].name", "韦小三")
    undo()
    undo()
    assert len(window.session.editor.document["members"]) == 2
    assert "members[m3].name" not in window.form.rows()
    redo()
    redo()
    settle(window, qtbot)
    assert stored(window)["members"][2]["name"] == "韦小三"
    assert in_hand(window, "members[m3].name")


def test_photo_changes_are_undo_steps(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    panel = gallery_with_a_photo(window, qtbot, tmp_path)
    facts = panel.facts
    facts.purpose.setCurrentIndex(facts.purpose.findData(Purpose.DANGER.value))
    facts.purpose.activated.emit(facts.purpose.currentIndex())
    for line, text in ((facts.lines["latitude"], "23.335"), (facts.lines["note"], "crack")):
        line.setFocus()
        QTest.keyClicks(line, text)
    type_into(window, "population", "5")

    def paper() -> tuple[Purpose, str, str]:
        found = papers_of(window.session.editor.document)[0]
        return found.purpose, str(found.latitude or ""), found.note

    assert paper() == (Purpose.DANGER, "23.335", "crack")
    undo()
    undo()
    assert paper() == (Purpose.DANGER, "23.335", "")
    assert facts.lines["note"].hasFocus()
    assert facts.lines["note"].text() == ""
    undo()
    assert paper() == (Purpose.DANGER, "", "")
    undo()
    assert paper() == (Purpose.HOUSE_BEFORE, "", "")
    undo()
    assert saved_papers(window, qtbot, 0) == []
    for _ in range(5):
        redo()
    settle(window, qtbot)
    assert stored(window)["population"] == 5
    assert paper() == (Purpose.DANGER, "23.335", "crack")
    assert saved_papers(window, qtbot, 1) == [Purpose.DANGER]


@pytest.mark.parametrize(
    ("fact", "wrong", "before"),
    [
        ("latitude", "95", "23.335000"),
        ("latitude", "north", "23.335000"),
        ("taken_at", "2017-02-30", "2017-06-01 09:30:00"),
    ],
)
def test_an_invalid_photo_fact_is_one_undo_step(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, fact: str, wrong: str, before: str
) -> None:
    panel = gallery_with_a_photo(window, qtbot, tmp_path, exif=True)
    line = panel.facts.lines[fact]
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, wrong)
    assert panel.facts.problem.isVisible()
    undo()
    assert line.text() == before
    assert not panel.facts.problem.isVisible()


def test_a_member_is_removed_after_a_confirmation(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "members[m2].name")
    (members,) = [part for part in window.form.findChildren(ItemTable) if part.path == "members"]
    members.choose("m2")
    remove = f"删除所选 {members.table.accessibleName()}"
    press_button(members, remove)
    assert "Ctrl+Z" in say_no(qtbot)
    settle(window, qtbot)
    assert [m["member_id"] for m in window.session.editor.document["members"]] == ["m1", "m2"]
    press_button(members, remove)
    say_yes(qtbot)
    window.session.editor.save(field="")
    settle(window, qtbot)
    assert [m["member_id"] for m in stored(window)["members"]] == ["m1"]
