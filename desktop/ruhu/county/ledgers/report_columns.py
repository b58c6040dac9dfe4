"""Columns that the reports of all ledgers share.

Each report shows only the personal data that its readers need: publicity lists have neither id number
nor account, payment lists the account, ledgers for the office the last two characters of an id number.
"""

from typing import Any

from ruhu.county.ledgers.labels import number_of, township_of, village_of
from ruhu.export.spreadsheet import Cell, Column
from ruhu.strict_json import Document
from ruhu.survey.households import head_of
from ruhu.survey.validation.id_number import mask

NUMBER = Column("登记号", 38, printed=False)
"""The key of a row, by which the import finds it in an edited ledger."""
HOLD_COLUMNS = (Column("暂缓（元）", 13, "money"), Column("暂缓原因", 30))
"""Amounts on hold with the reason; they are in no column that is paid by."""
PLACE_COLUMNS = (Column("乡镇", 12), Column("行政村", 14), Column("村民小组", 9))
HOUSEHOLD_COLUMNS = (Column("户编号", 17), Column("户主", 10))
YES_NO_WORDS: dict[Any, str] = {True: "是", False: "否", None: ""}


def place_cells(document: Document) -> list[Cell]:
    group = (document.get("place") or {}).get("group")
    return [township_of(document), village_of(document), str(group or "")]


def household_cells(document: Document) -> list[Cell]:
    return [number_of(document), str(head_of(document).get("name") or "")]


def masked_id(id_number: Any) -> str:
    return mask(str(id_number)) if id_number else ""


def population(document: Document) -> int:
    return int(document.get("population") or len(document.get("members") or ()))
