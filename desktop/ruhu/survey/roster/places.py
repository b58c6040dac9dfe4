"""Read the place of a roster's household: names to the division codes of 2017."""

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.divisions import find_division
from ruhu.survey.facts.paths import put_fact
from ruhu.survey.roster.cells import CellReader
from ruhu.survey.roster.report import IssueKind, SheetReport
from ruhu.survey.roster.value_mapping import (
    AmbiguousCell,
    has_no_information,
    read_group,
    read_words,
    text_of,
)
from ruhu.survey.roster.workbook import SheetRow

PLACES = (("county", 6), ("township", 9), ("village", 12))
"""The levels of a place and the digits of their codes."""


class PlaceReader:
    """Reads the places of one row after the other."""

    def __init__(self, report: SheetReport, cells: CellReader) -> None:
        self.report, self.cells = report, cells

    def names(self, row: SheetRow) -> Document:
        """Return the place names of a row."""
        names = {}
        for name, _ in PLACES:
            value = self.cells.cell(row, name)
            if value is not None and not has_no_information(value):
                names[f"{name}_name"] = text_of(value)
        return names

    def fill(self, household: Document, row: SheetRow) -> None:
        """Map place names to the codes of 2017 where possible; keep the names in any case."""
        parent = ""
        for name, level in PLACES:
            value = self.cells.cell(row, name)
            if value is None or has_no_information(value):
                parent = "none"
                continue
            try:
                text = read_words(value)
            except AmbiguousCell:
                parent = "none"
                self.cells.keep_doubtful(household, name, row, value)
                continue
            put_fact(household, f"place.{name}_name", text)
            division = None if parent == "none" else find_division(text, parent, level)
            if division is not None:
                put_fact(household, f"place.{name}", division.code)
                parent = division.code
                continue
            if parent != "none" and self.report.is_first((name, text)):
                self.report.add(
                    IssueKind.PLACE, row.number, self.report.mapped.fields[name], text,
                    BilingualText(
                        "2017年区划代码表里没有，只记名称",
                        "not among the divisions of 2017; only the name is recorded",
                    ),
                )  # fmt: skip
            parent = "none"
        group = self.cells.cell(row, "group")
        if group is not None:
            try:
                put_fact(household, "place.group", read_group(group))
            except AmbiguousCell:
                self.cells.keep_doubtful(household, "group", row, group)
