"""Pages for a printer or a PDF, drawn one by one on any thread and device."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSize, Qt
from PySide6.QtGui import (
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)

from ruhu.files.atomic_write import write_atomic
from ruhu.progress import ProgressCallback, no_progress

DPI = 600
"""Resolution of the layout; painters are scaled to that of the device."""

MARGIN_MM = 12.0


class PrintPages(Protocol):
    """Pages to print, with a title; `remark` has the characters that no font can print."""

    @property
    def title(self) -> str: ...

    @property
    def remark(self) -> str: ...

    @property
    def count(self) -> int: ...

    def paint(self, painter: QPainter, index: int) -> None:
        """Draw a page into `printable_area()`; the first has index 0."""


def page_layout() -> QPageLayout:
    """Return A4 landscape."""
    edge = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    landscape = QPageLayout.Orientation.Landscape
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), landscape, edge, QPageLayout.Unit.Millimeter
    )


def printable_area() -> QRect:
    """Return the area within the margins, from (0, 0), in pixels of `DPI`."""
    return QRect(0, 0, *page_layout().paintRectPixels(DPI).size().toTuple())


def paper_size(dots_per_inch: float) -> QSize:
    """Return the size of a page with its margins, in pixels."""
    return page_layout().fullRectPixels(round(dots_per_inch)).size()


def image_of(pages: PrintPages, index: int, dots_per_inch: float) -> QImage:
    """Return a page with its margins as a picture."""
    image = QImage(paper_size(dots_per_inch), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.scale(dots_per_inch / DPI, dots_per_inch / DPI)
    painter.translate(MARGIN_MM / 25.4 * DPI, MARGIN_MM / 25.4 * DPI)
    pages.paint(painter, index)
    painter.end()
    return image


def paint_pages(
    pages: PrintPages,
    device: QPagedPaintDevice,
    chosen: range,
    report: ProgressCallback = no_progress,
) -> int:
    """Paint some pages on a printer or PDF writer, scaled to its paper; returns their number.

    `report` may raise to cancel; a printer has got some pages then.
    """
    painter = QPainter(device)
    try:
        space = printable_area()
        scale = min(device.width() / space.width(), device.height() / space.height())
        for done, index in enumerate(chosen):
            report(done, len(chosen))
            if done:
                device.newPage()
            painter.save()
            painter.scale(scale, scale)
            pages.paint(painter, index)
            painter.restore()
    finally:
        painter.end()
    return len(chosen)


def write_pages(pages: PrintPages, path: Path, report: ProgressCallback = no_progress) -> int:
    """Write all pages as a PDF; returns their number. Raises `WriteFailed`.

    `report` may raise to cancel; no file is written then.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageLayout(page_layout())
    writer.setTitle(pages.title)
    count = paint_pages(pages, writer, range(pages.count), report)
    del writer
    write_atomic(path, bytes(buffer.data().data()))
    return count
