import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QTableWidget,
    QTreeWidgetItem,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PASSPHRASE, window_of

from ruhu.app import Program
from ruhu.assets import resource
from ruhu.bundle.keys import CountySecrets
from ruhu.bundle.signed_standards import sign_standards
from ruhu.store.store import Store
from ruhu.ui.advice_dialog import AdviceDialog
from ruhu.ui.dialogs import RosterDialog, SettingsDialog
from ruhu.ui.fields import FieldRow, NotesEditor, SegmentEditor, TextEditor
from ruhu.ui.form_model import NOT_KNOWN
from ruhu.ui.help_dialog import HelpDialog
from ruhu.ui.indicators_dialog import IndicatorsDialog
from ruhu.ui.language import interface
from ruhu.ui.main_window import MainWindow
from ruhu.ui.policy_dialog import PolicyDialog
from ruhu.ui.theme import DARK, LIGHT, contrast

RECORD = UUID("fb5db162-d1ed-5596-adab-abdae880b3b4")


def open_household(window: MainWindow, qtbot: QtBot, name: str = "韦岜明") -> None:
    row = next(i for i, s in enumerate(window.village.model.rows) if s.title == name)
    rect = window.village.table.visualRect(window.village.model.index(row, 1))
    viewport = window.village.table.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.waitUntil(lambda: window.form._title.text().startswith(name), timeout=10_000)


def shown(window: MainWindow, path: str) -> str:
    editor = window.form.rows()[path].editor
    assert isinstance(editor, TextEditor)
    return editor.line.text()


def field(window: MainWindow, path: str) -> FieldRow:
    window.form.focus_path(path)
    return window.form.rows()[path]


def type_into(window: MainWindow, path: str, text: str) -> None:
    editor = field(window, path).editor
    assert isinstance(editor, TextEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    if text.isascii():
        QTest.keyClicks(editor.line, text)
    else:  # no keyboard of ours has Chinese keys
        QApplication.clipboard().setText(text)
        editor.line.paste()
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)


def choose(window: MainWindow, path: str, digit: str) -> None:
    editor = field(window, path).editor
    assert isinstance(editor, SegmentEditor)
    proxy = editor.focusProxy()
    assert proxy is not None
    QTest.keyClick(proxy, Qt.Key(Qt.Key.Key_0.value + int(digit)))


def settle(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not (session._worker.busy or session._assessor.busy), timeout=10_000)


def findings(window: MainWindow) -> list[str]:
    tree = window.answers.tree
    texts = []
    for index in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(index)
        assert group is not None
        children = [group.child(row) for row in range(group.childCount())]
        texts += [child.text(0) for child in children if child is not None]
    return texts


def stored(window: MainWindow) -> dict[str, Any]:
    return window.session._store.document(RECORD)


