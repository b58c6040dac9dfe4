"""Read the cells of a roster's row into facts, and report the doubtful ones."""

from typing import Any

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.paths import get_value, put_fact
from ruhu.survey.roster.columns import is_blank
from ruhu.survey.roster.lines import is_error
from ruhu.survey.roster.report import IssueKind, RosterIssue, SheetReport, masked
from ruhu.survey.roster.value_mapping import (
    MAX_KEPT_CHARS,
    NOT_IN_SCHOOL,
    READERS,
    AmbiguousCell,
    DigitsLost,
    NoInformation,
    as_read,
    has_no_information,
    is_unwritable,
    read_digits,
    text_of,
    visible,
)
from ruhu.survey.roster.workbook import SheetRow, column_letter

MAX_NUMBER_CHARS = 64
"""Characters of a household's or a person's number."""

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


class CellReader:
    """Reads the cells of one row after the other."""

    def __init__(self, report: SheetReport) -> None:
        self.report = report

    def cell(self, row: SheetRow, name: str) -> Any:
        position = self.report.mapped.fields.get(name)
        if position is None:
            return None
        value = row.values[position] if position < len(row.values) else None
        if value is None and name in SHARED:
            value = row.above.get(position)
            value = None if is_error(value) else value
        return None if is_blank(value) else value

    def without_errors(self, row: SheetRow) -> SheetRow:
        """Return the row with Excel errors and missing results blanked; report them."""
        values = list(row.values)
        width = max(len(values), *(position + 1 for position in row.without_result), 0)
        values += [None] * (width - len(values))
        failed = set(row.without_result)
        for position, value in enumerate(values):
            if is_error(value):
                values[position] = None
                failed.add(position)
                self.report.add(
                    IssueKind.ERROR, row.number, position, text_of(value),
                    BilingualText("Excel 的出错值，当作没有填", "an Excel error, treated as empty"),
                )  # fmt: skip
            elif position in row.without_result and is_blank(value):
                self.report.add(
                    IssueKind.FORMULA, row.number, position, "",
                    BilingualText(
                        "公式没有算出的值，当作没有填；请在 Excel 里打开、保存后再导入",
                        "a formula without a result, treated as empty; open and save the file in Excel first",
                    ),
                )  # fmt: skip
        if row.beyond:
            self.report.add(
                IssueKind.BEYOND, row.number, len(row.values), "",
                BilingualText("从这一列起右边的格没有读", "cells from this column on were not read"),
            )  # fmt: skip
        return SheetRow(row.sheet, row.number, tuple(values), row.above, frozenset(failed))

    def household_number(self, row: SheetRow) -> tuple[str | None, RosterIssue | None]:
        """Return the household number, `None` if it is not legible, and a remark."""
        position = self.report.mapped.fields["household_no"]
        value = self.cell(row, "household_no")
        if value is None:
            return None, None
        done: BilingualText | None = None
        number = None
        try:
            number = read_digits(value)
            if len(number) > MAX_NUMBER_CHARS:
                number, done = (
                    None,
                    BilingualText(
                        "户编号过长；未填入，原文已保留",
                        "the number is too long; left open, kept as read",
                    ),
                )
        except NoInformation:
            done = BilingualText(
                "不是户编号，当作没有编号", "not a household number; treated as missing"
            )
        except DigitsLost:
            done = LOST
        except AmbiguousCell:
            done = UNRESOLVED
        if done is None:
            return number, self.cleaned(row, position, value)
        heading = self.report.mapped.headings[position]
        doubt = IssueKind.DIGITS_LOST if done is LOST else IssueKind.NO_NUMBER
        letter = column_letter(position)
        return None, RosterIssue(
            doubt, self.report.sheet, row.number, letter, heading, text_of(value)[:40], done
        )

    def has_lost_number(self, row: SheetRow) -> bool:
        """Return whether a household number was intended and failed: an error, a formula or blanks."""
        position = self.report.mapped.fields["household_no"]
        value = row.values[position] if position < len(row.values) else None
        return position in row.without_result or isinstance(value, str)

    def shows_a_person(self, row: SheetRow) -> bool:
        """Return whether a row without a name is a person all the same."""
        cells = [self.cell(row, name) for name in ("id_number", "member_id", "relationship")]
        return any(value is not None and not has_no_information(value) for value in cells)

    def fill(self, target: Document, name: str, row: SheetRow) -> None:
        value = self.cell(row, name)
        if value is None:
            return
        position = self.report.mapped.fields[name]
        path, read = READERS[name]
        try:
            fact = read(value)
        except NoInformation:
            self.report_nothing_said(row, position, value)
            return
        except DigitsLost:
            self.keep(target, position, value)
            self.report.add(
                IssueKind.DIGITS_LOST, row.number, position, masked(text_of(value)[:40]), LOST
            )
            return
        except AmbiguousCell:
            self.keep_doubtful(target, name, row, value)
            return
        if fact == "":
            return
        recorded = get_value(target, path)
        if recorded is not None and recorded != fact:
            self._contradiction(name, row, value)
            return
        put_fact(target, path, fact)
        self._report_filled(target, name, row, value, fact)

    def _report_filled(
        self, target: Document, name: str, row: SheetRow, value: Any, fact: Any
    ) -> None:
        """Report a filled value whose text says more than the fact."""
        position = self.report.mapped.fields[name]
        if name == "labour":
            self.keep(target, position, value)
        if name == "schooling" and fact == "none" and text_of(value) not in NOT_IN_SCHOOL:
            self.keep(target, position, value)
            self.report.add(
                IssueKind.REWRITTEN, row.number, position, text_of(value)[:40],
                BilingualText("不在校，按非在校生填入，原文已保留", "not in school; entered as such, kept as read"),
            )  # fmt: skip
        if name == "exit_year" and not isinstance(value, (int, str)):
            self.report.add(
                IssueKind.REWRITTEN, row.number, position, text_of(value),
                BilingualText(f"日期，按{fact}年填入", f"a date; the year {fact} was taken"),
            )  # fmt: skip
        remark = self.cleaned(row, position, value) if name in NUMBERS else None
        if isinstance(value, str) and any(map(is_unwritable, value.strip())) and name == "name":
            remark = self.cleaned(row, position, value)
        if remark is not None:
            self.report.issues.append(remark)

    def cleaned(self, row: SheetRow, position: int, value: Any) -> RosterIssue | None:
        """Return a remark if invisible characters were removed from a number."""
        if not isinstance(value, str) or value.strip() == visible(value) == "".join(value.split()):
            return None
        heading, letter = self.report.mapped.headings[position], column_letter(position)
        shown = text_of(value)[:40]
        name = next(
            (
                n
                for n, field_position in self.report.mapped.fields.items()
                if field_position == position
            ),
            "",
        )
        return RosterIssue(
            IssueKind.CLEANED, self.report.sheet, row.number, letter, heading,
            masked(shown) if name in PRIVATE else shown,
            BilingualText("已去掉空格、换行和看不见的字符", "blanks, line ends and invisible characters removed"),
        )  # fmt: skip

    def report_nothing_said(self, row: SheetRow, position: int, value: Any) -> None:
        self.report.add(
            IssueKind.UNREADABLE, row.number, position, text_of(value)[:40],
            BilingualText("没有填写的意思，未填入", "no information; left open"),
        )  # fmt: skip

    def keep(self, target: Document, position: int, value: Any) -> None:
        """Keep a text as read, under its heading."""
        keys = self.report.mapped.keys
        key = keys[position] if position < len(keys) else ""
        text = as_read(value)
        target.setdefault("roster", {})[key or f"{column_letter(position)}列"] = text[
            :MAX_KEPT_CHARS
        ]

    def keep_doubtful(self, target: Document, name: str, row: SheetRow, value: Any) -> None:
        position = self.report.mapped.fields[name]
        self.keep(target, position, value)
        shown = text_of(value)[:40]
        if name in PRIVATE:
            shown = masked(shown)
        self.report.add(IssueKind.UNREADABLE, row.number, position, shown, UNRESOLVED)

    def _contradiction(self, name: str, row: SheetRow, value: Any) -> None:
        shown = masked(text_of(value)) if name in PRIVATE else text_of(value)[:40]
        self.report.add(
            IssueKind.CONTRADICTION, row.number, self.report.mapped.fields[name], shown,
            BilingualText("与同户另一行不同，用先读到的", "differs from another row; the first is used"),
        )  # fmt: skip
