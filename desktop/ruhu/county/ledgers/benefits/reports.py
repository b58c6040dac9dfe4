"""Reports of benefits."""

from collections.abc import Iterable, Sequence

from ruhu.county.ledgers.benefits.payments import Benefit
from ruhu.county.ledgers.labels import title_of_rule
from ruhu.county.ledgers.payment_holds import holds_on_benefits, join_reasons
from ruhu.county.ledgers.report_columns import (
    HOLD_COLUMNS,
    HOUSEHOLD_COLUMNS,
    NUMBER,
    PLACE_COLUMNS,
    household_cells,
    masked_id,
    place_cells,
)
from ruhu.export.spreadsheet import Cell, Column, Sheet


def benefit_key(benefit: Benefit) -> str:
    """Return the key of a row in the exported sheet, by which the import finds it."""
    return f"{benefit.key.rule} {benefit.key.period.name} {benefit.key.person[:24]}"


def benefit_sheet(rule: str, year: int, benefits: Iterable[Benefit]) -> Sheet:
    """Return the benefits of a rule, with amounts on hold; it can be edited and imported."""
    listed = list(benefits)
    holds = holds_on_benefits(listed)
    columns = [
        *PLACE_COLUMNS,
        *HOUSEHOLD_COLUMNS,
        Column("享受人", 10),
        Column("身份证号", 20),
        Column("期次", 14),
        Column("应发（元）", 12, "money"),
        *HOLD_COLUMNS,
        Column("申领日期", 12, "date"),
        Column("发放日期", 12, "date"),
        Column("实发（元）", 12, "money"),
        Column("备注", 18),
        NUMBER,
    ]
    rows: list[Sequence[Cell]] = [
        [
            *place_cells(benefit.document),
            *household_cells(benefit.document),
            benefit.person.name,
            masked_id(benefit.person.id_number),
            benefit.key.period.label.zh,
            None if hold else benefit.amount,
            benefit.amount if hold else None,
            join_reasons(hold).zh,
            benefit.claimed_on,
            benefit.paid_on,
            benefit.paid if benefit.paid_on else None,
            remark(benefit),
            benefit_key(benefit),
        ]
        for benefit, hold in zip(listed, holds, strict=True)
    ]
    held_rows = sum(map(bool, holds))
    notice = f"{held_rows} 人次暂缓，不付，原因见表。" if held_rows else ""
    return Sheet(f"{title_of_rule(rule).zh}{year}年", columns, rows, notice, held_rows)


def remark(benefit: Benefit) -> str:
    """Return a row's remark."""
    if benefit.lapsed:
        return "按现有事实已不再应发"
    if benefit.elsewhere:
        return "已在另一户登记"
    return "免收或另定" if benefit.amount is None else ""
