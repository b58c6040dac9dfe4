"""The meaning of roster cells: nothing lost, nothing guessed, every doubt reported at its cell."""

import warnings
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from tests.survey.test_roster_workbook import workbook

from ruhu.strict_json import Document
from ruhu.survey.roster.reader import Roster, read_roster
from ruhu.survey.roster.report import IssueKind
from ruhu.survey.roster.value_mapping import (
    AmbiguousCell,
    read_attribute,
    read_number,
    read_schooling,
)
from ruhu.survey.roster.workbook import NoRoster
from ruhu.survey.validation.id_number import check_digit
from ruhu.survey.validation.validate import parse_record

HEAD = [
    "行政村",
    "户编号",
    "人编号",
    "姓名",
    "证件号码",
    "与户主关系",
    "住房面积",
    "联系电话",
    "银行账号",
]
FAMILY: list[list[Any]] = [
    ["一村", "45109900000001", None, "韦试甲", "451099197001010015", "户主", 60, None, "62171"],
    ["一村", "45109900000001", None, "黄试乙", None, "配偶", None, None, None],
]
OTHER: list[Any] = [
    "一村", "45109900000002", None, "蒙试丁", "451099196505050112", "户主", 90, None, "62172",
]  # fmt: skip


def rostered(*rows: list[Any], head: list[Any] = HEAD) -> Roster:
    roster = read_roster(workbook([head, *rows]))
    for household in roster.households:
        parse_record({"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", **household})
    return roster


def changed(row: list[Any], **cells: Any) -> list[Any]:
    return [cells.get(f"c{position}", value) for position, value in enumerate(row)]


def cells_reported(roster: Roster, doubt: IssueKind) -> list[str]:
    return [f"{r.column}{r.row or ''}" for r in roster.report if r.kind is doubt]


def names(roster: Roster) -> list[list[str | None]]:
    return [[m.get("name") for m in household["members"]] for household in roster.households]


def areas(roster: Roster) -> list[str | None]:
    return [h.get("housing", {}).get("current_area_m2") for h in roster.households]


PLACEHOLDERS = [
    0, "0", "０", "无", " 暂 无", "待定", "未录入", "同上", "--", "—", "＊＊", "？", "/", "／／",
    "na", "N/A", "#N/A", "\u200b", "\u3000 ", "null", 4.510240012345679e18, "6.217E+18",
]  # fmt: skip


@pytest.mark.parametrize("number", PLACEHOLDERS)
def test_what_is_no_household_number_makes_households_by_their_heads(number: Any) -> None:
    rows = [changed(row, c1=number) for row in (*FAMILY, OTHER)]
    roster = rostered(*rows)
    assert names(roster) == [["韦试甲", "黄试乙"], ["蒙试丁"]]
    assert areas(roster) == ["60", "90"]
    assert all("household_no" not in h["registration"] for h in roster.households)
    assert {"B2", "B3", "B4"} <= set(cells_reported(roster, IssueKind.NO_NUMBER))


def test_a_sheet_without_any_number_is_read_by_its_heads() -> None:
    assert names(rostered(*(changed(row, c1=None) for row in (*FAMILY, OTHER)))) == [
        ["韦试甲", "黄试乙"], ["蒙试丁"],
    ]  # fmt: skip


def test_nobody_is_put_with_the_household_above_a_row_that_was_left_out() -> None:
    lost = changed(OTHER, c1=None)
    wife = changed(FAMILY[1], c1=None, c3="农试戊")
    roster = rostered(*FAMILY, lost, wife)
    assert names(roster) == [["韦试甲", "黄试乙"]]
    assert cells_reported(roster, IssueKind.NO_HOUSEHOLD) == ["B4", "B5"]


@pytest.mark.parametrize("value", [6.21700332001234e18, 6228480830123450, "6.217E+18"])
def test_digits_that_a_number_cell_cannot_hold_are_left_open(value: Any) -> None:
    roster = rostered(changed(OTHER, c2=value, c7=value, c8=value))
    (household,) = roster.households
    (member,) = household["members"]
    assert "card_account" not in household["housing"]
    assert (member["member_id"], member.get("phone")) == ("m1", None)
    assert sorted(cells_reported(roster, IssueKind.DIGITS_LOST)) == ["C2", "H2", "I2"]
    assert household["roster"]["银行账号"].startswith("6.2") or value == 6228480830123450


