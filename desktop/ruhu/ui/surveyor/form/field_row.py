"""A fact of the form: its label, editor and problem."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.i18n import BilingualText
from ruhu.survey.facts.catalogue import Fact, FactKind
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import NOT_KNOWN, show_value
from ruhu.ui.core.theme import is_large
from ruhu.ui.surveyor.form.editors import (
    MAX_BUTTON_CHARS,
    MAX_BUTTON_CHARS_AT_LARGE_TEXT,
    MAX_BUTTONS,
    ComboEditor,
    Editor,
    NotesEditor,
    SegmentEditor,
    TextEditor,
)
from ruhu.ui.surveyor.form.form_model import LONG_TEXTS

SKIPPED_FIELDS = (*LONG_TEXTS, "place.county", "place.township", "place.village")
"""Fields that Enter skips: notes are optional, and codes come with a chosen division."""
MAX_SUGGESTIONS = 2
"""Likely values offered next to an empty field."""


class FieldRow(QWidget):
    """The field of a fact at an addressed path; with `on_leave`, it changes when the cursor leaves."""

    value_changed = Signal(str, object)
    editing_finished = Signal(str)
    advance_requested = Signal(str)

    def __init__(self, fact: Fact, path: str, *, on_leave: bool = False) -> None:
        super().__init__()
        self.path, self.fact = path, fact
        self._empty = True
        self._name = name = interface.translate(fact.label)
        large = is_large(self.font())
        max_chars = MAX_BUTTON_CHARS_AT_LARGE_TEXT if large else MAX_BUTTON_CHARS
        self.editor = _make_editor(fact, name, on_leave=on_leave, max_chars=max_chars)
        self.label = QLabel(name)
        self.label.setWordWrap(True)
        self.label.setBuddy(self.editor)
        # At large text labels are above their fields.
        if not large:
            self.label.setFixedWidth(self.fontMetrics().horizontalAdvance("汉") * 10)
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self.problem.hide()
        line = QBoxLayout(
            QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        )
        line.addWidget(self.label)
        input_row = QHBoxLayout()
        input_row.addWidget(self.editor, 1)
        self._suggestion_buttons = [self._make_suggestion_button() for _ in range(MAX_SUGGESTIONS)]
        self._keys: list[QShortcut] = []
        for button in self._suggestion_buttons:
            input_row.addWidget(button)
        line.addLayout(input_row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.problem)
        self.editor.value_changed.connect(self._emit_value)
        self.editor.advance_requested.connect(lambda: self.advance_requested.emit(self.path))
        self.editor.editing_finished.connect(lambda: self.editing_finished.emit(self.path))

    def _make_suggestion_button(self) -> QPushButton:
        button = QPushButton()
        button.setObjectName("offer")
        button.clicked.connect(lambda: self._take(button.property("value")))
        button.hide()
        return button

    def _make_suggestion_key(self, index: int) -> QShortcut:
        """Return a key that takes a suggestion and goes to the next field."""

        def take() -> None:
            if not self._suggestion_buttons[index].isHidden():
                self._suggestion_buttons[index].click()
                self.advance_requested.emit(self.path)

        key = QShortcut(QKeySequence(f"Alt+{index + 1}"), self, take)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._suggestion_buttons[index].setToolTip(f"Alt+{index + 1}")
        return key

    def _emit_value(self, value: Any) -> None:
        self._empty = value is None
        self.value_changed.emit(self.path, value)

    def is_open(self) -> bool:
        """Return whether the field is shown and unanswered."""
        return self._empty and not self.isHidden() and self.fact.path not in SKIPPED_FIELDS

    def _take(self, value: Any) -> None:
        self.editor.setFocus()
        self._emit_value(value)
        self.editor.show_fact(value)
        self.editing_finished.emit(self.path)

    def show_fact(self, value: Any) -> None:
        """Show the fact's value."""
        self._empty = value is None
        self.editor.show_fact(value)

    def mark_awaited(self, awaited: bool) -> None:
        """Mark the label of a fact that a finding waits for."""
        text = f"{self._name} ●" if awaited else self._name
        if text != self.label.text():
            self.label.setText(text)
            self.label.setToolTip(self.tr("还有结论在等这一项") if awaited else "")

    def suggest(self, values: list[Any]) -> None:
        """Offer likely values input_row a field that is empty."""
        shown = values[:MAX_SUGGESTIONS] if self._empty else []
        if shown and not self._keys:
            self._keys = [self._make_suggestion_key(index) for index in range(MAX_SUGGESTIONS)]
        for index, button in enumerate(self._suggestion_buttons):
            button.setVisible(index < len(shown))
            if index < len(shown):
                value = shown[index]
                labels = {c.value: interface.translate(c.label) for c in self.fact.choices}
                label = labels.get(value, str(value))
                button.setProperty("value", value)
                button.setText(label)
                button.setAccessibleName(self.tr("{0}，填入：{1}").format(self._name, label))

    def show_problem(self, sentence: str) -> None:
        """Show a sentence below the field, or hide it."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))


def _make_editor(fact: Fact, name: str, *, on_leave: bool, max_chars: int) -> Editor:
    unknown = (NOT_KNOWN, show_value(NOT_KNOWN))
    if fact.kind is FactKind.YES_NO:
        yes, no = BilingualText("是", "Yes"), BilingualText("否", "No")
        return SegmentEditor(
            [(True, interface.translate(yes)), (False, interface.translate(no)), unknown], name
        )
    if fact.kind is FactKind.CHOICE:
        choices: list[tuple[Any, str]] = [
            (c.value, interface.translate(c.label)) for c in fact.choices
        ]
        if fact.required:
            return ComboEditor(choices, name)
        choices.append(unknown)
        short = sum(len(label) for _, label in choices) <= max_chars
        if len(fact.choices) <= MAX_BUTTONS and short:
            return SegmentEditor(choices, name)
        return ComboEditor([(None, ""), *choices], name)
    return (
        NotesEditor(fact, name)
        if fact.path in LONG_TEXTS
        else TextEditor(fact, name, on_leave=on_leave)
    )
