"""Putting slips on paper or into a PDF."""

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
QR_MODULE_MM = 4
"""Pixels to a module of the QR code."""


@cache
def load_font() -> str:
    """Make the slip's own font known to Qt and return its family."""
    handle = QFontDatabase.addApplicationFont(str(resource("fonts") / "RuhuSans-Regular.otf"))
    families = QFontDatabase.applicationFontFamilies(handle)
    return families[0] if families else QFont().family()


def qr_image(token: str) -> QImage:
    """The token as a QR code, four pixels to a module, with its quiet zone of four."""
    import zxingcpp

    code = zxingcpp.create_barcode(token, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True)
    height, width = drawn.shape
    pixels = bytes(drawn)  # type: ignore[call-overload]  # it has the buffer its stub is silent of
    grey = QImage(pixels, width, height, width, QImage.Format.Format_Grayscale8)
    return grey.scaled(width * QR_MODULE_MM, height * QR_MODULE_MM)


def _no_code() -> QImage:
    """What stands in a preview where the code will be."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.lightGray)
    return image


class SlipPages:
    """A slip laid out for a device, page by page; made and painted in one thread.

    `glyphs` tells which characters another font prints, and which none does.
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
            qr_image(issued.token) if issued.token else _no_code(),
        )
        self.glyphs: FontCoverage = look_up(texts_of(slip), font)
        html = slip_html(slip, PrintedIssue(issued.number, issued.issued_on, issued.reprint), paper)
        for character in self.glyphs.missing:
            html = html.replace(character, MISSING_GLYPH)
        self._html = html

    def page_layout(self, device: QPagedPaintDevice) -> QPageLayout:
        """The page the slip wants of a device; of a roll, so much as it is long."""
        sheet, height = self._sheet, self._sheet.height
        if not height:
            millimetre = device.logicalDpiY() / 25.4
            self._lay_out(device, QSizeF((sheet.width - 2 * sheet.margin) * millimetre, -1))
            height = self._document.size().height() / millimetre + 2 * sheet.margin + 1
        size = QPageSize(QSizeF(sheet.width, height), QPageSize.Unit.Millimeter)
        margins = QMarginsF(sheet.margin, sheet.margin, sheet.margin, sheet.margin)
        upright = QPageLayout.Orientation.Portrait
        return QPageLayout(size, upright, margins, QPageLayout.Unit.Millimeter)

    def _lay_out(self, device: QPagedPaintDevice, page: QSizeF) -> None:
        """Lay the slip out once: the page and what it is for are told before there is any text."""
        self._document.documentLayout().setPaintDevice(device)
        self._document.setPageSize(page)
        self._document.setHtml(self._html)

    def paint_with(
        self, painter: QPainter, device: QPagedPaintDevice, turn: Callable[[], object] | None = None
    ) -> int:
        """Paint all pages, laid out for `device`; `turn` turns the page, the device's own unless given.

        Returns how many there are.
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
                (turn or device.newPage)()
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
        """Draw a part of the document, all of it for an empty one, in ink: the window's theme may write
        in white.
        """
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
        if not part.isEmpty():
            painter.setClipRect(part)
            context.clip = part
        self._document.documentLayout().draw(painter, context)


def paint_all(slips: Iterable[SlipPages], device: QPagedPaintDevice) -> int:
    """Paint slips one after the other on a printer or PDF writer; returns the pages.

    Each slip is laid out only when its turn comes.
    """
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
                # Qt would try each code as a JPEG picture, which takes longer and blurs its edges.
                painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            count += slip.paint_with(painter, device)
    finally:
        if painter.isActive():
            painter.end()
    return count


def pictures_of(slip: SlipPages, resolution: int, dots: int) -> tuple[QPageLayout, list[QImage]]:
    """The page of a slip and what stands within its margins, page by page.

    Laid out as for a printer of `resolution` dots an inch, drawn with `dots`.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    device = QPdfWriter(buffer)
    device.setResolution(resolution)
    device.setPageLayout(slip.page_layout(device))
    scale = dots / resolution
    size = QSize(round(device.width() * scale), round(device.height() * scale))
    images: list[QImage] = []
    painter = QPainter()

    def turn() -> None:
        if painter.isActive():
            painter.end()
        images.append(QImage(size, QImage.Format.Format_RGB32))
        images[-1].fill(Qt.GlobalColor.white)
        painter.begin(images[-1])
        painter.scale(scale, scale)

    turn()
    slip.paint_with(painter, device, turn)
    painter.end()
    return device.pageLayout(), images


def write_pdf(slips: Iterable[SlipPages], path: Path) -> int:
    """Write slips one after the other into one PDF; returns its pages. Raises `WriteFailed`."""
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
