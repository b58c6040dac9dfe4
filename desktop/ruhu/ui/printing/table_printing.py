"""Print a table: columns fit their texts, the heading repeats on every page.

Rows are measured once and pages are drawn on demand, so that a preview of a thousand pages opens as
soon as the rows are measured.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ruhu.export.spreadsheet import Cell, CellKind, Sheet, print_text
from ruhu.ui.printing.font_fallback import MISSING_GLYPH, look_up
from ruhu.ui.printing.pages import DPI, printable_area
from ruhu.ui.printing.text_metrics import CharWidths

POINT = DPI / 72
FONT_POINTS = (9.0, 8.0, 7.0, 6.5)
"""Font sizes; the first at which the columns fit is used."""

TITLE_POINTS = 14.0
FOOTER = 8 * DPI / 25.4
CELL_PADDING = DPI / 40
"""Left and right of a cell's text, in pixels of `DPI`."""

LINE_PADDING = DPI / 50
"""Above and below a cell's text, in pixels of `DPI`."""

MAX_WORD_CHARS = 24
"""A longer word may be broken."""

MIN_COLUMN_CHARS = 4
"""The minimum width of a column whose texts are at least as long."""

GREY, LINE = QColor("#eef2f5"), QPen(QColor("#9aa7b0"), DPI / 200)
WORD = re.compile(r"[!-~]+")


def _distribute(minimum: Sequence[float], preferred: Sequence[float], space: float) -> list[float]:
    """Return widths that fill `space`.

    If the preferred widths do not fit, each column gets its minimum, and columns that lack least
    are widened first.
    """
    base = preferred if sum(preferred) <= space else minimum
    if base is preferred or sum(minimum) >= space:
        return [width * space / sum(base) for width in base]
    widths, left = list(minimum), space - sum(minimum)
    order = sorted(range(len(widths)), key=lambda column: preferred[column] - minimum[column])
    for done, column in enumerate(order):
        added = min(preferred[column] - minimum[column], left / (len(order) - done))
        widths[column] += added
        left -= added
    return widths


