"""An edited ledger read back from Excel: what it would change, told before anything is.

Rows are known by their `登记号`; only the columns meant to be filled in are looked at, and every row is
held against the same rules as the window's own acts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruhu.county.ledgers.cases import Case, basis_of
from ruhu.county.ledgers.housing_case import ORDER, Move, advance, steps_of
from ruhu.county.ledgers.lists import NUMBER, WITHOUT, due_number, waived
from ruhu.county.ledgers.payments import Due
from ruhu.survey.choices import HousingStage
from ruhu.survey.roster.workbook import Row, read_rows
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError
from ruhu.survey.values import read_amount, read_date


@dataclass(frozen=True, slots=True)
class DueChange:
    """What a row would record of a due, or why it cannot."""

    row: int
    due: Due
    claim_on: date | None = None
    pay_on: date | None = None
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class CaseChange:
    """The moves a row would make, or why it cannot."""

    row: int
    case: Case
    moves: tuple[Move, ...] = ()
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class Stranger:
    """A row whose number is none of this ledger's."""

    row: int
    number: str

    @property
    def problem(self) -> Text:
        """What to tell of it."""
        return Text(
            "登记号“{number}”不在本台账里", "number “{number}” is not in this ledger"
        ).format(number=self.number[:60])


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: dict[str, Any]

    def day(self, heading: str) -> date | None:
        value = self.cells.get(heading)
        if isinstance(value, datetime):
            return value.date()
        try:
            found: date | None = read_date(value if isinstance(value, date) else _text(value))
        except ValueError:
            raise _wrong(
                heading, value, Text("日期，如 2017-06-01", "a date, as 2017-06-01")
            ) from None
        return found

    def amount(self, heading: str) -> Decimal | None:
        value = self.cells.get(heading)
        try:
            found: Decimal | None = read_amount(_text(value))
        except ValueError:
            raise _wrong(heading, value, Text("金额（元）", "an amount in CNY")) from None
        return found

    def yes_no(self, heading: str) -> bool | None:
        value = self.cells.get(heading)
        words = {"是": True, "否": False, "": None}
        text = str(value or "").strip()
        if text in words:
            return words[text]
        raise _wrong(heading, value, Text("是、否", "是 or 否"))


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip().replace(",", "")
    return text or None


def _wrong(heading: str, value: Any, accepts: Text) -> UserError:
    return UserError(
        Text(
            "“{heading}”一栏读到“{value}”，应为{accepts}",
            "column “{heading}” reads “{value}”; wanted: {accepts}",
        ).format(heading=heading, value=str(value)[:40], accepts=accepts)
    )


def _lines(data: bytes) -> Iterator[_Line]:
    """The rows under the head of the sheet. Raises `UserError` where there is no such head."""
    head: Sequence[Any] | None = None
    for row in read_rows(data):
        if head is None:
            head = _head(row)
            continue
        cells = {str(name): value for name, value in zip(head, row.values, strict=False) if name}
        if cells.get(NUMBER.heading) not in (None, ""):
            yield _Line(row.number, cells)
    if head is None:
        raise UserError(
            Text(
                "表里没有“{heading}”一栏：请用从这里导出的台账填写",
                "there is no column “{heading}”: fill in a ledger that was exported here",
            ).format(heading=NUMBER.heading)
        )


def _head(row: Row) -> Sequence[Any] | None:
    return row.values if NUMBER.heading in row.values else None


def read_dues(data: bytes, known: Iterable[Due]) -> list[DueChange | Stranger]:
    """What an edited sheet of dues would record; rows that change nothing are left out.

    Raises `UserError` for a file that is no such sheet.
    """
    by_number = {due_number(due): due for due in known}
    found: list[DueChange | Stranger] = []
    for line in _lines(data):
        number = str(line.cells[NUMBER.heading])
        due = by_number.get(number)
        if due is None:
            found.append(Stranger(line.number, number))
            continue
        change = _due_change(line, due)
        if change.problem or change.claim_on or change.pay_on:
            found.append(change)
    return found


def _due_change(line: _Line, due: Due) -> DueChange:
    try:
        claimed, paid = line.day("申领日期"), line.day("发放日期")
        amount = line.amount("实发（元）")
        if due.claimed_on and claimed != due.claimed_on:
            raise _changed("申领日期")
        if due.paid_on and paid != due.paid_on:
            raise _changed("发放日期")
        if paid and not claimed:
            raise UserError(Text("有发放日期而没有申领日期", "paid without a day of claim"))
        if claimed and paid and paid < claimed:
            raise UserError(Text("发放日期早于申领日期", "paid before it was claimed"))
        if paid and not due.paid_on and amount is not None and amount != due.amount:
            raise UserError(
                Text("实发 {a} 元与应发不符", "{a} CNY is not what is due").format(a=f"{amount:,f}")
            )
    except UserError as error:
        return DueChange(line.number, due, problem=error.text)
    return DueChange(
        line.number,
        due,
        None if due.claimed_on else claimed,
        None if due.paid_on else paid,
    )


def _changed(heading: str) -> UserError:
    return UserError(
        Text(
            "已登记的“{heading}”不能改或删", "“{heading}” is recorded and cannot be changed"
        ).format(heading=heading)
    )


def read_cases(data: bytes, known: Iterable[Case], today: date) -> list[CaseChange | Stranger]:
    """The moves an edited sheet of cases would make; rows that change nothing are left out.

    Raises `UserError` for a file that is no such sheet.
    """
    by_number = {str(case.record_id): case for case in known}
    found: list[CaseChange | Stranger] = []
    for line in _lines(data):
        number = str(line.cells[NUMBER.heading])
        case = by_number.get(number)
        if case is None:
            found.append(Stranger(line.number, number))
            continue
        change = _case_change(line, case, today)
        if change.problem or change.moves:
            found.append(change)
    return found


def _case_change(line: _Line, case: Case, today: date) -> CaseChange:
    moves: list[Move] = []
    document: Document = case.document
    known = waived(case)
    reason = str(line.cells.get(WITHOUT.heading) or "").strip().removeprefix(known).strip("；; ")
    try:
        for stage in ORDER:
            day, recorded = line.day(stage.label.zh), steps_of(case.document).get(stage)
            if recorded is not None and day != recorded:
                raise _changed(stage.label.zh)
            if day is None or recorded is not None:
                continue
            move = Move(
                stage,
                day,
                line.yes_no("抗震达标") if stage is HousingStage.ACCEPTED else None,
                line.amount("拨付金额（元）") if stage is HousingStage.PAID else None,
                reason,
            )
            document = advance(document, move, basis_of(case, today))
            moves.append(move)
    except UserError as error:
        return CaseChange(line.number, case, problem=error.text)
    return CaseChange(line.number, case, tuple(moves))
