"""From a workbook's rows to households, with a report of every doubtful cell."""

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
    MAX_NOTE_CHARS,
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
"""What a merged cell says of all the rows it reaches over."""

NUMBERS = ("household_no", "member_id", "card_account", "phone")
PRIVATE = ("card_account", "phone")
UNRESOLVED = BilingualText(
    "未填入，留待入户核实，原文已保留", "left open for the visit, kept as read"
)
LOST = BilingualText(
    "按数字存放，有几位已丢失；未填入，请照原件重录",
    "stored as a number, some digits are lost; left open, type it from the original",
)


@dataclass(slots=True)
class Roster:
    """What a roster holds: households as documents (without record ids) and the report."""

    households: list[Document] = field(default_factory=list)
    report: list[RosterIssue] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    persons: int = 0


def read_roster(data: bytes) -> Roster:
    """Read a roster. Raises `NoRoster` when the file is none; nothing is taken from it then."""
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
    """Goes through the rows once; households are put together by their number and their people."""

    def __init__(self) -> None:
        self.roster = Roster()
        self.columns: Columns | None = None
        self.sheet = ""
        self.sheets: dict[str, bool] = {}
        self.without: dict[str, str] = {}
        """Sheets with headings of a roster that lack a needed one, and which."""

        self.before: SheetRow | None = None
        """The row that may be the upper one of two rows of headings."""

        self.heading_row = 0
        self.families = Families(self.roster.households)
        self.holders: dict[str, list[tuple[str, SheetRow]]] = {}
        self.told: set[tuple[str, str]] = set()

    def take(self, row: SheetRow) -> None:
        if row.sheet != self.sheet:
            self.sheet, self.columns, self.before = row.sheet, None, None
            self.families.leave_sheet()
            if row.hidden is not Hidden.SHEET:
                self.sheets[row.sheet] = False
        if row.hidden is Hidden.SHEET:
            self._tell_once(
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
        if self.before is not None and self.before.number == row.number - 1:
            upper = known_only(self.before.values)
        reach = max((len(upper), *(position + 1 for position in row.above)))
        upper += [None] * (reach - len(upper))
        for position, value in row.above.items():
            upper[position] = value
        found = read_columns(combine(upper, row.values))
        self.before = row
        if found is None:
            return
        if found.missing:
            self.without[self.sheet] = found.missing[0]
            return
        self.columns, self.heading_row = found, row.number
        self.sheets[self.sheet] = True
        for name, position in found.fields.items():
            self.roster.columns[name] = found.headings[position]

    def _read_header(self, columns: Columns) -> None:
        """The first person under the headings: say which columns are mapped to no fact."""
        if ("headings", self.sheet) in self.told:
            return
        self.told.add(("headings", self.sheet))
        for name, position in columns.fields.items():
            self.roster.columns[name] = columns.headings[position]
        for position in columns.other():
            done = BilingualText(
                "表单里没有这一项，原文随记录保留", "no fact for it; kept with the records as read"
            )
            if columns.keys[position] != columns.headings[position]:
                done = BilingualText("{done}（记作“{key}”）", "{done} (as “{key}”)").format(
                    done=done, key=columns.keys[position]
                )
            self._report(IssueKind.COLUMN, 0, position, "", done)

    def _is_no_person(self, row: SheetRow, columns: Columns) -> bool:
        """Whether the row is none to be taken in; says why."""
        done: tuple[IssueKind, BilingualText] | None = None
        number = self._cell(row, "household_no")
        if columns.is_repeated_by(row.values):
            done = (
                IssueKind.HEADING_AGAIN,
                BilingualText("重复的表头，未导入", "the headings again; not imported"),
            )
        elif row.number == self.heading_row + 1 and is_numbering(row.values):
            done = (
                IssueKind.HEADING_AGAIN,
                BilingualText("列的编号，未导入", "numbers of the columns; not imported"),
            )
        elif is_total(row.values):
            done = (
                IssueKind.TOTAL_LINE,
                BilingualText(
                    "合计行，不是农户，未导入", "a total line, no household; not imported"
                ),
            )
        elif is_footer(row.values) and not any(c.isdigit() for c in text_of(number or "")[:64]):
            done = (
                IssueKind.FOOTER,
                BilingualText(
                    "落款或说明，不是农户，未导入",
                    "a signature or remark, no household; not imported",
                ),
            )
        elif row.hidden is Hidden.ROW:
            done = IssueKind.HIDDEN, BilingualText(
                "隐藏的行，未导入；要导入请先取消隐藏", "a hidden row, not imported; unhide it to import it"
            )  # fmt: skip
        if done is not None:
            self.families.leave_sequence()
            self._report(done[0], row.number, -1, first_words(row.values)[:20], done[1])
        elif row.hidden is Hidden.FILTER:
            self._tell_once(
                IssueKind.HIDDEN, row, "filter",
                BilingualText("开着筛选，筛掉不显示的行也读入", "a filter is set; the rows it leaves out are read, too"),
            )  # fmt: skip
        return done is not None

    def _without_errors(self, row: SheetRow) -> SheetRow:
        """The row with nothing where Excel wrote an error or has no result; says where."""
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
                    BilingualText("Excel 的出错值，当作没有填", "an error of Excel's, taken as empty"),
                )  # fmt: skip
            elif position in row.without_result and is_blank(value):
                self._report(
                    IssueKind.FORMULA, row.number, position, "",
                    BilingualText(
                        "公式没有算出的值，当作没有填；请在 Excel 里打开、保存后再导入",
                        "a formula without a result, taken as empty; open and save it in Excel first",
                    ),
                )  # fmt: skip
        if row.beyond:
            self._report(
                IssueKind.BEYOND, row.number, len(row.values), "",
                BilingualText("从这一列起右边的格没有读", "cells from this column on were not read"),
            )  # fmt: skip
        return SheetRow(row.sheet, row.number, tuple(values), row.above, frozenset(failed))

    def _tell_once(self, doubt: IssueKind, row: SheetRow, what: str, done: BilingualText) -> None:
        if (what, row.sheet) not in self.told:
            self.told.add((what, row.sheet))
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
        found = self._id_number(person, row)
        remarks, self.roster.report = self.roster.report, report
        family = self._family(number, row, person)
        if family is None:
            self._leave_out(row, columns.fields["household_no"])
            return
        if remark is not None:
            self.roster.report.append(remark)
        self.roster.report += remarks
        self._join(family, person, row, columns)
        if found is not None:
            self.holders.setdefault(found.number, []).append((family.label, row))

    def _join(self, family: Family, person: Document, row: SheetRow, columns: Columns) -> None:
        household = family.document
        if self._cell(row, "name") is None:
            self._report(
                IssueKind.NO_NAME, row.number, columns.fields["name"], "",
                BilingualText("没有姓名，照原样导入，请入户补填", "no name; imported as it is, to be filled in"),
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
        """Whether a row without a name is of somebody all the same."""
        shown = [self._cell(row, name) for name in ("id_number", "member_id", "relationship")]
        return any(value is not None and not says_nothing(value) for value in shown)

    def _number(self, row: SheetRow) -> tuple[str | None, RosterIssue | None]:
        """The household number, `None` where none is legible, and what to say of that."""
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
                        "too long a number; left open, kept as read",
                    ),
                )
        except NothingSaid:
            done = BilingualText("不是户编号，当作没有编号", "no household number, taken as none")
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
        """What to say where something unseen was taken out of a number."""
        if not isinstance(value, str) or value.strip() == visible(value) == "".join(value.split()):
            return None
        assert self.columns is not None
        heading, letter = self.columns.headings[position], column_letter(position)
        shown = text_of(value)[:40]
        name = next((n for n, at in self.columns.fields.items() if at == position), "")
        return RosterIssue(
            IssueKind.CLEANED, self.sheet, row.number, letter, heading,
            masked(shown) if name in PRIVATE else shown,
            BilingualText("已去掉空格、换行和看不见的字符", "blanks, line ends and invisible characters removed"),
        )  # fmt: skip

    def _family(self, number: str | None, row: SheetRow, person: Document) -> Family | None:
        """The household a row belongs to: by its number and its people, else by its head."""
        place = self._place_read(row)
        family: Family | None
        if number is not None:
            family, why = self.families.numbered(number, place, person, row)
        else:
            meant = self._cell(row, "household_no") is not None or self._lost_number(row)
            family, why = self.families.unnumbered(place, person, row, placeholder=meant)
        if family is None:
            return None
        if family.row is row:
            self._place(family.document, row)
            if number is None:
                self._keep_number(family.document, row)
        if why is not None:
            assert self.columns is not None
            position = self.columns.fields["household_no"]
            doubt = IssueKind.NO_NUMBER if number is None else IssueKind.TWO_FAMILIES
            self._report(doubt, row.number, position, number or "", why)
        return family

    def _lost_number(self, row: SheetRow) -> bool:
        """Whether a household number was meant and failed: an error, a formula, blanks alone."""
        assert self.columns is not None
        position = self.columns.fields["household_no"]
        value = row.values[position] if position < len(row.values) else None
        return position in row.without_result or isinstance(value, str)

    def _keep_number(self, household: Document, row: SheetRow) -> None:
        """What stood in the place of a number stays to be seen."""
        value = self._cell(row, "household_no")
        if value is not None:
            assert self.columns is not None
            self._keep(household, self.columns.fields["household_no"], value)

    def _place_read(self, row: SheetRow) -> Document:
        found = {}
        for name, _ in PLACES:
            value = self._cell(row, name)
            if value is not None and not says_nothing(value):
                found[f"{name}_name"] = text_of(value)
        return found

    def _place(self, household: Document, row: SheetRow) -> None:
        """Names to codes, as far as the divisions of 2017 have them; names are kept anyway."""
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
            found = None if parent == "none" else find_division(text, parent, level)
            if found is not None:
                _put(household, f"place.{name}", found.code)
                parent = found.code
                continue
            if parent != "none" and (name, text) not in self.told:
                self.told.add((name, text))
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
        """The person's number of the register, or one that is free in the household."""
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
            except AmbiguousCell as why:
                lost = isinstance(why, DigitsLost)
                self._keep(person, position, value)
                doubt = IssueKind.DIGITS_LOST if lost else IssueKind.UNREADABLE
                self._report(
                    doubt, row.number, position, text_of(value)[:40], LOST if lost else UNRESOLVED
                )
        wanted = member_id
        while member_id in taken:
            member_id = f"{wanted[: MAX_HOUSEHOLD_NUMBER_CHARS - 4]}-{len(taken) + 1}"
            wanted = member_id
        return member_id

    def _fill(self, target: Document, name: str, row: SheetRow) -> None:
        value = self._cell(row, name)
        if value is None:
            return
        assert self.columns is not None
        position = self.columns.fields[name]
        path, read = READERS[name]
        try:
            found = read(value)
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
        if found == "":
            return
        before = get_value(target, path)
        if before is not None and before != found:
            self._contradiction(name, row, value)
            return
        _put(target, path, found)
        self._told_of(target, name, row, value, found)

    def _told_of(self, target: Document, name: str, row: SheetRow, value: Any, found: Any) -> None:
        """What is said of a value that was filled in, where its words say more than the fact does."""
        assert self.columns is not None
        position = self.columns.fields[name]
        if name == "labour":
            self._keep(target, position, value)
        if name == "schooling" and found == "none" and text_of(value) not in NOT_IN_SCHOOL:
            self._keep(target, position, value)
            self._report(
                IssueKind.REWRITTEN, row.number, position, text_of(value)[:40],
                BilingualText("不在校，按非在校生填入，原文已保留", "not in school; taken as such, kept as read"),
            )  # fmt: skip
        if name == "exit_year" and not isinstance(value, (int, str)):
            self._report(
                IssueKind.REWRITTEN, row.number, position, text_of(value),
                BilingualText(f"日期，按{found}年填入", f"a date; the year {found} was taken"),
            )  # fmt: skip
        remark = self._cleaned(row, position, value) if name in NUMBERS else None
        if isinstance(value, str) and any(map(is_unwritable, value.strip())) and name == "name":
            remark = self._cleaned(row, position, value)
        if remark is not None:
            self.roster.report.append(remark)

    def _nothing_said(self, row: SheetRow, position: int, value: Any) -> None:
        self._report(
            IssueKind.UNREADABLE, row.number, position, text_of(value)[:40],
            BilingualText("没有填写的意思，未填入", "stands for nothing; left open"),
        )  # fmt: skip

    def _keep(self, target: Document, position: int, value: Any) -> None:
        """Keep a text as it was read, under its heading."""
        assert self.columns is not None
        keys = self.columns.keys
        key = keys[position] if position < len(keys) else ""
        text = as_read(value)
        target.setdefault("roster", {})[key or f"{column_letter(position)}列"] = text[
            :MAX_NOTE_CHARS
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
        """Read the id number into a member, or say why it is left open."""
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
                    "stored as a number, its last digits are lost; left open, type it from the card",
                ),
            )  # fmt: skip
            return None
        seen = visible(value)
        found = read_id_number(seen)
        if isinstance(found, IdNumber) and found.birth_date <= date.today():  # noqa: DTZ011
            self._accept_id(member, row, position, value, found)
            return found
        self._keep(member, position, value.strip())
        doubt, what = _fault_of(found)
        self._report(doubt, row.number, position, masked(seen), what)
        return None

    def _accept_id(
        self, member: Document, row: SheetRow, position: int, value: str, found: IdNumber
    ) -> None:
        member["id_number"] = found.number
        member["birth_date"] = found.birth_date.isoformat()
        if value != found.number and value.strip() != normalise(value):
            self._report(
                IssueKind.ID_REWRITTEN, row.number, position, masked(visible(value)),
                BilingualText("已去掉空格、改成大写和半角", "blanks removed, written in upper case and ASCII"),
            )  # fmt: skip
        told = member.get("sex")
        if told is not None and told != found.sex.value:
            self._report(
                IssueKind.SEX_AGAINST_ID, row.number, position, masked(visible(value)),
                BilingualText(
                    "性别与证件号第17位不符，按证件号填入，请核对",
                    "the sex differs from the id number's 17th digit; the id number is followed, "
                    "please check",
                ),
            )  # fmt: skip
        member["sex"] = found.sex.value

    def _extras(self, member: Document, row: SheetRow, columns: Columns) -> None:
        """Columns without a fact stay with the person they were read of."""
        taken = set(columns.fields.values())
        for position, value in enumerate(row.values):
            if position in taken or is_blank(value):
                continue
            self._keep(member, position, value)
            if len(as_read(value)) > MAX_NOTE_CHARS:
                self._report(
                    IssueKind.CUT, row.number, position, text_of(value)[:20],
                    BilingualText(f"只保留了前{MAX_NOTE_CHARS}个字", f"only the first {MAX_NOTE_CHARS} characters are kept"),
                )  # fmt: skip
            if position >= len(columns.headings) or not columns.headings[position]:
                letter = column_letter(position)
                self._tell_column(row, position, letter)

    def _tell_column(self, row: SheetRow, position: int, letter: str) -> None:
        if (self.sheet, letter) not in self.told:
            self.told.add((self.sheet, letter))
            self._report(
                IssueKind.COLUMN, row.number, position, "",
                BilingualText(f"这一列没有表头，原文以“{letter}列”保留", f"no heading; kept as “{letter}列” as read"),
            )  # fmt: skip

    def finish(self) -> Roster:
        if not any(self.sheets.values()):
            raise self._no_roster()
        for sheet, found in self.sheets.items():
            if not found:
                self.sheet, self.columns = sheet, None
                word = self.without.get(sheet)
                done = BilingualText("没有表头，整张表未读", "no headings, the sheet was not read")
                if word is not None:
                    done = BilingualText(
                        "没有“{word}”一列，整张表未读", "no column “{word}”, the sheet was not read"
                    )
                    done = done.format(word=word)
                self._report(IssueKind.SHEET, 0, -1, "", done)
        self._check_heads()
        self._check_persons()
        if self.roster.households:
            self._infer()
        return self.roster

    def _no_roster(self) -> NoRoster:
        for sheet, word in self.without.items():
            return NoRoster(
                BilingualText(
                    f"工作表“{sheet}”没有“{word}”一列，无法分户，没有导入",
                    f"sheet “{sheet}” has no column “{word}”, so households cannot be "
                    "told apart; nothing was imported",
                )
            )
        return NoRoster(
            BilingualText(
                "没有找到名册的表头（至少要有“户编号”“姓名”），没有导入",
                "no roster headings found (“户编号” and “姓名” at least); nothing was imported",
            )
        )

    def _infer(self) -> None:
        self.sheet, self.columns = next(s for s, found in self.sheets.items() if found), None
        self._report(
            IssueKind.ASSUMED, 0, -1, "",
            BilingualText(
                "名册出自建档立卡登记，各户按建档立卡贫困户填入",
                "the roster is of the national register: the households are taken as registered",
            ),
        )  # fmt: skip

    def _check_heads(self) -> None:
        for family in self.families.all:
            self.sheet = family.row.sheet
            heads = sum(is_head(m) for m in family.document["members"])
            if heads == 1 or "relationship" not in self.roster.columns:
                continue
            self.columns = None
            doubt = IssueKind.NO_HEAD if heads == 0 else IssueKind.SEVERAL_HEADS
            done = (
                BilingualText(
                    "本户没有标户主，照原样导入，请入户核实", "no head is marked; imported as it is"
                )
                if heads == 0
                else BilingualText(
                    "本户标了几个户主，照原样导入", "several heads are marked; imported as it is"
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
                        f"the same id number stands in {others}, too; both imported, to be settled",
                    ),
                )  # fmt: skip


def _fault_of(found: IdNumber | IdNumberFault) -> tuple[IssueKind, BilingualText]:
    if isinstance(found, IdNumber):
        return IssueKind.ID_SHAPE, BilingualText(
            "出生日期在今天之后；未填入，请照证件重录",
            "a birth date that is still to come; left open, see the card",
        )
    if found is IdNumberFault.CHECK_DIGIT:
        return IssueKind.ID_CHECK_DIGIT, BilingualText(
            "校验码不对；未填入，请照证件重录", "wrong check digit; left open, see the card"
        )
    return IssueKind.ID_SHAPE, BilingualText(
        "不是18位证件号；未填入，请照证件重录", "no id number; left open, see the card"
    )