def test_a_number_cell_that_holds_all_digits_is_read() -> None:
    roster = rostered(changed(OTHER, c1=45109900000002, c7=13900000001, c8=621700332001234))
    (household,) = roster.households
    assert household["registration"]["household_no"] == "45109900000002"
    assert household["members"][0]["phone"] == "13900000001"
    assert household["housing"]["card_account"] == "621700332001234"


def test_a_phone_that_lost_its_first_0_is_left_open() -> None:
    roster = rostered(changed(OTHER, c7=7763820001))
    assert cells_reported(roster, IssueKind.DIGITS_LOST) == ["H2"]
    assert "phone" not in roster.households[0]["members"][0]


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("小学三年级", "primary"), ("三年级", "primary"), ("小学生", "primary"),
        ("七年级", "junior_high"), ("初三", "junior_high"), ("初中二年级", "junior_high"),
        ("高一", "senior_high"), ("普通高中一年级", "senior_high"), ("大一", "undergraduate"),
        ("中职一年级", "secondary_vocational"), ("高职高专一年级", "higher_vocational"),
        ("大专一年级", "higher_vocational"), ("幼儿园大班", "preschool"), ("研究生", "postgraduate"),
        ("小学毕业", "none"), ("初中辍学", "none"), ("高中（已辍学）", "none"), ("已毕业", "none"),
        ("初中肄业", "none"), ("小学文化", "none"), ("否（辍学）", "none"), ("未上学", "none"),
    ],
)  # fmt: skip
def test_words_of_school_are_matched_whole(word: str, stage: str) -> None:
    assert read_schooling(word) == stage


@pytest.mark.parametrize(
    "word",
    [
        "小学未毕业",
        "未毕业",
        "初中休学",
        "休学",
        "小学及以下",
        "大专及以上",
        "在校",
        "学生",
        "特教学校",
        "无学籍",
    ],
)
def test_unknown_words_of_school_are_left_open(word: str) -> None:
    with pytest.raises(AmbiguousCell):
        read_schooling(word)


@pytest.mark.parametrize("word", ["非低保户", "取消低保", "原五保户", "申请低保", "特困户"])
def test_unknown_words_of_a_household_are_left_open(word: str) -> None:
    with pytest.raises(AmbiguousCell):
        read_attribute(word)


def test_a_former_pupil_is_reported_and_the_text_is_kept() -> None:
    roster = rostered([*OTHER, "初中辍学"], head=[*HEAD, "在校生状况"])
    (member,) = roster.households[0]["members"]
    assert member["schooling"] == {"stage": "none"}
    assert member["roster"] == {"在校生状况": "初中辍学"}
    assert cells_reported(roster, IssueKind.REWRITTEN) == ["J2"]


@pytest.mark.parametrize("text", ["1_000", "1e3", "约80", "10²", "①", "-5", "二十"])
def test_numbers_are_numbers(text: str) -> None:
    with pytest.raises(AmbiguousCell):
        read_number(text)


@pytest.mark.parametrize(
    "error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]
)
def test_errors_are_empty_and_reported(error: str) -> None:
    roster = rostered([error, "45109900000009", None, error, error, "户主", error, error, error])
    (household,) = roster.households
    assert household["members"] == [{"member_id": "m1", "relationship": "户主"}]
    assert household.get("housing") is None
    assert cells_reported(roster, IssueKind.ERROR) == ["A2", "D2", "E2", "G2", "H2", "I2"]


@pytest.mark.parametrize(
    "headings",
    [["备注", "备注.1"], ["备注", "备注"], ["1.备注", "2.5元"], ["..", "."], ["a[b]", "a[b]"]],
)
def test_headings_with_dots_or_standing_twice_lose_no_text(headings: list[str]) -> None:
    roster = rostered([*OTHER, "外出务工", "低保"], head=[*HEAD, *headings])
    notes = roster.households[0]["members"][0]["roster"]
    assert list(notes.values()) == ["外出务工", "低保"]
    assert not any(c in key for key in notes for c in ".[]")
    assert set(cells_reported(roster, IssueKind.COLUMN)) == {"J", "K"}


def test_a_text_without_heading_is_kept_and_reported() -> None:
    roster = rostered([*OTHER, "孤立"])
    assert roster.households[0]["members"][0]["roster"] == {"J列": "孤立"}
    assert cells_reported(roster, IssueKind.COLUMN) == ["J2"]


