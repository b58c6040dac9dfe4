"""Convert a workbook's rows to households, with a report of every doubtful cell."""

from dataclasses import dataclass, field
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.roster.cells import CellReader
from ruhu.survey.roster.checks import no_roster, rejection_of, report_duplicates, report_heads
from ruhu.survey.roster.columns import (
    Columns,
    combine_headings,
    is_blank,
    is_second_row,
    keep_known_headings,
    read_columns,
)
from ruhu.survey.roster.families import Families, Family
from ruhu.survey.roster.lines import first_visible_text
from ruhu.survey.roster.persons import PersonReader
from ruhu.survey.roster.places import PlaceReader
from ruhu.survey.roster.report import IssueKind, RosterIssue, SheetReport
from ruhu.survey.roster.value_mapping import HOUSEHOLD_FIELDS, MEMBER_FIELDS
from ruhu.survey.roster.workbook import Hidden, SheetRow, read_rows


@dataclass(slots=True)
class Roster:
    """The result of reading a roster: households as documents (without record ids) and the report."""

    households: list[Document] = field(default_factory=list)
    report: list[RosterIssue] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    persons: int = 0


def read_roster(data: bytes) -> Roster:
    """Read a roster. Raises `NoRoster` if the file is not one; nothing is imported then."""
    reader = RosterReader()
    for row in read_rows(data):
        reader.take(row)
    return reader.finish()


