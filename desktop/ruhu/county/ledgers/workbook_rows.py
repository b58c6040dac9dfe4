"""Rows of an edited ledger workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruhu.county.ledgers.report_columns import NUMBER
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.survey.facts.types import read_amount, read_date
from ruhu.survey.roster.workbook import SheetRow, read_rows


@dataclass(frozen=True, slots=True)
class UnknownRow:
    """A row whose number is not in this ledger."""

    row: int
    number: str

    @property
    def problem(self) -> BilingualText:
        """The error message for the row."""
        return BilingualText(
            "登记号“{number}”不在本台账里", "number “{number}” is not in this ledger"
        ).format(number=self.number[:60])


@dataclass(frozen=True, slots=True)
class RowReader:
    number: int
    cells: dict[str, Any]

    def day(self, heading: str) -> date | None:
        value = self.cells.get(heading)
        if isinstance(value, datetime):
            return value.date()
        try:
            parsed: date | None = read_date(value if isinstance(value, date) else _text(value))
        except ValueError:
            raise _invalid_cell(
                heading, value, BilingualText("日期，如 2017-06-01", "a date such as 2017-06-01")
            ) from None
        return parsed

    def amount(self, heading: str) -> Decimal | None:
        value = self.cells.get(heading)
        try:
            parsed: Decimal | None = read_amount(_text(value))
        except ValueError:
            raise _invalid_cell(
                heading, value, BilingualText("金额（元）", "an amount in CNY")
            ) from None
        return parsed

    def yes_no(self, heading: str) -> bool | None:
        value = self.cells.get(heading)
        values = {"是": True, "否": False, "": None}
        text = str(value or "").strip()
        if text in values:
            return values[text]
        raise _invalid_cell(heading, value, BilingualText("是、否", "是 or 否"))


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip().replace(",", "")
    return text or None


def _invalid_cell(heading: str, value: Any, accepts: BilingualText) -> UserError:
    return UserError(
        BilingualText(
            "“{heading}”一栏读到“{value}”，应为{accepts}",
            "column “{heading}” has “{value}”; expected: {accepts}",
        ).format(heading=heading, value=str(value)[:40], accepts=accepts)
    )


def ledger_rows(data: bytes) -> Iterator[RowReader]:
    """Yield the rows below the header of the sheet. Raises `UserError` if there is no header."""
    head: Sequence[Any] | None = None
    for row in read_rows(data):
        if head is None:
            head = _head(row)
            continue
        cells = {str(name): value for name, value in zip(head, row.values, strict=False) if name}
        if cells.get(NUMBER.heading) not in (None, ""):
            yield RowReader(row.number, cells)
    if head is None:
        raise UserError(
            BilingualText(
                "表里没有“{heading}”一栏：请用从这里导出的台账填写",
                "the column “{heading}” is missing; use a ledger exported from here",
            ).format(heading=NUMBER.heading)
        )


def _head(row: SheetRow) -> Sequence[Any] | None:
    return row.values if NUMBER.heading in row.values else None


def changed_since_export(heading: str) -> UserError:
    return UserError(
        BilingualText(
            "已登记的“{heading}”不能改或删",
            "“{heading}” is already recorded and cannot be changed or removed",
        ).format(heading=heading)
    )
