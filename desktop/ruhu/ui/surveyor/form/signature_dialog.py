"""Sign on the screen with mouse, finger or pen, or confirm a signature on paper."""

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTabletEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.survey.signature import SignatureMethod
from ruhu.ui.core.i18n import interface
from ruhu.ui.widgets.wrapped_label import wrapped_label

INK = QColor("#10204a")


class SignaturePad(QWidget):
    """An area to sign in. Qt turns touches into mouse events; a pen reports every point."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("签字处"))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(QSize(560, 200))
        self.strokes: list[QPolygonF] = []

    @property
    def written(self) -> bool:
        """Whether there is more than a dot."""
        return sum(stroke.size() for stroke in self.strokes) > 3

    def clear(self) -> None:
        """Remove all strokes."""
        self.strokes = []
        self.update()
        self.changed.emit()

    def _add(self, point: QPointF) -> None:
        self.strokes[-1].append(point)
        self.update()
        self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.strokes.append(QPolygonF())
        self._add(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.strokes and event.buttons() & Qt.MouseButton.LeftButton:
            self._add(event.position())

    def tabletEvent(self, event: QTabletEvent) -> None:
        if event.type() == QEvent.Type.TabletPress:
            self.strokes.append(QPolygonF())
            self._add(event.position())
        elif event.type() == QEvent.Type.TabletMove and self.strokes and event.pressure() > 0:
            self._add(event.position())
        event.accept()

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(QPen(INK, 3, *round_pen))
        for stroke in self.strokes:
            painter.drawPolyline(stroke)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.setPen(QPen(Qt.GlobalColor.lightGray, 1))
        base = self.height() * 3 // 4
        painter.drawLine(24, base, self.width() - 24, base)
        self._draw(painter)
        painter.end()

    def png(self) -> bytes:
        """Return the signature as PNG."""
        image = QImage(self.size(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        self._draw(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        return bytes(buffer.data().data())


class SigningDialog(QDialog):
    """Asks who signs, and on the screen or on paper."""

    def __init__(
        self, parent: QWidget, household: str, people: list[str], assessment_summary: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("户主签字"))
        statement = self.tr("{0}：本户情况和核对结果已经当面说明，内容属实。").format(household)
        self.by = QComboBox()
        self.by.setAccessibleName(self.tr("签字人"))
        self.by.setEditable(True)
        self.by.addItems(people)
        self.on_screen = QRadioButton(interface.translate(SignatureMethod.SCREEN.label))
        self.on_paper = QRadioButton(interface.translate(SignatureMethod.PAPER.label))
        self.on_screen.setChecked(True)
        self.pad = SignaturePad()
        self.again = QPushButton(self.tr("重签"))
        self.again.clicked.connect(self.pad.clear)
        buttons = QDialogButtonBox()
        self.sign = buttons.addButton(
            self.tr("签字并完成入户"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.sign.setObjectName("primary")
        buttons.addButton(self.again, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("签字人"), self.by)
        layout = QVBoxLayout(self)
        layout.addWidget(wrapped_label(text=statement))
        layout.addWidget(wrapped_label("dim", assessment_summary))
        layout.addLayout(form)
        below: tuple[QWidget, ...] = (self.on_screen, self.on_paper, self.pad, buttons)
        for widget in below:
            layout.addWidget(widget)
        self.on_paper.toggled.connect(self._show)
        self.pad.changed.connect(self._show)
        self.by.currentTextChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        on_screen = self.how is SignatureMethod.SCREEN
        self.pad.setVisible(on_screen)
        self.again.setEnabled(on_screen and self.pad.written)
        written = self.pad.written or not on_screen
        self.sign.setEnabled(written and bool(self.by.currentText().strip()))

    @property
    def how(self) -> SignatureMethod:
        """Where it is signed."""
        return SignatureMethod.PAPER if self.on_paper.isChecked() else SignatureMethod.SCREEN
