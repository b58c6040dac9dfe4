import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ruhu.county.county import CountyStore
from ruhu.errors import UserError
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.keys.device import DeviceKey, DevicePublic, read_device
from ruhu.exchange.keys.key_wrap import WrongPassphrase
from ruhu.export.register import HEADINGS, register_rows, write_register
from ruhu.files.encrypted_sqlite import DatabaseDamaged, DiskError
from ruhu.resources import resource


def test_the_county_file_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "county.db"
    opened, recovery = CountyStore.create(path, "county passphrase", county="451024", name="德保县")
    opened.close()
    assert recovery.startswith("AGE-SECRET-KEY-")
    with pytest.raises(WrongPassphrase):
        CountyStore.open(path, "something else")
    with CountyStore.open(path, "county passphrase") as again:
        assert again.public.name == "德保县"
    assert "德保县".encode() not in path.read_bytes()
    path.write_bytes(b"\0" * 8192)
    with pytest.raises(DatabaseDamaged):
        CountyStore.open(path, "county passphrase")


def test_a_county_is_not_made_twice_nor_under_a_wrong_code(tmp_path: Path) -> None:
    path = tmp_path / "county.db"
    with pytest.raises(UserError):
        CountyStore.create(path, "county passphrase", county="45102", name="德保县")
    CountyStore.create(path, "county passphrase", county="451024", name="德保县")[0].close()
    with pytest.raises(UserError):
        CountyStore.create(path, "county passphrase", county="451024", name="德保县")


def test_a_device_cannot_be_enrolled_under_another_key(county: CountyStore) -> None:
    first, second = DeviceKey.generate(), DeviceKey.generate()
    county.devices.enrol(DevicePublic(device_id=first.device_id, key=first.public))
    with pytest.raises(UserError):
        county.devices.enrol(DevicePublic(device_id=first.device_id, key=second.public))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format": "ruhu.county/1"}', b"\xff" * 50])
def test_what_is_no_key_file_is_refused(data: bytes) -> None:
    for read in (read_county, read_device):
        with pytest.raises(UserError):
            read(data)


def test_the_register_in_excel(household: dict[str, Any], tmp_path: Path) -> None:
    household["members"][1]["name"] = "=cmd|' /C calc'!A0"
    rows = write_register([household], tmp_path / "register.xlsx").persons
    sheet = openpyxl.load_workbook(tmp_path / "register.xlsx").active
    assert sheet is not None
    head, first, second = list(sheet.iter_rows(values_only=True))
    assert (rows, head, sheet.freeze_panes) == (2, HEADINGS, "A2")
    at = HEADINGS.index
    assert (first[at("证件号码")], first[at("危房等级")]) == ("451099198606190789", "D级")
    assert first[at("户编号")] == "45109900000009"
    assert sheet.cell(2, at("证件号码") + 1).number_format == "@"
    assert first[at("改造后建筑面积")] == 68
    assert first[at("入户日期")] == datetime(2017, 6, 1)  # noqa: DTZ001 - a sheet knows no zones
    assert (first[at("省")], first[at("市")]) == ("广西壮族自治区", "百色市")
    assert str(second[at("姓名")]).startswith("'=")
    assert second[at("危房等级")] is None


@pytest.mark.parametrize(
    ("recorded", "able", "written"),
    [
        ("技能劳动力", True, "技能劳动力"),
        ("弱劳动力或半劳动力", None, "弱劳动力或半劳动力"),
        ("技能劳动力", False, "无劳动力"),
        (None, True, "普通劳动力"),
        (None, None, None),
    ],
)
def test_the_register_keeps_the_rosters_words_until_a_visit_finds_otherwise(
    household: dict[str, Any], recorded: str | None, able: bool | None, written: str | None
) -> None:
    household["members"][0] |= {"roster": {"劳动技能": recorded}, "labour": {"able": able}}
    row = next(register_rows([household]))
    assert row[HEADINGS.index("劳动技能")] == written


def test_the_demo_roster_comes_out_in_its_own_columns() -> None:
    from ruhu.survey.roster.reader import read_roster

    data = (resource("demo") / "roster.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    head = next(list(row) for row in sheet.iter_rows(values_only=True) if row[0] == "序号")
    assert list(HEADINGS[: len(head)]) == head
    rows = list(register_rows(read_roster(data).households))
    first = dict(zip(HEADINGS, rows[0], strict=True))
    assert (first["劳动技能"], first["务工状况"]) == ("普通劳动力", "县外省内务工")
    assert (first["识别分数"], first["开户银行"]) == (30, "农村信用社")


def test_the_register_can_be_read_back_as_a_roster(
    household: dict[str, Any], tmp_path: Path
) -> None:
    from ruhu.survey.roster.reader import read_roster

    write_register([household], tmp_path / "register.xlsx")
    roster = read_roster((tmp_path / "register.xlsx").read_bytes())
    assert roster.households[0]["registration"]["household_no"] == "45109900000009"
    assert [m["name"] for m in roster.households[0]["members"]] == ["韦岜明", "蒙才花"]


def test_full_disk_is_reported_and_work_continues(
    tmp_path: Path,
) -> None:
    pytest.importorskip("resource")
    from tests.exchange.test_media_files import no_file_longer_than

    made, _ = CountyStore.create(
        tmp_path / "county.db", "county passphrase", county="451024", name="德保县"
    )
    with made as county:
        length = (tmp_path / "county.db-wal").stat().st_size
        with no_file_longer_than(length), pytest.raises(DiskError):
            county.settings.set("note", "x" * 10_000)
        assert county.settings.get("note") == ""
        county.settings.set("note", "y")
        assert county.settings.get("note") == "y"
        assert county.audit.verify()
