"""Read what identifies a person of a roster: id number, member id, and unmapped columns."""

from datetime import date

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.roster.cells import LOST, MAX_NUMBER_CHARS, UNRESOLVED, CellReader
from ruhu.survey.roster.columns import is_blank
from ruhu.survey.roster.report import IssueKind, SheetReport, masked
from ruhu.survey.roster.value_mapping import (
    MAX_KEPT_CHARS,
    AmbiguousCell,
    DigitsLost,
    NoInformation,
    as_read,
    digits_are_lost,
    read_digits,
    text_of,
    visible,
)
from ruhu.survey.roster.workbook import SheetRow, column_letter
from ruhu.survey.validation.id_number import IdNumber, IdNumberFault, normalise, read_id_number


class PersonReader:
    """Reads the persons of one row after the other."""

    def __init__(self, report: SheetReport, cells: CellReader) -> None:
        self.report, self.cells = report, cells

    def read_id_number(self, member: Document, row: SheetRow) -> IdNumber | None:
        """Read the id number into a member, or report why it is left open."""
        value = self.cells.cell(row, "id_number")
        if value is None:
            return None
        position = self.report.mapped.fields["id_number"]
        if not isinstance(value, str) or digits_are_lost(value):
            self.cells.keep(member, position, value)
            self.report.add(
                IssueKind.ID_DIGITS_LOST, row.number, position, masked(text_of(value)),
                BilingualText(
                    "证件号按数字存放，末几位已丢失；未填入，请照证件重录",
                    "stored as a number, its last digits are lost; left open, enter it from the card",
                ),
            )  # fmt: skip
            return None
        text = visible(value)
        id_number = read_id_number(text)
        if isinstance(id_number, IdNumber) and id_number.birth_date <= date.today():  # noqa: DTZ011
            self._accept_id(member, row, position, value, id_number)
            return id_number
        self.cells.keep(member, position, value.strip())
        doubt, what = _fault_of(id_number)
        self.report.add(doubt, row.number, position, masked(text), what)
        return None

    def _accept_id(
        self, member: Document, row: SheetRow, position: int, value: str, id_number: IdNumber
    ) -> None:
        member["id_number"] = id_number.number
        member["birth_date"] = id_number.birth_date.isoformat()
        if value != id_number.number and value.strip() != normalise(value):
            self.report.add(
                IssueKind.ID_REWRITTEN, row.number, position, masked(visible(value)),
                BilingualText("已去掉空格、改成大写和半角", "blanks removed, written in upper case and ASCII"),
            )  # fmt: skip
        sex = member.get("sex")
        if sex is not None and sex != id_number.sex.value:
            self.report.add(
                IssueKind.SEX_AGAINST_ID, row.number, position, masked(visible(value)),
                BilingualText(
                    "性别与证件号第17位不符，按证件号填入，请核对",
                    "the sex differs from the id number's 17th digit; the id number is followed, "
                    "please check",
                ),
            )  # fmt: skip
        member["sex"] = id_number.sex.value

    def member_id(self, person: Document, household: Document, row: SheetRow) -> str:
        """Return the person's number in the register, or a free one in the household."""
        taken = {m["member_id"] for m in household["members"]}
        value = self.cells.cell(row, "member_id")
        member_id = f"m{len(taken) + 1}"
        if value is not None:
            position = self.report.mapped.fields["member_id"]
            try:
                read = read_digits(value)
                if len(read) > MAX_NUMBER_CHARS or any(c in "[]" for c in read):
                    raise AmbiguousCell
                member_id = read
                remark = self.cells.cleaned(row, position, value)
                if remark is not None:
                    self.report.issues.append(remark)
            except NoInformation:
                self.cells.report_nothing_said(row, position, value)
            except AmbiguousCell as error:
                lost = isinstance(error, DigitsLost)
                self.cells.keep(person, position, value)
                doubt = IssueKind.DIGITS_LOST if lost else IssueKind.UNREADABLE
                self.report.add(
                    doubt, row.number, position, text_of(value)[:40], LOST if lost else UNRESOLVED
                )
        base = member_id
        while member_id in taken:
            member_id = f"{base[: MAX_NUMBER_CHARS - 4]}-{len(taken) + 1}"
            base = member_id
        return member_id

    def keep_unmapped(self, member: Document, row: SheetRow) -> None:
        """Keep unmapped columns with the person."""
        columns = self.report.mapped
        taken = set(columns.fields.values())
        for position, value in enumerate(row.values):
            if position in taken or is_blank(value):
                continue
            self.cells.keep(member, position, value)
            if len(as_read(value)) > MAX_KEPT_CHARS:
                self.report.add(
                    IssueKind.CUT, row.number, position, text_of(value)[:20],
                    BilingualText(f"只保留了前{MAX_KEPT_CHARS}个字", f"only the first {MAX_KEPT_CHARS} characters are kept"),
                )  # fmt: skip
            if position >= len(columns.headings) or not columns.headings[position]:
                letter = column_letter(position)
                self._report_column(row, position, letter)

    def _report_column(self, row: SheetRow, position: int, letter: str) -> None:
        if self.report.is_first((self.report.sheet, letter)):
            self.report.add(
                IssueKind.COLUMN, row.number, position, "",
                BilingualText(f"这一列没有表头，原文以“{letter}列”保留", f"no heading; kept as “{letter}列” as read"),
            )  # fmt: skip


def _fault_of(found: IdNumber | IdNumberFault) -> tuple[IssueKind, BilingualText]:
    if isinstance(found, IdNumber):
        return IssueKind.ID_SHAPE, BilingualText(
            "出生日期在今天之后；未填入，请照证件重录",
            "the birth date is in the future; left open, see the card",
        )
    if found is IdNumberFault.CHECK_DIGIT:
        return IssueKind.ID_CHECK_DIGIT, BilingualText(
            "校验码不对；未填入，请照证件重录", "wrong check digit; left open, see the card"
        )
    return IssueKind.ID_SHAPE, BilingualText(
        "不是18位证件号；未填入，请照证件重录", "not an id number; left open, see the card"
    )
