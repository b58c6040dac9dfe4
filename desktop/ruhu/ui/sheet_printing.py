"""A list on paper: laid out off the interface thread, its head on every page, previewed before it is
printed or kept as a PDF.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPainter,
    QPicture,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from ruhu.county.sheet import Cell, Column, Sheet, shown
from ruhu.ui.printing import load_font

DPI = 600
"""What pages are laid out in; a printer's own pixels are scaled to it."""

POINTS = 9.0
MARGIN_MM = 12.0
FOOTER = 8 * DPI / 25.4


@dataclass(frozen=True, slots=True)
class ListPages:
    """A list laid out page by page, as drawings that any thread may replay."""

    title: str
    pages: tuple[QPicture, ...]

    def paint(self, printer: QPrinter) -> None:
        """Put the pages on a printer."""
        painter = QPainter(printer)
        for number, picture in enumerate(self.pages):
            if number:
                printer.newPage()
            painter.save()
            # A picture thinks in a screen's pixels, and is scaled from those to the printer's.
            painter.scale(picture.logicalDpiX() / DPI, picture.logicalDpiY() / DPI)
            picture.play(painter)
            painter.restore()
        painter.end()


def _font(points: float) -> QFont:
    font = QFont(load_font())
    font.setPixelSize(round(points * DPI / 72))
    return font


def lay_out(sheet: Sheet) -> ListPages:
    """Lay a sheet out for A4 across, in whichever thread."""
    document = _document(sheet)
    page = page_layout().paintRectPixels(DPI)
    body = QSizeF(page.width(), page.height() - FOOTER)
    document.setPageSize(body)
    count = document.pageCount()
    return ListPages(
        sheet.title, tuple(_page(document, body, at, count, sheet.title) for at in range(count))
    )


def _page(document: QTextDocument, body: QSizeF, at: int, count: int, title: str) -> QPicture:
    picture = QPicture()
    painter = QPainter(picture)
    painter.save()
    painter.translate(0, -at * body.height())
    document.drawContents(painter, QRectF(0, at * body.height(), body.width(), body.height()))
    painter.restore()
    painter.setFont(_font(POINTS - 1))
    strip = QRectF(0, body.height(), body.width(), FOOTER)
    painter.drawText(strip, Qt.AlignmentFlag.AlignBottom, title)
    right = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
    painter.drawText(strip, right, f"{at + 1} / {count}")
    painter.end()
    return picture


def _document(sheet: Sheet) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(_font(POINTS))
    document.setDocumentMargin(0)
    cursor = QTextCursor(document)
    title = QTextCharFormat()
    title.setFont(_font(POINTS + 5))
    title.setFontWeight(QFont.Weight.Bold)
    middle = QTextBlockFormat()
    middle.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    cursor.setBlockFormat(middle)
    cursor.insertText(sheet.title, title)
    if sheet.remark:
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        cursor.insertText(sheet.remark)
    _insert_table(cursor, sheet)
    return document


def _insert_table(cursor: QTextCursor, sheet: Sheet) -> None:
    layout = QTextTableFormat()
    layout.setHeaderRowCount(1)
    layout.setBorder(DPI / 200)
    layout.setBorderCollapse(True)
    layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    layout.setCellPadding(DPI / 30)
    layout.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    whole = sum(column.width for column in sheet.columns)
    layout.setColumnWidthConstraints(
        [
            QTextLength(QTextLength.Type.PercentageLength, 100 * column.width / whole)
            for column in sheet.columns
        ]
    )
    table = cursor.insertTable(len(sheet.rows) + 1, len(sheet.columns), layout)
    bold = QTextCharFormat()
    bold.setFontWeight(QFont.Weight.Bold)
    for at, column in enumerate(sheet.columns):
        table.cellAt(0, at).firstCursorPosition().insertText(column.heading, bold)
    for number, row in enumerate(sheet.rows, start=1):
        _insert_row(table, number, row, sheet.columns)


def _insert_row(
    table: QTextTable, number: int, row: Sequence[Cell], columns: Sequence[Column]
) -> None:
    right = QTextBlockFormat()
    right.setAlignment(Qt.AlignmentFlag.AlignRight)
    for at, (cell, column) in enumerate(zip(row, columns, strict=True)):
        text = shown(cell, column.kind)
        if text:
            cursor = table.cellAt(number, at).firstCursorPosition()
            if column.kind in ("count", "money", "area"):
                cursor.setBlockFormat(right)
            cursor.insertText(text)


def page_layout() -> QPageLayout:
    """A4 across."""
    edge = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    across = QPageLayout.Orientation.Landscape
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), across, edge, QPageLayout.Unit.Millimeter
    )


def preview(parent: QWidget, title: str, paint_on: Callable[[QPrinter], None]) -> None:
    """Show what is painted as it will be printed; from there it goes to a printer or into a PDF."""
    dialog = QPrintPreviewDialog(parent)
    printer = dialog.printer()
    printer.setDocName(title)
    printer.setPageLayout(page_layout())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.resize(1100, 680)
    dialog.paintRequested.connect(paint_on)
    dialog.open()
