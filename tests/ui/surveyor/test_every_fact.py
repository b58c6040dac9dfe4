"""Every fact of the contract has its field, in which it is typed and from which it is kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.user import settle

from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue
from ruhu.survey.facts.paths import get_value
from ruhu.survey.facts.unknown import is_marked_unknown
from ruhu.ui.surveyor.form.editors import ComboEditor, SegmentEditor
from ruhu.ui.surveyor.form.form_model import HIDDEN
from ruhu.ui.surveyor.form.item_table import ItemTable
from ruhu.ui.surveyor.window import MainWindow

TYPED = {
    FactKind.TEXT: ("x", "x"),
    FactKind.DATE: ("20170601", "2017-06-01"),
    FactKind.WHOLE: ("3", 3),
    FactKind.DECIMAL: ("12.5", "12.5"),
}


KEYS = ("partners[].household_no", "housing.stages[].stage")
"""What is typed and tells the items of a list apart."""


def add_to_every_list(window: MainWindow, lists: dict[str, ItemTable]) -> None:
    """Add an item wherever the form has a list, also inside an item."""
    for part in lists.values():
        part.add()
        add_to_every_list(window, part.inner)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def leave() -> None:
    """Go on to the next field."""
    QTest.keyClick(focused(), Qt.Key.Key_Tab)


def give(window: MainWindow, fact: Fact, path: str) -> object:
    """Answer at a field by keyboard; what the record should then hold."""
    window.form.focus_path(path)
    row = window.form.rows()[path]
    assert row.isVisible(), path
    assert row.isAncestorOf(focused()), path
    if isinstance(row.editor, SegmentEditor):
        QTest.keyClick(focused(), Qt.Key.Key_1)
        return fact.choices[0] if fact.choices else True
    if isinstance(row.editor, ComboEditor):
        QTest.keyClick(focused(), Qt.Key.Key_End)
        if fact.required:
            return fact.choices[-1]
        QTest.keyClick(focused(), Qt.Key.Key_Home)
        QTest.keyClick(focused(), Qt.Key.Key_Down)
        return fact.choices[0]
    typed, value = TYPED[fact.kind]
    QTest.keyClick(focused(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(focused(), typed)
    return value


def test_partners_are_identified_by_household_number(window: MainWindow, qtbot: QtBot) -> None:
    window.village.new_asked.emit("enterprise")
    qtbot.waitUntil(
        lambda: window.session.editor.document.get("kind") == "enterprise", timeout=10_000
    )
    part = window.form.fields.lists["partners"]
    window.form.focus_path("partners")

    def name(number: str) -> None:
        part.add()
        QTest.keyClicks(focused(), number)
        leave()

    def numbers() -> list[str]:
        return [str(item["household_no"]) for item in window.session.editor.document["partners"]]

    name("4510990001")
    name("4510990001")
    assert numbers() == ["4510990001", "p1"]
    row = window.form.rows()["partners[p1].household_no"]
    assert "分不清" in row.problem.text()
    QTest.keyClick(focused(), Qt.Key.Key_3)  # registered: not known
    assert is_marked_unknown(window.session.editor.document, "partners[p1].registered_poor")
    row.editor.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(focused(), "4510990002")
    leave()
    assert numbers() == ["4510990001", "4510990002"]
    assert not row.problem.isVisible()
    assert is_marked_unknown(window.session.editor.document, "partners[4510990002].registered_poor")
    window.session.editor.undo()
    assert numbers() == ["4510990001", "p1"]
    window.session.editor.redo()
    settle(window, qtbot)
    record_id = window.session.editor.record_id
    assert record_id is not None
    kept = window.session.store.records.document(record_id)["partners"]
    assert [item["household_no"] for item in kept] == numbers()


@pytest.mark.parametrize("kind", ["household", "enterprise", "training_class", "village"])
def test_every_fact_is_typed_at_its_field(window: MainWindow, qtbot: QtBot, kind: str) -> None:
    window.village.new_asked.emit(kind)
    qtbot.waitUntil(lambda: window.session.editor.document.get("kind") == kind, timeout=10_000)
    add_to_every_list(window, window.form.fields.lists)
    facts = {
        path: fact
        for path, fact in catalogue(kind).items()
        if fact.kind is not FactKind.LIST and path not in HIDDEN
    }
    fields = {row.fact.path: path for path, row in window.form.rows().items()}
    assert {path for path in set(facts) - set(fields) if not path.endswith("_id")} == set()
    for name, path in sorted(fields.items(), key=lambda entry: entry[0] in KEYS):
        value = give(window, facts[name], path)
        leave()
        items, _, last = path.rpartition("[")
        given = f"{items}[{value}].{last.split('.')[1]}" if name in KEYS else path
        assert get_value(window.session.editor.document, given, kind) == value
    settle(window, qtbot)
    record_id = window.session.editor.record_id
    assert record_id is not None
    assert window.session.store.records.document(record_id) == window.session.editor.document
