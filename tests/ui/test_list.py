"""The list of the village: found, filled, counted, exported."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
)
from pytestqt.qtbot import QtBot
from tests.ui.person import open_household, type_into

from ruhu.assets import resource
from ruhu.ui.dialogs import RosterDialog
from ruhu.ui.main_window import MainWindow


def test_the_search_narrows_the_list(window: MainWindow, qtbot: QtBot) -> None:
    for text in ("黄小", "hxm"):
        window.village.search.setText(text)
        qtbot.waitUntil(
            lambda: [s.title for s in window.village.model.rows] == ["黄小妹"], timeout=10_000
        )


def test_enter_in_the_search_opens_what_stands_on_top(window: MainWindow, qtbot: QtBot) -> None:
    window.village.search.setFocus()
    QTest.keyClicks(window.village.search, "hxm")
    QTest.keyClick(window.village.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.form._title.text().startswith("黄小妹"), timeout=10_000)


def test_a_new_search_takes_the_place_of_the_one_before(window: MainWindow, qtbot: QtBot) -> None:
    for text in ("hxm", "ldg"):
        QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(window.village.search, text)
        assert window.village.search.text() == text


def test_a_visit_is_closed_and_counted(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "4")
    window.close_visit()
    qtbot.waitUntil(
        lambda: [s.title for s in window.village.model.rows if s.status == "done"] == ["韦岜明"],
        timeout=10_000,
    )
    assert "已访 1 / 3" in window.village._progress.text()


def test_a_new_household_is_begun(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 4, timeout=10_000)
    assert window.session.document["survey"]["surveyor"] == "测试员"


def test_a_roster_is_previewed_before_anything_is_stored(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[RosterDialog] = []

    def accept(dialog: RosterDialog) -> int:
        shown.append(dialog)
        assert len(window.session._store.summaries()) == 3
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(RosterDialog, "exec", accept)
    window.preview_roster(resource("demo") / "roster.xlsx")
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 123, timeout=20_000)
    labels = [label.text() for label in shown[0].findChildren(QLabel)]
    assert any("存疑 85 处" in text for text in labels)


def test_a_long_list_comes_as_it_is_scrolled_to(window: MainWindow, qtbot: QtBot) -> None:
    others = [
        {
            "record_id": str(UUID(int=number)),
            "kind": "household",
            "place": {"village_name": "远村"},
            "registration": {"household_no": f"9{number:05d}"},
        }
        for number in range(1, 1001)
    ]
    window.session._store.import_documents(others)
    window.village.reload()
    table, model = window.village.table, window.village.model
    qtbot.waitUntil(lambda: "1003" in window.village._progress.text(), timeout=10_000)
    assert len(model.rows) < 500

    def at_the_end() -> bool:
        table.scrollToBottom()
        return len(model.rows) == 1003

    qtbot.waitUntil(at_the_end, timeout=20_000)
    assert [row.household_no for row in model.rows[-2:]] == ["900999", "901000"]
    assert len({row.record_id for row in model.rows}) == 1003
    window.village.search.setText("900500")
    qtbot.waitUntil(lambda: len(model.rows) == 1, timeout=10_000)
    window.village.search.clear()
    qtbot.waitUntil(lambda: 100 < len(model.rows) < 500, timeout=10_000)


def test_the_listed_households_and_the_record_in_hand_are_exported(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_household(window, qtbot)
    own = tmp_path / "own.json"
    window.write_file(own, ".json", own=True)
    qtbot.waitUntil(lambda: "未加密" in window._saved.text(), timeout=10_000)
    record = json.loads(own.read_text(encoding="utf-8"))
    assert record["record_id"] == str(window.session.record_id)
    window.village.search.setText("陆大光")
    window.write_file(tmp_path / "found", ".csv", own=False)
    qtbot.waitUntil(lambda: "1户1人" in window._saved.text(), timeout=10_000)
    table = (tmp_path / "found.csv").read_text(encoding="utf-8-sig")
    assert "陆大光" in table
    assert "黄小妹" not in table
