"""Import of the housing ledger from an edited workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ruhu.county.case_rules import ORDER, StageTransition, advance, steps_of
from ruhu.county.ledgers.housing.cases import HousingCase, transition_context
from ruhu.county.ledgers.housing.reports import WAIVER_REASON_COLUMN, waiver_text
from ruhu.county.ledgers.report_columns import NUMBER
from ruhu.county.ledgers.workbook_rows import (
    RowReader,
    UnknownRow,
    changed_since_export,
    ledger_rows,
)
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.models.choices import HousingStage


@dataclass(frozen=True, slots=True)
class CaseChange:
    """The stages that a row would record, or why it cannot."""

    row: int
    case: HousingCase
    moves: tuple[StageTransition, ...] = ()
    problem: BilingualText | None = None


def read_cases(
    data: bytes, cases: Iterable[HousingCase], today: date
) -> list[CaseChange | UnknownRow]:
    """Return the stages that an edited sheet would record; rows without changes are left out.

    Raises `UserError` if the file is not such a sheet.
    """
    by_number = {str(case.record_id): case for case in cases}
    changes: list[CaseChange | UnknownRow] = []
    for line in ledger_rows(data):
        number = str(line.cells[NUMBER.heading])
        case = by_number.get(number)
        if case is None:
            changes.append(UnknownRow(line.number, number))
            continue
        change = _case_change(line, case, today)
        if change.problem or change.moves:
            changes.append(change)
    return changes


def _case_change(line: RowReader, case: HousingCase, today: date) -> CaseChange:
    transitions: list[StageTransition] = []
    document: Document = case.document
    previous_reason = waiver_text(case)
    reason = (
        str(line.cells.get(WAIVER_REASON_COLUMN.heading) or "")
        .strip()
        .removeprefix(previous_reason)
        .strip("；; ")
    )
    try:
        for stage in ORDER:
            day, recorded = line.day(stage.label.zh), steps_of(case.document).get(stage)
            if recorded is not None and day != recorded:
                raise changed_since_export(stage.label.zh)
            if day is None or recorded is not None:
                continue
            transition = StageTransition(
                stage,
                day,
                line.yes_no("抗震达标") if stage is HousingStage.ACCEPTED else None,
                line.amount("拨付金额（元）") if stage is HousingStage.PAID else None,
                reason,
            )
            document = advance(document, transition, transition_context(case, today))
            transitions.append(transition)
    except UserError as error:
        return CaseChange(line.number, case, problem=error.text)
    return CaseChange(line.number, case, tuple(transitions))
