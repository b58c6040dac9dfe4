"""The county's office over both databases: cases, plans, dues, matters, figures, standards."""

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from tests.county.ledgers.conftest import Bring

from ruhu.county.assessment.statistics import WHOLE_COUNTY, DrillDown, Scope
from ruhu.county.case_rules import ORDER, RequiredEvidence, StageTransition
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.benefits.excel_import import BenefitChange, read_benefits
from ruhu.county.ledgers.benefits.reports import benefit_sheet
from ruhu.county.ledgers.follow_up_reports import water_sheet
from ruhu.county.ledgers.follow_ups import DROPOUT, WATER
from ruhu.county.ledgers.housing.cases import EvidenceWaiver
from ruhu.county.ledgers.housing.excel_import import CaseChange, read_cases
from ruhu.county.ledgers.housing.reports import (
    case_sheet,
    payment_sheet,
    plan_sheet,
    publicity_sheet,
)
from ruhu.county.ledgers.report_columns import NUMBER
from ruhu.errors import UserError
from ruhu.export.spreadsheet import Column, Sheet, build_workbook, print_text, write_workbook
from ruhu.policy.evaluation.finding import Outcome
from ruhu.survey.attachments import Paper, Purpose, with_paper
from ruhu.survey.models.choices import HousingStage

S = HousingStage
TODAY = datetime.now(UTC).astimezone().date()
BOARDING = "education.boarding"


def document_of(county: CountyStore, record_id: UUID) -> dict[str, Any]:
    return next(d for d in county.records.documents() if d["record_id"] == str(record_id))


def walk(county: CountyStore, record_id: UUID, last: HousingStage, paid: Decimal | None) -> None:
    """Take a case up to a stage, ten days a stage."""
    for number, stage in enumerate(ORDER[: ORDER.index(last) + 1]):
        day = date(2017, 7, 1) + timedelta(days=10 * number)
        seismic = True if stage is S.ACCEPTED else None
        money = paid if stage is S.PAID else None
        county.housing.advance(record_id, StageTransition(stage, day, seismic, money, "老屋已倒塌"))


def cells(sheet: Sheet) -> str:
    return "\n".join(
        " ".join(print_text(cell, c.kind) for cell, c in zip(row, sheet.columns, strict=True))
        for row in sheet.rows
    )


def test_a_case_goes_from_appraisal_to_payment(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any]
) -> None:
    bring(village)
    county.standards.publish(standards)
    record_id = UUID(village[0]["record_id"])
    case = next(c for c in county.housing.cases() if c.record_id == record_id)
    assert (case.stage, case.next, case.eligible) == (None, S.IDENTIFIED, Outcome.ELIGIBLE)
    assert (case.subsidy, case.priority) == (Decimal(28000), 1)
    with pytest.raises(UserError):
        county.housing.advance(
            record_id, StageTransition(S.ACCEPTED, date(2017, 7, 1), seismic_ok=True)
        )
    walk(county, record_id, S.PAID, Decimal(28000))
    document = document_of(county, record_id)
    assert document["housing"]["stage"] == "paid"
    assert Decimal(document["housing"]["paid_amount"]) == 28000
    assert county.statistics.figures().stages == {S.PAID: 1}
    assert [(p.rule, p.payments, p.paid) for p in county.benefits.totals()] == [
        ("housing.subsidy", 1, Decimal(28000))
    ]
    assert county.audit.verify()


def test_a_stage_asks_for_its_papers_or_for_a_reason(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    whole, without = village[0], village[1]
    for number, purpose in enumerate((Purpose.HOUSE_BEFORE, Purpose.DANGER)):
        whole |= with_paper(whole, Paper(f"{number:064x}", purpose))
    bring(village)
    first, second = UUID(whole["record_id"]), UUID(without["record_id"])
    reviewed = StageTransition(S.REVIEWED, date(2017, 9, 1))
    for record_id in (first, second):
        walk(county, record_id, S.PUBLICISED, None)
    county.housing.advance(first, reviewed)
    with pytest.raises(UserError, match="photo of the house before, photo of the dangerous parts"):
        county.housing.advance(second, reviewed)
    with pytest.raises(UserError):
        county.housing.advance(second, replace(reviewed, reason="  "))
    county.housing.advance(second, replace(reviewed, reason=" 老屋已倒塌清理 "))
    by_id = {case.record_id: case for case in county.housing.cases()}
    assert by_id[first].waivers == ()
    assert by_id[second].waivers == (
        EvidenceWaiver(
            S.REVIEWED,
            (RequiredEvidence.HOUSE_BEFORE, RequiredEvidence.DANGER),
            "老屋已倒塌清理",
            "admin",
        ),
    )
    last = county.audit.entries()[-1]
    assert json.loads(last.detail)["lacking"] == ["house_before", "danger"]
    assert "老屋已倒塌清理" not in last.detail


def test_the_new_house_is_photographed_before_it_is_accepted(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any]
) -> None:
    bring(village)
    county.standards.publish(standards)
    record_id = UUID(village[0]["record_id"])
    walk(county, record_id, S.BUILDING, None)
    (case,) = (c for c in county.housing.cases() if c.record_id == record_id)
    assert case.lacking == (RequiredEvidence.HOUSE_AFTER,)
    with pytest.raises(UserError, match="photo of the house after"):
        county.housing.advance(record_id, StageTransition(S.ACCEPTED, TODAY, True))


