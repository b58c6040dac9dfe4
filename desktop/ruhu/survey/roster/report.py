"""The report of a roster: every doubtful cell, what was read and what was done."""

from dataclasses import dataclass
from enum import Enum

from ruhu.i18n import BilingualText
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

    doubt: IssueKind
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
