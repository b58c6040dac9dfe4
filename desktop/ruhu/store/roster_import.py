"""Import a roster: add new households and complete known ones, atomically."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from ruhu.i18n import BilingualText
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.changes.fill_missing import fill_missing
from ruhu.survey.households import head_of, members_of
from ruhu.survey.matching import (
    folded_name,
    match_members,
    places_agree,
    share_a_person,
)
from ruhu.survey.roster.reader import Roster
from ruhu.survey.validation.validate import RecordErrors, parse_record

NOBODY = UUID(int=0)
WITHOUT_NUMBER = BilingualText("（没有户编号）", "(no household number)")


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What a roster will change, or has changed."""

    new: tuple[Document, ...]
    completed: tuple[Document, ...]
    unchanged: int
    being_visited: int
    remarks: tuple[BilingualText, ...]
    duplicates: tuple[BilingualText, ...]
    """A line for each person who is also recorded in another household."""

    refused: int = 0
    """Households that violate the contract; the remarks say why."""

    @property
    def text(self) -> BilingualText:
        """The counts in one line."""
        counts = BilingualText(
            f"新增{len(self.new)}户，补充{len(self.completed)}户，不变{self.unchanged}户，"
            f"正在入户未动{self.being_visited}户",
            f"{len(self.new)} households new, {len(self.completed)} completed, "
            f"{self.unchanged} unchanged, {self.being_visited} being visited and not changed",
        )
        if not self.refused:
            return counts
        return BilingualText("{counts}，{n}户没有导入", "{counts}, {n} not imported").format(
            counts=counts, n=self.refused
        )


@dataclass(slots=True)
class _Plan:
    """A roster import in preparation, household by household."""

    store: Store
    new: list[Document] = field(default_factory=list)
    completed: dict[UUID, Document] = field(default_factory=dict)
    unchanged: int = 0
    being_visited: int = 0
    refused: int = 0
    remarks: list[BilingualText] = field(default_factory=list)

    def take(self, household: Document) -> None:
        """Find a household's record and the changes to it."""
        known, strangers = self._find(household)
        if known is None:
            document = {"record_id": str(uuid7()), **household}
            if not self._is_valid(document):
                return
            self.new.append(document)
            if strangers:
                self._remark(household, BilingualText(
                    "同一户编号下登记的是别的人（{who}），另作一户导入，请核对",
                    "other people are recorded under this number ({who}); imported as a separate "
                    "household, please check",
                ).format(who="、".join(strangers)))  # fmt: skip
            return
        if self.store.records.has_draft(known):
            self.being_visited += 1
            return
        self._complete(known, household)

    def _complete(self, known: UUID, household: Document) -> None:
        recorded = self.completed.get(known) or self.store.records.document(known)
        matching = match_members(members_of(recorded), members_of(household))
        for member in matching.uncertain:
            self._remark(household, BilingualText(
                "名册里的“{name}”与已登记的成员是否同一人，不能认定，没有动",
                "it is unclear whether “{name}” in the roster is a recorded member; not changed",
            ).format(name=member.get("name") or member.get("relationship") or "?"))  # fmt: skip
        document, differing = fill_missing(recorded, {**household, "members": matching.members})
        for what in differing:
            self._remark(household, what)
        if document == recorded:
            self.unchanged += 1
        elif self._is_valid(document):
            self.completed[known] = document

    def _is_valid(self, document: Document) -> bool:
        """Return whether a document follows the contract; otherwise add the problems to the remarks."""
        try:
            parse_record(document)
        except RecordErrors as errors:
            self.refused += 1
            for problem in errors.problems:
                self._remark(
                    document,
                    BilingualText("没有导入：{why}", "not imported: {why}").format(why=problem),
                )
            return False
        return True

    def _remark(self, household: Document, what: BilingualText) -> None:
        self.remarks.append(
            BilingualText("{number} {what}", "{number} {what}").format(
                number=household_label(household), what=what
            )
        )

    def _find(self, household: Document) -> tuple[UUID | None, list[str]]:
        """Return a household's record, and the heads of others with its number in its village."""
        number = household["registration"].get("household_no")
        if number is None:
            return self._find_by_people(household), []
        strangers: list[str] = []
        for key in self.store.records.find_by_household_no(number):
            recorded = self.store.records.document(key)
            if not places_agree(_place(recorded), _place(household)):
                continue
            if _is_same(recorded, household):
                return key, []
            strangers.append(folded_name(head_of(recorded)))
        return None, [name for name in strangers if name]

    def _find_by_people(self, household: Document) -> UUID | None:
        """Return the record without a number that has the same people."""
        numbers = [m["id_number"] for m in members_of(household) if m.get("id_number")]
        held = self.store.records.find_other_holders(NOBODY, numbers)
        name = str(head_of(household).get("name") or "")
        named = self.store.records.summaries(Search(name)) if name else []
        for summary in [*(each for rows in held.values() for each in rows), *named]:
            if not summary.household_no and _is_same(
                self.store.records.document(summary.record_id), household
            ):
                return summary.record_id
        return None


def plan_import(store: Store, roster: Roster) -> RosterImport:
    """Compute what a roster would change, without storing anything.

    Households that violate the contract are left out; the others are imported.
    """
    plan = _Plan(store)
    for household in roster.households:
        plan.take(household)
    held = [
        text
        for document in (*plan.new, *plan.completed.values())
        for text in _duplicate_persons(store, document)
    ]
    return RosterImport(
        tuple(plan.new), tuple(plan.completed.values()), plan.unchanged, plan.being_visited,
        tuple(plan.remarks), tuple(held), plan.refused,
    )  # fmt: skip


def _place(document: Document) -> Document:
    place = document.get("place")
    return place if isinstance(place, dict) else {}


def _is_same(recorded: Document, household: Document) -> bool:
    """Return whether a record with the same number, or without one, is the household.

    They are if a person agrees. With the same number they also are if a head's name is missing.
    """
    mine, theirs = members_of(recorded), members_of(household)
    if not places_agree(_place(recorded), _place(household)):
        return False
    if share_a_person(mine, theirs):
        return True
    heads = folded_name(head_of(recorded)), folded_name(head_of(household))
    return not all(heads) if household["registration"].get("household_no") else False


def household_label(household: Document) -> Any:
    """Return the label of a household in remarks: its number, or its head."""
    number = (household.get("registration") or {}).get("household_no")
    return number or BilingualText("{name}{what}", "{name} {what}").format(
        name=head_of(household).get("name") or "", what=WITHOUT_NUMBER
    )


def _duplicate_persons(store: Store, document: Document) -> Iterator[BilingualText]:
    """Yield a line for each person who is also recorded in another household."""
    names = {m["id_number"]: m.get("name") or "" for m in document["members"] if m.get("id_number")}
    holders = store.records.find_other_holders(UUID(document["record_id"]), list(names))
    for id_number, others in holders.items():
        yield BilingualText(
            "{name}（{number}）也登记在：{others}",
            "{name} ({number}) is also registered at: {others}",
        ).format(
            name=names[id_number],
            number=household_label(document),
            others="、".join(f"{s.title} {s.household_no}".strip() for s in others),
        )


def apply_import(store: Store, intake: RosterImport) -> None:
    """Store a planned import atomically."""
    store.records.import_documents([*intake.new, *intake.completed], reason="roster")
