"""A picture of what was measured: how much of its limit each promise takes."""

import math
from collections.abc import Sequence
from pathlib import Path

import pyqtgraph
from build.qa.bench.figures import Figure
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from ruhu.ui.core.theme import LIGHT

ROW = 34
WIDTH = 1100
LONGEST = 74
"""Characters of a row's name that are shown; the table has all of it."""


def share_of_limit(figure: Figure) -> float | None:
    """Return a figure's share of its limit: up to 1 it is kept. Return `None` without a promise."""
    if figure.value is None or figure.value <= 0:
        return None
    if figure.at_most is not None:
        return figure.value / figure.at_most
    if figure.at_least is not None:
        return figure.at_least / figure.value
    return None


def _name(figure: Figure) -> str:
    name = figure.what if len(figure.what) <= LONGEST else figure.what[: LONGEST - 1] + "…"
    limit = f"≤ {figure.at_most:g}" if figure.at_most is not None else f"≥ {figure.at_least:g}"
    return f"{name}  ({limit})"


def draw(figures: Sequence[Figure], path: Path) -> None:
    """Write the picture as SVG: a bar a promise, on a logarithmic scale, and a line where it breaks."""
    shares = [
        (figure, share) for figure in figures if (share := share_of_limit(figure)) is not None
    ]
    if not shares:
        return
    application = QApplication.instance() or QApplication([])
    plot = pyqtgraph.PlotWidget(background=LIGHT.base)
    plot.resize(WIDTH, 90 + ROW * len(shares))
    least = min(math.log10(share) for _, share in shares) - 0.3
    rows = range(len(shares), 0, -1)
    for row, (_, share) in zip(rows, shares, strict=True):
        colour = LIGHT.accent if share <= 1 else LIGHT.wrong
        length = math.log10(share) - least
        plot.addItem(
            pyqtgraph.BarGraphItem(
                x0=[least], y=[row], width=[length], height=0.5, brush=colour, pen=colour
            )
        )
    plot.addItem(pyqtgraph.InfiniteLine(0, pen=pyqtgraph.mkPen(LIGHT.text, width=2)))
    item = plot.getPlotItem()
    item.getAxis("left").setTicks(
        [[(row, _name(f)) for row, (f, _) in zip(rows, shares, strict=True)]]
    )
    item.getAxis("bottom").setLogMode(True)
    item.setLabel("bottom", "share of the limit (1 = just kept; further left is better)")
    for side in ("left", "bottom"):
        item.getAxis(side).setTextPen(LIGHT.text)
    plot.setXRange(least, max(0.3, *(math.log10(share) for _, share in shares)), padding=0)
    plot.setYRange(0.3, len(shares) + 0.7, padding=0)
    plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    plot.show()  # lays the axes out
    application.processEvents()
    drawing = QSvgGenerator()
    drawing.setFileName(str(path))
    drawing.setResolution(plot.logicalDpiX())
    drawing.setSize(plot.size())
    drawing.setViewBox(plot.rect())
    painter = QPainter(drawing)
    plot.render(painter)
    painter.end()
    plot.close()
