"""Editors of facts: text, notes, buttons and lists."""

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ruhu.policy.language.numbers import UNITS
from ruhu.survey.facts.catalogue import Fact
from ruhu.survey.validation.id_number import mask
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import NOT_KNOWN, show_value
from ruhu.ui.core.undo_keys import ignore_undo_shortcut
from ruhu.ui.surveyor.form.form_model import read_typed

MAX_BUTTONS = 4
"""More choices are shown as a list instead of buttons."""
MAX_BUTTON_CHARS, MAX_BUTTON_CHARS_AT_LARGE_TEXT = 18, 14
"""Characters on a row of buttons that have room next to each other."""
NOTE_LINES = 3
PLAIN = Qt.KeyboardModifier.NoModifier


class Editor(QWidget):
    """Base of the editors.

    `value_changed` has the value at every change, `editing_finished` follows when the cursor
    leaves, `advance_requested` asks to go to the next field.
    """

    value_changed = Signal(object)
    editing_finished = Signal()
    advance_requested = Signal()

    def show_fact(self, value: Any) -> None:
        """Show a value without emitting a change."""
        raise NotImplementedError


class TextEditor(Editor):
    """A line for text, numbers and dates. Id numbers are masked unless the line has the cursor.

    With `on_leave`, the value changes only when the cursor leaves or on Enter.
    """

    def __init__(self, fact: Fact, name: str, *, on_leave: bool = False) -> None:
        super().__init__()
        self._fact, self._on_leave = fact, on_leave
        self._secret = fact.path.endswith("id_number")
        self._text = ""
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._edited)
        self.line.returnPressed.connect(self._entered)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        if fact.unit in UNITS:
            unit = QLabel(interface.translate(UNITS[fact.unit]).strip(), self.line)
            unit.setObjectName("dim")
            inner = QHBoxLayout(self.line)
            inner.setContentsMargins(0, 0, 8, 0)
            inner.addStretch(1)
            inner.addWidget(unit)
            self.line.setTextMargins(0, 0, unit.sizeHint().width() + 8, 0)
        self.setFocusProxy(self.line)

    def _edited(self, text: str) -> None:
        self._text = text
        if not self._on_leave:
            self.value_changed.emit(read_typed(self._fact, text))

    def _entered(self) -> None:
        if self._on_leave:
            self.value_changed.emit(read_typed(self._fact, self._text))
        self.advance_requested.emit()

    def show_fact(self, value: Any) -> None:
        text = show_value(value)
        if self.line.hasFocus() and read_typed(self._fact, self._text) == value:
            return
        self._text = text
        self._render()

    def _render(self) -> None:
        hidden = self._secret and not self.line.hasFocus()
        shown = mask(self._text) if hidden and self._text else self._text
        if self.line.text() != shown:
            self.line.setText(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if ignore_undo_shortcut(event):
            return True
        if event.type() == QEvent.Type.FocusIn:
            self._render()
            if isinstance(event, QFocusEvent) and event.reason() in (
                Qt.FocusReason.TabFocusReason,
                Qt.FocusReason.BacktabFocusReason,
            ):
                self.line.selectAll()
        elif event.type() == QEvent.Type.FocusOut:
            if self._on_leave:
                self.value_changed.emit(read_typed(self._fact, self._text))
            if read_typed(self._fact, self._text) is NOT_KNOWN:
                self._text = show_value(NOT_KNOWN)
            self._render()
            self.editing_finished.emit()
        return super().eventFilter(watched, event)


class NotesEditor(Editor):
    """Text of several lines; Tab goes to the next field."""

    def __init__(self, fact: Fact, name: str) -> None:
        super().__init__()
        self._fact = fact
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(name)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.fontMetrics().lineSpacing() * NOTE_LINES + 16)
        self.text.textChanged.connect(
            lambda: self.value_changed.emit(read_typed(self._fact, self.text.toPlainText()))
        )
        self.text.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        self.setFocusProxy(self.text)

    def show_fact(self, value: Any) -> None:
        if read_typed(self._fact, self.text.toPlainText()) == value:
            return
        self.text.blockSignals(True)
        self.text.setPlainText(show_value(value))
        self.text.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if ignore_undo_shortcut(event):
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.editing_finished.emit()
        return super().eventFilter(watched, event)