class RosterReader:
    """Reads the rows once; assembles households by their number and their people."""

    def __init__(self) -> None:
        self.report = SheetReport()
        self.cells = CellReader(self.report)
        self.persons = PersonReader(self.report, self.cells)
        self.places = PlaceReader(self.report, self.cells)
        self.roster = Roster()
        self.families = Families(self.roster.households)
        self.heading_row = 0
        self.previous_row: SheetRow | None = None
        """The row that may be the upper of two rows of headings."""

        self.sheets: dict[str, bool] = {}
        """Whether each visible sheet has headings."""

        self.missing_columns: dict[str, str] = {}
        """The required column that is missing, by sheet."""

        self.holders: dict[str, list[tuple[str, SheetRow]]] = {}
        """Household label and row of each person, by id number."""

    def take(self, row: SheetRow) -> None:
        """Read the next row."""
        if row.sheet != self.report.sheet:
            self.report.sheet, self.report.columns, self.previous_row = row.sheet, None, None
            self.families.leave_sheet()
            if row.hidden is not Hidden.SHEET:
                self.sheets[row.sheet] = False
        if row.hidden is Hidden.SHEET:
            self.report.add_once(
                IssueKind.HIDDEN, row, "sheet",
                BilingualText("隐藏的工作表，未读；要导入请先取消隐藏", "a hidden sheet, not read; unhide it to import it"),
            )  # fmt: skip
            return
        if all(map(is_blank, row.values)) and not (row.without_result or row.beyond):
            return
        if self.report.columns is None:
            self._look_for_headings(row)
        elif row.number == self.heading_row + 1 and is_second_row(row.values, self.report.columns):
            self.heading_row += 1
            upper = [h or None for h in self.report.columns.headings]
            self.report.columns = (
                read_columns(combine_headings(upper, row.values)) or self.report.columns
            )
        elif self._is_person(row, self.report.columns):
            self._person(self.cells.without_errors(row), self.report.columns)

    def _look_for_headings(self, row: SheetRow) -> None:
        upper: list[Any] = []
        if self.previous_row is not None and self.previous_row.number == row.number - 1:
            upper = keep_known_headings(self.previous_row.values)
        width = max((len(upper), *(position + 1 for position in row.above)))
        upper += [None] * (width - len(upper))
        for position, value in row.above.items():
            upper[position] = value
        columns = read_columns(combine_headings(upper, row.values))
        self.previous_row = row
        if columns is None:
            return
        if columns.missing:
            self.missing_columns[self.report.sheet] = columns.missing[0]
            return
        self.report.columns, self.heading_row = columns, row.number
        self.sheets[self.report.sheet] = True
        for name, position in columns.fields.items():
            self.roster.columns[name] = columns.headings[position]

    def _read_header(self, columns: Columns) -> None:
        """Report unmapped columns at the first person below the headings."""
        if not self.report.is_first(("headings", self.report.sheet)):
            return
        for name, position in columns.fields.items():
            self.roster.columns[name] = columns.headings[position]
        for position in columns.unmapped():
            outcome = BilingualText(
                "表单里没有这一项，原文随记录保留", "no matching fact; kept as read with the record"
            )
            if columns.keys[position] != columns.headings[position]:
                outcome = BilingualText("{done}（记作“{key}”）", "{done} (as “{key}”)").format(
                    done=outcome, key=columns.keys[position]
                )
            self.report.add(IssueKind.COLUMN, 0, position, "", outcome)

    def _is_person(self, row: SheetRow, columns: Columns) -> bool:
        """Return whether the row is a person; otherwise report why not."""
        number = self.cells.cell(row, "household_no")
        rejection = rejection_of(row, columns, self.heading_row, number)
        if rejection is not None:
            self.families.leave_sequence()
            self.report.add(
                rejection[0], row.number, -1, first_visible_text(row.values)[:20], rejection[1]
            )
        elif row.hidden is Hidden.FILTER:
            self.report.add_once(
                IssueKind.HIDDEN, row, "filter",
                BilingualText("开着筛选，筛掉不显示的行也读入", "a filter is set; the rows it hides are imported, too"),
            )  # fmt: skip
        return rejection is None

    def _person(self, row: SheetRow, columns: Columns) -> None:
        person: Document = {}
        if all(self.cells.cell(row, name) is None for name in ("household_no", "name")):
            self._leave_out(row, columns.fields["household_no"])
            return
        self._read_header(columns)
        number, remark = self.cells.household_number(row)
        if self.cells.cell(row, "name") is None and not self.cells.shows_a_person(row):
            self._leave_out(row, columns.fields["name"])
            return
        with self.report.set_aside() as remarks:
            for name in MEMBER_FIELDS:
                self.cells.fill(person, name, row)
            id_number = self.persons.read_id_number(person, row)
        family = self._family(number, row, person)
        if family is None:
            self._leave_out(row, columns.fields["household_no"])
            return
        if remark is not None:
            self.report.issues.append(remark)
        self.report.issues += remarks
        self._join(family, person, row, columns)
        if id_number is not None:
            self.holders.setdefault(id_number.number, []).append((family.label, row))

    def _join(self, family: Family, person: Document, row: SheetRow, columns: Columns) -> None:
        household = family.document
        if self.cells.cell(row, "name") is None:
            self.report.add(
                IssueKind.NO_NAME, row.number, columns.fields["name"], "",
                BilingualText("没有姓名，照原样导入，请入户补填", "no name; imported, to be completed at the visit"),
            )  # fmt: skip
        member: Document = {"member_id": self.persons.member_id(person, household, row), **person}
        household["members"].append(member)
        self.roster.persons += 1
        for name in HOUSEHOLD_FIELDS:
            self.cells.fill(household, name, row)
        self.persons.keep_unmapped(member, row)

    def _leave_out(self, row: SheetRow, position: int) -> None:
        self.families.leave_sequence()
        self.report.add(
            IssueKind.NO_HOUSEHOLD, row.number, position, "",
            BilingualText("缺户编号或姓名，这一行未导入", "no household number or name; row not imported"),
        )  # fmt: skip

    def _family(self, number: str | None, row: SheetRow, person: Document) -> Family | None:
        """Return the household of a row: by its number and people, otherwise by its head."""
        place = self.places.names(row)
        family: Family | None
        if number is not None:
            family, remark = self.families.find_numbered(number, place, person, row)
        else:
            placeholder = self.cells.cell(
                row, "household_no"
            ) is not None or self.cells.has_lost_number(row)
            family, remark = self.families.find_unnumbered(
                place, person, row, placeholder=placeholder
            )
        if family is None:
            return None
        if family.row is row:
            self.places.fill(family.document, row)
            if number is None:
                self._keep_number(family.document, row)
        if remark is not None:
            position = self.report.mapped.fields["household_no"]
            doubt = IssueKind.NO_NUMBER if number is None else IssueKind.TWO_FAMILIES
            self.report.add(doubt, row.number, position, number or "", remark)
        return family

    def _keep_number(self, household: Document, row: SheetRow) -> None:
        """Keep the text found in place of a number."""
        value = self.cells.cell(row, "household_no")
        if value is not None:
            self.cells.keep(household, self.report.mapped.fields["household_no"], value)

    def finish(self) -> Roster:
        """Check the households and return the roster. Raises `NoRoster`."""
        if not any(self.sheets.values()):
            raise no_roster(self.missing_columns)
        for sheet, has_headings in self.sheets.items():
            if not has_headings:
                self.report.sheet, self.report.columns = sheet, None
                word = self.missing_columns.get(sheet)
                done = BilingualText("没有表头，整张表未读", "no headings; the sheet was not read")
                if word is not None:
                    done = BilingualText(
                        "没有“{word}”一列，整张表未读", "no column “{word}”; the sheet was not read"
                    )
                    done = done.format(word=word)
                self.report.add(IssueKind.SHEET, 0, -1, "", done)
        if "relationship" in self.roster.columns:
            report_heads(self.report, self.families.all)
        report_duplicates(self.report, self.holders.values())
        if self.roster.households:
            self._report_assumption()
        return Roster(
            self.roster.households, self.report.issues, self.roster.columns, self.roster.persons
        )

    def _report_assumption(self) -> None:
        first = next(sheet for sheet, has_headings in self.sheets.items() if has_headings)
        self.report.sheet, self.report.columns = first, None
        self.report.add(
            IssueKind.ASSUMED, 0, -1, "",
            BilingualText(
                "名册出自建档立卡登记，各户按建档立卡贫困户填入",
                "the roster comes from the national register: the households are entered as registered",
            ),
        )  # fmt: skip
