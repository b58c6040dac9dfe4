"""The record being worked on: its document, undo and redo, saving and assessing.

Screens show what the session tells and hand it what was typed; every write goes through here to
the store's thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import assess, warm_up
from ruhu.policy.evaluation.finding import Assessment
from ruhu.policy.evaluation.record_reader import read_draft
from ruhu.policy.standards.model import StandardsBook
from ruhu.store.record_list import Summary, VisitProgress
from ruhu.store.search import Search
from ruhu.store.standards import CountyStandards
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.changes.returned import returned_survey
from ruhu.survey.facts.catalogue import catalogue, schema_path
from ruhu.survey.facts.paths import get_value, put_value
from ruhu.survey.facts.unknown import clear_mark, move_marks
from ruhu.survey.validation.id_number import IdNumber, read_id_number
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.surveyor.form.form_model import get_fact, problems_of, sentence, set_fact

MAX_UNDO_STEPS = 200
UndoStep = tuple[Document, str]
"""A record before a change, and the path that was changed."""
UndoState = tuple[Document, tuple[UndoStep, ...]]

PAGE_SIZE = 200
"""Rows of the list that are fetched at once: some screens full."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A part of the list that a search leaves: its rows from `start` on, of `found` in all."""

    search: Search
    start: int
    rows: list[Summary]
    total: int
    progress: VisitProgress


class InvalidRecord(UserError):
    """The record in hand has problems; `path` is where the first of them is."""

    def __init__(self, text: BilingualText, path: str) -> None:
        super().__init__(text)
        self.path = path


