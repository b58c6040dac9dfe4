"""Replace characters that no spreadsheet can hold, and report where."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ruhu.i18n import NO_TEXT, BilingualText

REPLACEMENT = "\ufffd"
"""Unicode's replacement character: �."""

MAX_ROWS_SHOWN = 10
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class AlteredCells:
    """The number of cells with replaced characters, and their rows as a spreadsheet numbers them."""

    cells: int = 0
    rows: tuple[int, ...] = ()

    @property
    def text(self) -> BilingualText:
        """A message about the replacements, empty without any; the cells' content is not repeated."""
        if not self.cells:
            return NO_TEXT
        shown = [str(row) for row in self.rows[:MAX_ROWS_SHOWN]]
        if len(self.rows) > MAX_ROWS_SHOWN:
            shown.append("…")
        return BilingualText(
            "第 {zh} 行共 {cells} 格有文件存不了的字符，已写成“{mark}”，请核对原记录",
            "rows {en}: {cells} cells contained characters that no file can hold, written as “{mark}”; check "
            "the records",
        ).format(zh="、".join(shown), en=", ".join(shown), cells=self.cells, mark=REPLACEMENT)


def replace_unwritable(text: str) -> str:
    """Return a text in which control characters, surrogates and noncharacters are replaced."""
    return text if text.isprintable() else _UNWRITABLE.sub(REPLACEMENT, text)


def replace_surrogates(text: str) -> str:
    """Return a text in which unpaired surrogates are replaced, so that it can be encoded."""
    return _HALF.sub(REPLACEMENT, text)


def find_altered(rows: Iterable[Sequence[Any]], *, first: int = 2) -> AlteredCells:
    """Return where `replace_unwritable` changes a text; the first row has the number `first`."""
    cells, numbers = 0, []
    for number, row in enumerate(rows, start=first):
        texts = [cell for cell in row if isinstance(cell, str)]
        if "".join(texts).isprintable():
            continue
        replaced = sum(replace_unwritable(text) != text for text in texts)
        if replaced:
            cells += replaced
            numbers.append(number)
    return AlteredCells(cells, tuple(numbers))