def choice_for_digit(event: QKeyEvent, count: int) -> int | None:
    """Return the index of the choice for a digit key, or None: 1 is the first, 0 the last."""
    digit = event.key() - Qt.Key.Key_0
    if event.modifiers() not in (PLAIN, Qt.KeyboardModifier.KeypadModifier):
        return None
    if digit == 0:
        return count - 1
    return digit - 1 if 0 < digit <= min(count, 9) else None


class SegmentEditor(Editor):
    """A few choices as buttons. Digits choose and go to the next field; 0 is "not known".

    No button is pressed before an answer; Backspace or a click on the pressed button returns there.
    """

    def __init__(self, choices: list[tuple[Any, str]], name: str) -> None:
        super().__init__()
        self._values = [value for value, _ in choices]
        self._chosen = -1
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for index, (value, label) in enumerate(choices):
            button = QPushButton(label)
            if value is NOT_KNOWN:
                button.setObjectName("unknown")
            button.setCheckable(True)
            button.setAccessibleName(f"{name} {label}")
            button.setToolTip(f"{index + 1}")
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.installEventFilter(self)
            self._group.addButton(button, index)
            layout.addWidget(button)
        layout.addStretch(1)
        self._group.idClicked.connect(lambda i: self._choose(-1 if i == self._chosen else i))
        self.setFocusProxy(self._group.button(0))

    def _press(self, chosen: int) -> None:
        self._chosen = chosen
        for index in range(len(self._values)):
            self._group.button(index).setChecked(index == chosen)
        self.setFocusProxy(self._group.button(max(chosen, 0)))

    def _choose(self, index: int) -> None:
        self._press(index)
        self.value_changed.emit(self._values[index] if index >= 0 else None)
        self.editing_finished.emit()

    def show_fact(self, value: Any) -> None:
        self._press(self._values.index(value) if value in self._values else -1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            digit = choice_for_digit(event, len(self._values))
            if digit is not None:
                self._group.button(digit).setFocus()
                self._choose(digit)
                self.advance_requested.emit()
                return True
            if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
                self._choose(-1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.advance_requested.emit()
                return True
        return super().eventFilter(watched, event)


class NumberedDelegate(QStyledItemDelegate):
    """Shows the digit of each choice in a list."""

    def __init__(self, box: QComboBox, values: list[Any]) -> None:
        super().__init__(box)
        self._values = values

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        value = self._values[index.row()]
        number = index.row() + (self._values[0] is not None)
        if value is not None and number < 10:
            option.text = f"{0 if value is NOT_KNOWN else number}　{option.text}"


class ChoiceBox(QComboBox):
    """A list that paints its focus frame: a style sheet would break the frame of its arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 3, 3)
            painter.end()


class ComboEditor(Editor):
    """Many choices as a list. Digits choose and go to the next field; 0 is "not known"."""

    def __init__(self, choices: list[tuple[Any, str]], name: str) -> None:
        super().__init__()
        self._values = [value for value, _ in choices]
        self.box = ChoiceBox()
        self.box.setAccessibleName(name)
        self.box.addItems([label for _, label in choices])
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(10)
        self.box.activated.connect(self._choose)
        self.box.setItemDelegate(NumberedDelegate(self.box, self._values))
        self.box.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 1)
        self.setFocusProxy(self.box)

    def _choose(self, index: int) -> None:
        self.value_changed.emit(self._values[index])
        self.editing_finished.emit()

    def show_fact(self, value: Any) -> None:
        self.box.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            empty = int(self._values[0] is None)
            digit = choice_for_digit(event, len(self._values) - empty)
            if digit is not None:
                self.box.setCurrentIndex(digit + empty)
                self._choose(digit + empty)
                self.advance_requested.emit()
                return True
            if empty and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
                self.box.setCurrentIndex(0)
                self._choose(0)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.advance_requested.emit()
                return True
        return super().eventFilter(watched, event)
