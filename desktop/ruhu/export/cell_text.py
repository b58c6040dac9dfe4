"""Characters that no file of cells can hold: what is written in their place, and where that was."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ruhu.i18n import NO_TEXT, BilingualText

REPLACEMENT = "\ufffd"
"""What Unicode has for a character that could not be kept: �."""

MAX_ROWS_SHOWN = 10
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Altered:
    """In how many cells characters were replaced, and in which rows as a spreadsheet numbers them."""

    cells: int = 0
    rows: tuple[int, ...] = ()

    @property
    def text(self) -> BilingualText:
        """What to say of it; no text where nothing was replaced. What stands in the cells is not repeated."""
        if not self.cells:
            return NO_TEXT
        shown = [str(row) for row in self.rows[:MAX_ROWS_SHOWN]]
        if len(self.rows) > MAX_ROWS_SHOWN:
            shown.append("…")
        return BilingualText(
            "第 {zh} 行共 {cells} 格有文件存不了的字符，已写成“{mark}”，请核对原记录",
            "rows {en}: {cells} cells with characters that no file can hold, written as “{mark}”; look at the "
            "records",
        ).format(zh="、".join(shown), en=", ".join(shown), cells=self.cells, mark=REPLACEMENT)


def writable(text: str) -> str:
    """A text without control characters, halves of characters and what is none: each is replaced."""
    return text if text.isprintable() else _UNWRITABLE.sub(REPLACEMENT, text)


def whole(text: str) -> str:
    """A text of any characters, its halves of characters replaced: it can be encoded."""
    return _HALF.sub(REPLACEMENT, text)


def altered_in(rows: Iterable[Sequence[Any]], *, first: int = 2) -> Altered:
    """Where `writable` replaces something in rows, of which the first has a number."""
    cells, numbers = 0, []
    for number, row in enumerate(rows, start=first):
        found = sum(1 for cell in row if isinstance(cell, str) and writable(cell) != cell)
        if found:
            cells += found
            numbers.append(number)
    return Altered(cells, tuple(numbers))
