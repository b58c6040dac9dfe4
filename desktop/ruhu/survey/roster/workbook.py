"""Read the cells of an untrusted workbook.

The library is imported with the first workbook, so that the window starts without it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from xml.etree.ElementTree import ParseError

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.survey.roster.layout import Layout, Region, read_layouts

MAX_WORKBOOK_BYTES = 30 * 1024 * 1024
MAX_INFLATED_BYTES = 300 * 1024 * 1024
MAX_HIGHLY_COMPRESSED_BYTES = 20 * 1024 * 1024
MAX_COMPRESSION_RATIO = 100
"""No table of people compresses as well as this; a file that does is meant to exhaust the memory."""

MAX_ROWS = 200_000
MAX_COLUMNS = 300
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class NoRoster(UserError):
    """The file is not a readable roster; nothing was imported from it."""


class Hidden(Enum):
    """Why a row is hidden: its sheet, the row itself, or a filter."""

    SHEET = "sheet"
    ROW = "row"
    FILTER = "filter"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet, with its number as Excel shows it.

    `above` holds values of merged regions that reach down into the row, by column. `without_result` holds the
    columns of formulas that were never calculated. `beyond` is true if there are cells to the right of those
    read.
    """

    sheet: str
    number: int
    values: tuple[Any, ...]
    above: Mapping[int, Any] = field(default_factory=dict)
    without_result: frozenset[int] = frozenset()
    hidden: Hidden | None = None
    beyond: bool = False


def column_letter(index: int) -> str:
    """Return the letters of a column counted from 0."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))


def _refuse(zh: str, en: str) -> NoRoster:
    return NoRoster(BilingualText(zh, en))


def _no_workbook() -> NoRoster:
    return _refuse(
        "这不是 Excel 工作簿（.xlsx）：请另选，或在 Excel 里另存为 .xlsx",
        "not an Excel workbook (.xlsx): choose another file, or save it as .xlsx in Excel",
    )


def _check_container(data: bytes) -> None:
    if not data:
        raise _refuse("文件是空的：请另拷一份", "the file is empty: copy it again")
    if len(data) > MAX_WORKBOOK_BYTES:
        raise _refuse("文件超过30 MB，不像名册", "the file is over 30 MB; too large for a roster")
    if data.startswith(OLE_MAGIC):
        raise _refuse(
            "工作簿加了密码或是旧版 .xls：请在 Excel 里去掉密码，另存为 .xlsx 后再导入",
            "the workbook has a password or is an old .xls: remove the password in Excel, save "
            "it as .xlsx and import that",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _no_workbook() from None
    if sum(entry.file_size for entry in entries) > MAX_INFLATED_BYTES or len(entries) > 5000:
        raise _refuse(
            "工作簿解开后过大，不予打开", "the unpacked workbook is too large; not opened"
        )
    if any(
        entry.file_size > MAX_HIGHLY_COMPRESSED_BYTES
        and entry.file_size > MAX_COMPRESSION_RATIO * max(entry.compress_size, 1)
        for entry in entries
    ):
        raise _refuse(
            "工作簿解开后过大，不予打开", "the unpacked workbook is too large; not opened"
        )
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise _refuse(
            "工作簿带有宏，不予打开：请另存为不带宏的 .xlsx 后再导入",
            "the workbook has macros and was not opened: save it as .xlsx without macros",
        )
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise _no_workbook()


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""Open XML's escape for characters that XML cannot contain; `_x005F_` escapes the underscore itself."""


def unescape(text: str) -> str:
    """Decode a cell text's escapes (`_x000D_` ...)."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def read_rows(data: bytes) -> Iterator[SheetRow]:
    """Yield all non-empty rows of all sheets. Raises `NoRoster` for anything but a plain .xlsx workbook."""
    from openpyxl import load_workbook

    _check_container(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            layouts = read_layouts(container)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # the dimensions stated in the file are often wrong
            rows = sheet.iter_rows(values_only=True)
            yield from _rows_of(sheet.title, rows, layouts.get(sheet.title, Layout()))
        book.close()
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, ParseError, OSError,
            OverflowError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError):  # fmt: skip
        raise _refuse(
            "工作簿已损坏，读不下去：请重新导出或另拷一份",
            "the workbook is damaged: export or copy it again",
        ) from None


def _rows_of(title: str, rows: Iterator[Sequence[Any]], layout: Layout) -> Iterator[SheetRow]:
    open_regions: list[tuple[Region, Any]] = []
    filled = 0
    for number, cells in enumerate(rows, start=1):
        values = tuple(unescape(v) if isinstance(v, str) else v for v in cells[:MAX_COLUMNS])
        above = {r.column: value for r, value in open_regions if r.bottom >= number}
        open_regions = [(r, value) for r, value in open_regions if r.bottom > number]
        for region in layout.regions.get(number, ()):
            if region.column < len(values):
                open_regions.append((region, values[region.column]))
        without_result = frozenset(layout.without_result.get(number, ()))
        beyond = any(value is not None for value in cells[MAX_COLUMNS:])
        if not (beyond or without_result or any(value is not None for value in values)):
            continue
        filled += 1
        if filled > MAX_ROWS:
            raise _refuse("超过20万行，不像名册", "over 200,000 rows; too many for a roster")
        hidden = _hidden(layout, number)
        yield SheetRow(title, number, values, above, without_result, hidden, beyond)


def _hidden(layout: Layout, number: int) -> Hidden | None:
    if layout.hidden:
        return Hidden.SHEET
    if number not in layout.hidden_rows:
        return None
    return Hidden.FILTER if layout.filtered else Hidden.ROW
