import io
import zipfile
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ruhu.resources import resource
from ruhu.survey.roster.reader import Roster, RosterReader, read_roster
from ruhu.survey.roster.report import IssueKind
from ruhu.survey.roster.workbook import NoRoster, SheetRow
from ruhu.survey.validation.validate import parse_record

HEAD = ["户编号", "姓名", "证件号码", "与户主关系", "贫困户属性", "危房等级", "饮水是否安全"]
PERSON = ["45109900000001", "岑崬", "451099198606190789", "户主", "低保贫困户", "C级", "有"]


def workbook(*rows: list[Any], title: str = "名册") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def doubts(roster: Roster) -> Counter[IssueKind]:
    return Counter(remark.kind for remark in roster.report)


def test_the_demo_village_is_read_with_all_its_mess() -> None:
    roster = read_roster((resource("demo") / "roster.xlsx").read_bytes())
    found = doubts(roster)
    assert (len(roster.households), roster.persons) == (120, 429)
    assert found[IssueKind.ID_CHECK_DIGIT] == 15
    assert found[IssueKind.ID_DIGITS_LOST] == 7
    assert found[IssueKind.SAME_PERSON] == 16
    assert found[IssueKind.NO_HEAD] == 7
    assert found[IssueKind.REWRITTEN] == 19
    assert found[IssueKind.TOTAL_LINE] == 1


def test_codes_of_the_register_become_the_facts() -> None:
    household = read_roster(workbook(HEAD, PERSON)).households[0]
    assert household["registration"]["attribute"] == "low_income"
    assert household["housing"]["danger_grade"] == "C"
    assert household["water"]["safe"] is True
    assert household["members"][0]["birth_date"] == "1986-06-19"


@given(st.permutations(range(len(HEAD))))
@settings(max_examples=20)
def test_columns_are_found_wherever_they_stand(order: list[int]) -> None:
    rows = [["扶贫对象基本信息表"], [], *([row[i] for i in order] for row in (HEAD, PERSON))]
    household = read_roster(workbook(*rows)).households[0]
    assert household["registration"]["household_no"] == "45109900000001"
    assert household["members"][0]["name"] == "岑崬"


def test_ambiguous_cells_are_left_open_kept_and_reported() -> None:
    person = [*PERSON[:5], "丁级", "不详"]
    roster = read_roster(workbook(HEAD, person))
    household = roster.households[0]
    assert "danger_grade" not in household.get("housing", {})
    assert household["roster"] == {"危房等级": "丁级", "饮水是否安全": "不详"}
    issues = [r for r in roster.report if r.kind is IssueKind.UNREADABLE]
    assert [(r.sheet, r.row, r.column, r.read) for r in issues] == [
        ("名册", 2, "F", "丁级"),
        ("名册", 2, "G", "不详"),
    ]


def test_the_report_masks_id_numbers() -> None:
    person = [PERSON[0], PERSON[1], "451099198606190780", *PERSON[3:]]
    roster = read_roster(workbook(HEAD, person))
    issue = next(r for r in roster.report if r.kind is IssueKind.ID_CHECK_DIGIT)
    assert "451099198606190780" not in issue.text.zh
    assert issue.read.endswith("80")


def test_the_present_area_is_not_taken_for_the_planned_one() -> None:
    roster = read_roster(workbook([*HEAD, "住房面积"], [*PERSON, 72.5]))
    assert roster.households[0]["housing"]["current_area_m2"] == "72.5"
    assert "floor_area_m2" not in roster.households[0]["housing"]


def test_unmapped_columns_are_kept_and_reported() -> None:
    roster = read_roster(workbook([*HEAD, "务工状况"], [*PERSON, "省外务工"]))
    assert roster.households[0]["members"][0]["roster"] == {"务工状况": "省外务工"}
    assert doubts(roster)[IssueKind.COLUMN] == 1


def test_a_row_without_household_is_reported_not_guessed() -> None:
    roster = read_roster(workbook(HEAD, PERSON, [None, "黄无户", *PERSON[2:]]))
    assert roster.persons == 1
    assert doubts(roster)[IssueKind.NO_HOUSEHOLD] == 1


def macro_workbook() -> bytes:
    stream = io.BytesIO(workbook(HEAD, PERSON))
    with zipfile.ZipFile(stream, "a") as container:
        container.writestr("xl/vbaProject.bin", b"macro")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"not a workbook", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "密码"),
        (macro_workbook(), "宏"),
        (workbook(["姓名", "年龄"], ["甲", 3]), "表头"),
        (workbook(["姓名", "性别", "民族"], ["甲", "男", "壮族"]), "户编号"),
        (workbook(HEAD, PERSON)[:3000], "Excel"),
        (workbook(), "表头"),
    ],
)
def test_what_is_no_roster_is_refused_with_a_reason(data: bytes, word: str) -> None:
    with pytest.raises(NoRoster) as caught:
        read_roster(data)
    assert word in caught.value.text.zh
    assert caught.value.text.en


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    stream = io.BytesIO(workbook(HEAD, PERSON))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as container:
        for number in range(4):
            container.writestr(f"xl/media/{number}.bin", b"\0" * (80 * 1024 * 1024))
    with pytest.raises(NoRoster) as caught:
        read_roster(stream.getvalue())
    assert "过大" in caught.value.text.zh


cells = (
    st.none()
    | st.text(max_size=12)
    | st.integers(-9, 10**18)
    | st.floats(allow_nan=False)
    | st.dates()
)


@given(st.lists(st.lists(cells, max_size=9), max_size=5))
@settings(max_examples=40)
def test_any_cells_are_read_or_reported(rows: list[list[Any]]) -> None:
    reader = RosterReader()
    for number, values in enumerate([HEAD, PERSON, *rows], start=1):
        reader.take(SheetRow("名册", number, tuple(values)))
    for household in reader.finish().households:
        parse_record({"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", **household})
