"""The report of a roster: every doubtful cell, what was read and what was done."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ruhu.i18n import BilingualText
from ruhu.survey.roster.columns import Columns
from ruhu.survey.roster.workbook import SheetRow, column_letter
from ruhu.survey.validation.id_number import mask


class IssueKind(Enum):
    """Why a cell or row is reported."""

    ID_SHAPE = "id_shape"
    ID_CHECK_DIGIT = "id_check_digit"
    ID_DIGITS_LOST = "id_digits_lost"
    ID_REWRITTEN = "id_rewritten"
    SEX_AGAINST_ID = "sex_against_id"
    SAME_PERSON = "same_person"
    NO_HEAD = "no_head"
    SEVERAL_HEADS = "several_heads"
    TOTAL_LINE = "total_line"
    FOOTER = "footer"
    HEADING_AGAIN = "heading_again"
    NO_HOUSEHOLD = "no_household"
    NO_NUMBER = "no_number"
    NO_NAME = "no_name"
    TWO_FAMILIES = "two_families"
    DIGITS_LOST = "digits_lost"
    ERROR = "error"
    FORMULA = "formula"
    CLEANED = "cleaned"
    CUT = "cut"
    BEYOND = "beyond"
    HIDDEN = "hidden"
    UNREADABLE = "unreadable"
    REWRITTEN = "rewritten"
    CONTRADICTION = "contradiction"
    PLACE = "place"
    COLUMN = "column"
    SHEET = "sheet"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class RosterIssue:
    """A line of the report. `row` and `column` are as Excel shows them; 0 and "" for a sheet.

    `read` is the cell's text with personal numbers masked; `done` is what the import did.
    """

    kind: IssueKind
    sheet: str
    row: int
    column: str
    heading: str
    read: str
    done: BilingualText

    @property
    def text(self) -> BilingualText:
        """The issue as one line."""
        cell = f"{self.sheet}!{self.column}{self.row or ''}"
        heading = f"“{self.heading}”" if self.heading else ""
        read = (
            BilingualText(f"读到“{self.read}”；", f"read “{self.read}”; ")
            if self.read
            else BilingualText("", "")
        )
        return BilingualText(
            f"{cell}{heading}：{read.zh}{self.done.zh}",
            f"{cell} {heading}: {read.en}{self.done.en}",
        )


def masked(text: str) -> str:
    """Mask a personal number for the report."""
    return mask(text)


class SheetReport:
    """Collects the issues of a roster; knows the current sheet and its columns."""

    def __init__(self) -> None:
        self.issues: list[RosterIssue] = []
        self.sheet = ""
        self.columns: Columns | None = None
        self._reported: set[tuple[str, str]] = set()

    @property
    def mapped(self) -> Columns:
        """The columns of the current sheet, whose headings were found."""
        assert self.columns is not None
        return self.columns

    def add(self, kind: IssueKind, row: int, position: int, read: str, done: BilingualText) -> None:
        """Report a cell of the current sheet; `position` is -1 for a whole row."""
        heading = ""
        if self.columns is not None and 0 <= position < len(self.columns.headings):
            heading = self.columns.headings[position]
        column = column_letter(position) if position >= 0 else ""
        self.issues.append(RosterIssue(kind, self.sheet, row, column, heading, read, done))

    def add_once(self, kind: IssueKind, row: SheetRow, subject: str, done: BilingualText) -> None:
        """Report something about the sheet of a row, once for each subject."""
        if self.is_first((subject, row.sheet)):
            self.add(kind, 0, -1, "", done)

    def is_first(self, key: tuple[str, str]) -> bool:
        """Return whether a key is new, and remember it."""
        if key in self._reported:
            return False
        self._reported.add(key)
        return True

    @contextlib.contextmanager
    def set_aside(self) -> Iterator[list[RosterIssue]]:
        """Collect the issues of a block in a list of their own."""
        before, self.issues = self.issues, []
        try:
            yield self.issues
        finally:
            self.issues = before
