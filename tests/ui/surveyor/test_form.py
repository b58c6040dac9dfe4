"""The form: what is typed, chosen, refused, hidden and offered at its fields."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QScrollArea
from pytestqt.qtbot import QtBot
from tests.ui.user import (
    choices_of,
    choose,
    field,
    findings,
    focused,
    open_household,
    settle,
    shown,
    stored,
    type_into,
)

from ruhu.ui.surveyor.form.editors import NotesEditor, TextEditor
from ruhu.ui.surveyor.window import MainWindow


def test_digits_answer_yes_no_and_unknown(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    choose(window, "housing.relocation_listed", "1")
    settle(window, qtbot)
    assert stored(window)["housing"]["relocation_listed"] is True
    assert any("– 不可享受　危房改造对象" in text for text in findings(window))
    choose(window, "housing.relocation_listed", "3")
    settle(window, qtbot)
    assert "relocation_listed" not in stored(window)["housing"]


def test_a_wrong_value_says_what_to_type_and_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "六十八")
    settle(window, qtbot)
    row = window.form.rows()["housing.floor_area_m2"]
    assert row.problem.isVisibleTo(window)
    assert "0以上的数" in row.problem.text()
    assert stored(window)["housing"]["floor_area_m2"] == "六十八"
    with pytest.raises(Exception, match="Floor area with storage"):
        window.session.editor.close_visit(lambda: None)
    type_into(window, "housing.floor_area_m2", "68")
    assert not row.problem.isVisibleTo(window)


def test_an_id_number_fills_sex_and_birth_date_and_is_masked(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot, "陆大光")
    type_into(window, "members[m1].id_number", "451099198606190789")
    settle(window, qtbot)
    member = window.session.editor.document["members"][0]
    assert (member["birth_date"], member["sex"]) == ("1986-06-19", "female")
    editor = window.form.rows()["members[m1].id_number"].editor
    assert isinstance(editor, TextEditor)
    assert editor.line.text() == "*" * 16 + "89"


def test_a_wrong_id_number_is_reported_at_once(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "陆大光")
    type_into(window, "members[m1].id_number", "451099198606190780")
    assert "校验码" in window.form.rows()["members[m1].id_number"].problem.text()


@pytest.mark.parametrize("typed", ["2017-06-02", "20170602", "2017年6月2日", "2017/6/2"])
def test_dates_are_read_as_people_write_them(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    open_household(window, qtbot)
    type_into(window, "survey.date", typed)
    assert window.session.editor.document["survey"]["date"] == "2017-06-02"


def test_members_are_added_and_typed(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    part = window.form.fields.lists["members"]
    part.add()
    type_into(window, "members[m3].name", "韦小三")
    settle(window, qtbot)
    assert stored(window)["members"][2] == {"member_id": "m3", "name": "韦小三"}
    cell = part.table.item(2, 0)
    assert cell is not None
    assert cell.text() == "韦小三"


def test_typed_text_does_not_show_in_another_household(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "abc")
    window.form.fields.lists["members"].choose("m2")
    type_into(window, "members[m2].phone", "13800000000")
    window.form.fields.lists["members"].choose("m1")
    type_into(window, "members[m1].ethnicity", "Zhuang")
    settle(window, qtbot)
    open_household(window, qtbot, "陆大光")
    assert "members[m2].phone" not in window.form.rows()
    assert (shown(window, "members[m1].ethnicity"), shown(window, "members[m1].phone")) == ("", "")
    assert shown(window, "housing.floor_area_m2") == "68"
    assert window.form.rows()["housing.floor_area_m2"].problem.isHidden()
    type_into(window, "members[m1].phone", "13900000000")
    settle(window, qtbot)
    open_household(window, qtbot)
    assert shown(window, "housing.floor_area_m2") == "abc"
    assert not window.form.rows()["housing.floor_area_m2"].problem.isHidden()
    assert shown(window, "members[m1].ethnicity") == "Zhuang"
    first, second = stored(window)["members"]
    assert ("phone" in first, second["phone"]) == (False, "13800000000")


def test_a_duplicate_person_is_shown_at_the_field(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "陆大光")
    type_into(window, "members[m1].id_number", "451099198606190789")
    row = window.form.rows()["members[m1].id_number"]
    qtbot.waitUntil(lambda: "也登记在：韦岜明" in row.problem.text(), timeout=10_000)
    settle(window, qtbot)
    open_household(window, qtbot)
    row = window.form.rows()["members[m1].id_number"]
    qtbot.waitUntil(lambda: "也登记在：陆大光" in row.problem.text(), timeout=10_000)
    open_household(window, qtbot, "黄小妹")
    qtbot.waitUntil(lambda: row.problem.text() == "", timeout=10_000)
    assert window.form.notices.duplicates.isHidden()


def test_a_duplicate_member_is_shown_when_opening(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "陆大光")
    window.form.focus_path("members[m1].name")
    QTest.keyClick(focused(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(focused(), "Wei")
    type_into(window, "members[m2].id_number", "451099198606190789")
    settle(window, qtbot)
    open_household(window, qtbot, "黄小妹")
    open_household(window, qtbot, "陆大光")
    notice = window.form.notices.duplicates
    qtbot.waitUntil(notice.isVisible, timeout=10_000)
    assert notice.label.text() == "Wei 也登记在：韦岜明 45109900000009"
    assert "members[m2].id_number" not in window.form.rows()
    QTest.mouseClick(notice.go, Qt.MouseButton.LeftButton)
    row = window.form.rows()["members[m2].id_number"]
    assert row.isAncestorOf(focused())
    assert "也登记在：韦岜明" in row.problem.text()


def test_not_known_is_an_answer_apart_from_an_empty_field(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    path = "water.tap"
    assert choices_of(window, path) == []
    choose(window, path, "3")
    assert choices_of(window, path) == ["不清楚"]
    settle(window, qtbot)
    assert "tap" not in stored(window).get("water", {})
    assert stored(window)["not_known"] == {path: True}
    open_household(window, qtbot, "陆大光")
    assert choices_of(window, path) == []
    open_household(window, qtbot)
    assert choices_of(window, path) == ["不清楚"]
    choose(window, path, "1")
    settle(window, qtbot)
    assert stored(window)["water"]["tap"] is True
    assert "not_known" not in stored(window)
    type_into(window, "housing.current_area_m2", "?")
    assert shown(window, "housing.current_area_m2") == "不清楚"
    settle(window, qtbot)
    assert stored(window)["not_known"] == {"housing.current_area_m2": True}


def test_what_does_not_apply_is_hidden_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    months = window.form.rows()["farming.microloan.months"]
    field(window, "farming.microloan.wanted")
    assert months.isVisible()
    choose(window, "farming.microloan.wanted", "2")
    qtbot.waitUntil(lambda: not months.isVisible(), timeout=10_000)
    choose(window, "farming.microloan.wanted", "1")
    qtbot.waitUntil(months.isVisible, timeout=10_000)


def test_a_button_takes_a_suggestion(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "陆大光")
    settle(window, qtbot)
    type_into(window, "survey.date", "20170601")
    type_into(window, "members[m1].birth_date", "19700101")
    row = field(window, "members[m1].schooling.stage")
    offered = [
        b for b in row.findChildren(QAbstractButton) if b.isVisible() and b.text() == "非在校生"
    ]
    assert len(offered) == 1
    QTest.mouseClick(offered[0], Qt.MouseButton.LeftButton)
    settle(window, qtbot)
    document = window.session.editor.document
    assert document["members"][0]["schooling"]["stage"] == "none"
    assert not offered[0].isVisible()


def test_a_scanner_fills_the_field_and_advances(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "黄小妹")
    editor = field(window, "members[m1].id_number").editor
    assert isinstance(editor, TextEditor)
    editor.line.setFocus()
    QTest.keyClicks(editor.line, "45102419820304101")
    QTest.keyClicks(editor.line, "7")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    settle(window, qtbot)
    assert not editor.line.hasFocus()
    assert "1982" not in editor.line.text()


def test_notes_have_several_lines_and_tab_advances(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    editor = field(window, "survey.notes").editor
    assert isinstance(editor, NotesEditor)
    editor.text.setFocus()
    QTest.keyClicks(editor.text, "first")
    QTest.keyClick(editor.text, Qt.Key.Key_Return)
    QTest.keyClicks(editor.text, "second")
    QTest.keyClick(editor.text, Qt.Key.Key_Tab)
    settle(window, qtbot)
    assert stored(window)["survey"]["notes"] == "first\nsecond"


def test_a_finger_scrolls_the_form(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    window.form.focus_path("members[m1].name")
    area = window.form.fields.currentWidget()
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    assert bar.maximum() > 100
    bar.setValue(0)
    finger, target = QTest.createTouchDevice(), area.viewport()
    start = target.rect().center()
    QTest.touchEvent(target, finger).press(0, start, target).commit()
    for step in range(1, 16):
        QTest.qWait(10)
        QTest.touchEvent(target, finger).move(0, start - QPoint(0, step * 10), target).commit()
    QTest.touchEvent(target, finger).release(0, start - QPoint(0, 150), target).commit()
    qtbot.waitUntil(lambda: bar.value() > 50, timeout=5_000)


def test_function_keys_go_from_section_to_section(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    titles = []
    for key in (Qt.Key.Key_F4, Qt.Key.Key_F3, Qt.Key.Key_F1):
        QTest.keyClick(window, key)
        titles.append(window.form.fields.tabText(window.form.fields.currentIndex()))
    assert titles == ["住房", "成员", "住址"]


def test_an_incomplete_date_is_not_guessed(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    for half in ("2017-12", "201712", "2017年12月"):
        type_into(window, "survey.date", half)
        assert shown(window, "survey.date") == half
        assert field(window, "survey.date").problem.isVisible()
    type_into(window, "survey.date", "2017年12月3日")
    settle(window, qtbot)
    assert stored(window)["survey"]["date"] == "2017-12-03"


def test_pasting_into_a_line_removes_line_breaks(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "members[m1].name", "韦大山\n二组\t男\r\n")
    settle(window, qtbot)
    assert stored(window)["members"][0]["name"] == "韦大山 二组 男"


@pytest.mark.parametrize("mark", ["\x07", "\ufffe", "\uffff"])
def test_a_pasted_control_character_is_rejected_at_its_field(
    window: MainWindow, qtbot: QtBot, mark: str
) -> None:
    open_household(window, qtbot)
    row = field(window, "members[m1].name")
    type_into(window, "members[m1].name", f"韦{mark}大山")
    settle(window, qtbot)
    assert row.problem.isVisibleTo(window)
    assert "控制字符" in row.problem.text()
    type_into(window, "members[m1].name", "韦大山")
    assert not row.problem.isVisibleTo(window)


def test_a_long_name_takes_no_room_from_the_other_columns(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    columns = (window.village, window.form, window.answers)
    before = [column.width() for column in columns]
    type_into(
        window,
        "members[m1].name",
        "阿卜杜热合曼·阿布都外力·买买提明·吐尔逊江·努尔麦麦提·艾合麦提江",
    )
    settle(window, qtbot)
    title = window.form.header.title
    assert [column.width() for column in columns] == before
    assert title.height() >= title.heightForWidth(title.width())
