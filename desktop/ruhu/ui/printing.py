"""Putting a slip on paper or into a PDF."""

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import segno
from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from ruhu.assets import resource
from ruhu.bundle.durable import NotWritten
from ruhu.slips.issue import IssuedSlip
from ruhu.slips.page import QR_NAME, slip_html
from ruhu.survey.text import Text

MARGIN_MM = 12.0
FOOTER_MM = 8.0
POINTS = 9.0


@cache
def load_font() -> str:
    """Make the slip's own font known to Qt and return its family."""
    handle = QFontDatabase.addApplicationFont(str(resource("fonts") / "RuhuSans-Regular.otf"))
    families = QFontDatabase.applicationFontFamilies(handle)
    return families[0] if families else QFont().family()


def unprintable(text: str) -> list[str]:
    """Characters of `text` that the slip's font has no shape for."""
    from PySide6.QtGui import QRawFont

    font = QRawFont(str(resource("fonts") / "RuhuSans-Regular.otf"), 12)
    return sorted({c for c in text if not c.isspace() and not font.supportsCharacter(ord(c))})


def qr_image(token: str) -> QImage:
    """The token as a QR code, one pixel a module times eight, with its quiet zone."""
    stream = io.BytesIO()
    segno.make(token, error="m", micro=False).save(stream, kind="png", scale=8, border=4)
    return QImage.fromData(stream.getvalue())


class SlipPages:
    """A slip laid out for a device, page by page; made and painted in one thread."""

    def __init__(self, issued: IssuedSlip) -> None:
        slip = issued.slip
        self.footer = f"{slip.title}　{issued.number}"
        self._document = QTextDocument()
        self._document.setDocumentMargin(0)
        font = QFont(load_font())
        font.setPointSizeF(POINTS)
        self._document.setDefaultFont(font)
        self._document.setDefaultStyleSheet("p { margin: 2px 0; } h3 { margin: 8px 0 3px 0; }")
        self._document.addResource(
            QTextDocument.ResourceType.ImageResource.value, QUrl(QR_NAME), qr_image(issued.token)
        )
        html = slip_html(
            slip, number=issued.number, issued_on=issued.issued_on, reprint=issued.reprint
        )
        self._document.setHtml(html)

    def paint(self, device: QPagedPaintDevice) -> int:
        """Paint all pages on a printer or PDF writer; returns how many."""
        painter = QPainter(device)
        pages = self.paint_with(painter, device)
        painter.end()
        return pages

    def paint_with(self, painter: QPainter, device: QPagedPaintDevice) -> int:
        """Paint all pages with a painter that is at work on `device`; returns how many."""
        self._document.documentLayout().setPaintDevice(device)
        millimetre = device.logicalDpiY() / 25.4
        width, height = float(device.width()), float(device.height())
        body = QSizeF(width, height - FOOTER_MM * millimetre)
        self._document.setPageSize(body)
        pages = self._document.pageCount()
        footer_font = QFont(self._document.defaultFont())
        footer_font.setPointSizeF(POINTS - 1.5)
        for page in range(pages):
            if page:
                device.newPage()
            painter.save()
            painter.translate(0, -page * body.height())
            self._document.drawContents(
                painter, QRectF(0, page * body.height(), body.width(), body.height())
            )
            painter.restore()
            painter.setFont(footer_font)
            strip = QRectF(0, body.height(), width, FOOTER_MM * millimetre)
            painter.drawText(strip, Qt.AlignmentFlag.AlignBottom, self.footer)
            right = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
            painter.drawText(strip, right, f"{page + 1} / {pages}")
        return pages


def a4() -> QPageLayout:
    """The page a slip is laid out for."""
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Portrait,
        margins,
        QPageLayout.Unit.Millimeter,
    )


def write_pdf(slips: Iterable[SlipPages], path: Path) -> int:
    """Write slips one after the other into one PDF; returns its pages.

    Each slip is laid out only when its turn comes. Raises `NotWritten`.
    """
    from PySide6.QtCore import QBuffer, QIODevice

    from ruhu.bundle.durable import write_durably

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(600)
    writer.setPageLayout(a4())
    painter, count = QPainter(), 0
    try:
        for slip in slips:
            if count:
                writer.newPage()
            else:
                writer.setTitle(slip.footer)
                painter.begin(writer)
            count += slip.paint_with(painter, writer)
    finally:
        if painter.isActive():
            painter.end()
    del writer
    data = bytes(buffer.data().data())
    if not count or not data:
        raise NotWritten(Text("没有可打印的明白卡", "there is no slip to print"))
    write_durably(path, data)
    return count
