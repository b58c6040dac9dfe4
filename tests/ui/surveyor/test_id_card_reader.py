"""A card reader that types like a keyboard, with the cursor wherever it happens to stand."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.ui.user import RECORD, field, focused, open_household, settle, stored, type_into

from ruhu.ui.surveyor.window import MainWindow

CARD = "45109919820219058X"
OF_THE_HEAD = "451099198606190789"
MEMBER = "members[m2].id_number"


def read_card(
    window: MainWindow, number: str, end: Qt.Key = Qt.Key.Key_Return, *, apart: int = 5
) -> None:
    """Type a number at the window so many milliseconds apart, as a reader does."""
    keys = [(Qt.Key(ord(sign)), sign) for sign in number] + [(end, "\r")]
    for place, (key, text) in enumerate(keys):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(1_000_000 + place * apart)
            QCoreApplication.sendEvent(window.windowHandle(), event)


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
@pytest.mark.parametrize(
    "place", ["id_number", "name", "sex", "birth_date", "schooling.stage", "schooling.boarding"]
)
def test_a_card_fills_the_chosen_members_id_number(
    window: MainWindow, qtbot: QtBot, place: str, end: Qt.Key
) -> None:
    open_household(window, qtbot)
    field(window, f"members[m2].{place}")
    before = window.session.editor.document["members"]
    read_card(window, CARD, end)
    settle(window, qtbot)
    identity = {"id_number": CARD, "birth_date": "1982-02-19", "sex": "female"}
    assert stored(window)["members"] == [before[0], before[1] | identity]
    QTest.keyClick(focused(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert stored(window)["members"] == before


def test_a_card_replaces_the_number_in_its_field(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, MEMBER, "4510991982")
    field(window, MEMBER)
    read_card(window, CARD)
    settle(window, qtbot)
    assert stored(window)["members"][1]["id_number"] == CARD


def test_the_card_of_a_known_member_focuses_that_member(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "housing.self_funding")
    before = window.session.editor.document
    read_card(window, OF_THE_HEAD)
    settle(window, qtbot)
    assert window.session.editor.document == before
    assert not window.session.store.records.has_draft(RECORD)
    assert window.form.rows()["members[m1].id_number"].isAncestorOf(focused())


@pytest.mark.parametrize("place", ["survey.date", "housing.danger_grade", "members[m1].name"])
def test_the_card_of_a_stranger_shows_a_hint(window: MainWindow, qtbot: QtBot, place: str) -> None:
    open_household(window, qtbot)
    field(window, place)
    before = window.session.editor.document
    read_card(window, CARD)
    settle(window, qtbot)
    assert window.session.editor.document == before
    notice = window.form.notices.card
    assert "再刷一次" in notice.label.text()
    assert window.form.fields.lists["members"].table.hasFocus()
    type_into(window, "members[m1].name", "Wei")
    assert notice.isHidden()


def test_an_invalid_card_number_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "housing.card_account")
    read_card(window, "621700001982021973")
    settle(window, qtbot)
    assert stored(window)["housing"]["card_account"] == "621700001982021973"


def test_a_number_typed_by_hand_is_not_a_card(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    field(window, "housing.card_account").editor.setFocus()
    read_card(window, CARD, apart=150)
    settle(window, qtbot)
    assert stored(window)["housing"]["card_account"] == CARD


def test_a_card_read_in_the_search_finds_its_holder(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "陆大光")
    window.village.search.setFocus()
    read_card(window, OF_THE_HEAD)
    qtbot.waitUntil(lambda: window.form.header.title.text().startswith("韦岜明"), timeout=10_000)