class Session(QObject):
    """One open store and the record in hand.

    It is made before the passphrase is known, for the window to be built on; `begin` brings the store.
    """

    listed = Signal(object)
    opened = Signal(object)
    changed = Signal(str)
    undo_applied = Signal(str)
    saved = Signal(object, int)
    assessed = Signal(object)
    assessment_failed = Signal(object)
    duplicates_found = Signal(object)
    failed = Signal(object)
    closing = Signal()

    _store: Store

    def __init__(self, worker: Worker, assessor: Worker) -> None:
        super().__init__()
        self._worker, self._assessor = worker, assessor
        self.record_id: UUID | None = None
        self.document: Document = {}
        self._saved_document: Document | None = (
            None  # as its revisions leave it; none once a visit is open
        )
        self.disputed: list[str] = []
        self.surveyor = ""
        self.shelf = CountyStandards.of([])
        self._undo: list[UndoStep] = []
        self._redo: list[UndoStep] = []
        self._unsaved = False
        self._assessment_number = 0
        self._reader: Worker | None = None
        self._search = Search()

    def attach_store(self, store: Store) -> None:
        """Go to work on a store that was opened."""
        self._store = store
        self.surveyor = store.identity.surveyor
        self.shelf = store.standards.load()
        self._worker.failed.connect(self.failed)
        self._assessor.failed.connect(self.failed)

    @property
    def standards(self) -> StandardsBook:
        """The county's standards at hand."""
        return self.shelf.book

    @property
    def kind(self) -> str:
        """The kind of the record in hand."""
        return str(self.document.get("kind", "household"))

    # The list

    def list_records(
        self, search: Search | None = None, *, start: int = 0, most: int = PAGE_SIZE
    ) -> None:
        """Ask for a part of the list, of the search before where none is given; `listed` brings it."""
        self._search = wanted = search or self._search

        def job() -> RecordPage:
            rows = self._store.records.summaries(wanted, start=start, limit=most)
            found = self._store.records.count(wanted)
            return RecordPage(wanted, start, rows, found, self._store.records.progress())

        self._worker.submit(job, self.listed.emit)

    def change_route(self, change: Callable[[list[UUID]], list[UUID]]) -> None:
        """Change today's route and show the list again."""
        self._worker.submit(
            lambda: self._store.records.set_route(change(self._store.records.route)),
            lambda _: self.list_records(),
        )

    # The record in hand

    def resume(self, otherwise: Callable[[], None]) -> None:
        """Open the record and field that were being worked on, if a visit is open."""

        def job() -> tuple[UUID, str, Document] | None:
            place = self._store.records.resume_position()
            return None if place is None else (*place, self._store.records.document(place[0]))

        def done(place: tuple[UUID, str, Document] | None) -> None:
            if place is None:
                otherwise()
                return
            self._load(place[0], place[2])
            self.opened.emit(place[1])

        self._worker.submit(job, done)

    def open_record(self, record_id: UUID, field: str = "") -> None:
        """Open a record; what was typed in the one before is saved first."""
        self.save(field="")

        def job() -> tuple[Document, bool, list[str]]:
            store = self._store
            return (
                store.records.document(record_id),
                store.records.has_draft(record_id),
                store.records.conflicting_paths(record_id),
            )

        def done(answer: tuple[Document, bool, list[str]]) -> None:
            document, begun, disputed = answer
            self._load(record_id, document)
            self.disputed = disputed
            self._saved_document = None if begun else document
            self.opened.emit(field)

        self._worker.submit(job, done)

    def reload(self) -> None:
        """Show the list and the record in hand anew, by the standards that are at hand now, as the
        county's answer left them.
        """

        def loaded(shelf: CountyStandards) -> None:
            self.shelf = shelf
            self.assess()

        self._worker.submit(lambda: self._store.standards.load(), loaded)
        self.list_records()
        if self.record_id is not None:
            self.open_record(self.record_id)

    def new_record(self, kind: str) -> None:
        """Begin a record, dated today, by this worker."""
        self.save(field="")
        document = self._with_visit({"kind": kind})
        place = self.document.get("place")
        if isinstance(place, dict):
            document["place"] = {k: v for k, v in place.items() if k != "group"}

        def done(record_id: UUID) -> None:
            self._load(record_id, {**document, "record_id": str(record_id)})
            self.opened.emit("")
            self.list_records()

        self._worker.submit(lambda: self._store.records.add(document), done)

    def _load(self, record_id: UUID, document: Document) -> None:
        self.record_id, self.document, self._saved_document = record_id, document, None
        self.disputed = []
        self._undo, self._redo, self._unsaved = [], [], False
        self.assess()
        self._ask_who_is_held()

    def set_value(self, path: str, value: Any) -> None:
        """Change a fact as it is typed; `save` makes it durable. `None` takes it away, `NOT_KNOWN`
        says that it was asked in vain.
        """
        if get_fact(self.document, path, self.kind) == value:
            return
        self._edit(path, self._with_identity(set_fact(self.document, path, value, self.kind), path))
        if path.endswith(".id_number"):
            self._ask_who_is_held()
        self.changed.emit(path)

    def _ask_who_is_held(self) -> None:
        """Look for the record's people in other records; `held` brings these by the id number."""
        record_id = self.record_id
        if record_id is None:
            return
        members = self.document.get("members") or []
        numbers = [str(m["id_number"]) for m in members if m.get("id_number")]

        def told(found: dict[str, list[Summary]]) -> None:
            if record_id == self.record_id:
                self.duplicates_found.emit(found)

        self._worker.submit(
            lambda: self._store.records.find_other_holders(record_id, numbers), told
        )

    def _with_identity(self, document: Document, path: str) -> Document:
        """A valid id number brings its holder's birth date and sex."""
        if not path.endswith(".id_number"):
            return document
        found = read_id_number(str(get_value(document, path, self.kind) or ""))
        if not isinstance(found, IdNumber):
            return document
        member = path.removesuffix(".id_number")
        document = put_value(
            document, f"{member}.birth_date", found.birth_date.isoformat(), self.kind
        )
        return put_value(document, f"{member}.sex", found.sex.value, self.kind)

    def set_items(self, list_path: str, items: list[Document]) -> None:
        """Replace a list (an item added or taken away) and save at once."""
        document = put_value(self.document, list_path, items, self.kind)
        key = catalogue(self.kind)[schema_path(list_path)].item_key or ""
        kept = {str(item.get(key)) for item in items}
        for item in get_value(self.document, list_path, self.kind) or []:
            if str(item.get(key)) not in kept:
                document = clear_mark(document, f"{list_path}[{item.get(key)}]")
        self._edit(list_path, document)
        self.changed.emit(list_path)
        self.save(field=list_path)

    def rename_item(self, list_path: str, old: str, new: str) -> bool:
        """Give an item of a list another key and save; false where another item has it already."""
        key = catalogue(self.kind)[schema_path(list_path)].item_key or ""
        items: list[Document] = get_value(self.document, list_path, self.kind) or []
        if any(item.get(key) == new for item in items):
            return False
        named = [{**item, key: new} if item.get(key) == old else item for item in items]
        document = put_value(self.document, list_path, named, self.kind)
        document = move_marks(document, f"{list_path}[{old}]", f"{list_path}[{new}]")
        self._edit(list_path, document)
        self.changed.emit(list_path)
        self.save(field=f"{list_path}[{new}].{key}")
        return True

    def change(self, document: Document, path: str) -> None:
        """Put a document that was changed at a path in the place of the one in hand, as it is typed."""
        self._edit(path, document)
        self.changed.emit(path)

    def replace(self, document: Document, path: str = "") -> None:
        """Put a changed document in the place of the one in hand, as one step to undo, and save."""
        self.change(document, path)
        self.save(field=path)

    def _edit(self, path: str, document: Document) -> None:
        """Make a change that can be taken back."""
        # Letters typed one after the other into one field are one step back.
        if not (self._undo and self._undo[-1][1] == path and self._unsaved):
            self._undo = [*self._undo, (self.document, path)][-MAX_UNDO_STEPS:]
        self._redo = []
        begun = not (
            self.document.get("survey") or document.get("survey") or path.startswith("survey")
        )
        self._change(self._with_visit(document) if begun else document)
        if begun:
            self.changed.emit("")

    def _with_visit(self, document: Document) -> Document:
        """A record without any survey, as a roster brings it, is surveyed today by this worker."""
        survey = {"date": date.today().isoformat(), "surveyor": self.surveyor}  # noqa: DTZ011
        return {**document, "survey": {name: told for name, told in survey.items() if told}}

    def _change(self, document: Document) -> None:
        self.document = document
        self._unsaved = True
        self.assess()

    def undo(self) -> None:
        """Take the last change back; `stepped` tells where it was."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Make the change taken back again."""
        self._step(self._redo, self._undo)

    @property
    def bookmark(self) -> UndoState:
        """The record in hand as it is now, and the steps back from there."""
        return self.document, tuple(self._undo)

    def return_to(self, bookmark: UndoState) -> None:
        """Let what was typed since be as if it had never been."""
        document, steps = bookmark
        if document is not self.document:
            self._undo, self._redo = list(steps), []
            self._change(document)
            self.changed.emit("")

    def _step(self, source: list[UndoStep], target: list[UndoStep]) -> None:
        if not source:
            return
        document, path = source.pop()
        target.append((self.document, path))
        self._change(document)
        self.changed.emit("")
        self.save(field=path)
        self.undo_applied.emit(path)

    def save(self, *, field: str) -> None:
        """Make what was typed durable, and remember the field; where all was taken back that was typed
        since the record was opened, its visit has not begun.
        """
        if not self._unsaved or self.record_id is None:
            return
        record_id, document = self.record_id, self.document
        nothing_typed = document is self._saved_document
        self._unsaved = False

        def job() -> tuple[datetime, int]:
            if nothing_typed:
                at = self._store.records.discard_draft(record_id)
            else:
                at = self._store.records.save_draft(record_id, document, field=field)
            return at, self._store.outbox.pending_count()

        def failed(error: UserError) -> None:
            self._unsaved = True
            self.failed.emit(error)

        self._worker.submit(job, lambda answer: self.saved.emit(*answer), failed)

    def require_valid(self) -> None:
        """Raise `InvalidRecord` while a fact has a problem."""
        problems = problems_of(self.document)
        if problems:
            first = next(iter(problems.values()))
            told = BilingualText(
                "还有{n}处要改。{fact}：{what}", "{n} to be mended. {fact}: {what}"
            ).format(
                n=len(problems),
                fact=first.label or BilingualText(first.path, first.path),
                what=sentence(first),
            )
            raise InvalidRecord(told, first.path)

    def close_visit(self, done: Callable[[], None]) -> None:
        """Close the visit as one revision. Raises `InvalidRecord` while a fact has a problem."""
        self.require_valid()
        record_id, visited = self.record_id, self.document
        if record_id is None:
            return
        self._unsaved, self._saved_document = True, None
        self.save(field="")

        def job() -> tuple[int, Document, list[str]]:
            store = self._store
            store.records.close_visit(record_id)
            return (
                store.outbox.pending_count(),
                store.records.document(record_id),
                store.records.conflicting_paths(record_id),
            )

        def closed(answer: tuple[int, Document, list[str]]) -> None:
            pending, kept, disputed = answer
            # What others sent while the visit was open was merged with it.
            if record_id == self.record_id and self.document is visited:
                self.document = self._saved_document = kept
                self.disputed, before = disputed, self.disputed
                if kept != visited or disputed != before:
                    self.assess()
                    self.changed.emit("")
            self.saved.emit(datetime.now().astimezone(), pending)
            self.list_records()
            done()

        self._worker.submit(job, closed)

    @property
    def begun(self) -> bool:
        """Whether something was typed into the record in hand since its visits were closed."""
        return self.record_id is not None and self.document is not self._saved_document

    @property
    def is_closed(self) -> bool:
        """Whether the record in hand was visited, and is as that left it; one that was sent back is not."""
        visited = (self.document.get("survey") or {}).get("date")
        return bool(visited) and not self.begun and returned_survey(self.document) is None

    def discard_visit(self, gone: Callable[[], None]) -> None:
        """Let the visit of the record in hand be none. The record is as it was before; one that was
        begun here and never closed is gone, and `gone` is called.
        """
        record_id = self.record_id
        if record_id is None:
            return
        self._unsaved = False

        def job() -> bool:
            self._store.records.discard_draft(record_id)
            return not self._store.records.revisions(record_id)

        def dropped(nothing_left: bool) -> None:
            self.list_records()
            if nothing_left:
                self.record_id, self.document, self._saved_document = None, {}, None
                gone()
            else:
                self.open_record(record_id)

        self._worker.submit(job, dropped)

    # Assessing

    def prepare(self) -> None:
        """Make the rules ready while the passphrase is typed; beside the first list they would hold up
        its painting.
        """
        today = date.today()  # noqa: DTZ011
        # A clock before the first text is told where a record is assessed, not here.
        self._assessor.submit(lambda: warm_up(today), failed=lambda _: None)

    def assess(self) -> None:
        """Assess the document as it is being typed; only the latest answer is told. `unassessed` brings
        the reason where there can be none, as before the first text of the policy.
        """
        self._assessment_number += 1
        wanted, document, standards = self._assessment_number, self.document, self.standards

        def job() -> Assessment | None:
            if wanted != self._assessment_number or not document:
                return None
            try:
                reading = read_draft(document)
            except UserError:
                return None
            on = None if reading.survey_day else date.today()  # noqa: DTZ011
            return assess(reading, on=on, standards=standards)

        def done(assessment: Assessment | None) -> None:
            if assessment is not None and wanted == self._assessment_number:
                self.assessed.emit(assessment)

        def failed(error: UserError) -> None:
            if wanted == self._assessment_number:
                self.assessment_failed.emit(error.text)

        self._assessor.submit(job, done, failed)

    # Rosters, slips, bundles, settings

    def run(
        self,
        job: Callable[[Store], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Run a job of a dialog on the store's thread."""
        self._worker.submit(lambda: job(self._store), done, failed)

    def run_on_assessor(
        self, job: Callable[[], Any], done: Callable[[Any], None] | None = None
    ) -> None:
        """Run a job that needs no store on the assessor's thread."""
        self._assessor.submit(job, done)

    def run_on_reader(
        self, job: Callable[[], Any], done: Callable[[Any], None] | None = None
    ) -> None:
        """Run a long job that needs no store, on a thread of its own, so that typing waits for none."""
        self._reader = self._reader or Worker("reader")
        self._reader.submit(job, done, self.failed.emit)

    def add_standards(
        self, file: Document, done: Callable[[], None], failed: Callable[[UserError], None]
    ) -> None:
        """Use a county's standards, signed or not, beside those of other dates."""

        def added(shelf: CountyStandards) -> None:
            self.shelf = shelf
            self.assess()
            done()

        self._worker.submit(lambda: self._store.standards.add(file), added, failed)

    def close(self) -> None:
        """Save and close the store; the threads end."""
        self.closing.emit()
        self.save(field="")
        self._worker.submit(self._store.close)
        self._worker.stop()
        self._assessor.stop()
        if self._reader is not None:
            self._reader.stop()
