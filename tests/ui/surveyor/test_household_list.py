"""The list of the village: found, filled, counted, exported."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QToolButton
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PASSPHRASE, screen_of, window_of
from tests.ui.user import choose_file, dialog_in_front, focused, open_household, settle, type_into

from ruhu.app.laptop import SurveyorApp
from ruhu.resources import resource
from ruhu.ui.surveyor.households.roster_dialog import RosterDialog
from ruhu.ui.surveyor.operations.export import write_listed, write_open_record
from ruhu.ui.surveyor.operations.roster import show_roster
from ruhu.ui.surveyor.window import MainWindow
from ruhu.ui.widgets.searchable_table import SearchableTable


def test_the_search_narrows_the_list(window: MainWindow, qtbot: QtBot) -> None:
    for text in ("黄小", "hxm"):
        window.village.search.setText(text)
        qtbot.waitUntil(
            lambda: [s.title for s in window.village.model.rows] == ["黄小妹"], timeout=10_000
        )


def test_a_search_that_finds_nothing_says_so(window: MainWindow, qtbot: QtBot) -> None:
    window.village.search.setText("没有这个人")
    qtbot.waitUntil(window.village.empty_hint.isVisible, timeout=10_000)
    assert "没有这个人" in window.village.empty_hint.text()
    window.village.search.setText("")
    qtbot.waitUntil(lambda: not window.village.empty_hint.isVisible(), timeout=10_000)


def test_enter_in_the_search_opens_the_first_match(window: MainWindow, qtbot: QtBot) -> None:
    window.village.search.setFocus()
    QTest.keyClicks(window.village.search, "hxm")
    QTest.keyClick(window.village.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.form.header.title.text().startswith("黄小妹"), timeout=10_000)


def test_a_new_search_replaces_the_last(window: MainWindow, qtbot: QtBot) -> None:
    for text in ("hxm", "ldg"):
        QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(window.village.search, text)
        assert window.village.search.text() == text


def test_a_visit_is_closed_and_counted(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "4")
    window.record_actions.close_visit()
    qtbot.waitUntil(
        lambda: [s.title for s in window.village.model.rows if s.status == "done"] == ["韦岜明"],
        timeout=10_000,
    )
    assert "已访 1 / 3" in window.village.progress.text()


def test_a_new_household_is_begun(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 4, timeout=10_000)
    assert window.session.editor.document["survey"]["surveyor"] == "测试员"


def test_a_roster_is_chosen_in_the_file_dialog(window: MainWindow, qtbot: QtBot) -> None:
    (rail,) = [b for b in window.findChildren(QToolButton) if b.text() == "名册"]
    choose_file(str(resource("demo") / "roster.xlsx"))
    QTest.mouseClick(rail, Qt.MouseButton.LeftButton)
    dialog_in_front(RosterDialog, qtbot)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 123, timeout=20_000)


def test_a_roster_is_previewed_before_anything_is_stored(window: MainWindow, qtbot: QtBot) -> None:
    show_roster(window.context, resource("demo") / "roster.xlsx")
    dialog = dialog_in_front(RosterDialog, qtbot)
    titles = [dialog.tabs.tabText(tab) for tab in range(dialog.tabs.count())]
    assert titles == ["要导入的户 120", "存疑 85 处（原文都保留，未猜填）", "也在别的户 1 人"]
    assert cells(dialog, 0)[0] == ("新增", "45109907000001", "岑崬", "3", "示范一村 1组")
    assert cells(dialog, 2) == [("岑崬（45109907000001）也登记在：韦岜明 45109900000009",)]
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.status.text() == "没有导入名册", timeout=10_000)
    assert len(window.session.store.records.summaries()) == 3
    show_roster(window.context, resource("demo") / "roster.xlsx")
    dialog_in_front(RosterDialog, qtbot)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 123, timeout=20_000)
    show_roster(window.context, resource("demo") / "roster.xlsx")
    dialog = dialog_in_front(RosterDialog, qtbot)
    assert dialog.tabs.tabText(0).startswith("存疑 85 处")
    assert not dialog.accept_button.isEnabled()


def cells(dialog: RosterDialog, tab: int) -> list[tuple[str, ...]]:
    table = dialog.tabs.widget(tab)
    assert isinstance(table, SearchableTable)
    return [line.cells for line in table.model.lines]


def test_roster_differences_are_listed_by_fact(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (
        ("户编号", "人编号", "姓名", "与户主关系", "识别分数", "民族"),
        ("45109900000009", "m1", "韦岜明", "户主", 55, "壮族"),
    ):
        sheet.append(row)
    book.save(tmp_path / "other.xlsx")
    show_roster(window.context, tmp_path / "other.xlsx")
    dialog = dialog_in_front(RosterDialog, qtbot)
    assert cells(dialog, 0) == [("补充", "45109900000009", "韦岜明", "2", "示范一村 1组")]
    tab = dialog.tabs.count() - 1
    assert dialog.tabs.tabText(tab) == "与已登记的不同 1 处"
    assert cells(dialog, tab) == [
        ("45109900000009 精准识别分数：已登记的与名册不同，保留已登记的",)
    ]


def test_a_long_list_loads_while_scrolling(window: MainWindow, qtbot: QtBot) -> None:
    others = [
        {
            "record_id": str(UUID(int=number)),
            "kind": "household",
            "place": {"village_name": "远村"},
            "registration": {"household_no": f"9{number:05d}"},
        }
        for number in range(1, 1001)
    ]
    window.session.store.records.import_documents(others)
    window.village.reload()
    table, model = window.village.table, window.village.model
    qtbot.waitUntil(lambda: "1003" in window.village.progress.text(), timeout=10_000)
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


def test_listed_households_and_the_open_record_are_exported(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_household(window, qtbot)
    own = tmp_path / "own.json"
    write_open_record(window.context, own, ".json")
    qtbot.waitUntil(lambda: "未加密" in window.status.text(), timeout=10_000)
    record = json.loads(own.read_text(encoding="utf-8"))
    assert record["record_id"] == str(window.session.editor.record_id)
    window.village.search.setText("陆大光")
    write_listed(window.context, tmp_path / "found", ".csv")
    qtbot.waitUntil(lambda: "1户1人" in window.status.text(), timeout=10_000)
    table = (tmp_path / "found.csv").read_text(encoding="utf-8-sig")
    assert "陆大光" in table
    assert "黄小妹" not in table


def test_a_new_household_is_listed_without_a_name(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 4, timeout=10_000)
    model = window.village.model
    names = [model.index(row, 1).data() for row in range(4)]
    assert names.count("未填姓名") == 1
    groups = []
    for typed in ("3", "5组", "那坡屯"):
        type_into(window, "place.group", typed)
        settle(window, qtbot)
        groups += [
            model.index(row, 2).data()
            for row in range(4)
            if model.index(row, 1).data() == "未填姓名"
        ]
    assert groups == ["3组", "5组", "那坡屯"]


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "是空的"), (b"not a workbook", "另存为 .xlsx")]
)
def test_a_file_that_is_not_a_roster_is_rejected(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "一村.xlsx"
    path.write_bytes(content)
    show_roster(window.context, path)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=10_000)
    (box,) = window.findChildren(QMessageBox)
    assert "一村.xlsx" in box.text()
    assert said in box.text()
    assert "正在读取" not in window.status.text()


def test_training_classes_are_listed_and_resumed(
    window: MainWindow, folder: Path, start: Callable[[Path], SurveyorApp], qtbot: QtBot
) -> None:
    village = window.village
    village.kinds.setCurrentIndex(village.kinds.findData("training_class"))
    qtbot.waitUntil(village.empty_hint.isVisible, timeout=10_000)
    assert "培训班" in village.empty_hint.text()
    assert "户" not in village.empty_hint.text() + village.progress.text()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(village.model.rows) == 1, timeout=10_000)
    heading = village.model.headerData(1, Qt.Orientation.Horizontal)
    assert (heading, village.model.index(0, 1).data()) == ("名称", "未填名称")
    type_into(window, "name", "芒果种植班")
    settle(window, qtbot)
    window.session.close()
    window.close()
    program = start(folder)
    screen = screen_of(program)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    again = window_of(program).village
    qtbot.waitUntil(
        lambda: [row.title for row in again.model.rows] == ["芒果种植班"], timeout=10_000
    )


def test_closing_an_unchanged_visit_adds_no_revision(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "4")
    window.record_actions.close_visit()
    settle(window, qtbot)
    made = window.session.store.outbox.pending_count()
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert window.session.store.outbox.pending_count() == made
    assert "没有改动" in window.status.text()
    type_into(window, "population", "5")
    window.record_actions.close_visit()
    settle(window, qtbot)
    assert window.session.store.outbox.pending_count() == made + 1
