"""Fields for the facts of a photo: purpose, time, position and note."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from ruhu.i18n import BilingualText
from ruhu.survey.attachments import KEY, Paper, Purpose, read_degrees, read_taken
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.undo_keys import ignore_undo_shortcut


class _Typed(NamedTuple):
    """A typed fact: its name, its parser, which raises `ValueError`, and a hint for wrong text."""

    name: BilingualText
    read: Callable[[str], Any]
    hint: BilingualText

    def is_wrong(self, text: str) -> bool:
        """Return whether a text is not accepted."""
        try:
            self.read(text)
        except ValueError:
            return True
        return False

    def value(self, text: str) -> Any:
        """Return the value of a text; a wrong text has the value of an empty one."""
        return self.read("" if self.is_wrong(text) else text)


_TYPED = {
    "taken_at": _Typed(
        BilingualText("拍摄时间", "Taken at"),
        read_taken,
        BilingualText(
            "请填拍摄日期，也可带时间，如 2017-06-01 9:30；不知道就空着",
            "Please enter the date, with the time if known, such as 2017-06-01 9:30; leave it empty if unknown",
        ),
    ),
    "latitude": _Typed(
        BilingualText("北纬（度）", "Latitude (°N)"),
        partial(read_degrees, limit=90),
        BilingualText(
            "请填 -90 至 90 的纬度，如 23.3350",
            "Please enter a latitude from -90 to 90, such as 23.3350",
        ),
    ),
    "longitude": _Typed(
        BilingualText("东经（度）", "Longitude (°E)"),
        partial(read_degrees, limit=180),
        BilingualText(
            "请填 -180 至 180 的经度，如 106.6100",
            "Please enter a longitude from -180 to 180, such as 106.6100",
        ),
    ),
    "note": _Typed(BilingualText("说明", "Note"), str.strip, BilingualText("", "")),
}


def path_of(digest: str, fact: str) -> str:
    """Return the addressed path of a photo's fact."""
    return f"{KEY}[{digest}].{fact}"


def _show(value: Any) -> str:
    return "" if value is None else str(value).replace("T", " ")


class PaperFacts(QWidget):
    """The facts of one photo.

    `value_changed` has the changed photo and the path of the fact, `editing_finished` follows each
    field that loses the cursor.
    """

    value_changed = Signal(object, str)
    editing_finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._paper: Paper | None = None
        self.purpose = QComboBox()
        self.purpose.setAccessibleName(self.tr("照片内容"))
        for purpose in Purpose:
            self.purpose.addItem(interface.translate(purpose.label), purpose.value)
        self.purpose.activated.connect(self._choose)
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._form = form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.tr("照片内容"), self.purpose)
        self.lines: dict[str, QLineEdit] = {}
        for fact, typed in _TYPED.items():
            name = interface.translate(typed.name)
            self.lines[fact] = line = QLineEdit()
            line.setAccessibleName(name)
            line.textEdited.connect(lambda _, fact=fact: self._read(fact))
            line.editingFinished.connect(self.editing_finished)
            line.installEventFilter(self)
            form.addRow(name, line)
        form.addRow(self.problem)

    def add_buttons(self, buttons: QHBoxLayout) -> None:
        """Add buttons below the facts."""
        self._form.addRow(buttons)

    def show_paper(self, paper: Paper | None, *, reset: bool = False) -> None:
        """Show a photo. Unless `reset`, text being typed for the same photo stays as typed."""
        before, self._paper = self._paper, paper
        self.setVisible(paper is not None)
        if paper is None:
            return
        reset = reset or before is None or before.digest != paper.digest
        self.purpose.setCurrentIndex(self.purpose.findData(paper.purpose.value))
        for fact, line in self.lines.items():
            value = getattr(paper, fact)
            if reset or _TYPED[fact].value(line.text()) != value:
                line.setText(_show(value))
        if reset:
            self.problem.hide()

    def focus_fact(self, fact: str) -> None:
        """Focus the field of a fact."""
        self.lines.get(fact, self.purpose).setFocus()

    def _choose(self) -> None:
        self._read("purpose")
        self.editing_finished.emit()

    def _read(self, fact: str) -> None:
        assert self._paper is not None
        wrong = [
            interface.translate(typed.hint)
            for name, typed in _TYPED.items()
            if typed.is_wrong(self.lines[name].text())
        ]
        self.problem.setText("\n".join(wrong))
        self.problem.setVisible(bool(wrong))
        line = self.lines.get(fact)
        chosen = Purpose(self.purpose.currentData())
        value: Any = _TYPED[fact].value(line.text()) if line else chosen
        changed = replace(self._paper, **{fact: value})
        if changed != self._paper:
            self._paper = changed
            self.value_changed.emit(changed, path_of(changed.digest, fact))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return ignore_undo_shortcut(event) or super().eventFilter(watched, event)
