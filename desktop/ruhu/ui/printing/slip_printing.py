"""Print slips or write them as PDF."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QFontDatabase,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from ruhu.files.atomic_write import WriteFailed, write_atomic
from ruhu.i18n import BilingualText
from ruhu.resources import resource
from ruhu.slips.html import QR_NAME, SHEETS, PaperFormat, PrintedIssue, slip_html
from ruhu.slips.issuing import IssuedSlip
from ruhu.ui.printing.font_fallback import MISSING_GLYPH, FontCoverage, look_up, texts_of

FOOTER_MM = 8.0
QR_MODULE_PX = 4


@cache
def load_font() -> str:
    """Load the program's font into Qt and return its family."""
    handle = QFontDatabase.addApplicationFont(str(resource("fonts") / "RuhuSans-Regular.otf"))
    families = QFontDatabase.applicationFontFamilies(handle)
    return families[0] if families else QFont().family()


def qr_image(token: str) -> QImage:
    """Return the token as a QR code of `QR_MODULE_PX` a module, with its quiet zone of four modules."""
    import zxingcpp

    code = zxingcpp.create_barcode(token, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    matrix = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True)
    height, width = matrix.shape
    pixels = bytes(matrix)  # type: ignore[call-overload]  # the stub lacks its buffer
    grey = QImage(pixels, width, height, width, QImage.Format.Format_Grayscale8)
    return grey.scaled(width * QR_MODULE_PX, height * QR_MODULE_PX)


def _placeholder() -> QImage:
    """Return the picture shown in a preview instead of the code."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.lightGray)
    return image


class SlipPages:
    """A slip laid out for a device, page by page; create and paint it on one thread.

    `glyphs` has the characters that the program's font lacks.
    """

    def __init__(self, issued: IssuedSlip, paper: PaperFormat = PaperFormat.A4) -> None:
        slip, self._sheet = issued.slip, SHEETS[paper]
        title = slip.title.partition("\n")[0]
        self.footer = f"{title}　{issued.number}"
        self._document = QTextDocument()
        self._document.setDocumentMargin(0)
        font = QFont(load_font())
        font.setPointSizeF(self._sheet.points)
        self._document.setDefaultFont(font)
        self._document.setDefaultStyleSheet("p { margin: 2px 0; } h3 { margin: 8px 0 3px 0; }")
        self._document.addResource(
            QTextDocument.ResourceType.ImageResource.value,
            QUrl(QR_NAME),
            qr_image(issued.token) if issued.token else _placeholder(),
        )
        self.glyphs: FontCoverage = look_up(texts_of(slip), font)
        html = slip_html(slip, PrintedIssue(issued.number, issued.issued_on, issued.reprint), paper)
        for character in self.glyphs.missing:
            html = html.replace(character, MISSING_GLYPH)
        self._html = html

    def page_layout(self, device: QPagedPaintDevice) -> QPageLayout:
        """Return the slip's page on a device; a roll's page is as long as the slip."""
        sheet, height = self._sheet, self._sheet.height
        if not height:
            millimetre = device.logicalDpiY() / 25.4
            self._lay_out(device, QSizeF((sheet.width - 2 * sheet.margin) * millimetre, -1))
            height = self._document.size().height() / millimetre + 2 * sheet.margin + 1
        size = QPageSize(QSizeF(sheet.width, height), QPageSize.Unit.Millimeter)
        margins = QMarginsF(sheet.margin, sheet.margin, sheet.margin, sheet.margin)
        portrait = QPageLayout.Orientation.Portrait
        return QPageLayout(size, portrait, margins, QPageLayout.Unit.Millimeter)

    def _lay_out(self, device: QPagedPaintDevice, page: QSizeF) -> None:
        """Lay the slip out; setting the page before the text lays it out once only."""
        self._document.documentLayout().setPaintDevice(device)
        self._document.setPageSize(page)
        self._document.setHtml(self._html)

    def paint_with(
        self,
        painter: QPainter,
        device: QPagedPaintDevice,
        new_page: Callable[[], object] | None = None,
    ) -> int:
        """Paint all pages, laid out for `device`, and return their number.

        `new_page` starts the next page, by default `device.newPage`.
        """
        millimetre = device.logicalDpiY() / 25.4
        width, height = float(device.width()), float(device.height())
        if not self._sheet.height:
            self._document.setTextWidth(width)
            self._draw(painter, QRectF())
            return 1
        body = QSizeF(width, height - FOOTER_MM * millimetre)
        self._lay_out(device, body)
        pages = self._document.pageCount()
        footer_font = QFont(self._document.defaultFont())
        footer_font.setPointSizeF(self._sheet.points - 1.5)
        for page in range(pages):
            if page:
                (new_page or device.newPage)()
            painter.save()
            painter.translate(0, -page * body.height())
            self._draw(painter, QRectF(0, page * body.height(), body.width(), body.height()))
            painter.restore()
            painter.setFont(footer_font)
            strip = QRectF(0, body.height(), width, FOOTER_MM * millimetre)
            painter.drawText(strip, Qt.AlignmentFlag.AlignBottom, self.footer)
            right = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
            painter.drawText(strip, right, f"{page + 1} / {pages}")
        return pages

    def _draw(self, painter: QPainter, part: QRectF) -> None:
        """Draw a part of the document, or all of it for an empty part, in black.

        The dark theme's palette would draw white text.
        """
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
        if not part.isEmpty():
            painter.setClipRect(part)
            context.clip = part
        self._document.documentLayout().draw(painter, context)


def paint_all(slips: Iterable[SlipPages], device: QPagedPaintDevice) -> int:
    """Paint slips on a printer or PDF writer one by one; returns the number of pages."""
    painter, count = QPainter(), 0
    try:
        for slip in slips:
            device.setPageLayout(slip.page_layout(device))
            if count:
                device.newPage()
            else:
                if isinstance(device, QPdfWriter):
                    device.setTitle(slip.footer)
                painter.begin(device)
                # By default Qt tries to encode each code as JPEG, which is slower and blurs it.
                painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            count += slip.paint_with(painter, device)
    finally:
        if painter.isActive():
            painter.end()
    return count


def pictures_of(
    slip: SlipPages, resolution: int, dots_per_inch: int
) -> tuple[QPageLayout, list[QImage]]:
    """Return the page layout of a slip, and a picture of each page within its margins.

    The slip is laid out for a printer of `resolution` dots an inch.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    device = QPdfWriter(buffer)
    device.setResolution(resolution)
    device.setPageLayout(slip.page_layout(device))
    scale = dots_per_inch / resolution
    size = QSize(round(device.width() * scale), round(device.height() * scale))
    images: list[QImage] = []
    painter = QPainter()

    def new_page() -> None:
        if painter.isActive():
            painter.end()
        images.append(QImage(size, QImage.Format.Format_RGB32))
        images[-1].fill(Qt.GlobalColor.white)
        painter.begin(images[-1])
        painter.scale(scale, scale)

    new_page()
    slip.paint_with(painter, device, new_page)
    painter.end()
    return device.pageLayout(), images


def write_pdf(slips: Iterable[SlipPages], path: Path) -> int:
    """Write slips into one PDF; returns the number of its pages. Raises `WriteFailed`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(600)
    count = paint_all(slips, writer)
    del writer
    data = bytes(buffer.data().data())
    if not count or not data:
        raise WriteFailed(BilingualText("没有可打印的明白卡", "there is no slip to print"))
    write_atomic(path, data)
    return count
