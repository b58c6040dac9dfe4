"""What is recorded of one photo: what it shows, where and when it was taken, and a note."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from ruhu.survey.papers import KEY, Paper, Purpose, read_degrees
from ruhu.survey.text import Text
from ruhu.ui.language import interface
from ruhu.ui.undoing import left_to_record

_NO_PLACE = Text(
    "请填：-90 至 90 的纬度、-180 至 180 的经度，如 23.3350、106.6100",
    "Please enter a latitude from -90 to 90 and a longitude from -180 to 180",
)


def path_of(digest: str, fact: str) -> str:
    """The addressed path of a photo's fact."""
    return f"{KEY}[{digest}].{fact}"


class PaperFacts(QWidget):
    """The facts of the photo that is shown. `typed` brings it at every change, with the path of what
    changed; `left` tells that a field is done.
    """

    typed = Signal(object, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._paper: Paper | None = None
        self.purpose = QComboBox()
        self.purpose.setAccessibleName(self.tr("照片内容"))
        for purpose in Purpose:
            self.purpose.addItem(interface.say(purpose.label), purpose.value)
        self.purpose.activated.connect(self._choose)
        self.latitude, self.longitude, self.note = QLineEdit(), QLineEdit(), QLineEdit()
        self.taken = QLabel()
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._form = form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.tr("照片内容"), self.purpose)
        form.addRow(self.tr("拍摄时间"), self.taken)
        self._lines = {"latitude": self.latitude, "longitude": self.longitude, "note": self.note}
        names = (self.tr("北纬（度）"), self.tr("东经（度）"), self.tr("说明"))
        for (fact, line), name in zip(self._lines.items(), names, strict=True):
            line.setAccessibleName(name)
            line.textEdited.connect(lambda _, fact=fact: self._tell(fact))
            line.editingFinished.connect(self.left)
            line.installEventFilter(self)
            form.addRow(name, line)
        form.addRow(self.problem)

    def add_buttons(self, buttons: QHBoxLayout) -> None:
        """Put what can be done with the photo below its facts."""
        self._form.addRow(buttons)

    def show_paper(self, paper: Paper | None, *, anew: bool = False) -> None:
        """Show a photo. What is being typed of the same one stays as typed, unless it is shown `anew`."""
        before, self._paper = self._paper, paper
        self.setVisible(paper is not None)
        if paper is None:
            return
        anew = anew or before is None or before.digest != paper.digest
        self.purpose.setCurrentIndex(self.purpose.findData(paper.purpose.value))
        self.taken.setText(paper.taken_at.replace("T", " ") or self.tr("照片里没有"))
        for fact, most in (("latitude", 90), ("longitude", 180)):
            value: Decimal | None = getattr(paper, fact)
            if anew or self._degrees(fact, most) != value:
                self._lines[fact].setText("" if value is None else f"{value:f}")
        if anew or self.note.text().strip() != paper.note:
            self.note.setText(paper.note)
        if anew:
            self.problem.hide()

    def focus_fact(self, fact: str) -> None:
        """Go to the field of a fact."""
        self._lines.get(fact, self.purpose).setFocus()

    def _degrees(self, fact: str, most: int) -> Decimal | None:
        try:
            return read_degrees(self._lines[fact].text(), most)
        except ValueError:
            return None

    def _choose(self) -> None:
        self._tell("purpose")
        self.left.emit()

    def _tell(self, fact: str) -> None:
        assert self._paper is not None
        latitude, longitude = self._degrees("latitude", 90), self._degrees("longitude", 180)
        wrong = any(
            value is None and self._lines[name].text().strip()
            for name, value in (("latitude", latitude), ("longitude", longitude))
        )
        self.problem.setText(interface.say(_NO_PLACE))
        self.problem.setVisible(wrong)
        changed = replace(
            self._paper,
            purpose=Purpose(self.purpose.currentData()),
            latitude=latitude,
            longitude=longitude,
            note=self.note.text().strip(),
        )
        if changed != self._paper:
            self._paper = changed
            self.typed.emit(changed, path_of(changed.digest, fact))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return left_to_record(event) or super().eventFilter(watched, event)