def test_the_county_says_how_long_a_list_hangs_out(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    bring(village)
    record_id = UUID(village[0]["record_id"])
    walk(county, record_id, S.PUBLICISED, None)
    published = date(2017, 7, 31)
    with pytest.raises(UserError):
        county.housing.set_publicity_days(0)
    county.housing.set_publicity_days(15)
    with pytest.raises(UserError):
        county.housing.advance(
            record_id, StageTransition(S.REVIEWED, published + timedelta(days=14))
        )
    county.housing.advance(
        record_id, StageTransition(S.REVIEWED, published + timedelta(days=15), reason="已倒")
    )


def test_a_payment_that_fails_leaves_nothing_behind(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any]
) -> None:
    bring(village)
    county.standards.publish(standards)
    record_id = UUID(village[0]["record_id"])
    walk(county, record_id, S.ACCEPTED, None)
    before = document_of(county, record_id)
    with pytest.raises(UserError):
        county.housing.advance(record_id, StageTransition(S.PAID, TODAY, paid_amount=Decimal(100)))
    assert document_of(county, record_id) == before
    assert county.benefits.totals() == []


def test_a_refused_case_waits_until_it_is_reopened(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    bring(village)
    record_id = UUID(village[0]["record_id"])
    with pytest.raises(UserError):
        county.housing.refuse(record_id, "  ")
    county.housing.refuse(record_id, "房屋已出售")
    case = next(c for c in county.housing.cases() if c.record_id == record_id)
    assert case.refused is not None
    assert case.refused.reason == "房屋已出售"
    move = StageTransition(S.IDENTIFIED, date(2017, 7, 1))
    with pytest.raises(UserError):
        county.housing.advance(record_id, move)
    county.housing.reopen(record_id)
    county.housing.advance(record_id, move)


def test_the_years_plan(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any]
) -> None:
    bring(village)
    county.standards.publish(standards)
    ids = [UUID(document["record_id"]) for document in village]
    county.plans.draw_up(2018, 2)
    plan = county.plans.read(2018)
    assert [entry.candidate.record_id for entry in plan.entries] == [ids[1], ids[0], ids[2]]
    assert [entry.included for entry in plan.entries] == [True, True, False]
    with pytest.raises(UserError):
        county.plans.override(2018, ids[2], "in", "")
    county.plans.override(2018, ids[2], "in", "房屋随时会塌")
    plan = county.plans.read(2018)
    assert [entry.included for entry in plan.entries] == [True, False, True]
    assert plan.reasons == {ids[2]: "房屋随时会塌"}
    county.plans.finalise(2018)
    with pytest.raises(UserError):
        county.plans.draw_up(2018, 3)
    with pytest.raises(UserError):
        county.plans.override(2018, ids[2], None)
    with pytest.raises(UserError):
        county.plans.finalise(2018)
    county.plans.draw_up(2019, 3)
    assert [e.candidate.record_id for e in county.plans.read(2019).entries] == [ids[0]]
    text = cells(plan_sheet(county.plans.read(2018), county.housing.cases(), "德保县"))
    assert "房屋随时会塌" in text


def test_what_is_owed_is_claimed_and_paid_once(
    county: CountyStore, bring: Bring, household: dict[str, Any]
) -> None:
    household["members"][1]["id_number"] = "451099200801010026"
    bring([household])
    (due,) = county.benefits.dues(BOARDING, 2017)
    assert (due.person.name, due.amount, due.key.period.name) == ("蒙才花", Decimal(1000), "2017")
    assert county.benefits.pay([due], TODAY).done == 0
    assert county.benefits.claim([due], TODAY).done == 1
    again = county.benefits.claim([due], TODAY)
    assert (again.done, len(again.refused)) == (0, 1)
    assert county.benefits.pay([due], TODAY).done == 1
    assert county.benefits.pay([due], TODAY).done == 0
    moved = copy.deepcopy(household)
    moved["record_id"] = "fb5db162-d1ed-5596-adab-0000000000ff"
    moved["registration"]["household_no"] = "45109900000077"
    moved["members"] = [{**household["members"][1], "member_id": "z9"}]
    bring([moved])
    there = [d for d in county.benefits.dues(BOARDING, 2017) if d.elsewhere]
    assert [str(d.record_id) for d in there] == [moved["record_id"]]
    assert county.benefits.claim(there, TODAY).done == 0
    assert all(not d.claimed_on for d in county.benefits.dues(BOARDING, 2018))


