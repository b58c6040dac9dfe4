"""Taking a roster into the store: new households added, known ones completed, all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from ruhu.store.store import Store
from ruhu.survey.filling import fill_absent
from ruhu.survey.record import parse_record
from ruhu.survey.roster.reading import Roster
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text


@dataclass(frozen=True, slots=True)
class Intake:
    """What a roster will change, or has changed."""

    new: tuple[Document, ...]
    completed: tuple[Document, ...]
    unchanged: int
    being_visited: int
    remarks: tuple[Text, ...]
    held: tuple[Text, ...]
    """Who of them other households hold already."""

    @property
    def text(self) -> Text:
        """The numbers in one line."""
        return Text(
            f"新增{len(self.new)}户，补充{len(self.completed)}户，不变{self.unchanged}户，"
            f"正在入户未动{self.being_visited}户",
            f"{len(self.new)} households new, {len(self.completed)} completed, "
            f"{self.unchanged} unchanged, {self.being_visited} being visited and left alone",
        )


def plan_intake(store: Store, roster: Roster) -> Intake:
    """Work out what a roster would change. Stores nothing.

    Raises `RecordErrors` should a household not follow the contract, before anything is stored.
    """
    new: list[Document] = []
    completed: list[Document] = []
    unchanged = being_visited = 0
    remarks: list[Text] = []
    for household in roster.households:
        number = household["registration"]["household_no"]
        known = store.find_household(number)
        if not known:
            document = {"record_id": str(uuid7()), **household}
            parse_record(document)
            new.append(document)
            continue
        if store.has_draft(known[0]):
            being_visited += 1
            continue
        recorded = store.document(known[0])
        document, differing = fill_absent(recorded, household)
        remarks += [
            Text("{number} {what}", "{number} {what}").format(number=number, what=what)
            for what in differing
        ]
        if document == recorded:
            unchanged += 1
        else:
            parse_record(document)
            completed.append(document)
    held = [text for document in (*new, *completed) for text in _held(store, document)]
    return Intake(
        tuple(new), tuple(completed), unchanged, being_visited, tuple(remarks), tuple(held)
    )


def _held(store: Store, document: Document) -> Iterator[Text]:
    """Who of a household's people other households hold, too."""
    names = {m["id_number"]: m.get("name") or "" for m in document["members"] if m.get("id_number")}
    found = store.held_elsewhere(UUID(document["record_id"]), list(names))
    for id_number, others in found.items():
        yield Text(
            "{name}（{number}）也登记在：{others}",
            "{name} ({number}) is also registered at: {others}",
        ).format(
            name=names[id_number],
            number=document["registration"]["household_no"],
            others="、".join(f"{s.title} {s.household_no}".strip() for s in others),
        )


def take_in(store: Store, intake: Intake) -> None:
    """Store what `plan_intake` worked out, in one transaction."""
    store.import_documents([*intake.new, *intake.completed], reason="roster")
