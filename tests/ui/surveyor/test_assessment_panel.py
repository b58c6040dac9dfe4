"""The live panel and its questions, the policy behind them, and trying other facts."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QMessageBox,
    QTableWidget,
    QTreeWidgetItem,
)
from pytestqt.qtbot import QtBot
from tests.ui.user import choose, field, findings, open_household, settle, stored, type_into

from ruhu.ui.core.record_labels import NOT_KNOWN
from ruhu.ui.surveyor.form.editors import TextEditor
from ruhu.ui.surveyor.policy.comparison_dialog import AdviceDialog
from ruhu.ui.surveyor.policy.indicators_dialog import IndicatorsDialog
from ruhu.ui.surveyor.policy.policy_dialog import PolicyDialog
from ruhu.ui.surveyor.window import MainWindow


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


def test_an_updated_panel_equals_a_rebuilt_one(window: MainWindow, qtbot: QtBot) -> None:
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
        assessment = window.answers.assessment
        assert assessment is not None
        window.answers.clear()
        window.answers.show_assessment(assessment)
        assert answered(window) == stood
    assert any("§" in str(line) for line in stood)


def test_clicking_a_missing_fact_focuses_its_field(window: MainWindow, qtbot: QtBot) -> None:
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
    window.form.fields.setCurrentIndex(0)
    tree.scrollToItem(item)
    point: QPoint = tree.visualItemRect(item).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=point)
    editor = window.form.rows()["housing.danger_grade"].editor
    focused = window.focusWidget()
    assert focused is not None
    assert editor.isAncestorOf(focused)


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
    qtbot.waitUntil(lambda: window.session.editor.kind == kind and path in window.form.rows())
    choose(window, path, value)
    settle(window, qtbot)
    assert plan in plans_shown(window)


def test_the_next_question_skips_facts_nobody_knows(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    first = window.answers.next_path
    row = field(window, first)
    row.editor.value_changed.emit(NOT_KNOWN)
    qtbot.waitUntil(lambda: window.answers.next_path != first, timeout=10_000)
    questions = window.answers.tree.topLevelItem(0)
    assert questions is not None
    texts = [questions.child(row) for row in range(questions.childCount())]
    assert any("（已问，不清楚）" in child.text(0) for child in texts if child is not None)


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
    window.open_screen("advice")
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


def test_the_indicators_are_compared_with_the_targets(window: MainWindow, qtbot: QtBot) -> None:
    window.open_screen("indicators")
    qtbot.waitUntil(lambda: bool(window.findChildren(IndicatorsDialog)), timeout=10_000)
    model = window.findChildren(IndicatorsDialog)[0].table.model()
    cells = [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert any("自来水" in title for _, title, *_ in cells)
    assert all(re.match(r"计入\d+，达到\d+；没填到、未计入\d+", row[-1]) for row in cells)


def test_a_survey_before_the_first_text_shows_a_reason(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    row = field(window, "survey.date")
    assert isinstance(row.editor, TextEditor)
    row.editor.line.selectAll()
    QTest.keyClicks(row.editor.line, "2015-12-31")
    settle(window, qtbot)
    assert row.editor.line.text() == "2015-12-31"
    assert not any(w.isVisible() for w in window.findChildren(QMessageBox))
    assert "2016-01-01" in window.answers.summary()
    assert findings(window) == []
    row.editor.line.selectAll()
    QTest.keyClicks(row.editor.line, "2016-06-01")
    settle(window, qtbot)
    assert "2016" in window.answers.policy.text()
    assert findings(window)


def test_an_unvisited_household_can_be_compared(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "place.county", "451025")  # the only one visited of its county
    open_household(window, qtbot, "陆大光")
    type_into(window, "survey.date", "")
    settle(window, qtbot)
    window.open_screen("advice")
    qtbot.waitUntil(lambda: bool(window.findChildren(AdviceDialog)), timeout=10_000)
    window.open_screen("indicators")
    qtbot.waitUntil(lambda: bool(window.findChildren(IndicatorsDialog)), timeout=10_000)
    assert not any(w.isVisible() for w in window.findChildren(QMessageBox))


def test_a_finding_on_a_hospital_stay_names_the_person(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    window.session.editor.set_items("members[m1].stays", [{"stay_id": "s1", "place": "in_area"}])
    settle(window, qtbot)
    assert not any("s1" in line for line in findings(window))
    assert any("基本医保报销" in line and "（韦岜明）" in line for line in findings(window))
    window.open_screen("advice")
    qtbot.waitUntil(lambda: bool(window.findChildren(AdviceDialog)), timeout=10_000)
    tables = window.findChildren(AdviceDialog)[0].findChildren(QTableWidget)
    table = next(each for each in tables if "2016" in each.accessibleName())
    items = [table.item(row, 0) for row in range(table.rowCount())]
    titles = [item.text() for item in items if item is not None]
    assert any("（韦岜明）" in title for title in titles)
    assert not any("（m1）" in title or "（s1）" in title for title in titles)