class TablePages:
    """A sheet laid out for A4 landscape; usable on any thread."""

    def __init__(self, sheet: Sheet) -> None:
        self._columns = [column for column in sheet.columns if column.printed]
        self._indices = [at for at, column in enumerate(sheet.columns) if column.printed]
        self._rows = sheet.rows
        self._replacements: dict[int, str] = {}
        letters = CharWidths(FONT_POINTS[0] * POINT)
        cells = [self._widest(at, letters) for at in range(len(self._columns))]
        heads = [letters.width(column.heading) for column in self._columns]
        letters.width(sheet.title + sheet.remark)
        missing = look_up(["".join(letters)], letters.font).missing
        self.remark = "".join(missing)
        self._replacements = {
            **{ord(character): " " for character in letters if ord(character) < ord(" ")},
            **{ord(character): MISSING_GLYPH for character in missing},
        }
        self.title, self._under = (self._printable(t) for t in (sheet.title, sheet.remark))
        self._area = printable_area()
        self._set_widths(letters, cells, heads)
        self._set_heads()
        self._lines = self._count_lines()
        self._starts = self._break()

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self._starts)

    # Texts

    def _printable(self, text: str) -> str:
        return text.translate(self._replacements) if self._replacements else text

    def _cell_text(self, cell: Cell, kind: CellKind) -> str:
        return self._printable(print_text(cell, kind))

    def _texts(self, at: int) -> Iterator[str]:
        """Yield the texts of a column."""
        kind, index = self._columns[at].kind, self._indices[at]
        return (self._cell_text(row[index], kind) for row in self._rows)

    # Measuring

    def _widest(self, at: int, letters: CharWidths) -> float:
        return max(map(letters.width, self._texts(at)), default=0.0)

    def _minimum_width(self, at: int, widest: float, letters: CharWidths) -> float:
        """Return the width at which figures and words are not broken; a heading may be."""
        em = letters["国"]
        if self._columns[at].kind != "text":
            return max(widest, 2 * em)
        words = (word for text in self._texts(at) for word in WORD.findall(text))
        longest = min(max(map(letters.width, words), default=0.0), MAX_WORD_CHARS * em)
        return max(longest, min(widest, MIN_COLUMN_CHARS * em), 2 * em)

    def _set_widths(
        self, letters: CharWidths, cells: Sequence[float], heads: Sequence[float]
    ) -> None:
        """Choose the font size and the column widths."""
        preferred = minimum = [1.05 * max(pair) for pair in zip(cells, heads, strict=True)]
        space = self._area.width() - 2 * CELL_PADDING * len(preferred)
        if sum(preferred) > space:
            minimum = [self._minimum_width(at, cell, letters) for at, cell in enumerate(cells)]
        points = next(
            (p for p in FONT_POINTS if sum(minimum) * p / FONT_POINTS[0] <= space), FONT_POINTS[-1]
        )
        scale = points / FONT_POINTS[0]
        self._letters = CharWidths(points * POINT)
        self._small = CharWidths((points - 1) * POINT)
        self._widths = _distribute(
            [w * scale for w in minimum], [w * scale for w in preferred], space
        )
        spaces = (width + 2 * CELL_PADDING for width in self._widths)
        self._edges = list(accumulate(spaces, initial=0.0))
        self._narrow = {at for at, cell in enumerate(cells) if cell * scale > self._widths[at]}

    def _set_heads(self) -> None:
        width, large = self._area.width(), CharWidths(TITLE_POINTS * POINT)
        self._large = large
        self._above = large.lines(self.title, width)
        self._below = self._letters.lines(self._under, width) if self._under else []
        self._heads = [
            self._letters.lines(self._printable(column.heading), column_width)
            for column, column_width in zip(self._columns, self._widths, strict=True)
        ]
        self._head = self._height(max(map(len, self._heads), default=1))
        self._top = (
            len(self._above) * large.height
            + len(self._below) * self._letters.height
            + 4 * LINE_PADDING
        )

    def _height(self, lines: int) -> float:
        return lines * self._letters.height + 2 * LINE_PADDING

    def _count_lines(self) -> "array[int]":
        """Return the number of lines of each row."""
        counts = array("L", [1]) * len(self._rows)
        letters = self._letters
        for at in self._narrow:
            width, known = self._widths[at], dict[str, int]()
            for row, text in enumerate(self._texts(at)):
                if text not in known:
                    known[text] = len(letters.lines(text, width))
                counts[row] = max(counts[row], known[text])
        return counts

    def _break(self) -> list[tuple[int, int]]:
        """Return the row at which each page starts, and the line in it if a row spans pages."""
        full = self._area.height() - FOOTER - self._head
        left, starts = full - self._top, [(0, 0)]
        for row, count in enumerate(self._lines):
            line = 0
            if left < self._height(count) <= full:
                starts.append((row, 0))
                left = full
            while self._height(count - line) > left:
                line += max(int((left - 2 * LINE_PADDING) // self._letters.height), left == full)
                starts.append((row, line))
                left = full
            left -= self._height(count - line)
        return starts

    # Drawing

    def paint(self, painter: QPainter, index: int) -> None:
        """Draw a page into `printable_area()`; the first has index 0."""
        top = self._paint_above(painter) if index == 0 else 0.0
        y = self._paint_head(painter, top)
        row, line = self._starts[index]
        end, rest = self._starts[index + 1] if index + 1 < self.count else (len(self._rows), 0)
        painter.setFont(self._letters.font)
        for number in range(row, end + bool(rest)):
            first = line if number == row else 0
            last = rest if number == end else self._lines[number]
            y = self._paint_row(painter, y, number, slice(first, last))
        painter.setPen(LINE)
        for x in self._edges:
            painter.drawLine(QPointF(x, top), QPointF(x, y))
        self._paint_footer(painter, index)

    def _paint_above(self, painter: QPainter) -> float:
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._large.font)
        y, height = 0.0, self._large.height
        for text in self._above:
            strip = QRectF(0, y, self._area.width(), height)
            painter.drawText(strip, Qt.AlignmentFlag.AlignHCenter, text)
            y += height
        painter.setFont(self._letters.font)
        for at, text in enumerate(self._below):
            down = y + 2 * LINE_PADDING + self._letters.ascent + at * self._letters.height
            painter.drawText(QPointF(0, down), text)
        return self._top

    def _paint_head(self, painter: QPainter, y: float) -> float:
        painter.fillRect(QRectF(0, y, self._edges[-1], self._head), GREY)
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._letters.font)
        line_count = max(map(len, self._heads), default=1)
        for at, lines in enumerate(self._heads):
            down = LINE_PADDING + (line_count - len(lines)) * self._letters.height / 2
            self._paint_cell(painter, at, y + down, lines)
        painter.setPen(LINE)
        for edge in (y, y + self._head):
            painter.drawLine(QPointF(0, edge), QPointF(self._edges[-1], edge))
        return y + self._head

    def _paint_row(self, painter: QPainter, y: float, row: int, part: slice) -> float:
        painter.setPen(Qt.GlobalColor.black)
        cells = self._rows[row]
        for at, (column, index) in enumerate(zip(self._columns, self._indices, strict=True)):
            text = self._cell_text(cells[index], column.kind)
            lines = self._letters.lines(text, self._widths[at]) if at in self._narrow else [text]
            self._paint_cell(painter, at, y + LINE_PADDING, lines[part])
        y += self._height(part.stop - part.start)
        painter.setPen(LINE)
        painter.drawLine(QPointF(0, y), QPointF(self._edges[-1], y))
        return y

    def _paint_cell(self, painter: QPainter, at: int, y: float, lines: Sequence[str]) -> None:
        letters = self._letters
        number = self._columns[at].kind in ("count", "money", "area")
        for line, text in enumerate(lines):
            x = self._edges[at] + CELL_PADDING
            if number:
                x += self._widths[at] - letters.width(text)
            painter.drawText(QPointF(x, y + letters.ascent + line * letters.height), text)

    def _paint_footer(self, painter: QPainter, index: int) -> None:
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._small.font)
        strip = QRectF(0, self._area.height() - FOOTER, self._area.width(), FOOTER)
        painter.drawText(strip, Qt.AlignmentFlag.AlignBottom, self.title)
        right = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
        painter.drawText(strip, right, f"{index + 1} / {self.count}")