def test_typing_changes_the_answers_and_the_store(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    qtbot.waitUntil(lambda: any("60 / 60㎡" in text for text in findings(window)), timeout=10_000)
    type_into(window, "housing.floor_area_m2", "68.5")
    settle(window, qtbot)
    assert any("✗ 不符合" in t and "60.5 / 60㎡" in t for t in findings(window))
    assert stored(window)["housing"]["floor_area_m2"] == "68.5"


def test_answers_come_while_typing_before_the_field_is_left(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    editor = field(window, "housing.floor_area_m2").editor
    assert isinstance(editor, TextEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "99")
    qtbot.waitUntil(lambda: any("91 / 60㎡" in text for text in findings(window)), timeout=10_000)
    assert editor.line.hasFocus()


def answered(window: MainWindow) -> list[tuple[object, ...]]:
    """Every line of the answers, with its colour, whether it is open, and what is below it."""

    def lines(item: QTreeWidgetItem) -> tuple[object, ...]:
        below = [lines(child) for row in range(item.childCount()) if (child := item.child(row))]
        colour = item.foreground(0).color().name()
        return (item.text(0), item.toolTip(0), colour, item.isExpanded(), below)

    tree = window.answers.tree
    tops = [tree.topLevelItem(index) for index in range(tree.topLevelItemCount())]
    return [lines(top) for top in tops if top is not None]


def test_what_changes_while_typing_is_what_a_panel_built_anew_shows(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    tree = window.answers.tree
    for item in tree.findItems(
        "60 / 60㎡", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive
    ):
        item.setExpanded(True)
    for area in ("68.5", "61", "", "60"):
        type_into(window, "housing.floor_area_m2", area)
        settle(window, qtbot)
        stood = answered(window)
        assessment = window.answers._latest
        assert assessment is not None
        window.answers.clear()
        window.answers.show_assessment(assessment)
        assert answered(window) == stood
    assert any("§" in str(line) for line in stood)


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
    window.form.close_asked.disconnect()
    with pytest.raises(Exception, match=r"housing\.floor_area_m2"):
        window.session.close_visit(lambda: None)
    type_into(window, "housing.floor_area_m2", "68")
    assert not row.problem.isVisibleTo(window)


def test_an_id_number_fills_sex_and_birth_date_and_is_masked(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot, "陆大光")
    type_into(window, "members[m1].id_number", "451099198606190789")
    settle(window, qtbot)
    member = window.session.document["members"][0]
    assert (member["birth_date"], member["sex"]) == ("1986-06-19", "female")
    editor = window.form.rows()["members[m1].id_number"].editor
    assert isinstance(editor, TextEditor)
    assert editor.line.text() == "*" * 16 + "89"


def test_a_wrong_id_number_is_said_at_once(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot, "陆大光")
    type_into(window, "members[m1].id_number", "451099198606190780")
    assert "校验码" in window.form.rows()["members[m1].id_number"].problem.text()


@pytest.mark.parametrize("typed", ["2017-06-02", "20170602", "2017年6月2日", "2017/6/2"])
def test_dates_are_read_as_people_write_them(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    open_household(window, qtbot)
    type_into(window, "survey.date", typed)
    assert window.session.document["survey"]["date"] == "2017-06-02"


def test_a_click_on_what_is_missing_goes_to_the_field(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    choose(window, "housing.danger_grade", "5")
    settle(window, qtbot)
    tree = window.answers.tree
    item: QTreeWidgetItem | None = None
    for index in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(index)
        assert group is not None
        for row in range(group.childCount()):
            child = group.child(row)
            if child is not None and child.text(0).startswith("？ 危房等级"):
                group.setExpanded(True)
                item = child
    assert item is not None
    window.form._tabs.setCurrentIndex(0)
    tree.scrollToItem(item)
    point: QPoint = tree.visualItemRect(item).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=point)
    editor = window.form.rows()["housing.danger_grade"].editor
    focused = window.focusWidget()
    assert focused is not None
    assert editor.isAncestorOf(focused)


def test_undo_and_redo_across_the_record(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "population", "5")
    choose(window, "housing.self_funding", "2")
    window.session.undo()
    assert window.session.document["housing"]["self_funding"] is True
    window.session.undo()
    assert window.session.document["population"] == 3
    window.session.redo()
    settle(window, qtbot)
    assert stored(window)["population"] == 5


def test_members_are_added_and_typed(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    part = window.form._lists["members"]
    part.add()
    type_into(window, "members[m3].name", "韦小三")
    settle(window, qtbot)
    assert stored(window)["members"][2] == {"member_id": "m3", "name": "韦小三"}
    cell = part.table.item(2, 0)
    assert cell is not None
    assert cell.text() == "韦小三"


def test_what_was_typed_for_one_household_never_shows_in_another(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "abc")
    window.form._lists["members"].choose("m2")
    type_into(window, "members[m2].phone", "13800000000")
    window.form._lists["members"].choose("m1")
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


def test_the_search_narrows_the_list(window: MainWindow, qtbot: QtBot) -> None:
    for text in ("黄小", "hxm"):
        window.village.search.setText(text)
        qtbot.waitUntil(
            lambda: [s.title for s in window.village.model.rows] == ["黄小妹"], timeout=10_000
        )


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


def test_english_and_large_text_at_once(
    folder: Path, start: Callable[[Path], Program], qtbot: QtBot
) -> None:
    program = start(folder)
    program.preferences.language = "en"
    program.preferences.text_percent = 150
    program._style()
    try:
        program.show_unlock()
        assert program.window is not None
        texts = [w.text() for w in program.window.findChildren(QAbstractButton)]
        assert "Enter" in texts
    finally:
        program.preferences.language = "zh"
        program.preferences.text_percent = 100
        program._style()
    assert interface.language == "zh"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(colours: Any) -> None:
    pairs = [(text, ground) for text in (colours.text, colours.dim, colours.wrong, colours.good,
             colours.open) for ground in (colours.window, colours.base, colours.alternate)]  # fmt: skip
    pairs.append((colours.on_accent, colours.accent))
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_the_handbook_is_searched_and_has_its_pictures(window: MainWindow, qtbot: QtBot) -> None:
    window.show_help()
    dialog = window.findChild(HelpDialog)
    assert isinstance(dialog, HelpDialog)
    QTest.keyClicks(dialog.search, "Ctrl+P")
    assert dialog.sheet.textCursor().selectedText() == "Ctrl+P"
    names = set(re.findall(r"src=\"([^\"]+)\"", dialog.sheet.document().toHtml()))
    dialog.search.setText("没有这样的话题")
    assert dialog._told.text() == "没有找到"
    assert names
    for name in names:
        picture = dialog.sheet.loadResource(QTextDocument.ResourceType.ImageResource.value, name)
        assert isinstance(picture, QImage)
        assert not picture.isNull()


def test_the_handbook_goes_from_page_to_page(window: MainWindow, qtbot: QtBot) -> None:
    window.show_help()
    dialog = window.findChild(HelpDialog)
    assert isinstance(dialog, HelpDialog)
    dialog.search.setText("wal_level")  # stands on the page for a region's administrator only
    assert dialog.sheet.textCursor().selectedText() == "wal_level"
    page = dialog.contents.currentItem()
    assert page is not None
    assert page.text(0) == "自治区（市）汇总各县"
    last = page.child(page.childCount() - 1)
    assert last is not None
    dialog.contents.setCurrentItem(last)
    assert dialog.sheet.verticalScrollBar().value() > 0
    dialog.show_page("administrator")
    dialog.sheet.anchorClicked.emit(QUrl("service.zh.md"))
    assert dialog.sheet.toPlainText().startswith("运行县级服务")


def test_locking_saves_and_closes_the_store(
    folder: Path, start: Callable[[Path], Program], qtbot: QtBot
) -> None:
    from tests.ui.conftest import screen_of

    program = start(folder)
    screen_of(program).passphrase.setText(PASSPHRASE)
    screen_of(program).try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    window = window_of(program)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 3, timeout=10_000)
    open_household(window, qtbot)
    editor = field(window, "population").editor
    assert isinstance(editor, TextEditor)
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "6")
    program.lock()
    assert screen_of(program).isVisible()
    with Store.open(folder, PASSPHRASE) as store:
        assert store.document(RECORD)["population"] == 6


def plans_shown(window: MainWindow) -> str:
    tree = window.answers.tree
    lines = []
    for index in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(index)
        assert group is not None
        lines.append(group.text(0))
        children = (group.child(row) for row in range(group.childCount()))
        lines += [child.text(0) for child in children if child is not None]
    return "\n".join(lines)


def test_every_plan_answers_in_the_notices_order_and_can_be_narrowed(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    everything = plans_shown(window)
    titles = ["水利", "农村危房改造", "特色种养业", "教育帮扶", "劳动力培训就业创业", "卫生帮扶"]
    places = [everything.index(f"\n{title}") for title in titles]
    assert places == sorted(places)
    boarding = "寄宿生生活费补助　1,000元每年"
    assert boarding in everything
    window.answers.filter.setCurrentIndex(1)
    due = plans_shown(window)
    assert boarding in due
    assert "？ 待核实" not in due
    window.answers.filter.setCurrentIndex(2)
    assert boarding not in plans_shown(window)


@pytest.mark.parametrize(
    ("kind", "path", "value", "plan"),
    [
        ("enterprise", "high_tech", "1", "企业参与产业扶贫"),
        ("training_class", "type", "1", "劳动力培训就业创业"),
        ("village", "fibre", "1", "村级指标"),
    ],
)
def test_the_other_kinds_of_record_answer_too(
    window: MainWindow, qtbot: QtBot, kind: str, path: str, value: str, plan: str
) -> None:
    window.village.new_asked.emit(kind)
    qtbot.waitUntil(lambda: window.session.kind == kind and path in window.form.rows())
    choose(window, path, value)
    settle(window, qtbot)
    assert plan in plans_shown(window)


def test_the_policy_is_searched_and_followed_from_clause_to_rule(window: MainWindow) -> None:
    dialog = PolicyDialog(window, "housing/2/3")
    page = dialog.page.toPlainText()
    assert "80㎡" in page
    assert "13㎡" in page
    dialog.show_page(QUrl("rule:housing.area.up_to_three"))
    assert "3人及以下户面积上限" in dialog.page.toPlainText()
    dialog.search.setText("寄宿生")
    assert [group.text(0) for group in groups_of(dialog)] == ["教育帮扶"]


def groups_of(dialog: PolicyDialog) -> list[QTreeWidgetItem]:
    found = (dialog.tree.topLevelItem(row) for row in range(dialog.tree.topLevelItemCount()))
    return [group for group in found if group is not None]


def test_the_record_is_compared_and_tried_out(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    window.show_advice()
    qtbot.waitUntil(lambda: bool(window.findChildren(AdviceDialog)))
    dialog = window.findChildren(AdviceDialog)[0]
    tables = dialog.tabs.findChildren(QTableWidget)
    said = [
        "\n".join(
            item.text()
            for row in range(table.rowCount())
            for column in range(table.columnCount())
            if (item := table.item(row, column))
        )
        for table in tables
    ]
    assert any("39㎡" in text for text in said)
    assert any("寄宿生生活费补助" in text for text in said)
    dialog.close()


def test_county_standards_are_taken_in_signed_by_date(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    secrets, public, _ = CountySecrets.generate("451024", "德保县")
    window.session._store.set_county(public)
    dialog = SettingsDialog(window, window._preferences, window.session, "")
    sample = resource("demo") / "standards.toml"
    dialog.take_standards(sample)
    qtbot.waitUntil(lambda: "示例" in dialog.standards.text(), timeout=10_000)
    housing = {"subsidy": {"special": 7}, "category_from_score": {"extreme": 30, "special": 40}}
    later = {"county": "451024", "valid_from": "2017-05-01", "housing": housing}
    signed = sign_standards(later, secrets.signing_secret)
    file = tmp_path / "signed.json"
    file.write_text(json.dumps(signed), encoding="utf-8")
    dialog.take_standards(file)
    qtbot.waitUntil(lambda: "已由县签名" in dialog.standards.text(), timeout=10_000)
    assert [line.split("　")[1] for line in dialog.standards.text().splitlines()] == [
        "2017-01-01 起", "2017-05-01 起",
    ]  # fmt: skip
    file.write_text(json.dumps({**signed, "standards": {**later, "valid_from": "2017-06-01"}}))
    dialog.take_standards(file)
    qtbot.waitUntil(lambda: "签名不符" in dialog.problem.text(), timeout=10_000)
    open_household(window, qtbot)
    qtbot.waitUntil(lambda: "7元" in window.answers._money.text(), timeout=10_000)


def test_the_households_are_held_against_the_targets(window: MainWindow, qtbot: QtBot) -> None:
    window.show_indicators()
    qtbot.waitUntil(lambda: bool(window.findChildren(IndicatorsDialog)), timeout=10_000)
    model = window.findChildren(IndicatorsDialog)[0].table.model()
    cells = [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert any("自来水" in title for _, title, *_ in cells)
    assert all(re.match(r"计入\d+，达到\d+；因缺少事实未计入\d+", row[-1]) for row in cells)


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


def test_a_person_who_is_in_another_household_is_told_at_the_field(
    window: MainWindow, qtbot: QtBot
) -> None:
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


def choices_of(window: MainWindow, path: str) -> list[str]:
    buttons = field(window, path).editor.findChildren(QAbstractButton)
    return [b.text() for b in buttons if b.isChecked()]


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


def test_the_next_question_passes_over_what_nobody_knows(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    first = window.answers._next_path
    row = field(window, first)
    row.editor.typed.emit(NOT_KNOWN)
    qtbot.waitUntil(lambda: window.answers._next_path != first, timeout=10_000)
    questions = window.answers.tree.topLevelItem(0)
    assert questions is not None
    texts = [questions.child(row) for row in range(questions.childCount())]
    assert any("（已问，不清楚）" in child.text(0) for child in texts if child is not None)


def test_what_does_not_apply_is_hidden_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    months = window.form.rows()["farming.microloan.months"]
    field(window, "farming.microloan.wanted")
    assert months.isVisible()
    choose(window, "farming.microloan.wanted", "2")
    qtbot.waitUntil(lambda: not months.isVisible(), timeout=10_000)
    choose(window, "farming.microloan.wanted", "1")
    qtbot.waitUntil(months.isVisible, timeout=10_000)


def test_a_likely_value_is_taken_over_by_its_button(window: MainWindow, qtbot: QtBot) -> None:
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
    document = window.session.document
    assert document["members"][0]["schooling"]["stage"] == "none"
    assert not offered[0].isVisible()


def test_a_scanner_that_types_a_number_and_enter_fills_the_field_and_goes_on(
    window: MainWindow, qtbot: QtBot
) -> None:
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


def test_enter_in_the_search_opens_what_stands_on_top(window: MainWindow, qtbot: QtBot) -> None:
    window.village.search.setFocus()
    QTest.keyClicks(window.village.search, "hxm")
    QTest.keyClick(window.village.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.form._title.text().startswith("黄小妹"), timeout=10_000)


def test_notes_take_several_lines_and_tab_goes_on(window: MainWindow, qtbot: QtBot) -> None:
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
