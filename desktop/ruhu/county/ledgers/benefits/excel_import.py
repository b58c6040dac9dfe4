"""Import of the benefits ledger from an edited workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ruhu.county.ledgers.benefits.payments import Benefit
from ruhu.county.ledgers.benefits.reports import benefit_key
from ruhu.county.ledgers.report_columns import NUMBER
from ruhu.county.ledgers.workbook_rows import (
    RowReader,
    UnknownRow,
    changed_since_export,
    ledger_rows,
)
from ruhu.errors import UserError
from ruhu.i18n import BilingualText


@dataclass(frozen=True, slots=True)
class BenefitChange:
    """What a row would record for a benefit, or why it cannot."""

    row: int
    benefit: Benefit
    claim_on: date | None = None
    pay_on: date | None = None
    problem: BilingualText | None = None


def read_benefits(data: bytes, benefits: Iterable[Benefit]) -> list[BenefitChange | UnknownRow]:
    """Return what an edited sheet would record; rows without changes are left out.

    Raises `UserError` if the file is not such a sheet.
    """
    by_number = {benefit_key(benefit): benefit for benefit in benefits}
    changes: list[BenefitChange | UnknownRow] = []
    for line in ledger_rows(data):
        number = str(line.cells[NUMBER.heading])
        benefit = by_number.get(number)
        if benefit is None:
            changes.append(UnknownRow(line.number, number))
            continue
        change = _benefit_change(line, benefit)
        if change.problem or change.claim_on or change.pay_on:
            changes.append(change)
    return changes


def _benefit_change(line: RowReader, benefit: Benefit) -> BenefitChange:
    try:
        claimed, paid = line.day("申领日期"), line.day("发放日期")
        amount = line.amount("实发（元）")
        if benefit.claimed_on and claimed != benefit.claimed_on:
            raise changed_since_export("申领日期")
        if benefit.paid_on and paid != benefit.paid_on:
            raise changed_since_export("发放日期")
        if paid and not claimed:
            raise UserError(
                BilingualText(
                    "有发放日期而没有申领日期", "there is a date of payment but no date of claim"
                )
            )
        if claimed and paid and paid < claimed:
            raise UserError(
                BilingualText(
                    "发放日期早于申领日期", "the date of payment is before the date of claim"
                )
            )
        if paid and not benefit.paid_on and amount is not None and amount != benefit.amount:
            raise UserError(
                BilingualText(
                    "实发 {a} 元与应发不符", "the amount paid, {a} CNY, differs from the amount due"
                ).format(a=f"{amount:,f}")
            )
    except UserError as error:
        return BenefitChange(line.number, benefit, problem=error.text)
    return BenefitChange(
        line.number,
        benefit,
        None if benefit.claimed_on else claimed,
        None if benefit.paid_on else paid,
    )
