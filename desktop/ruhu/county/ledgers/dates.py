"""Dates that staff enter for what was done."""

from datetime import date

from ruhu.county.audit.trail import Transaction
from ruhu.errors import UserError
from ruhu.i18n import BilingualText


def refuse_future(tx: Transaction, day: date) -> None:
    """Raise `UserError` for a day after today."""
    if day > tx.day:
        raise UserError(BilingualText("日期不能晚于今天", "the date must not be after today"))
