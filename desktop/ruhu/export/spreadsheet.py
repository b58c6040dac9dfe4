"""Lists as Excel sheets, and the same cells as printed text."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from ruhu.export.cell_text import AlteredCells, find_altered, replace_unwritable
from ruhu.files.atomic_write import write_atomic

CellKind = Literal["text", "count", "money", "area", "date"]
Cell = str | int | Decimal | date | None

A4 = 9
"""The paper's number in the file format."""

_FORMATS: dict[CellKind, str] = {
    "text": "@",
    "count": "0",
    "money": "#,##0.00",
    "area": "0.00",
    "date": "yyyy-mm-dd",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in characters and kind of cells.

    A column that only identifies rows when the file is imported again is not `printed`.
    """

    heading: str
    width: int = 12
    kind: CellKind = "text"
    printed: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list with its title.

    `remark` is printed below the title; `held` is the number of rows held back.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] = field(repr=False)
    remark: str = ""
    held: int = 0


def print_text(cell: Cell, kind: CellKind) -> str:
    """Return a cell as printed."""
    if cell is None:
        return ""
    if kind == "money" and isinstance(cell, (int, Decimal)):
        return f"{cell:,.2f}"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def safe_cell(value: Any) -> Any:
    """Return a value for a cell: text that would run as a formula is quoted, unwritable characters are
    replaced.
    """
    if not isinstance(value, str):
        return value
    text = replace_unwritable(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _name_of(sheet: Sheet) -> str:
    """Return a sheet's title as a valid sheet name."""
    return re.sub(r"[\\*?:/\[\]]", " ", replace_unwritable(sheet.title))[:31]


def build_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return the sheets as an Excel file.

    The heading row is frozen, every column has a filter, numbers are numbers, id numbers and accounts are
    text, and pages are A4 landscape.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book.create_sheet(_name_of(sheet)), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page: Any, sheet: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddHeader.center.text = replace_unwritable(sheet.title).replace("&", "&&")
    page.oddFooter.center.text = "&P / &N"
    head = []
    for index, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(index)].width = column.width
        cell = WriteOnlyCell(page, column.heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE7EE")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        head.append(cell)
    page.append(head)
    for row in sheet.rows:
        cells: list[Any] = []
        for value, column in zip(row, sheet.columns, strict=True):
            if value is None:
                cells.append(None)
                continue
            cell = WriteOnlyCell(page, safe_cell(value))
            if column.kind != "text" or isinstance(value, str):
                cell.number_format = _FORMATS[column.kind]
            cells.append(cell)
        page.append(cells)
    last = get_column_letter(len(sheet.columns))
    page.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"


def write_workbook(sheet: Sheet, path: Path) -> AlteredCells:
    """Write a sheet to an Excel file; return the cells with replaced characters. Raises `WriteFailed`."""
    write_atomic(path, build_workbook([sheet]))
    return find_altered(sheet.rows)
