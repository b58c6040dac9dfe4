"""The cells of a workbook from outside, opened with suspicion.

The library is loaded with the first workbook: the window starts without it.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from ruhu.survey.text import Text, UserError

MOST_BYTES = 30 * 1024 * 1024
MOST_INFLATED = 300 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 300
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class NoRoster(UserError):
    """The file is no roster that can be read; nothing was taken from it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet, with its number as Excel shows it."""

    sheet: str
    number: int
    values: tuple[Any, ...]


def column_letter(index: int) -> str:
    """The letters of a column, counted from 0."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))


def _refuse(zh: str, en: str) -> NoRoster:
    return NoRoster(Text(zh, en))


def _no_workbook() -> NoRoster:
    return _refuse(
        "这不是 Excel 工作簿（.xlsx）：请另选，或在 Excel 里另存为 .xlsx",
        "this is no Excel workbook (.xlsx): choose another, or save it as .xlsx in Excel",
    )


def _check_container(data: bytes) -> None:
    if not data:
        raise _refuse("文件是空的：请另拷一份", "the file is empty: copy it anew")
    if len(data) > MOST_BYTES:
        raise _refuse("文件超过30 MB，不像名册", "the file is over 30 MB, which is no roster")
    if data.startswith(OLE_MAGIC):
        raise _refuse(
            "工作簿加了密码或是旧版 .xls：请在 Excel 里去掉密码，另存为 .xlsx 后再导入",
            "the workbook has a password or is an old .xls: take the password off in Excel, save "
            "it as .xlsx and import that",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _no_workbook() from None
    if sum(entry.file_size for entry in entries) > MOST_INFLATED or len(entries) > 5000:
        raise _refuse("工作簿解开后过大，不予打开", "the workbook unpacks to too much; refused")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise _refuse(
            "工作簿带有宏，不予打开：请另存为不带宏的 .xlsx 后再导入",
            "the workbook has macros and is not opened: save it as .xlsx without macros",
        )
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise _no_workbook()


def read_rows(data: bytes) -> Iterator[Row]:
    """All rows of all sheets. Raises `NoRoster` for what is no plain .xlsx workbook."""
    from openpyxl import load_workbook

    _check_container(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                if number > MOST_ROWS:
                    raise _refuse("超过20万行，不像名册", "over 200,000 rows, which is no roster")
                yield Row(sheet.title, number, tuple(values[:MOST_COLUMNS]))
        book.close()
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, ParseError, OSError,
            zipfile.BadZipFile, zlib.error, EOFError):  # fmt: skip
        raise _refuse(
            "工作簿已损坏，读不下去：请重新导出或另拷一份",
            "the workbook is damaged: export or copy it anew",
        ) from None
