"""Which household a row belongs to: by its number and its people, else by the head above it."""

from dataclasses import dataclass

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.households import find_head, is_head
from ruhu.survey.matching import are_one_person, places_agree
from ruhu.survey.roster.workbook import SheetRow

ANOTHER_PLACE = BilingualText(
    "同一户编号在另一个村也有，按两户导入，请核对",
    "another village has a household of this number; imported as two, please check",
)
ANOTHER_HEAD = BilingualText(
    "同一户编号有两位户主，按先后分成两户导入，请核对",
    "two heads bear this household number; imported as two households, please check",
)
BY_HEAD = BilingualText(
    "没有户编号，按户主另成一户", "no household number; a household by its head"
)
BY_SEQUENCE = BilingualText(
    "没有户编号，按先后归入上面一户", "no household number; taken with the household above"
)


@dataclass(slots=True)
class Family:
    """A household being put together, and the row it began with."""

    document: Document
    row: SheetRow
    place: Document
    number: str | None = None

    @property
    def label(self) -> str:
        """What the report calls it."""
        return self.number or f"{self.row.sheet}!{self.row.number}"


class Families:
    """The households found so far, in their order."""

    def __init__(self, documents: list[Document]) -> None:
        self.all: list[Family] = []
        self._documents = documents
        self._by_number: dict[str, list[Family]] = {}
        self._above: Family | None = None
        self._numbered_here = False

    def leave_sheet(self) -> None:
        """Another sheet begins."""
        self._above, self._numbered_here = None, False

    def leave_sequence(self) -> None:
        """A row stands between that belongs to nobody."""
        self._above = None

    def numbered(
        self, number: str, place: Document, person: Document, row: SheetRow
    ) -> tuple[Family, BilingualText | None]:
        """The household of a number, and what to say where it is not the only one."""
        self._numbered_here = True
        same_number = self._by_number.setdefault(number, [])
        here = [family for family in same_number if places_agree(family.place, place)]
        why = ANOTHER_PLACE if same_number and not here else None
        if here and is_head(person):
            own = [family for family in here if not _has_another_head(family, person)]
            if not own:
                why = ANOTHER_HEAD
            here = own
        family = here[-1] if here else self._begin(number, place, row)
        if not here:
            same_number.append(family)
        self._above = family
        return family, why

    def unnumbered(
        self, place: Document, person: Document, row: SheetRow, *, placeholder: bool
    ) -> tuple[Family | None, BilingualText | None]:
        """The household of a row without a number: its head's. `None` where that would be a guess:
        nobody is marked as head, or a cell is empty among numbers.
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
