"""Assign rows to households: by household number and people, otherwise by the head above."""

from dataclasses import dataclass

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.households import find_head, is_head
from ruhu.survey.matching import are_one_person, places_agree
from ruhu.survey.roster.workbook import SheetRow

ANOTHER_PLACE = BilingualText(
    "同一户编号在另一个村也有，按两户导入，请核对",
    "another village has a household with this number; imported as two, please check",
)
ANOTHER_HEAD = BilingualText(
    "同一户编号有两位户主，按先后分成两户导入，请核对",
    "two heads have this household number; imported as two households, please check",
)
BY_HEAD = BilingualText("没有户编号，按户主另成一户", "no household number; grouped by the head")
BY_SEQUENCE = BilingualText(
    "没有户编号，按先后归入上面一户", "no household number; added to the household above"
)


@dataclass(slots=True)
class Family:
    """A household being assembled, and its first row."""

    document: Document
    row: SheetRow
    place: Document
    number: str | None = None

    @property
    def label(self) -> str:
        """The household's label in the report."""
        return self.number or f"{self.row.sheet}!{self.row.number}"


class Families:
    """The households found so far, in order."""

    def __init__(self, documents: list[Document]) -> None:
        self.all: list[Family] = []
        self._documents = documents
        self._by_number: dict[str, list[Family]] = {}
        self._above: Family | None = None
        self._numbered_here = False

    def leave_sheet(self) -> None:
        """Start another sheet."""
        self._above, self._numbered_here = None, False

    def leave_sequence(self) -> None:
        """End the sequence at a row that belongs to no household."""
        self._above = None

    def find_numbered(
        self, number: str, place: Document, person: Document, row: SheetRow
    ) -> tuple[Family, BilingualText | None]:
        """Return the household of a number, and a remark if it is not the only one."""
        self._numbered_here = True
        same_number = self._by_number.setdefault(number, [])
        local = [family for family in same_number if places_agree(family.place, place)]
        remark = ANOTHER_PLACE if same_number and not local else None
        if local and is_head(person):
            with_same_head = [family for family in local if not _has_another_head(family, person)]
            if not with_same_head:
                remark = ANOTHER_HEAD
            local = with_same_head
        family = local[-1] if local else self._begin(number, place, row)
        if not local:
            same_number.append(family)
        self._above = family
        return family, remark

    def find_unnumbered(
        self, place: Document, person: Document, row: SheetRow, *, placeholder: bool
    ) -> tuple[Family | None, BilingualText | None]:
        """Return the household of a row without a number: its head's.

        Returns `None` if that would be a guess: nobody is marked as head, or a cell is empty among numbered
        rows.
        """
        if is_head(person):
            if self._numbered_here and not placeholder:
                self._above = None
                return None, None
            self._above = self._begin(None, place, row)
            return self._above, BY_HEAD
        above = self._above
        if above is None or not person.get("relationship") or not places_agree(above.place, place):
            self._above = None
            return None, None
        return above, BY_SEQUENCE

    def _begin(self, number: str | None, place: Document, row: SheetRow) -> Family:
        registration: Document = {"registered_poor": True}
        if number is not None:
            registration = {"household_no": number, **registration}
        document = {"kind": "household", "registration": registration, "members": []}
        family = Family(document, row, place, number)
        self.all.append(family)
        self._documents.append(document)
        return family


def _has_another_head(family: Family, person: Document) -> bool:
    head = find_head(family.document["members"])
    return head is not None and are_one_person(head, person) is False
