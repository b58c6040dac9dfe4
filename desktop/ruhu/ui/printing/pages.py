"""Pages for a printer or a PDF, each drawn when it is wanted: in whichever thread, on whatever device."""

import threading
from collections.abc import Callable
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

DPI = 600
"""What pages are laid out in; a device's own pixels are scaled to it."""

MARGIN_MM = 12.0


class PrintPages(Protocol):
    """What is printed: `count` pages under a `title`; `remark` has the characters no font can print."""

    @property
    def title(self) -> str: ...

    @property
    def remark(self) -> str: ...

    @property
    def count(self) -> int: ...

    def paint(self, painter: QPainter, at: int) -> None:
        """Draw page `at`, the first being 0, into `room()`."""


class StoppedError(Exception):
    """Somebody stopped the printing."""


def page_layout() -> QPageLayout:
    """A4 across."""
    edge = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    across = QPageLayout.Orientation.Landscape
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), across, edge, QPageLayout.Unit.Millimeter
    )


def printable_area() -> QRect:
    """What of a page is drawn on, from (0, 0), in pixels of `DPI`."""
    return QRect(0, 0, *page_layout().paintRectPixels(DPI).size().toTuple())


def paper_size(dots: float) -> QSize:
    """A whole page with its margins, in pixels of `dots` an inch."""
    return page_layout().fullRectPixels(round(dots)).size()


def image_of(pages: PrintPages, at: int, dots: float) -> QImage:
    """One page with its margins as a picture of `dots` an inch."""
    image = QImage(paper_size(dots), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.scale(dots / DPI, dots / DPI)
    painter.translate(MARGIN_MM / 25.4 * DPI, MARGIN_MM / 25.4 * DPI)
    pages.paint(painter, at)
    painter.end()
    return image


def paint_pages(
    pages: PrintPages,
    device: QPagedPaintDevice,
    which: range,
    step: Callable[[int], object],
    stopped: threading.Event,
) -> int:
    """Put some pages on a printer or PDF writer, made smaller where its paper is; returns how many.

    `step` hears how many are done. Raises `StoppedError`; a printer has got some pages then.
    """
    painter = QPainter(device)
    try:
        space = printable_area()
        scale = min(device.width() / space.width(), device.height() / space.height())
        for done, at in enumerate(which):
            if stopped.is_set():
                raise StoppedError
            if done:
                device.newPage()
            painter.save()
            painter.scale(scale, scale)
            pages.paint(painter, at)
            painter.restore()
            step(done + 1)
    finally:
        painter.end()
    return len(which)


def write_pages(
    pages: PrintPages, path: Path, step: Callable[[int], object], stopped: threading.Event
) -> int:
    """Write all pages as a PDF; returns how many. Raises `WriteFailed`, and `StoppedError` with no file
    written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageLayout(page_layout())
    writer.setTitle(pages.title)
    count = paint_pages(pages, writer, range(pages.count), step, stopped)
    del writer
    write_atomic(path, bytes(buffer.data().data()))
    return count
