"""Lists as Excel sheets, and the same cells as printed text."""

import io
import re
from collections.abc import Sequence
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

HEADING_COLOUR = "#DDE7EE"
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


def build_workbook(sheet: Sheet) -> bytes:
    """Return the sheet as an Excel file.

    The heading stays in sight, each column has a filter, numbers are numbers, ids and accounts are text,
    and it prints on A4 in landscape.
    """
    from rustpy_xlsxwriter import Format, write_worksheet

    headings = [column.heading for column in sheet.columns]
    out = io.BytesIO()
    write_worksheet(
        (dict(zip(headings, map(safe_cell, row), strict=True)) for row in sheet.rows)
        if sheet.rows
        else [dict.fromkeys(headings)],
        out,
        sheet_name=_name_of(sheet),
        freeze_row=1,
        column_widths=[column.width for column in sheet.columns],
        column_formats=[Format().set_num_format(_FORMATS[c.kind]) for c in sheet.columns],
        header_format=Format().set_bold().set_text_wrap().set_background_color(HEADING_COLOUR),
        autofilter=True,
        page_setup={
            "landscape": True,
            "paper_size": A4,
            "repeat_rows": 0,
            "fit_to_pages": (1, 0),
            "header": f"&C{replace_unwritable(sheet.title).replace('&', '&&')}",
            "footer": "&C&P / &N",
        },
    )
    return out.getvalue()


def write_workbook(sheet: Sheet, path: Path) -> AlteredCells:
    """Write a sheet to an Excel file; return the cells with replaced characters. Raises `WriteFailed`."""
    write_atomic(path, build_workbook(sheet))
    return find_altered(sheet.rows)
