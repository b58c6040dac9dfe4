"""Workbooks as offices have them: what a file says of itself is wrong, what a person would read is read."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ruhu.survey.roster.workbook import Hidden, NoRoster, read_rows, unescape

SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[Any]], change: Callable[[Worksheet], None] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(data: bytes, change: Callable[[str], str], part: str = SHEET) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body.decode()) if name == part else body)
    return stream.getvalue()


TABLE: list[list[Any]] = [
    ["户编号", "姓名", "性别"],
    *([f"A{n}", f"韦{n}", "男"] for n in range(40)),
]


@pytest.mark.parametrize("dimension", ['<dimension ref="A1"/>', '<dimension ref="A1:B9"/>', ""])
def test_cells_outside_a_wrong_dimension_are_read(dimension: str) -> None:
    wrong = rewritten(workbook(TABLE), lambda x: re.sub("<dimension[^>]*/>", dimension, x))
    assert [list(row.values) for row in read_rows(wrong)] == TABLE


def test_a_formatted_row_far_below_is_no_row() -> None:
    far = rewritten(
        workbook(TABLE), lambda x: x.replace("</sheetData>", '<row r="1048576"/></sheetData>')
    )
    assert len(list(read_rows(far))) == len(TABLE)


def test_a_cell_further_right_than_is_read_is_noticed() -> None:
    rows = list(read_rows(workbook([*TABLE, [*([None] * 400), "x"]])))
    assert [row.beyond for row in rows] == [False] * len(TABLE) + [True]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("韦甲_x000D_\n", "韦甲\r\n"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD842__xDFB7_花", "𠮷花"),
        ("半_xD842_个", "半个"),
        ("a_x00_", "a_x00_"),
    ],
)
def test_escapes_are_the_characters_they_stand_for(written: str, text: str) -> None:
    assert unescape(written) == text


def test_the_layout_of_a_workbook_is_read() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A4")
        sheet.row_dimensions[3].hidden = True
        sheet["C4"] = '=IF(TRUE,"男")'

    rows = {row.number: row for row in read_rows(workbook(TABLE, change))}
    assert [rows[n].above for n in (2, 3, 4, 5)] == [{}, {0: "A0"}, {0: "A0"}, {}]
    assert [rows[n].hidden for n in (2, 3, 4)] == [None, Hidden.ROW, None]
    assert [rows[n].without_result for n in (3, 4)] == [frozenset(), frozenset({2})]


def test_filtered_rows_differ_from_hidden_ones() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A1:C41"
        sheet.auto_filter.add_filter_column(2, ["女"])
        sheet.row_dimensions[3].hidden = True

    rows = {row.number: row for row in read_rows(workbook(TABLE, change))}
    assert rows[3].hidden is Hidden.FILTER


def test_a_sheet_that_packs_as_no_table_does_is_refused() -> None:
    blank = rewritten(
        workbook(TABLE), lambda x: x.replace("<sheetData>", " " * 30_000_000 + "<sheetData>")
    )
    with pytest.raises(NoRoster) as caught:
        list(read_rows(blank))
    assert "过大" in caught.value.text.zh
