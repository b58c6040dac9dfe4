"""A bar chart with names, figures and target marks, which can be printed and saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from ruhu.files.atomic_write import WriteFailed
from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.theme import colours
from ruhu.ui.printing.pages import printable_area
from ruhu.ui.printing.preview_dialog import PrintPreview

if TYPE_CHECKING:
    from pyqtgraph import PlotWidget

LABEL_GAP = 8
"""Pixels next to a text."""

MIN_BARS = 8
"""With fewer bars, each is as thick as with this number."""

PICTURE_WIDTH = 2400
"""Width in pixels of a saved or printed chart."""

MAX_BARS = 24
"""Bars in one chart; the table next to it has all of them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar. `shown` is its figure as text, `target` the value that it should reach."""

    name: str
    value: float
    shown: str
    target: float | None = None


class BarChart(QWidget):
    """Horizontal bars, the first on top."""

    def __init__(self, name: str, theme: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._theme, self._title = theme, name
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(LABEL_GAP, 0, 0, 0)
        self._plot: PlotWidget | None = None
        self._bars: list[Bar] = []
        self._scale = 0.0
        self._heading = QLabel()
        self._heading.setObjectName("heading")
        self._heading.setWordWrap(True)
        self._heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._layout.addWidget(self._heading)
        self.setMinimumWidth(280)

    def _ensure_plot(self) -> "PlotWidget":
        """Return the plot; its library is imported for the first chart."""
        if self._plot is None:
            import pyqtgraph

            c = colours(self._theme)
            pyqtgraph.setConfigOptions(background=c.base, foreground=c.text, antialias=True)
            plot = pyqtgraph.PlotWidget()
            plot.setMenuEnabled(False)
            plot.setMouseEnabled(x=False, y=False)
            plot.hideButtons()
            plot.hideAxis("bottom")
            plot.getAxis("left").setTickFont(QFont(self.font()))
            plot.getAxis("left").setStyle(tickLength=0, autoExpandTextSpace=True)
            plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            # Its size hint would take too much room from the table next to it.
            plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            self._layout.addWidget(plot, 1)
            self._plot = plot
        return self._plot

    def show_bars(self, title: str, bars: Sequence[Bar], unit: str = "") -> None:
        """Show the first `MAX_BARS` bars under a title; with the unit `%` the axis reaches 100."""
        import pyqtgraph

        plot, c = self._ensure_plot(), colours(self._theme)
        shown = list(bars[:MAX_BARS])
        self._title = title
        plot.clear()
        self._bars, self._scale = shown, 100.0 if unit == "%" else 0.0
        self._heading.setText(interface.with_parenthesis(title, unit) if unit else title)
        rows = [-at for at in range(len(shown))]
        longest = self._longest()
        plot.addItem(
            pyqtgraph.BarGraphItem(
                x0=0, y=rows, height=0.62, width=[b.value for b in shown], brush=c.accent, pen=None
            )
        )
        for row, bar in zip(rows, shown, strict=True):
            self._label(plot, row, bar, longest)
        plot.getAxis("left").setTicks([[(r, b.name) for r, b in zip(rows, shown, strict=True)]])
        plot.setYRange(-max(len(shown), MIN_BARS) + 0.4, 0.6, padding=0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._bars:
            self._fit()

    def _fit(self) -> None:
        """Scale the axis so that the figures next to the bars have room."""
        plot, measure = self._ensure_plot(), self.fontMetrics()
        names = max(measure.horizontalAdvance(bar.name) for bar in self._bars)
        figures = max(measure.horizontalAdvance(bar.shown) for bar in self._bars) + 2 * LABEL_GAP
        room = max(self.width() - names - 4 * LABEL_GAP, 3 * LABEL_GAP)
        share = figures / max(room - figures, 3 * LABEL_GAP)
        least = min([0.0, *[bar.value for bar in self._bars]])
        most = self._longest()
        plot.setXRange(least * (1 + share), most + (most - least) * share, padding=0)

    def _longest(self) -> float:
        reached = [bar.value for bar in self._bars] + [bar.target or 0 for bar in self._bars]
        return max([*reached, self._scale, 1e-9])

    def _label(self, plot: Any, row: int, bar: Bar, longest: float) -> None:
        import pyqtgraph

        c = colours(self._theme)
        text = pyqtgraph.TextItem(bar.shown, color=c.text, anchor=(0, 0.5))
        text.setFont(QFont(self.font()))
        text.setPos(max(bar.value, bar.target or 0) + longest * 0.01, row)
        plot.addItem(text)
        if bar.target is not None:
            pen = pyqtgraph.mkPen(QColor(c.wrong), width=3)
            plot.plot([bar.target, bar.target], [row - 0.42, row + 0.42], pen=pen)

    def picture(self) -> QImage:
        """Return the chart as shown, large enough for a page of A4."""
        from pyqtgraph.exporters import ImageExporter

        exporter = ImageExporter(self._ensure_plot().getPlotItem())
        exporter.parameters()["width"] = PICTURE_WIDTH
        bars: QImage = exporter.export(toBytes=True)
        font = QFont(self._heading.font())
        font.setBold(True)
        font.setPixelSize(PICTURE_WIDTH // 50)
        top = 2 * font.pixelSize()
        image = QImage(bars.width(), bars.height() + top, QImage.Format.Format_RGB32)
        image.fill(QColor(colours(self._theme).base))
        painter = QPainter(image)
        painter.setFont(font)
        painter.setPen(QColor(colours(self._theme).text))
        strip = QRectF(0, 0, bars.width(), top)
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, self._heading.text())
        painter.drawImage(0, top, bars)
        painter.end()
        return image

    def save(self, path: Path) -> None:
        """Save the chart as a PNG. Raises `WriteFailed`."""
        if not self.picture().save(str(path)):
            raise WriteFailed(
                BilingualText("{path}：写不了", "{path}: cannot be written").format(path=path)
            )

    def print_preview(self) -> None:
        """Show the print preview of the chart."""
        PrintPreview(self, PicturePage(self._title, self.picture())).open()


class PicturePage:
    """A page with one picture, as large as fits."""

    count = 1
    remark = ""

    def __init__(self, title: str, image: QImage) -> None:
        self.title, self._image = title, image

    def paint(self, painter: QPainter, index: int) -> None:
        """Draw the picture into the printable area."""
        size = QSizeF(self._image.size())
        size.scale(QSizeF(printable_area().size()), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(QPointF(), size), self._image)
