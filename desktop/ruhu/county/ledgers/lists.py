"""The county's lists as sheets, each showing of a person only what its readers need.

What hangs out in a village has neither id number nor account; what goes to the bank has the account;
ledgers that stay in the office show the last two characters of an id number.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ruhu.county.ledgers.cases import Case
from ruhu.county.ledgers.dues import head_of
from ruhu.county.ledgers.follow_ups import WATER, Matter
from ruhu.county.ledgers.holds import Hold, holds_on_cases, holds_on_dues, reasons_for
from ruhu.county.ledgers.housing_case import ORDER, steps_of
from ruhu.county.ledgers.names import number_of, title_of_rule, township_of, village_of
from ruhu.county.ledgers.payments import Due
from ruhu.county.ledgers.plans import YearPlan
from ruhu.county.sheet import Cell, Column, Sheet
from ruhu.survey.choices import HousingStage, PovertyCategory, Renovation
from ruhu.survey.id_number import mask
from ruhu.survey.strict_json import Document

NUMBER = Column("登记号", 38, printed=False)
"""What an edited ledger is known by when it comes back."""

HELD = (Column("暂缓（元）", 13, "money"), Column("暂缓原因", 30))
"""What is not to be paid yet, and why: its amount stands in none of the columns that are paid by."""

WITHOUT = Column("缺件理由", 24)
"""Why a case passed a stage without what it needs."""

_PLACE = (Column("乡镇", 12), Column("行政村", 14), Column("村民小组", 9))
_HOUSEHOLD = (Column("户编号", 17), Column("户主", 10))


_YES_NO: dict[Any, str] = {True: "是", False: "否", None: ""}


def _place(document: Document) -> list[Cell]:
    group = (document.get("place") or {}).get("group")
    return [township_of(document), village_of(document), str(group or "")]


def _household(document: Document) -> list[Cell]:
    return [number_of(document), str(head_of(document).get("name") or "")]


def _masked(id_number: Any) -> str:
    return mask(str(id_number)) if id_number else ""


def _word(choice: type[PovertyCategory | Renovation], value: Any) -> str:
    return choice(value).label.zh if value in list(choice) else ""


def _population(document: Document) -> int:
    return int(document.get("population") or len(document.get("members") or ()))


def case_sheet(cases: Iterable[Case]) -> Sheet:
    """Every case with the day of each stage; it can be filled in and read back."""
    columns = [
        *_PLACE,
        *_HOUSEHOLD,
        Column("身份证号", 20),
        Column("危房等级", 8),
        Column("改造方式", 14),
        Column("补助金额（元）", 13, "money"),
        *(Column(stage.label.zh, 11, "date") for stage in ORDER),
        Column("抗震达标", 8),
        Column("拨付金额（元）", 13, "money"),
        Column("不予批准", 24),
        WITHOUT,
        NUMBER,
    ]
    rows = []
    for case in cases:
        document = case.document
        housing, steps = document.get("housing") or {}, steps_of(document)
        seismic = _YES_NO[housing.get("seismic_ok")]
        rows.append(
            [
                *_place(document),
                *_household(document),
                _masked(head_of(document).get("id_number")),
                str(housing.get("danger_grade") or ""),
                _word(Renovation, housing.get("renovation")),
                case.subsidy,
                *(steps.get(stage) for stage in ORDER),
                seismic,
                _money(housing.get("paid_amount")),
                case.refused.reason if case.refused else "",
                waived(case),
                str(case.record_id),
            ]
        )
    return Sheet("危房改造台账", columns, rows)


def waived(case: Case) -> str:
    """Why a case passed stages without what they need, stage by stage."""
    return "；".join(f"{each.stage.label.zh}：{each.reason}" for each in case.waivers)


def _money(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def publicity_sheet(cases: Iterable[Case], county: str) -> Sheet:
    """The list that hangs out: no id number, no account."""
    columns = [
        Column("序号", 6, "count"),
        *_PLACE,
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
                *_place(document),
                str(head_of(document).get("name") or ""),
                _population(document),
                _word(PovertyCategory, category),
                _word(Renovation, housing.get("renovation")),
                case.subsidy,
            ]
        )
    remark = "公示期内如有异议，请向村民委员会或乡镇人民政府反映。"
    return Sheet(f"{county}农村危房改造对象公示名单", columns, rows, remark)


def payment_sheet(cases: Iterable[Case], county: str) -> Sheet:
    """The list for the bank: accepted cases that are to be paid, with their accounts; behind them those
    that are held back, with the reason.
    """
    columns = [
        Column("序号", 6, "count"),
        *_PLACE,
        *_HOUSEHOLD,
        Column("身份证号", 20),
        Column("一卡（折）通账号", 24),
        Column("补助金额（元）", 13, "money"),
        Column("验收日期", 11, "date"),
        *HELD,
    ]
    known = list(cases)
    holds = holds_on_cases(known)
    due = [case for case in known if case.stage is HousingStage.ACCEPTED and case.subsidy]
    ready = [case for case in due if case.record_id not in holds]
    held = [case for case in due if case.record_id in holds]
    rows = [_payment_row(case, number, ()) for number, case in enumerate(ready, start=1)]
    rows += [_payment_row(case, None, holds[case.record_id]) for case in held]
    total = sum((case.subsidy or Decimal(0) for case in ready), Decimal(0))
    waiting = f"另有 {len(held)} 户暂缓，不付，原因见表。" if held else ""
    return Sheet(
        f"{county}农村危房改造补助拨付名单",
        columns,
        rows,
        f"共 {len(ready)} 户，合计 {total:,.2f} 元。{waiting}含账号，只供拨付使用。",
        len(held),
    )


def _payment_row(case: Case, number: int | None, hold: Hold) -> list[Cell]:
    return [
        number,
        *_place(case.document),
        *_household(case.document),
        _masked(head_of(case.document).get("id_number")),
        str((case.document.get("housing") or {}).get("card_account") or ""),
        None if hold else case.subsidy,
        steps_of(case.document).get(HousingStage.ACCEPTED),
        case.subsidy if hold else None,
        reasons_for(hold).zh,
    ]


def plan_sheet(plan: YearPlan, cases: Iterable[Case], county: str) -> Sheet:
    """A year's plan in its order, with what was changed by hand and why."""
    columns = [
        Column("次序", 6, "count"),
        *_PLACE,
        *_HOUSEHOLD,
        Column("优先级", 7, "count"),
        Column("识别分数", 9),
        Column("申请（入户）日期", 13, "date"),
        Column("补助金额（元）", 13, "money"),
        Column("纳入", 6),
        Column("调整", 8),
        Column("调整理由", 24),
    ]
    known = {case.record_id: case.document for case in cases}
    rows: list[Sequence[Cell]] = []
    for entry in plan.entries:
        candidate = entry.candidate
        document = known.get(candidate.record_id, {})
        rows.append(
            [
                entry.rank,
                *_place(document),
                *_household(document),
                candidate.priority,
                "" if candidate.score is None else f"{candidate.score:f}",
                candidate.since,
                candidate.subsidy,
                "是" if entry.taken else "否",
                {"in": "指定纳入", "out": "指定不纳入"}.get(entry.pinned or "", ""),
                plan.reasons.get(candidate.record_id, ""),
            ]
        )
    state = f"{plan.frozen_at[:10]} 定稿" if plan.frozen_at else "草案"
    return Sheet(
        f"{county}{plan.year}年农村危房改造计划", columns, rows, f"指标 {plan.quota} 户；{state}。"
    )


