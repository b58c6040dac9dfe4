"""Convert a workbook's rows to households, with a report of every doubtful cell."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.divisions import find_division
from ruhu.survey.facts.paths import get_value
from ruhu.survey.households import is_head
from ruhu.survey.roster.columns import (
    Columns,
    combine,
    is_blank,
    is_numbering,
    is_second_row,
    known_only,
    read_columns,
)
from ruhu.survey.roster.families import Families, Family
from ruhu.survey.roster.lines import first_words, is_error, is_footer, is_total
from ruhu.survey.roster.report import IssueKind, RosterIssue, masked
from ruhu.survey.roster.value_mapping import (
    HOUSEHOLD_FIELDS,
    MAX_KEPT_CHARS,
    MEMBER_FIELDS,
    NOT_IN_SCHOOL,
    READERS,
    AmbiguousCell,
    DigitsLost,
    NothingSaid,
    as_read,
    digits_are_lost,
    is_unwritable,
    read_digits,
    read_group,
    read_words,
    says_nothing,
    text_of,
    visible,
)
from ruhu.survey.roster.workbook import Hidden, NoRoster, SheetRow, column_letter, read_rows
from ruhu.survey.validation.id_number import IdNumber, IdNumberFault, normalise, read_id_number

MAX_HOUSEHOLD_NUMBER_CHARS = 64
PLACES = (("county", 6), ("township", 9), ("village", 12))
SHARED = ("household_no", "county", "township", "village", "group")
"""Fields whose value in a merged cell applies to all its rows."""

NUMBERS = ("household_no", "member_id", "card_account", "phone")
PRIVATE = ("card_account", "phone")
UNRESOLVED = BilingualText(
    "未填入，留待入户核实，原文已保留", "left open for the visit, kept as read"
)
LOST = BilingualText(
    "按数字存放，有几位已丢失；未填入，请照原件重录",
    "stored as a number, some digits are lost; left open, enter it from the original",
)


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


def _put(document: Document, path: str, value: Any) -> None:
    *sections, name = path.split(".")
    for section in sections:
        document = document.setdefault(section, {})
    document[name] = value


class RosterReader:
    """Reads the rows once; assembles households by their number and their people."""

    def __init__(self) -> None:
        self.roster = Roster()
        self.columns: Columns | None = None
        self.sheet = ""
        self.sheets: dict[str, bool] = {}
        self.missing_columns: dict[str, str] = {}
        """The required column that is missing, by sheet."""

        self.previous_row: SheetRow | None = None
        """The row that may be the upper of two rows of headings."""

        self.heading_row = 0
        self.families = Families(self.roster.households)
        self.holders: dict[str, list[tuple[str, SheetRow]]] = {}
        self.reported: set[tuple[str, str]] = set()

    def take(self, row: SheetRow) -> None:
        if row.sheet != self.sheet:
            self.sheet, self.columns, self.previous_row = row.sheet, None, None
            self.families.leave_sheet()
            if row.hidden is not Hidden.SHEET:
                self.sheets[row.sheet] = False
        if row.hidden is Hidden.SHEET:
            self._report_once(
                IssueKind.HIDDEN, row, "sheet",
                BilingualText("隐藏的工作表，未读；要导入请先取消隐藏", "a hidden sheet, not read; unhide it to import it"),
            )  # fmt: skip
            return
        if all(map(is_blank, row.values)) and not (row.without_result or row.beyond):
            return
        if self.columns is None:
            self._look_for_headings(row)
        elif row.number == self.heading_row + 1 and is_second_row(row.values, self.columns):
            self.heading_row += 1
            upper = [h or None for h in self.columns.headings]
            self.columns = read_columns(combine(upper, row.values)) or self.columns
        elif not self._is_no_person(row, self.columns):
            self._person(self._without_errors(row), self.columns)

    def _look_for_headings(self, row: SheetRow) -> None:
        upper: list[Any] = []
        if self.previous_row is not None and self.previous_row.number == row.number - 1:
            upper = known_only(self.previous_row.values)
        width = max((len(upper), *(position + 1 for position in row.above)))
        upper += [None] * (width - len(upper))
        for position, value in row.above.items():
            upper[position] = value
        columns = read_columns(combine(upper, row.values))
        self.previous_row = row
        if columns is None:
            return
        if columns.missing:
            self.missing_columns[self.sheet] = columns.missing[0]
            return
        self.columns, self.heading_row = columns, row.number
        self.sheets[self.sheet] = True
        for name, position in columns.fields.items():
            self.roster.columns[name] = columns.headings[position]

    def _read_header(self, columns: Columns) -> None:
        """Report unmapped columns at the first person below the headings."""
        if ("headings", self.sheet) in self.reported:
            return
        self.reported.add(("headings", self.sheet))
        for name, position in columns.fields.items():
            self.roster.columns[name] = columns.headings[position]
        for position in columns.other():
            outcome = BilingualText(
                "表单里没有这一项，原文随记录保留", "no matching fact; kept as read with the record"
            )
            if columns.keys[position] != columns.headings[position]:
                outcome = BilingualText("{done}（记作“{key}”）", "{done} (as “{key}”)").format(
                    done=outcome, key=columns.keys[position]
                )
            self._report(IssueKind.COLUMN, 0, position, "", outcome)

    def _is_no_person(self, row: SheetRow, columns: Columns) -> bool:
        """Return whether the row is not a person; report why."""
        rejection: tuple[IssueKind, BilingualText] | None = None
        number = self._cell(row, "household_no")
        if columns.is_repeated_by(row.values):
            rejection = (
                IssueKind.HEADING_AGAIN,
                BilingualText("重复的表头，未导入", "repeated headings; not imported"),
            )
        elif row.number == self.heading_row + 1 and is_numbering(row.values):
            rejection = (
                IssueKind.HEADING_AGAIN,
                BilingualText("列的编号，未导入", "column numbers; not imported"),
            )
        elif is_total(row.values):
            rejection = (
                IssueKind.TOTAL_LINE,
                BilingualText("合计行，不是农户，未导入", "a total, not a household; not imported"),
            )
        elif is_footer(row.values) and not any(c.isdigit() for c in text_of(number or "")[:64]):
            rejection = (
                IssueKind.FOOTER,
                BilingualText(
                    "落款或说明，不是农户，未导入",
                    "a signature or remark, not a household; not imported",
                ),
            )
        elif row.hidden is Hidden.ROW:
            rejection = IssueKind.HIDDEN, BilingualText(
                "隐藏的行，未导入；要导入请先取消隐藏", "a hidden row, not imported; unhide it to import it"
            )  # fmt: skip
        if rejection is not None:
            self.families.leave_sequence()
            self._report(rejection[0], row.number, -1, first_words(row.values)[:20], rejection[1])
        elif row.hidden is Hidden.FILTER:
            self._report_once(
                IssueKind.HIDDEN, row, "filter",
                BilingualText("开着筛选，筛掉不显示的行也读入", "a filter is set; the rows it hides are imported, too"),
            )  # fmt: skip
        return rejection is not None

    def _without_errors(self, row: SheetRow) -> SheetRow:
        """Return the row with Excel errors and missing results blanked; report them."""
        values = list(row.values)
        width = max(len(values), *(position + 1 for position in row.without_result), 0)
        values += [None] * (width - len(values))
        failed = set(row.without_result)
        for position, value in enumerate(values):
            if is_error(value):
                values[position] = None
                failed.add(position)
                self._report(
                    IssueKind.ERROR, row.number, position, text_of(value),
                    BilingualText("Excel 的出错值，当作没有填", "an Excel error, treated as empty"),
                )  # fmt: skip
            elif position in row.without_result and is_blank(value):
                self._report(
                    IssueKind.FORMULA, row.number, position, "",
                    BilingualText(
                        "公式没有算出的值，当作没有填；请在 Excel 里打开、保存后再导入",
                        "a formula without a result, treated as empty; open and save the file in Excel first",
                    ),
                )  # fmt: skip
        if row.beyond:
            self._report(
                IssueKind.BEYOND, row.number, len(row.values), "",
                BilingualText("从这一列起右边的格没有读", "cells from this column on were not read"),
            )  # fmt: skip
        return SheetRow(row.sheet, row.number, tuple(values), row.above, frozenset(failed))

    def _report_once(self, doubt: IssueKind, row: SheetRow, what: str, done: BilingualText) -> None:
        if (what, row.sheet) not in self.reported:
            self.reported.add((what, row.sheet))
            self._report(doubt, 0, -1, "", done)

    def _report(
        self, doubt: IssueKind, row: int, position: int, read: str, done: BilingualText
    ) -> None:
        heading = ""
        if self.columns is not None and 0 <= position < len(self.columns.headings):
            heading = self.columns.headings[position]
        column = column_letter(position) if position >= 0 else ""
        self.roster.report.append(RosterIssue(doubt, self.sheet, row, column, heading, read, done))

    def _cell(self, row: SheetRow, name: str) -> Any:
        assert self.columns is not None
        position = self.columns.fields.get(name)
        if position is None:
            return None
        value = row.values[position] if position < len(row.values) else None
        if value is None and name in SHARED:
            value = row.above.get(position)
            value = None if is_error(value) else value
        return None if is_blank(value) else value

    def _person(self, row: SheetRow, columns: Columns) -> None:
        person: Document = {}
        if all(self._cell(row, name) is None for name in ("household_no", "name")):
            self._leave_out(row, columns.fields["household_no"])
            return
        self._read_header(columns)
        number, remark = self._number(row)
        if self._cell(row, "name") is None and not self._shows_a_person(row):
            self._leave_out(row, columns.fields["name"])
            return
        report, self.roster.report = self.roster.report, []
        for name in MEMBER_FIELDS:
            self._fill(person, name, row)
        id_number = self._id_number(person, row)
        remarks, self.roster.report = self.roster.report, report
        family = self._family(number, row, person)
        if family is None:
            self._leave_out(row, columns.fields["household_no"])
            return
        if remark is not None:
            self.roster.report.append(remark)
        self.roster.report += remarks
        self._join(family, person, row, columns)
        if id_number is not None:
            self.holders.setdefault(id_number.number, []).append((family.label, row))

    def _join(self, family: Family, person: Document, row: SheetRow, columns: Columns) -> None:
        household = family.document
        if self._cell(row, "name") is None:
            self._report(
                IssueKind.NO_NAME, row.number, columns.fields["name"], "",
                BilingualText("没有姓名，照原样导入，请入户补填", "no name; imported, to be completed at the visit"),
            )  # fmt: skip
        member: Document = {"member_id": self._member_id(person, household, row), **person}
        household["members"].append(member)
        self.roster.persons += 1
        for name in HOUSEHOLD_FIELDS:
            self._fill(household, name, row)
        self._extras(member, row, columns)

    def _leave_out(self, row: SheetRow, position: int) -> None:
        self.families.leave_sequence()
        self._report(
            IssueKind.NO_HOUSEHOLD, row.number, position, "",
            BilingualText("缺户编号或姓名，这一行未导入", "no household number or name; row not imported"),
        )  # fmt: skip

    def _shows_a_person(self, row: SheetRow) -> bool:
        """Return whether a row without a name is a person all the same."""
        cells = [self._cell(row, name) for name in ("id_number", "member_id", "relationship")]
        return any(value is not None and not says_nothing(value) for value in cells)

    def _number(self, row: SheetRow) -> tuple[str | None, RosterIssue | None]:
        """Return the household number, `None` if it is not legible, and a remark."""
        assert self.columns is not None
        position = self.columns.fields["household_no"]
        value = self._cell(row, "household_no")
        if value is None:
            return None, None
        done: BilingualText | None = None
        number = None
        try:
            number = read_digits(value)
            if len(number) > MAX_HOUSEHOLD_NUMBER_CHARS:
                number, done = (
                    None,
                    BilingualText(
                        "户编号过长；未填入，原文已保留",
                        "the number is too long; left open, kept as read",
                    ),
                )
        except NothingSaid:
            done = BilingualText(
                "不是户编号，当作没有编号", "not a household number; treated as missing"
            )
        except DigitsLost:
            done = LOST
        except AmbiguousCell:
            done = UNRESOLVED
        if done is None:
            return number, self._cleaned(row, position, value)
        heading = self.columns.headings[position]
        doubt = IssueKind.DIGITS_LOST if done is LOST else IssueKind.NO_NUMBER
        letter = column_letter(position)
        return None, RosterIssue(
            doubt, self.sheet, row.number, letter, heading, text_of(value)[:40], done
        )

    def _cleaned(self, row: SheetRow, position: int, value: Any) -> RosterIssue | None:
        """Return a remark if invisible characters were removed from a number."""
        if not isinstance(value, str) or value.strip() == visible(value) == "".join(value.split()):
            return None
        assert self.columns is not None
        heading, letter = self.columns.headings[position], column_letter(position)
        shown = text_of(value)[:40]
        name = next(
            (n for n, field_position in self.columns.fields.items() if field_position == position),
            "",
        )
        return RosterIssue(
            IssueKind.CLEANED, self.sheet, row.number, letter, heading,
            masked(shown) if name in PRIVATE else shown,
            BilingualText("已去掉空格、换行和看不见的字符", "blanks, line ends and invisible characters removed"),
        )  # fmt: skip

    def _family(self, number: str | None, row: SheetRow, person: Document) -> Family | None:
        """Return the household of a row: by its number and people, otherwise by its head."""
        place = self._place_read(row)
        family: Family | None
        if number is not None:
            family, remark = self.families.numbered(number, place, person, row)
        else:
            placeholder = self._cell(row, "household_no") is not None or self._lost_number(row)
            family, remark = self.families.unnumbered(place, person, row, placeholder=placeholder)
        if family is None:
            return None
        if family.row is row:
            self._place(family.document, row)
            if number is None:
                self._keep_number(family.document, row)
        if remark is not None:
            assert self.columns is not None
            position = self.columns.fields["household_no"]
            doubt = IssueKind.NO_NUMBER if number is None else IssueKind.TWO_FAMILIES
            self._report(doubt, row.number, position, number or "", remark)
        return family

    def _lost_number(self, row: SheetRow) -> bool:
        """Return whether a household number was intended and failed: an error, a formula or blanks."""
        assert self.columns is not None
        position = self.columns.fields["household_no"]
        value = row.values[position] if position < len(row.values) else None
        return position in row.without_result or isinstance(value, str)

    def _keep_number(self, household: Document, row: SheetRow) -> None:
        """Keep the text found in place of a number."""
        value = self._cell(row, "household_no")
        if value is not None:
            assert self.columns is not None
            self._keep(household, self.columns.fields["household_no"], value)

    def _place_read(self, row: SheetRow) -> Document:
        names = {}
        for name, _ in PLACES:
            value = self._cell(row, name)
            if value is not None and not says_nothing(value):
                names[f"{name}_name"] = text_of(value)
        return names

    def _place(self, household: Document, row: SheetRow) -> None:
        """Map place names to the codes of 2017 where possible; keep the names in any case."""
        parent = ""
        for name, level in PLACES:
            value = self._cell(row, name)
            if value is None or says_nothing(value):
                parent = "none"
                continue
            try:
                text = read_words(value)
            except AmbiguousCell:
                parent = "none"
                self._doubtful(household, name, row, value)
                continue
            _put(household, f"place.{name}_name", text)
            division = None if parent == "none" else find_division(text, parent, level)
            if division is not None:
                _put(household, f"place.{name}", division.code)
                parent = division.code
                continue
            if parent != "none" and (name, text) not in self.reported:
                self.reported.add((name, text))
                assert self.columns is not None
                self._report(
                    IssueKind.PLACE, row.number, self.columns.fields[name], text,
                    BilingualText(
                        "2017年区划代码表里没有，只记名称",
                        "not among the divisions of 2017; only the name is recorded",
                    ),
                )  # fmt: skip
            parent = "none"
        group = self._cell(row, "group")
        if group is not None:
            try:
                _put(household, "place.group", read_group(group))
            except AmbiguousCell:
                self._doubtful(household, "group", row, group)

    def _member_id(self, person: Document, household: Document, row: SheetRow) -> str:
        """Return the person's number in the register, or a free one in the household."""
        taken = {m["member_id"] for m in household["members"]}
        value = self._cell(row, "member_id")
        member_id = f"m{len(taken) + 1}"
        if value is not None:
            assert self.columns is not None
            position = self.columns.fields["member_id"]
            try:
                read = read_digits(value)
                if len(read) > MAX_HOUSEHOLD_NUMBER_CHARS or any(c in "[]" for c in read):
                    raise AmbiguousCell
                member_id = read
                remark = self._cleaned(row, position, value)
                if remark is not None:
                    self.roster.report.append(remark)
            except NothingSaid:
                self._nothing_said(row, position, value)
            except AmbiguousCell as error:
                lost = isinstance(error, DigitsLost)
                self._keep(person, position, value)
                doubt = IssueKind.DIGITS_LOST if lost else IssueKind.UNREADABLE
                self._report(
                    doubt, row.number, position, text_of(value)[:40], LOST if lost else UNRESOLVED
                )
        base = member_id
        while member_id in taken:
            member_id = f"{base[: MAX_HOUSEHOLD_NUMBER_CHARS - 4]}-{len(taken) + 1}"
            base = member_id
        return member_id

    def _fill(self, target: Document, name: str, row: SheetRow) -> None:
        value = self._cell(row, name)
        if value is None:
            return
        assert self.columns is not None
        position = self.columns.fields[name]
        path, read = READERS[name]
        try:
            fact = read(value)
        except NothingSaid:
            self._nothing_said(row, position, value)
            return
        except DigitsLost:
            self._keep(target, position, value)
            self._report(
                IssueKind.DIGITS_LOST, row.number, position, masked(text_of(value)[:40]), LOST
            )
            return
        except AmbiguousCell:
            self._doubtful(target, name, row, value)
            return
        if fact == "":
            return
        recorded = get_value(target, path)
        if recorded is not None and recorded != fact:
            self._contradiction(name, row, value)
            return
        _put(target, path, fact)
        self._report_filled(target, name, row, value, fact)

    def _report_filled(
        self, target: Document, name: str, row: SheetRow, value: Any, fact: Any
    ) -> None:
        """Report a filled value whose text says more than the fact."""
        assert self.columns is not None
        position = self.columns.fields[name]
        if name == "labour":
            self._keep(target, position, value)
        if name == "schooling" and fact == "none" and text_of(value) not in NOT_IN_SCHOOL:
            self._keep(target, position, value)
            self._report(
                IssueKind.REWRITTEN, row.number, position, text_of(value)[:40],
                BilingualText("不在校，按非在校生填入，原文已保留", "not in school; entered as such, kept as read"),
            )  # fmt: skip
        if name == "exit_year" and not isinstance(value, (int, str)):
            self._report(
                IssueKind.REWRITTEN, row.number, position, text_of(value),
                BilingualText(f"日期，按{fact}年填入", f"a date; the year {fact} was taken"),
            )  # fmt: skip
        remark = self._cleaned(row, position, value) if name in NUMBERS else None
        if isinstance(value, str) and any(map(is_unwritable, value.strip())) and name == "name":
            remark = self._cleaned(row, position, value)
        if remark is not None:
            self.roster.report.append(remark)

    def _nothing_said(self, row: SheetRow, position: int, value: Any) -> None:
        self._report(
            IssueKind.UNREADABLE, row.number, position, text_of(value)[:40],
            BilingualText("没有填写的意思，未填入", "no information; left open"),
        )  # fmt: skip

    def _keep(self, target: Document, position: int, value: Any) -> None:
        """Keep a text as read, under its heading."""
        assert self.columns is not None
        keys = self.columns.keys
        key = keys[position] if position < len(keys) else ""
        text = as_read(value)
        target.setdefault("roster", {})[key or f"{column_letter(position)}列"] = text[
            :MAX_KEPT_CHARS
        ]

    def _doubtful(self, target: Document, name: str, row: SheetRow, value: Any) -> None:
        assert self.columns is not None
        position = self.columns.fields[name]
        self._keep(target, position, value)
        shown = text_of(value)[:40]
        if name in PRIVATE:
            shown = masked(shown)
        self._report(IssueKind.UNREADABLE, row.number, position, shown, UNRESOLVED)

    def _contradiction(self, name: str, row: SheetRow, value: Any) -> None:
        assert self.columns is not None
        shown = masked(text_of(value)) if name in PRIVATE else text_of(value)[:40]
        self._report(
            IssueKind.CONTRADICTION, row.number, self.columns.fields[name], shown,
            BilingualText("与同户另一行不同，用先读到的", "differs from another row; the first is used"),
        )  # fmt: skip

    def _id_number(self, member: Document, row: SheetRow) -> IdNumber | None:
        """Read the id number into a member, or report why it is left open."""
        value = self._cell(row, "id_number")
        if value is None:
            return None
        assert self.columns is not None
        position = self.columns.fields["id_number"]
        if not isinstance(value, str) or digits_are_lost(value):
            self._keep(member, position, value)
            self._report(
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
        self._keep(member, position, value.strip())
        doubt, what = _fault_of(id_number)
        self._report(doubt, row.number, position, masked(text), what)
        return None

    def _accept_id(
        self, member: Document, row: SheetRow, position: int, value: str, id_number: IdNumber
    ) -> None:
        member["id_number"] = id_number.number
        member["birth_date"] = id_number.birth_date.isoformat()
        if value != id_number.number and value.strip() != normalise(value):
            self._report(
                IssueKind.ID_REWRITTEN, row.number, position, masked(visible(value)),
                BilingualText("已去掉空格、改成大写和半角", "blanks removed, written in upper case and ASCII"),
            )  # fmt: skip
        sex = member.get("sex")
        if sex is not None and sex != id_number.sex.value:
            self._report(
                IssueKind.SEX_AGAINST_ID, row.number, position, masked(visible(value)),
                BilingualText(
                    "性别与证件号第17位不符，按证件号填入，请核对",
                    "the sex differs from the id number's 17th digit; the id number is followed, "
                    "please check",
                ),
            )  # fmt: skip
        member["sex"] = id_number.sex.value

    def _extras(self, member: Document, row: SheetRow, columns: Columns) -> None:
        """Keep unmapped columns with the person."""
        taken = set(columns.fields.values())
        for position, value in enumerate(row.values):
            if position in taken or is_blank(value):
                continue
            self._keep(member, position, value)
            if len(as_read(value)) > MAX_KEPT_CHARS:
                self._report(
                    IssueKind.CUT, row.number, position, text_of(value)[:20],
                    BilingualText(f"只保留了前{MAX_KEPT_CHARS}个字", f"only the first {MAX_KEPT_CHARS} characters are kept"),
                )  # fmt: skip
            if position >= len(columns.headings) or not columns.headings[position]:
                letter = column_letter(position)
                self._report_column(row, position, letter)

    def _report_column(self, row: SheetRow, position: int, letter: str) -> None:
        if (self.sheet, letter) not in self.reported:
            self.reported.add((self.sheet, letter))
            self._report(
                IssueKind.COLUMN, row.number, position, "",
                BilingualText(f"这一列没有表头，原文以“{letter}列”保留", f"no heading; kept as “{letter}列” as read"),
            )  # fmt: skip

    def finish(self) -> Roster:
        if not any(self.sheets.values()):
            raise self._no_roster()
        for sheet, has_headings in self.sheets.items():
            if not has_headings:
                self.sheet, self.columns = sheet, None
                word = self.missing_columns.get(sheet)
                done = BilingualText("没有表头，整张表未读", "no headings; the sheet was not read")
                if word is not None:
                    done = BilingualText(
                        "没有“{word}”一列，整张表未读", "no column “{word}”; the sheet was not read"
                    )
                    done = done.format(word=word)
                self._report(IssueKind.SHEET, 0, -1, "", done)
        self._check_heads()
        self._check_persons()
        if self.roster.households:
            self._infer()
        return self.roster

    def _no_roster(self) -> NoRoster:
        for sheet, word in self.missing_columns.items():
            return NoRoster(
                BilingualText(
                    f"工作表“{sheet}”没有“{word}”一列，无法分户，没有导入",
                    f"sheet “{sheet}” has no column “{word}”, so households cannot be "
                    "separated; nothing was imported",
                )
            )
        return NoRoster(
            BilingualText(
                "没有找到名册的表头（至少要有“户编号”“姓名”），没有导入",
                "no roster headings found (“户编号” and “姓名” at least); nothing was imported",
            )
        )

    def _infer(self) -> None:
        self.sheet, self.columns = (
            next(s for s, has_headings in self.sheets.items() if has_headings),
            None,
        )
        self._report(
            IssueKind.ASSUMED, 0, -1, "",
            BilingualText(
                "名册出自建档立卡登记，各户按建档立卡贫困户填入",
                "the roster comes from the national register: the households are entered as registered",
            ),
        )  # fmt: skip

    def _check_heads(self) -> None:
        for family in self.families.all:
            self.sheet = family.row.sheet
            heads = sum(map(is_head, family.document["members"]))
            if heads == 1 or "relationship" not in self.roster.columns:
                continue
            self.columns = None
            doubt = IssueKind.NO_HEAD if heads == 0 else IssueKind.SEVERAL_HEADS
            done = (
                BilingualText(
                    "本户没有标户主，照原样导入，请入户核实",
                    "no head is marked; imported unchanged",
                )
                if heads == 0
                else BilingualText(
                    "本户标了几个户主，照原样导入", "several heads are marked; imported unchanged"
                )
            )
            self._report(doubt, family.row.number, -1, family.label, done)

    def _check_persons(self) -> None:
        for holders in self.holders.values():
            if len(holders) < 2:
                continue
            keys = Counter(key for key, _ in holders)
            for key, row in holders:
                self.sheet, self.columns = row.sheet, None
                others = "、".join(sorted(k for k in keys if k != key)) or key
                self._report(
                    IssueKind.SAME_PERSON, row.number, -1, "",
                    BilingualText(
                        f"同一证件号也在 {others}；两处都已导入，请核实属于哪户",
                        f"the same id number is also in {others}; both imported, check where it belongs",
                    ),
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
