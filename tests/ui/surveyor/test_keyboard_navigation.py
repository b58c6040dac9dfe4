"""Enter and digits go on to the next field without an answer: through members, lists and sections."""

from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from tests.ui.user import field, focused, open_household, settle, shown, stored, type_into

from ruhu.ui.surveyor.window import MainWindow

HEAD = {"member_id": "m1", "name": "罗小凤", "relationship": "户主"}


def here(window: MainWindow) -> str:
    """The path of the field in which the cursor stands."""
    return next(
        (p for p, row in window.form.rows().items() if row.isAncestorOf(focused())),
        focused().accessibleName(),
    )


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(), key)


def test_a_digit_answers_and_advances(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "water.centralised")
    press(Qt.Key.Key_1, Qt.Key.Key_0, Qt.Key.Key_2)
    assert here(window) == "water.safe"
    press(Qt.Key.Key_1)
    assert here(window).startswith("farming.")
    settle(window, qtbot)
    assert stored(window)["water"] == {"centralised": True, "quality_ok": False, "safe": True}
    assert stored(window)["not_known"] == {"water.tap": True}


def test_enter_skips_answered_fields_and_tab_does_not(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "housing.danger_grade")
    press(Qt.Key.Key_Tab)
    assert here(window) == "housing.relocation_listed"
    field(window, "housing.danger_grade")
    press(Qt.Key.Key_Return)
    assert here(window) not in ("housing.relocation_listed", "housing.self_funding")


def test_enter_advances_through_members_and_sections(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "members[m1].name")
    seen = []
    for _ in range(200):
        if isinstance(focused(), QLineEdit):
            QTest.keyClicks(focused(), "?")
            press(Qt.Key.Key_Return)
        else:
            press(Qt.Key.Key_0)
        seen.append(here(window))
        if not seen[-1].startswith("members"):
            break
    members = [path.partition("]")[0] for path in seen[:-1]]
    assert members == sorted(members)
    assert {"members[m1", "members[m2"} <= set(members)
    assert seen[-1].startswith("housing.")


def test_enter_ends_at_the_close_button(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "health.contract_doctor")
    press(Qt.Key.Key_1)
    assert focused() is window.form.header.done


def test_lists_are_filled_and_paged_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    control = Qt.KeyboardModifier.ControlModifier
    press(Qt.Key.Key_F3)
    QTest.keyClick(focused(), Qt.Key.Key_I, control)
    assert here(window) == "members[m3].name"
    QTest.keyClick(focused(), Qt.Key.Key_PageUp, control)
    assert here(window) == "members[m2].name"
    QTest.keyClick(focused(), Qt.Key.Key_PageDown, control)
    QTest.keyClicks(focused(), "x")
    QTest.keyClick(focused(), Qt.Key.Key_PageUp, control)
    settle(window, qtbot)
    assert stored(window)["members"][2]["name"] == "x"


def test_a_list_of_choices_takes_digits(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "members[m1].schooling.stage")
    press(Qt.Key.Key_3)
    assert window.session.editor.document["members"][0]["schooling"]["stage"] == "primary"
    assert here(window) != "members[m1].schooling.stage"
    field(window, "members[m1].schooling.stage")
    press(Qt.Key.Key_Backspace)
    assert "stage" not in window.session.editor.document["members"][0].get("schooling", {})
    press(Qt.Key.Key_0)
    assert window.session.editor.document["not_known"] == {"members[m1].schooling.stage": True}


def test_a_key_takes_a_suggestion(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    window.session.editor.set_value("members[m2].birth_date", "2010-05-01")
    window.session.editor.set_value("members[m2].schooling.stage", None)
    field(window, "members[m2].schooling.stage")
    window.form.fields.show_values()
    QTest.keyClick(focused(), Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert window.session.editor.document["members"][1]["schooling"]["stage"] == "primary"
    assert here(window) != "members[m2].schooling.stage"


def test_f12_goes_to_the_next_question(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    asked = window.answers.next_path
    press(Qt.Key.Key_F12)
    assert here(window) == asked


def test_a_first_change_starts_the_visit_of_a_roster_household(
    window: MainWindow, qtbot: QtBot
) -> None:
    of_roster = {"record_id": str(UUID(int=9)), "kind": "household", "members": [HEAD]}
    window.session.store.records.import_documents([of_roster])
    window.village.reload()
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 4, timeout=10_000)
    open_household(window, qtbot, "罗小凤")
    assert shown(window, "survey.date") == ""
    field(window, "water.tap")
    press(Qt.Key.Key_1)
    today = date.today().isoformat()  # noqa: DTZ011
    assert shown(window, "survey.date") == today
    assert window.session.editor.document["survey"] == {"date": today, "surveyor": "测试员"}
    window.session.editor.undo()
    assert "survey" not in window.session.editor.document
    type_into(window, "survey.surveyor", "x")
    assert window.session.editor.document["survey"] == {"surveyor": "x"}