def due_number(due: Due) -> str:
    """What a row of the dues' sheet is known by when it comes back."""
    return f"{due.key.rule} {due.key.period.name} {due.key.person[:24]}"


def due_sheet(rule: str, year: int, found: Iterable[Due]) -> Sheet:
    """Who is owed what under a rule, and what is held back; it can be filled in and read back."""
    listed = list(found)
    holds = holds_on_dues(listed)
    columns = [
        *_PLACE,
        *_HOUSEHOLD,
        Column("享受人", 10),
        Column("身份证号", 20),
        Column("期次", 14),
        Column("应发（元）", 12, "money"),
        *HELD,
        Column("申领日期", 12, "date"),
        Column("发放日期", 12, "date"),
        Column("实发（元）", 12, "money"),
        Column("备注", 18),
        NUMBER,
    ]
    rows: list[Sequence[Cell]] = [
        [
            *_place(due.document),
            *_household(due.document),
            due.person.name,
            _masked(due.person.id_number),
            due.key.period.label.zh,
            None if hold else due.amount,
            due.amount if hold else None,
            reasons_for(hold).zh,
            due.claimed_on,
            due.paid_on,
            due.paid if due.paid_on else None,
            remark_on(due),
            due_number(due),
        ]
        for due, hold in zip(listed, holds, strict=True)
    ]
    held = sum(map(bool, holds))
    remark = f"{held} 人次暂缓，不付，原因见表。" if held else ""
    return Sheet(f"{title_of_rule(rule).zh}{year}年", columns, rows, remark, held)


def remark_on(due: Due) -> str:
    """What is to be known of a row besides its figures."""
    if due.lapsed:
        return "按现有事实已不再应发"
    if due.elsewhere:
        return "已在另一户登记"
    return "免收或另定" if due.amount is None else ""


def matter_sheet(rule: str, found: Iterable[Matter]) -> Sheet:
    """What is to be seen to under a check, with the newest note."""
    columns = [
        *_PLACE,
        *_HOUSEHOLD,
        Column("姓名", 10),
        Column("身份证号", 20),
        Column("状态", 8),
        Column("最近记录日期", 12, "date"),
        Column("最近记录", 40),
        Column("记录次数", 9, "count"),
    ]
    rows: list[Sequence[Cell]] = []
    for matter in found:
        last = matter.notes[0] if matter.notes else None
        rows.append(
            [
                *_place(matter.document),
                *_household(matter.document),
                matter.person.name,
                _masked(matter.person.id_number),
                "待办" if matter.open else "已解决",
                last.on if last else None,
                last.text if last else "",
                len(matter.notes),
            ]
        )
    return Sheet(f"{title_of_rule(rule).zh}台账", columns, rows)


def water_sheet(found: Iterable[Matter], subsidies: dict[str, Decimal]) -> Sheet:
    """The water projects: villages with unsafe water, their households, persons and subsidy in CNY
    (`subsidies` by record).
    """
    columns = [
        Column("乡镇", 14),
        Column("行政村", 18),
        Column("饮水不安全户数", 12, "count"),
        Column("人口", 8, "count"),
        Column("工程补助（元，约）", 14, "money"),
    ]
    villages: dict[tuple[str, str], list[Any]] = {}
    for matter in found:
        if not matter.open or matter.rule != WATER:
            continue
        key = (township_of(matter.document), village_of(matter.document))
        total = villages.setdefault(key, [0, 0, Decimal(0)])
        total[0] += 1
        total[1] += _population(matter.document)
        total[2] += subsidies.get(str(matter.record_id), Decimal(0))
    rows = [[*key, *total] for key, total in sorted(villages.items())]
    return Sheet("饮水安全工程台账", columns, rows)
