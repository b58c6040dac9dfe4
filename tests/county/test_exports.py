"""What was stored with characters that no file can hold comes out all the same, and the rows are named."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import update
from tests.conftest import PASSPHRASE
from tests.county.laptop_bundles import Laptop

from ruhu.cli.main import main
from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.database import tables
from ruhu.export.cell_text import AlteredCells, find_altered, replace_unwritable
from ruhu.export.register import HEADINGS, RegisterExport, write_record, write_register
from ruhu.export.spreadsheet import Column, Sheet, write_workbook

BAD = ["\0", "\x01", "\x0b", "\x1f", "\x7f", "\x85", "\ufffe", "\uffff", "\ud800", "\udfff"]
NAME, GROUP = HEADINGS.index("姓名"), HEADINGS.index("自然村(组)")


def village(household: dict[str, Any]) -> list[dict[str, Any]]:
    """Three households; in the second a name and the group hold every character that no file can."""
    made = [json.loads(json.dumps(household)) for _ in range(3)]
    for number, document in enumerate(made):
        document["record_id"] = str(UUID(int=number + 1))
    made[1]["members"][0]["name"] = f"韦{''.join(BAD)}明"
    made[1]["place"]["group"] = "一\x02组"
    return made


def rows_of(path: Path) -> list[list[Any]]:
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_one_spoilt_name_neither_ends_nor_spoils_the_register(
    household: dict[str, Any], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"register.{ending}"
    written = write_register(village(household), path)
    # The group stands in both rows of the household, its head's name in the first.
    assert written == RegisterExport(6, AlteredCells(3, (4, 5)))
    rows = rows_of(path)
    assert [row[NAME] for row in rows[1:]] == [
        *("韦岜明", "蒙才花"), f"韦{'�' * len(BAD)}明", "蒙才花", *("韦岜明", "蒙才花"),
    ]  # fmt: skip
    assert [row[GROUP] for row in rows[3:5]] == ["一�组"] * 2
    for said in (written.altered.text.zh, written.altered.text.en):
        assert "明" not in said
        assert "4" in said
        assert "5" in said


def test_json_escapes_what_it_can_and_replaces_halves(
    household: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "register.json"
    written = write_register(village(household), path)
    assert written.altered.cells == 1
    lines = path.read_text(encoding="utf-8").split("\n")
    assert "��明" in lines[written.altered.rows[0] - 1]
    name = json.loads(path.read_bytes())[1]["members"][0]["name"]
    assert name == f"韦{''.join(BAD[:-2])}��明"
    altered = write_record(village(household)[1], tmp_path / "one.json")
    assert altered.cells == 1
    assert write_record(household, tmp_path / "other.json") == AlteredCells()


def test_what_every_file_can_hold_stays(household: dict[str, Any], tmp_path: Path) -> None:
    name = "李𠀀·Ą 〇\u3000\ue000\u200b"
    household["members"][0]["name"] = name
    assert write_register([household], tmp_path / "register.xlsx") == RegisterExport(
        2, AlteredCells()
    )
    assert rows_of(tmp_path / "register.xlsx")[1][NAME] == name
    assert replace_unwritable("第一行\n第二行\t") == "第一行\n第二行\t"
    assert not AlteredCells().text.zh


def test_many_rows_are_named_shortly() -> None:
    altered = find_altered([["\0", "x"], ["x", "x"], *[["x", "\0"]] * 20])
    assert (altered.cells, altered.rows[:2], len(altered.rows)) == (21, (2, 4), 21)
    assert "13、…" not in altered.text.zh
    assert "12、…" in altered.text.zh


def test_a_list_with_an_odd_title_is_written(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    sheet = Sheet("德保\x01县/[公示]*：名单?", [Column("户主"), Column("备注")], [["甲\x0c", "=1"]])
    assert write_workbook(sheet, path) == AlteredCells(1, (2,))
    assert rows_of(path)[1] == ["甲�", "'=1"]


def spoil(county: CountyStore, record_id: str, name: str) -> None:
    """Put a name into a record as an earlier version of the program let it in."""
    table = tables.record
    mine = (table.c.county == county.public.county, table.c.record_id == record_id)
    document = next(d for d in county.records.documents() if d["record_id"] == record_id)
    document["members"][0]["name"] = name
    stored = json.dumps(document)
    with county.transaction(Permission.IMPORT) as act:
        act.connection.execute(update(table).where(*mine).values(document=stored, head=None))


def test_the_command_writes_the_register_and_names_the_rows(
    county: CountyStore,
    place: Path | str,
    household: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RUHU_LANG", "zh")
    laptop = Laptop(county, "黄一", tmp_path / "stick")
    laptop.send(county, laptop.revision(household))
    spoil(county, household["record_id"], "秘\x02密\ufffe\ud800名")
    path = tmp_path / "out.xlsx"
    assert main(["county", "export", str(place), "--xlsx", str(path)]) == 0
    assert rows_of(path)[1][NAME] == "秘�密��名"
    said = capsys.readouterr()
    assert "第 2 行共 1 格" in said.err
    assert "密" not in said.out + said.err
