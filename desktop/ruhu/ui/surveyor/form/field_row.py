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
    LETTERS_AT_LARGE,
    MAX_BUTTON_CHARS,
    MAX_BUTTONS,
    ComboEditor,
    Editor,
    NotesEditor,
    SegmentEditor,
    TextEditor,
)
from ruhu.ui.surveyor.form.form_model import LONG_TEXTS

SKIPPED_FIELDS = (*LONG_TEXTS, "place.county", "place.township", "place.village")
"""Notes wait for no answer, and a place's codes come with its choice."""
MAX_SUGGESTIONS = 2
"""So many likely values are offered beside an empty field."""


class FieldRow(QWidget):
    """A fact of the form at an addressed path; a `whole` text is told only once it is left."""

    value_changed = Signal(str, object)
    editing_finished = Signal(str)
    advance_requested = Signal(str)

    def __init__(self, fact: Fact, path: str, *, whole: bool = False) -> None:
        super().__init__()
        self.path, self.fact = path, fact
        self._empty = True
        self._name = name = interface.translate(fact.label)
        large = is_large(self.font())
        room = LETTERS_AT_LARGE if large else MAX_BUTTON_CHARS
        self.editor = _make_editor(fact, name, whole=whole, room=room)
        self.label = QLabel(name)
        self.label.setWordWrap(True)
        self.label.setBuddy(self.editor)
        # At large text labels stand above their fields.
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
        beside = QHBoxLayout()
        beside.addWidget(self.editor, 1)
        self._offers = [self._offer_button() for _ in range(MAX_SUGGESTIONS)]
        self._keys: list[QShortcut] = []
        for button in self._offers:
            beside.addWidget(button)
        line.addLayout(beside, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.problem)
        self.editor.value_changed.connect(self._tell)
        self.editor.advance_requested.connect(lambda: self.advance_requested.emit(self.path))
        self.editor.editing_finished.connect(lambda: self.editing_finished.emit(self.path))

    def _offer_button(self) -> QPushButton:
        button = QPushButton()
        button.setObjectName("offer")
        button.clicked.connect(lambda: self._take(button.property("value")))
        button.hide()
        return button

    def _offer_key(self, place: int) -> QShortcut:
        """A key that takes over what is offered, and goes on."""

        def take() -> None:
            if not self._offers[place].isHidden():
                self._offers[place].click()
                self.advance_requested.emit(self.path)

        key = QShortcut(QKeySequence(f"Alt+{place + 1}"), self, take)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._offers[place].setToolTip(f"Alt+{place + 1}")
        return key

    def _tell(self, value: Any) -> None:
        self._empty = value is None
        self.value_changed.emit(self.path, value)

    def is_open(self) -> bool:
        """Whether the field is shown and waits for an answer."""
        return self._empty and not self.isHidden() and self.fact.path not in SKIPPED_FIELDS

    def _take(self, value: Any) -> None:
        self.editor.setFocus()
        self._tell(value)
        self.editor.show_fact(value)
        self.editing_finished.emit(self.path)

    def show_fact(self, value: Any) -> None:
        """Show the fact's value."""
        self._empty = value is None
        self.editor.show_fact(value)

    def mark_awaited(self, awaited: bool) -> None:
        """Mark the label of a fact that some answer waits for."""
        text = f"{self._name} ●" if awaited else self._name
        if text != self.label.text():
            self.label.setText(text)
            self.label.setToolTip(self.tr("还有结论在等这一项") if awaited else "")

    def offer(self, values: list[Any]) -> None:
        """Offer likely values beside a field that is empty."""
        shown = values[:MAX_SUGGESTIONS] if self._empty else []
        if shown and not self._keys:
            self._keys = [self._offer_key(place) for place in range(MAX_SUGGESTIONS)]
        for place, button in enumerate(self._offers):
            button.setVisible(place < len(shown))
            if place < len(shown):
                value = shown[place]
                words = {c.value: interface.translate(c.label) for c in self.fact.choices}
                label = words.get(value, str(value))
                button.setProperty("value", value)
                button.setText(label)
                button.setAccessibleName(self.tr("{0}，填入：{1}").format(self._name, label))

    def show_problem(self, sentence: str) -> None:
        """Say what to type, or nothing."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))


def _make_editor(fact: Fact, name: str, *, whole: bool, room: int) -> Editor:
    unknown = (NOT_KNOWN, show_value(NOT_KNOWN))
    if fact.kind is FactKind.YES_NO:
        yes, no = BilingualText("是", "Yes"), BilingualText("否", "No")
        return SegmentEditor(
            [(True, interface.translate(yes)), (False, interface.translate(no)), unknown], name
        )
    if fact.kind is FactKind.CHOICE:
        words: list[tuple[Any, str]] = [
            (c.value, interface.translate(c.label)) for c in fact.choices
        ]
        if fact.required:
            return ComboEditor(words, name)
        words.append(unknown)
        short = sum(len(label) for _, label in words) <= room
        if len(fact.choices) <= MAX_BUTTONS and short:
            return SegmentEditor(words, name)
        return ComboEditor([(None, ""), *words], name)
    return (
        NotesEditor(fact, name) if fact.path in LONG_TEXTS else TextEditor(fact, name, whole=whole)
    )