def test_what_is_due_no_more_is_shown_and_not_paid(
    county: CountyStore, bring: Bring, household: dict[str, Any]
) -> None:
    bring([household])
    (due,) = county.benefits.dues(BOARDING, 2017)
    county.benefits.claim([due], TODAY)
    household["members"][1]["schooling"]["boarding"] = False
    bring([household])
    (lapsed,) = county.benefits.dues(BOARDING, 2017)
    assert lapsed.lapsed
    assert lapsed.claimed_on == TODAY
    assert county.benefits.pay([lapsed], TODAY).done == 0
    with pytest.raises(UserError):
        county.benefits.claim([lapsed], TODAY + timedelta(days=2))


def test_a_child_out_of_school_is_followed_up_until_it_is_back(
    county: CountyStore, bring: Bring, household: dict[str, Any]
) -> None:
    household["members"][1]["schooling"] = {"stage": "none"}
    bring([household])
    (matter,) = county.follow_ups.find(DROPOUT)
    assert (matter.person.name, matter.is_open) == ("蒙才花", True)
    county.follow_ups.add_note(matter, "已家访，随父母在外，约定下周返校", TODAY)
    household["members"][1]["schooling"] = {"stage": "primary"}
    bring([household])
    (matter,) = county.follow_ups.find(DROPOUT)
    assert (matter.is_open, [note.text for note in matter.notes]) == (
        False,
        ["已家访，随父母在外，约定下周返校"],
    )


def test_the_water_projects_by_village(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    for document in village:
        document["water"] = {"safe": False}
    bring(village)
    sheet = water_sheet(
        county.follow_ups.find(WATER), county.statistics.amounts("water.project_subsidy")
    )
    assert [row[2:] for row in sheet.rows] == [[2, 6, Decimal(900)], [1, 3, Decimal(0)]]


def test_figures_lead_down_to_the_households(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]]
) -> None:
    village[2]["survey"].pop("date")
    bring(village)
    whole = county.statistics.figures(WHOLE_COUNTY)
    assert (whole.total.households, whole.total.visited, whole.total.registered) == (3, 2, 3)
    assert [(part.place, part.households) for part in whole.parts] == [
        ("451024100", 2),
        ("451024101", 1),
    ]
    assert whole.visits == {"2017-06": 2}
    boarding = next(each for each in whole.sums if each.rule == BOARDING)
    assert (boarding.entitled, boarding.amount) == (2, Decimal(2000))
    below = county.statistics.figures(Scope("451024100"))
    assert [(part.place, part.households) for part in below.parts] == [("451024100200", 2)]
    behind = DrillDown(Scope("451024100"), BOARDING, (Outcome.ELIGIBLE,))
    found = county.statistics.records_behind(behind)
    assert {d["record_id"] for d in found} == {d["record_id"] for d in village[:2]}
    assert whole.indicators is not None
    assert {f.rule for f in whole.indicators.findings} >= {"water.target.tap"}


def test_standards_are_weighed_before_they_are_published(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any]
) -> None:
    bring(village)
    effect = county.standards.impact(standards)
    housing = effect.rules["housing.subsidy"]
    assert (effect.records, housing.newly_known, housing.after) == (3, 3, Decimal(88000))
    county.standards.publish(standards)
    more = copy.deepcopy(standards)
    more["valid_from"] = "2017-05-01"
    more["housing"]["subsidy"]["medium"] = "25000"
    more["housing"]["subsidy"]["extreme"] = "30000"
    effect = county.standards.impact(more)
    housing = effect.rules["housing.subsidy"]
    assert (housing.gaining, housing.losing) == (0, 1)
    assert (housing.before, housing.after) == (Decimal(88000), Decimal(86000))
    assert effect.households_losing == 1
    county.standards.publish(more)
    assert len(county.standards.published()) == 2
    subsidies = sorted(c.subsidy for c in county.housing.cases() if c.subsidy)
    assert subsidies == [Decimal(28000), Decimal(28000), Decimal(30000)]
    more["employment"]["startup_subsidy"] = "9000"
    with pytest.raises(UserError):
        county.standards.publish(more)
    assert len(county.standards.published()) == 2


