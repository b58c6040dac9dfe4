"""What of a payment list is held back before it is exported, over both databases."""

import copy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from tests.county.ledgers.conftest import Bring

from ruhu.county.case_rules import ORDER, StageTransition
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.benefits.reports import benefit_sheet
from ruhu.county.ledgers.housing.reports import payment_sheet
from ruhu.county.ledgers.payment_holds import (
    ACCOUNT_TWICE,
    HOUSEHOLD_TWICE,
    NO_ACCOUNT,
    PERSON_TWICE,
    Hold,
    holds_on_benefits,
    holds_on_cases,
)
from ruhu.export.spreadsheet import Sheet, write_workbook
from ruhu.survey.models.choices import HousingStage

BOARDING = "education.boarding"
S = HousingStage
Change = tuple[int, str, Any]


def put(village: list[dict[str, Any]], number: int, path: str, value: Any) -> None:
    """Put a value into one of the households; `head` is its first member."""
    *way, name = path.split(".")
    place = village[number]
    for step in way:
        place = place["members"][0] if step == "head" else place[step]
    place[name] = value


def read(sheet: Sheet, path: Path) -> list[dict[str, Any]]:
    """A list as its file has it."""
    write_workbook(sheet, path)
    page = openpyxl.load_workbook(path).active
    assert page is not None
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def accept(
    county: CountyStore, *documents: dict[str, Any], last: HousingStage = S.ACCEPTED
) -> None:
    """Take cases up to a stage, ten days a stage."""
    for document in documents:
        for number, stage in enumerate(ORDER[: ORDER.index(last) + 1]):
            day = date(2017, 7, 1) + timedelta(days=10 * number)
            paid = Decimal(28000) if stage is S.PAID else None
            seismic = True if stage is S.ACCEPTED else None
            county.housing.advance(
                UUID(document["record_id"]), StageTransition(stage, day, seismic, paid, "已倒")
            )


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ([], {}),
        ([(0, "head.id_number", "451099198606190789"), (1, "head.id_number", "４51099198606190789 ")],
         {0: (PERSON_TWICE,), 1: (PERSON_TWICE,)}),
        ([(1, "housing.card_account", "6217 0000 0000 0000")],
         {0: (ACCOUNT_TWICE,), 1: (ACCOUNT_TWICE,)}),
        ([(1, "registration.household_no", "45109900000000")],
         {0: (HOUSEHOLD_TWICE,), 1: (HOUSEHOLD_TWICE,)}),
        ([(2, "registration.household_no", "45109900000000")], {}),
        ([(1, "registration.household_no", ""), (0, "registration.household_no", "")], {}),
    ],
    ids=["sound", "person", "account", "household", "other village", "no number"],
)  # fmt: skip
def test_a_housing_list_holds_back_what_stands_in_it_twice(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any],
    tmp_path: Path, changes: list[Change], held: dict[int, Hold],
) -> None:  # fmt: skip
    for number, path, value in changes:
        put(village, number, path, value)
    bring(village)
    county.standards.publish(standards)
    accept(county, *village)
    cases = county.housing.cases()
    ids = [UUID(document["record_id"]) for document in village]
    assert holds_on_cases(cases) == {ids[number]: hold for number, hold in held.items()}
    sheet = payment_sheet(cases, "德保县")
    rows = read(sheet, tmp_path / "list.xlsx")
    ready = [row for row in rows if row["序号"] is not None]
    waiting = [row for row in rows if row["序号"] is None]
    assert (len(ready), len(waiting), sheet.held) == (3 - len(held), len(held), len(held))
    assert all(row["补助金额（元）"] and not row["暂缓原因"] for row in ready)
    for row in waiting:
        assert row["补助金额（元）"] is None
        assert row["暂缓（元）"] > 0
        assert row["暂缓原因"] == next(iter(held.values()))[0].zh
    total = sum(Decimal(row["补助金额（元）"]) for row in ready)
    assert f"共 {len(ready)} 户，合计 {total:,.2f} 元" in sheet.remark
    assert ("暂缓" in sheet.remark) == bool(held)


def test_who_was_paid_by_another_record_is_not_listed_to_be_paid(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any]
) -> None:
    put(village, 1, "housing.card_account", village[0]["housing"]["card_account"])
    bring(village)
    county.standards.publish(standards)
    accept(county, village[0], last=S.PAID)
    accept(county, village[1])
    sheet = payment_sheet(county.housing.cases(), "德保县")
    assert (len(sheet.rows), sheet.held) == (1, 1)


@pytest.mark.parametrize("account", [None, "", "  ", "0", "无", "待定"])
def test_a_household_without_an_account_is_held_with_its_reason(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], tmp_path: Path,
    account: str | None,
) -> None:  # fmt: skip
    put(village, 1, "housing.card_account", account)
    bring(village)
    found = county.benefits.dues(BOARDING, 2017)
    assert holds_on_benefits(found) == [(), (NO_ACCOUNT,), ()]
    sheet = benefit_sheet(BOARDING, 2017, found)
    rows = read(sheet, tmp_path / "dues.xlsx")
    assert [row["应发（元）"] for row in rows] == [1000, None, 1000]
    assert [row["暂缓（元）"] for row in rows] == [None, 1000, None]
    assert [row["暂缓原因"] or "" for row in rows] == ["", NO_ACCOUNT.zh, ""]
    assert sheet.held == 1
    assert "1 人次暂缓" in sheet.remark


def test_a_pupil_in_two_households_is_held_in_both_and_two_pupils_of_one_are_paid(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    sister = {**copy.deepcopy(village[0]["members"][1]), "member_id": "m3", "name": "韦小妹"}
    village[0]["members"].append(sister)
    for number in (1, 2):
        village[number]["members"][1]["id_number"] = "451099200801010026"
    bring(village)
    found = county.benefits.dues(BOARDING, 2017)
    assert [str(due.record_id)[-1] for due in found] == ["0", "0", "1", "2"]
    assert holds_on_benefits(found) == [(), (), (PERSON_TWICE,), (PERSON_TWICE,)]


def test_what_was_paid_is_held_no_more_and_still_holds_its_double(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    put(village, 1, "housing.card_account", village[0]["housing"]["card_account"])
    bring(village)
    today = date.today()  # noqa: DTZ011 - as the office has it
    first = county.benefits.dues(BOARDING, 2017)[0]
    county.benefits.claim([first], today)
    county.benefits.pay([first], today)
    assert holds_on_benefits(county.benefits.dues(BOARDING, 2017)) == [(), (ACCOUNT_TWICE,), ()]
    assert holds_on_benefits(county.benefits.dues(BOARDING, 2018)) == [
        (ACCOUNT_TWICE,), (ACCOUNT_TWICE,), (),
    ]  # fmt: skip


def test_the_trail_tells_how_many_rows_of_a_list_were_held(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    put(village, 1, "housing.card_account", None)
    bring(village)
    county.exports.record(benefit_sheet(BOARDING, 2017, county.benefits.dues(BOARDING, 2017)))
    assert '"held": 1' in county.audit.entries()[-1].detail
