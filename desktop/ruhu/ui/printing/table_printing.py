"""A list on paper: its columns as wide as what stands in them, its head on every page.

The rows are measured once; a page is drawn from its own rows when it is wanted, so that a list of a
thousand pages is there as soon as it is measured.
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
SIZES = (9.0, 8.0, 7.0, 6.5)
"""Points of the letters, the first at which the columns have room enough."""

TITLE_POINTS = 14.0
FOOTER = 8 * DPI / 25.4
CELL_PADDING = DPI / 40
"""Left and right of a cell's text."""

ABOVE = DPI / 50
"""Above and below a cell's text."""

MAX_WORD_CHARS = 24
"""Letters; a longer word may be broken."""

NARROWEST = 4
"""Letters that a column of words has room for, if it has so many."""

GREY, LINE = QColor("#eef2f5"), QPen(QColor("#9aa7b0"), DPI / 200)
WORD = re.compile(r"[!-~]+")


def _shares(least: Sequence[float], wanted: Sequence[float], space: float) -> list[float]:
    """Widths that use up `space`: what is `wanted` and more, if there is room; else at least `least`,
    and of the rest those who lack little first.
    """
    enough = wanted if sum(wanted) <= space else least
    if enough is wanted or sum(least) >= space:
        return [width * space / sum(enough) for width in enough]
    widths, left = list(least), space - sum(least)
    order = sorted(range(len(widths)), key=lambda at: wanted[at] - least[at])
    for done, at in enumerate(order):
        given = min(wanted[at] - least[at], left / (len(order) - done))
        widths[at] += given
        left -= given
    return widths


