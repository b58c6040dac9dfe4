"""The county's lists as sheets, each showing of a person only what its readers need.

What hangs out in a village has neither id number nor account; what goes to the bank has the account;
ledgers that stay in the office show the last two characters of an id number.
"""

from ruhu.county.case_rules import steps_of
from ruhu.county.ledgers.housing.cases import HousingCase
from ruhu.county.ledgers.payment_holds import Hold, join_reasons
from ruhu.county.ledgers.report_columns import household_cells, masked_id, place_cells
from ruhu.export.spreadsheet import Cell, Column
from ruhu.survey.households import head_of
from ruhu.survey.models.choices import HousingStage

HOLD_COLUMNS = (Column("暂缓（元）", 13, "money"), Column("暂缓原因", 30))
"""What is not to be paid yet, and why: its amount stands in none of the columns that are paid by."""


def payment_row(case: HousingCase, number: int | None, hold: Hold) -> list[Cell]:
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