def test_remarks_are_kept_exactly_as_read() -> None:
    remark = "①低保②残疾\n2½亩，10²" + "长" * 400
    roster = rostered([*OTHER, f" {remark}_xFFFE__x0000_"], head=[*HEAD, "备注"])
    assert roster.households[0]["members"][0]["roster"]["备注"] == f" {remark}"


@pytest.mark.parametrize(
    "mark", ["\u200b", "\ufeff", "\u200e", "\u00ad", "\u2060", "\u00a0", "\u3000", "_x000D_\n"]
)
def test_invisible_characters_are_no_part_of_numbers_and_names(mark: str) -> None:
    wife = [
        "一村" + mark, mark + "45109900000001", None, f"黄{mark}试乙{mark}", f"451099197202020025{mark}",
        f"配偶{mark}", None, f"{mark}13900000001", f"62{mark}171",
    ]  # fmt: skip
    roster = rostered(FAMILY[0], wife)
    assert names(roster) == [["韦试甲", "黄试乙"]]
    assert roster.households[0]["members"][1] == {
        "member_id": "m2", "name": "黄试乙", "relationship": "配偶", "phone": "13900000001",
        "id_number": "451099197202020025", "birth_date": "1972-02-02", "sex": "female",
    }  # fmt: skip


@pytest.mark.parametrize("mark", ["_x0007_", "_xFFFE_", "_xFFFF_", "_xD800_"])
def test_controls_and_no_characters_are_taken_out(mark: str) -> None:
    roster = rostered([*changed(OTHER, c3=f"蒙{mark}试丁"), f"低{mark}保"], head=[*HEAD, "备注"])
    (member,) = roster.households[0]["members"]
    assert (member["name"], member["roster"]["备注"]) == ("蒙试丁", "低保")


@pytest.mark.parametrize(
    "member_id",
    ["4510990000230101[迁出]", "4" * 80, "45109900\n00230101", "45109900\t0023", "[1]", "无"],
)
def test_an_odd_person_number_leaves_nobody_out(member_id: str) -> None:
    roster = rostered(*FAMILY, changed(OTHER, c2=member_id))
    assert names(roster) == [["韦试甲", "黄试乙"], ["蒙试丁"]]
    assert any(remark.column == "C" and remark.row == 4 for remark in roster.report)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("c3", "甲" * 300),
        ("c5", "户主" * 150),
        ("c1", "5" * 65),
        ("c0", "村" * 600),
        ("c6", 10**12),
    ],
)
def test_what_is_too_long_is_left_open_at_its_cell(column: str, value: Any) -> None:
    roster = rostered(FAMILY[0], changed(OTHER, **{column: value}))
    letter = "ABCDEFGHI"[int(column[1:])]
    assert roster.persons == 2
    assert any((r.row, r.column) == (3, letter) for r in roster.report)


def test_two_families_under_one_number_stay_two() -> None:
    same = changed(OTHER, c1=FAMILY[0][1])
    roster = rostered(*FAMILY, same)
    assert (names(roster), areas(roster)) == ([["韦试甲", "黄试乙"], ["蒙试丁"]], ["60", "90"])
    assert cells_reported(roster, IssueKind.TWO_FAMILIES) == ["B4"]
    elsewhere = rostered(*FAMILY, changed(same, c0="二村", c5="之子"))
    assert names(elsewhere) == [["韦试甲", "黄试乙"], ["蒙试丁"]]
    assert cells_reported(elsewhere, IssueKind.TWO_FAMILIES) == ["B4"]


def test_totals_signatures_and_a_repeated_heading_are_no_households() -> None:
    feet: list[list[Any]] = [
        [None, "合  计", None, "共1户"],
        [None, "本页合计", None, "1户"],
        [None, "填表人：", None, "黄办事", "审核人：", "农主任", None, "2017年6月1日"],
        [None, "备注", None, "1.本表一式三份"],
        [None, "制表", None, "黄办事"],
    ]
    roster = rostered(*FAMILY, *feet, HEAD, OTHER)
    assert names(roster) == [["韦试甲", "黄试乙"], ["蒙试丁"]]
    assert len(cells_reported(roster, IssueKind.TOTAL_LINE)) == 2
    assert len(cells_reported(roster, IssueKind.FOOTER)) == 3
    assert len(cells_reported(roster, IssueKind.HEADING_AGAIN)) == 1