class TablePages:
    """A sheet laid out for A4 across, in whichever thread."""

    def __init__(self, sheet: Sheet) -> None:
        self._columns = [column for column in sheet.columns if column.printed]
        self._places = [at for at, column in enumerate(sheet.columns) if column.printed]
        self._rows = sheet.rows
        self._change: dict[int, str] = {}
        letters = CharWidths(SIZES[0] * POINT)
        cells = [self._widest(at, letters) for at in range(len(self._columns))]
        heads = [letters.width(column.heading) for column in self._columns]
        letters.width(sheet.title + sheet.remark)
        missing = look_up(["".join(letters)], letters.font).missing
        self.remark = "".join(missing)
        self._change = {
            **{ord(character): " " for character in letters if ord(character) < ord(" ")},
            **{ord(character): MISSING_GLYPH for character in missing},
        }
        self.title, self._under = (self._printable(t) for t in (sheet.title, sheet.remark))
        self._room = printable_area()
        self._set_widths(letters, cells, heads)
        self._set_heads()
        self._lines = self._count_lines()
        self._starts = self._break()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._starts)

    # What stands where

    def _printable(self, text: str) -> str:
        return text.translate(self._change) if self._change else text

    def _said(self, cell: Cell, kind: CellKind) -> str:
        return self._printable(print_text(cell, kind))

    def _texts(self, at: int) -> Iterator[str]:
        """What stands in a column."""
        kind, place = self._columns[at].kind, self._places[at]
        return (self._said(row[place], kind) for row in self._rows)

    # Measuring

    def _widest(self, at: int, letters: CharWidths) -> float:
        return max(map(letters.width, self._texts(at)), default=0.0)

    def _least(self, at: int, widest: float, letters: CharWidths) -> float:
        """What a column needs for its figures and words to stay whole; its heading may be broken."""
        em = letters["国"]
        if self._columns[at].kind != "text":
            return max(widest, 2 * em)
        words = (word for text in self._texts(at) for word in WORD.findall(text))
        longest = min(max(map(letters.width, words), default=0.0), MAX_WORD_CHARS * em)
        return max(longest, min(widest, NARROWEST * em), 2 * em)

    def _set_widths(
        self, letters: CharWidths, cells: Sequence[float], heads: Sequence[float]
    ) -> None:
        """Choose the letters' size and the columns' widths."""
        wanted = least = [1.05 * max(pair) for pair in zip(cells, heads, strict=True)]
        space = self._room.width() - 2 * CELL_PADDING * len(wanted)
        if sum(wanted) > space:
            least = [self._least(at, cell, letters) for at, cell in enumerate(cells)]
        points = next((p for p in SIZES if sum(least) * p / SIZES[0] <= space), SIZES[-1])
        scale = points / SIZES[0]
        self._letters = CharWidths(points * POINT)
        self._small = CharWidths((points - 1) * POINT)
        self._widths = _shares([w * scale for w in least], [w * scale for w in wanted], space)
        spaces = (width + 2 * CELL_PADDING for width in self._widths)
        self._edges = list(accumulate(spaces, initial=0.0))
        self._narrow = {at for at, cell in enumerate(cells) if cell * scale > self._widths[at]}

    def _set_heads(self) -> None:
        width, large = self._room.width(), CharWidths(TITLE_POINTS * POINT)
        self._large = large
        self._above = large.lines(self.title, width)
        self._below = self._letters.lines(self._under, width) if self._under else []
        self._heads = [
            self._letters.lines(self._printable(column.heading), column_width)
            for column, column_width in zip(self._columns, self._widths, strict=True)
        ]
        self._head = self._height(max(map(len, self._heads), default=1))
        self._top = (
            len(self._above) * large.height + len(self._below) * self._letters.height + 4 * ABOVE
        )

    def _height(self, lines: int) -> float:
        return lines * self._letters.height + 2 * ABOVE

    def _count_lines(self) -> "array[int]":
        """How many lines each row takes."""
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
        """Where each page starts: the row, and the line in it where a row is longer than a page."""
        whole = self._room.height() - FOOTER - self._head
        left, starts = whole - self._top, [(0, 0)]
        for row, count in enumerate(self._lines):
            line = 0
            if left < self._height(count) <= whole:
                starts.append((row, 0))
                left = whole
            while self._height(count - line) > left:
                line += max(int((left - 2 * ABOVE) // self._letters.height), left == whole)
                starts.append((row, line))
                left = whole
            left -= self._height(count - line)
        return starts

    # Drawing

    def paint(self, painter: QPainter, at: int) -> None:
        """Draw page `at`, the first being 0, into `room()`."""
        top = self._paint_above(painter) if at == 0 else 0.0
        y = self._paint_head(painter, top)
        row, line = self._starts[at]
        end, rest = self._starts[at + 1] if at + 1 < self.count else (len(self._rows), 0)
        painter.setFont(self._letters.font)
        for number in range(row, end + bool(rest)):
            first = line if number == row else 0
            last = rest if number == end else self._lines[number]
            y = self._paint_row(painter, y, number, slice(first, last))
        painter.setPen(LINE)
        for x in self._edges:
            painter.drawLine(QPointF(x, top), QPointF(x, y))
        self._paint_footer(painter, at)

    def _paint_above(self, painter: QPainter) -> float:
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._large.font)
        y, height = 0.0, self._large.height
        for text in self._above:
            strip = QRectF(0, y, self._room.width(), height)
            painter.drawText(strip, Qt.AlignmentFlag.AlignHCenter, text)
            y += height
        painter.setFont(self._letters.font)
        for at, text in enumerate(self._below):
            down = y + 2 * ABOVE + self._letters.ascent + at * self._letters.height
            painter.drawText(QPointF(0, down), text)
        return self._top

    def _paint_head(self, painter: QPainter, y: float) -> float:
        painter.fillRect(QRectF(0, y, self._edges[-1], self._head), GREY)
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._letters.font)
        most = max(map(len, self._heads), default=1)
        for at, lines in enumerate(self._heads):
            down = ABOVE + (most - len(lines)) * self._letters.height / 2
            self._paint_cell(painter, at, y + down, lines)
        painter.setPen(LINE)
        for edge in (y, y + self._head):
            painter.drawLine(QPointF(0, edge), QPointF(self._edges[-1], edge))
        return y + self._head

    def _paint_row(self, painter: QPainter, y: float, row: int, part: slice) -> float:
        painter.setPen(Qt.GlobalColor.black)
        cells = self._rows[row]
        for at, (column, place) in enumerate(zip(self._columns, self._places, strict=True)):
            text = self._said(cells[place], column.kind)
            lines = self._letters.lines(text, self._widths[at]) if at in self._narrow else [text]
            self._paint_cell(painter, at, y + ABOVE, lines[part])
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

    def _paint_footer(self, painter: QPainter, at: int) -> None:
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._small.font)
        strip = QRectF(0, self._room.height() - FOOTER, self._room.width(), FOOTER)
        painter.drawText(strip, Qt.AlignmentFlag.AlignBottom, self.title)
        right = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
        painter.drawText(strip, right, f"{at + 1} / {self.count}")