def test_lists_show_what_their_readers_need_and_no_more(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], standards: dict[str, Any]
) -> None:
    bring(village)
    county.standards.publish(standards)
    walk(county, UUID(village[0]["record_id"]), S.ACCEPTED, None)
    cases = county.housing.cases()
    out = cells(publicity_sheet(cases, "德保县"))
    assert "韦岜明" in out
    assert "451099198606190789" not in out
    assert "621700000000000" not in out
    bank = cells(payment_sheet(cases, "德保县"))
    assert "6217000000000000" in bank
    assert "451099198606190789" not in bank
    assert "陆大光" not in bank
    assert "28,000.00" in bank


def test_an_edited_ledger_of_cases_is_read_back(
    county: CountyStore,
    bring: Bring,
    village: list[dict[str, Any]],
    standards: dict[str, Any],
    tmp_path: Path,
) -> None:
    bring(village)
    county.standards.publish(standards)
    path = tmp_path / "cases.xlsx"
    write_workbook(case_sheet(county.housing.cases()), path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    head = [cell.value for cell in sheet[1]]

    def put(row: int, heading: str, value: str | datetime) -> None:
        sheet.cell(row, head.index(heading) + 1, value)

    put(2, "鉴定", datetime(2017, 7, 1))  # noqa: DTZ001 - as Excel has it
    put(2, "申请", "2017-07-05")
    put(3, "验收", "2017-07-05")
    put(4, "鉴定", "去年")
    book.save(path)
    changes = read_cases(path.read_bytes(), county.housing.cases(), TODAY)
    good = [c for c in changes if isinstance(c, CaseChange) and c.problem is None]
    assert [[m.stage for m in c.moves] for c in good] == [[S.IDENTIFIED, S.APPLIED]]
    assert len(changes) == 3
    assert any("去年" in c.problem.zh for c in changes if c.problem)
    county.housing.advance(good[0].case.record_id, *good[0].moves)
    assert county.statistics.figures().stages == {S.APPLIED: 1}
    with pytest.raises(UserError):
        read_cases(build_workbook(Sheet("空", [Column("甲")], [])), [], TODAY)


def test_the_reason_for_what_is_missing_is_read_back_from_the_ledger(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], tmp_path: Path
) -> None:
    bring(village[:1])
    record_id = UUID(village[0]["record_id"])
    walk(county, record_id, S.PUBLICISED, None)
    path = tmp_path / "cases.xlsx"

    def edited(**cells: str) -> list[CaseChange]:
        write_workbook(case_sheet(county.housing.cases()), path)
        book = openpyxl.load_workbook(path)
        sheet = book.active
        assert sheet is not None
        head = [cell.value for cell in sheet[1]]
        for heading, value in cells.items():
            sheet.cell(2, head.index(heading) + 1, value)
        book.save(path)
        return [
            change
            for change in read_cases(path.read_bytes(), county.housing.cases(), TODAY)
            if isinstance(change, CaseChange)
        ]

    (refused,) = edited(审核="2017-09-01")
    assert refused.problem is not None
    assert "缺改造前房屋照片" in refused.problem.zh
    (taken,) = edited(审核="2017-09-01", 缺件理由="老屋已倒塌清理")
    county.housing.advance(record_id, *taken.moves)
    later = {"审批": "2017-09-02", "建设": "2017-09-03", "验收": "2017-09-04", "抗震达标": "是"}
    (more,) = edited(**later, 缺件理由="审核：老屋已倒塌清理；新屋在雾里")
    county.housing.advance(record_id, *more.moves)
    (case,) = county.housing.cases()
    assert [(each.stage, each.reason) for each in case.waivers] == [
        (S.REVIEWED, "老屋已倒塌清理"),
        (S.ACCEPTED, "新屋在雾里"),
    ]


def test_an_edited_list_of_dues_is_read_back(
    county: CountyStore, bring: Bring, village: list[dict[str, Any]], tmp_path: Path
) -> None:
    bring(village)
    found = county.benefits.dues(BOARDING, 2017)
    path = tmp_path / "dues.xlsx"
    write_workbook(benefit_sheet(BOARDING, 2017, found), path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    head = [cell.value for cell in sheet[1]]
    for row, heading, value in (
        (2, "申领日期", "2017-09-01"),
        (2, "发放日期", "2017-09-20"),
        (3, "发放日期", "2017-09-20"),
        (4, NUMBER.heading, "别处的登记号"),
    ):
        sheet.cell(row, head.index(heading) + 1, value)
    book.save(path)
    changes = read_benefits(path.read_bytes(), found)
    good = [c for c in changes if isinstance(c, BenefitChange) and c.problem is None]
    assert [(c.claim_on, c.pay_on) for c in good] == [(date(2017, 9, 1), date(2017, 9, 20))]
    assert len(changes) == 3
    assert "别处的登记号" in changes[2].problem.zh  # type: ignore[union-attr]
