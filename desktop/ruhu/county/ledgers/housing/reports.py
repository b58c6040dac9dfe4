"""Reports of housing: cases, publicity, payments and the yearly plan."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ruhu.county.case_rules import ORDER, steps_of
from ruhu.county.ledgers.housing.cases import HousingCase
from ruhu.county.ledgers.housing.plans import YearPlan
from ruhu.county.ledgers.payment_holds import Hold, holds_on_cases, join_reasons
from ruhu.county.ledgers.report_columns import (
    HOLD_COLUMNS,
    HOUSEHOLD_COLUMNS,
    NUMBER,
    PLACE_COLUMNS,
    YES_NO_WORDS,
    household_cells,
    masked_id,
    place_cells,
    population,
)
from ruhu.export.spreadsheet import Cell, Column, Sheet
from ruhu.survey.households import head_of
from ruhu.survey.models.choices import HousingStage, PovertyCategory, Renovation

WAIVER_REASON_COLUMN = Column("缺件理由", 24)
"""Why a case passed a stage without its required evidence."""


def _word(choice: type[PovertyCategory | Renovation], value: Any) -> str:
    return choice(value).label.zh if value in list(choice) else ""


def case_sheet(cases: Iterable[HousingCase]) -> Sheet:
    """Return every case with the day of each stage; the sheet can be edited and imported."""
    columns = [
        *PLACE_COLUMNS,
        *HOUSEHOLD_COLUMNS,
        Column("身份证号", 20),
        Column("危房等级", 8),
        Column("改造方式", 14),
        Column("补助金额（元）", 13, "money"),
        *(Column(stage.label.zh, 11, "date") for stage in ORDER),
        Column("抗震达标", 8),
        Column("拨付金额（元）", 13, "money"),
        Column("不予批准", 24),
        WAIVER_REASON_COLUMN,
        NUMBER,
    ]
    rows = []
    for case in cases:
        document = case.document
        housing, steps = document.get("housing") or {}, steps_of(document)
        seismic = YES_NO_WORDS[housing.get("seismic_ok")]
        rows.append(
            [
                *place_cells(document),
                *household_cells(document),
                masked_id(head_of(document).get("id_number")),
                str(housing.get("danger_grade") or ""),
                _word(Renovation, housing.get("renovation")),
                case.subsidy,
                *(steps.get(stage) for stage in ORDER),
                seismic,
                _money(housing.get("paid_amount")),
                case.refused.reason if case.refused else "",
                waiver_text(case),
                str(case.record_id),
            ]
        )
    return Sheet("危房改造台账", columns, rows)


def waiver_text(case: HousingCase) -> str:
    """Return why a case passed stages without their required evidence, stage by stage."""
    return "；".join(f"{each.stage.label.zh}：{each.reason}" for each in case.waivers)


def _money(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def publicity_sheet(cases: Iterable[HousingCase], county: str) -> Sheet:
    """Return the list for public display: without id numbers and accounts."""
    columns = [
        Column("序号", 6, "count"),
        *PLACE_COLUMNS,
        Column("户主", 10),
        Column("人口", 6, "count"),
        Column("贫困程度", 10),
        Column("改造方式", 14),
        Column("拟补助（元）", 12, "money"),
    ]
    rows: list[Sequence[Cell]] = []
    for number, case in enumerate(cases, start=1):
        document = case.document
        housing = document.get("housing") or {}
        category = (document.get("registration") or {}).get("poverty_category")
        rows.append(
            [
                number,
                *place_cells(document),
                str(head_of(document).get("name") or ""),
                population(document),
                _word(PovertyCategory, category),
                _word(Renovation, housing.get("renovation")),
                case.subsidy,
            ]
        )
    remark = "公示期内如有异议，请向村民委员会或乡镇人民政府反映。"
    return Sheet(f"{county}农村危房改造对象公示名单", columns, rows, remark)


def payment_sheet(cases: Iterable[HousingCase], county: str) -> Sheet:
    """Return the list for the bank: accepted cases to be paid, then those on hold with the reason."""
    columns = [
        Column("序号", 6, "count"),
        *PLACE_COLUMNS,
        *HOUSEHOLD_COLUMNS,
        Column("身份证号", 20),
        Column("一卡（折）通账号", 24),
        Column("补助金额（元）", 13, "money"),
        Column("验收日期", 11, "date"),
        *HOLD_COLUMNS,
    ]
    case_list = list(cases)
    holds = holds_on_cases(case_list)
    unpaid = [case for case in case_list if case.stage is HousingStage.ACCEPTED and case.subsidy]
    ready = [case for case in unpaid if case.record_id not in holds]
    on_hold = [case for case in unpaid if case.record_id in holds]
    rows = [_payment_row(case, number, ()) for number, case in enumerate(ready, start=1)]
    rows += [_payment_row(case, None, holds[case.record_id]) for case in on_hold]
    total = sum((case.subsidy or Decimal(0) for case in ready), Decimal(0))
    notice = f"另有 {len(on_hold)} 户暂缓，不付，原因见表。" if on_hold else ""
    return Sheet(
        f"{county}农村危房改造补助拨付名单",
        columns,
        rows,
        f"共 {len(ready)} 户，合计 {total:,.2f} 元。{notice}含账号，只供拨付使用。",
        len(on_hold),
    )


def _payment_row(case: HousingCase, number: int | None, hold: Hold) -> list[Cell]:
    return [
        number,
        *place_cells(case.document),
        *household_cells(case.document),
        masked_id(head_of(case.document).get("id_number")),
        str((case.document.get("housing") or {}).get("card_account") or ""),
        None if hold else case.subsidy,
        steps_of(case.document).get(HousingStage.ACCEPTED),
        case.subsidy if hold else None,
        join_reasons(hold).zh,
    ]


def plan_sheet(plan: YearPlan, cases: Iterable[HousingCase], county: str) -> Sheet:
    """Return a year's plan in its order, with manual decisions and their reasons."""
    columns = [
        Column("次序", 6, "count"),
        *PLACE_COLUMNS,
        *HOUSEHOLD_COLUMNS,
        Column("优先级", 7, "count"),
        Column("识别分数", 9),
        Column("申请（入户）日期", 13, "date"),
        Column("补助金额（元）", 13, "money"),
        Column("纳入", 6),
        Column("调整", 8),
        Column("调整理由", 24),
    ]
    documents = {case.record_id: case.document for case in cases}
    rows: list[Sequence[Cell]] = []
    for entry in plan.entries:
        candidate = entry.candidate
        document = documents.get(candidate.record_id, {})
        rows.append(
            [
                entry.rank,
                *place_cells(document),
                *household_cells(document),
                candidate.priority,
                "" if candidate.score is None else f"{candidate.score:f}",
                candidate.since,
                candidate.subsidy,
                "是" if entry.included else "否",
                {"in": "指定纳入", "out": "指定不纳入"}.get(entry.decision or "", ""),
                plan.reasons.get(candidate.record_id, ""),
            ]
        )
    state = f"{plan.frozen_at[:10]} 定稿" if plan.frozen_at else "草案"
    return Sheet(
        f"{county}{plan.year}年农村危房改造计划", columns, rows, f"指标 {plan.quota} 户；{state}。"
    )