def test_merged_cells_say_what_they_say_of_every_row() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B2:B3")

    roster = read_roster(
        workbook([HEAD, FAMILY[0], changed(FAMILY[1], c0=None, c1=None), OTHER], merge)
    )
    assert names(roster) == [["韦试甲", "黄试乙"], ["蒙试丁"]]


def test_two_rows_of_headings_are_read_as_one() -> None:
    def merge(sheet: Worksheet) -> None:
        for region in ("A2:A3", "B2:B3", "C2:E2", "F2:G2"):
            sheet.merge_cells(region)

    rows: list[list[Any]] = [
        ["2017年贫困户花名册"],
        ["户编号", "户主姓名", "家庭成员", None, None, "帮扶责任人", None],
        [None, None, "姓名", "证件号码", "与户主关系", "姓名", "联系电话"],
        ["A1", "韦试甲", "韦试甲", "451099197001010015", "户主", "帮试一", "13900000009"],
    ]
    (household,) = read_roster(workbook(rows, merge)).households
    assert household["registration"]["household_no"] == "A1"
    (member,) = household["members"]
    assert (member["name"], member.get("phone")) == ("韦试甲", None)
    assert member["roster"]["帮扶责任人联系电话"] == "13900000009"


def test_columns_of_a_helper_stay_the_helpers() -> None:
    head = ["户编号", "帮扶人", "姓名", "联系电话", "姓名", "证件号码", "与户主关系", "联系电话"]
    row = [
        "A1",
        "帮试一",
        "帮试一",
        "13900000009",
        "韦试甲",
        "451099197001010015",
        "户主",
        "13900000001",
    ]
    (member,) = rostered(row, head=head).households[0]["members"]
    assert (member["name"], member["phone"]) == ("韦试甲", "13900000001")


def test_hidden_rows_are_reported_and_not_imported() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[4].hidden = True

    roster = read_roster(workbook([HEAD, *FAMILY, OTHER], hide))
    assert names(roster) == [["韦试甲", "黄试乙"]]
    assert cells_reported(roster, IssueKind.HIDDEN) == ["4"]


def test_a_formula_without_a_result_is_reported() -> None:
    roster = rostered(FAMILY[0], changed(FAMILY[1], c1="=B2", c6="=30+30"))
    assert names(roster) == [["韦试甲", "黄试乙"]]
    assert cells_reported(roster, IssueKind.FORMULA) == ["B3", "G3"]


def test_a_cell_far_to_the_right_is_reported() -> None:
    roster = rostered(*FAMILY, [*([None] * 400), "x"])
    assert (names(roster), cells_reported(roster, IssueKind.BEYOND)) == (
        [["韦试甲", "黄试乙"]],
        ["KO4"],
    )


def test_a_future_birth_date_is_reported() -> None:
    first = "45109920990101001"
    roster = rostered(changed(OTHER, c4=first + check_digit(first)))
    assert "id_number" not in roster.households[0]["members"][0]
    assert cells_reported(roster, IssueKind.ID_SHAPE) == ["E2"]


ROSTERS = Path(__file__).parents[3] / "shared" / "rosters"


@pytest.mark.skipif(not ROSTERS.is_dir(), reason="the shared rosters are only next to the checkout")
def test_rosters_of_every_kind_are_read_or_refused_in_a_sentence() -> None:
    sizes: dict[str, tuple[int, int] | None] = {}
    for path in sorted(ROSTERS.glob("*.xlsx")) + sorted((ROSTERS / "makers").glob("*.xlsx")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                roster = read_roster(path.read_bytes())
            except NoRoster as error:
                assert error.text.zh
                sizes[path.name] = None
                continue
        for household in roster.households:
            document: Document = {"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", **household}
            parse_record(document)
        sizes[path.name] = len(roster.households), roster.persons
    for name, size in sizes.items():
        if name.startswith("01_"):
            assert size == (3, 3), name
        if name.startswith(("02_", "03_", "05_", "20-", "21-", "23-", "41-")):
            assert size == (
                (40, 120)
                if name[0] == "0" and name[1] == "2"
                else (1, 3)
                if name[0] == "0"
                else (8, 20)
            ), name
    assert [sizes[name] for name in ("04_merged_household_cells.xlsx", "06_numbers_as_numbers.xlsx",
        "08_hidden_rows_and_sheet.xlsx", "19_footers_and_repeated_heading.xlsx")] == [
        (2, 6), (2, 2), (1, 3), (2, 2),
    ]  # fmt: skip
