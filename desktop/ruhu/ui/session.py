"""The record being worked on: its document, undo and redo, saving and assessing.

Screens show what the session tells and hand it what was typed; every write goes through here to
the store's thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from uuid_utils.compat import uuid7

from ruhu.policy.assessment import assess
from ruhu.policy.comparison import Change, compare
from ruhu.policy.finding import Assessment
from ruhu.policy.housing_options import HousingOption, housing_options
from ruhu.policy.indicators import indicators_by_county
from ruhu.policy.standards import StandardsBook
from ruhu.store.index import Progress, Search, Summary
from ruhu.store.intake import Intake, plan_intake, take_in
from ruhu.store.pictures import Picture, read_picture
from ruhu.store.standards import Shelf, load_shelf, take_in_standards
from ruhu.store.store import Store
from ruhu.survey.addressing import get_value, put_value
from ruhu.survey.facts import catalogue, plain
from ruhu.survey.id_number import IdNumber, read_id_number
from ruhu.survey.not_known import clear_mark
from ruhu.survey.papers import Paper, Purpose, with_paper
from ruhu.survey.record import parse_draft
from ruhu.survey.reshaping import join, split
from ruhu.survey.roster.reading import Roster, read_roster
from ruhu.survey.sent_back import seen_to, sent_back_of
from ruhu.survey.signature import SignedHow, sign
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError, UserErrors
from ruhu.ui.form_model import get_fact, problems_of, put_fact
from ruhu.ui.worker import Worker

MOST_UNDO = 200


@dataclass(frozen=True, slots=True)
class Advice:
    """What changes between the texts, and the house rebuilt or repaired."""

    changes: tuple[Change, ...]
    options: tuple[HousingOption, ...]


PAGE = 200
"""Rows of the list that are fetched at once: some screens full."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of the list that a search leaves: its rows from `start` on, of `found` in all."""

    search: Search
    start: int
    rows: list[Summary]
    found: int
    progress: Progress


class Session(QObject):
    """One open store and the record in hand."""

    listed = Signal(object)
    opened = Signal(object)
    changed = Signal(str)
    saved = Signal(object, int)
    assessed = Signal(object)
    held = Signal(object)
    failed = Signal(object)
    closing = Signal()

    def __init__(self, store: Store, worker: Worker, assessor: Worker) -> None:
        super().__init__()
        self._store, self._worker, self._assessor = store, worker, assessor
        self.record_id: UUID | None = None
        self.document: Document = {}
        self.surveyor = store.surveyor
        self.shelf = load_shelf(store)
        self._undo: list[tuple[Document, str]] = []
        self._redo: list[tuple[Document, str]] = []
        self._unsaved = False
        self._wanted = 0
        self._pictures: Worker | None = None
        self._search = Search()
        worker.failed.connect(self.failed)
        assessor.failed.connect(self.failed)

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
        self, search: Search | None = None, *, start: int = 0, most: int = PAGE
    ) -> None:
        """Ask for a part of the list, of the search before where none is given; `listed` brings it."""
        self._search = wanted = search or self._search

        def job() -> Listing:
            rows = self._store.summaries(wanted, start=start, most=most)
            found = self._store.count_found(wanted)
            return Listing(wanted, start, rows, found, self._store.progress())

        self._worker.submit(job, self.listed.emit)

    def change_route(self, change: Callable[[list[UUID]], list[UUID]]) -> None:
        """Change today's route and show the list again."""
        self._worker.submit(
            lambda: self._store.set_route(change(self._store.route)), lambda _: self.list_records()
        )

    # The record in hand

    def resume(self, otherwise: Callable[[], None]) -> None:
        """Open the record and field that were being worked on, if a visit is open."""

        def job() -> tuple[UUID, str, Document] | None:
            place = self._store.resume_place()
            return None if place is None else (*place, self._store.document(place[0]))

        def done(place: tuple[UUID, str, Document] | None) -> None:
            if place is None:
                otherwise()
                return
            self._take(place[0], place[2])
            self.opened.emit(place[1])

        self._worker.submit(job, done)

    def open_record(self, record_id: UUID, field: str = "") -> None:
        """Open a record; what was typed in the one before is saved first."""
        self.save(field="")

        def done(document: Document) -> None:
            self._take(record_id, document)
            self.opened.emit(field)

        self._worker.submit(lambda: self._store.document(record_id), done)

    def reload(self) -> None:
        """Show the list and the record in hand anew, as the county's answer left them."""
        self.list_records()
        if self.record_id is not None:
            self.open_record(self.record_id)

    def new_record(self, kind: str, today: date) -> None:
        """Begin a record, dated today, by this worker."""
        self.save(field="")
        document: Document = {
            "kind": kind,
            "survey": {"date": today.isoformat(), "surveyor": self.surveyor},
        }
        place = self.document.get("place")
        if isinstance(place, dict):
            document["place"] = {k: v for k, v in place.items() if k != "group"}

        def done(record_id: UUID) -> None:
            self._take(record_id, {**document, "record_id": str(record_id)})
            self.opened.emit("")
            self.list_records()

        self._worker.submit(lambda: self._store.add_record(document), done)

    def _take(self, record_id: UUID, document: Document) -> None:
        self.record_id, self.document = record_id, document
        self._undo, self._redo, self._unsaved = [], [], False
        self.assess()
        self._ask_who_is_held()

    def set_value(self, path: str, value: Any) -> None:
        """Change a fact as it is typed; `save` makes it durable. `None` takes it away, `NOT_KNOWN`
        says that it was asked in vain.
        """
        if get_fact(self.document, path, self.kind) == value:
            return
        self._remember(path)
        self._change(self._with_identity(put_fact(self.document, path, value, self.kind), path))
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
                self.held.emit(found)

        self._worker.submit(lambda: self._store.held_elsewhere(record_id, numbers), told)

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
        self._remember(list_path)
        document = put_value(self.document, list_path, items, self.kind)
        key = catalogue(self.kind)[plain(list_path)].item_key or ""
        kept = {str(item.get(key)) for item in items}
        for item in get_value(self.document, list_path, self.kind) or []:
            if str(item.get(key)) not in kept:
                document = clear_mark(document, f"{list_path}[{item.get(key)}]")
        self._change(document)
        self.changed.emit(list_path)
        self.save(field=list_path)

    def split(self, member_ids: Sequence[str], done: Callable[[], None]) -> None:
        """Move members of the household in hand into one of their own, which is then in hand."""
        document, new_id = self.document, uuid7()
        rest, new = split(document, member_ids, str(new_id))
        self.save(field="")

        def made(_: object) -> None:
            self.list_records()
            self.open_record(new_id)
            done()

        self._worker.submit(lambda: self._store.reshape([rest, new], [], reason="split"), made)

    def join(self, other: UUID, done: Callable[[list[Text]], None]) -> None:
        """Take another household into the one in hand; `done` gets what stood differently there."""
        record_id, document = self.record_id, self.document
        if record_id is None or other == record_id:
            return
        self.save(field="")

        def job() -> list[Text]:
            joined, differing = join(document, self._store.document(other))
            self._store.reshape([joined], [other], reason="join")
            return differing

        def made(differing: list[Text]) -> None:
            self.list_records()
            self.open_record(record_id)
            done(differing)

        self._worker.submit(job, made)

    def replace(self, document: Document) -> None:
        """Put a changed document in the place of the one in hand, as one step to undo, and save."""
        self._remember("")
        self._change(document)
        self.changed.emit("")
        self.save(field="")

    def add_pictures(
        self, sources: Sequence[tuple[str, Callable[[], bytes]]], purpose: Purpose
    ) -> None:
        """Add pictures, each a name and what reads it, to the record in hand; faulty ones are told
        by `failed`, the others are added all the same.
        """
        record_id = self.record_id
        if record_id is None:
            return
        self._pictures = self._pictures or Worker("pictures")

        def job() -> tuple[list[Picture], list[Text]]:
            found, faults = [], []
            for name, read in sources:
                try:
                    found.append(read_picture(name, read()))
                except OSError:
                    faults.append(Text(f"{name}：打不开", f"{name}: cannot be opened"))
                except UserError as error:
                    faults.append(error.text)
            return found, faults

        def keep(pictures: list[Picture]) -> Callable[[Store], None]:
            def each(store: Store) -> None:
                for picture in pictures:
                    store.keep_paper(record_id, picture)

            return each

        def read(answer: tuple[list[Picture], list[Text]]) -> None:
            pictures, faults = answer
            if pictures:
                self.run(
                    keep(pictures), lambda _: self._name_pictures(record_id, pictures, purpose)
                )
            if faults:
                self.failed.emit(UserErrors(faults))

        self._pictures.submit(job, read, self.failed.emit)

    def _name_pictures(self, record_id: UUID, pictures: list[Picture], purpose: Purpose) -> None:
        if record_id != self.record_id:
            return
        document = self.document
        for picture in pictures:
            where = (picture.latitude, picture.longitude)
            paper = Paper(picture.digest, purpose, picture.taken_at, *where)
            document = with_paper(document, paper)
        self.replace(document)

    def _remember(self, path: str) -> None:
        # Letters typed one after the other into one field are one step back.
        if not (self._undo and self._undo[-1][1] == path and self._unsaved):
            self._undo = [*self._undo, (self.document, path)][-MOST_UNDO:]
        self._redo = []

    def _change(self, document: Document) -> None:
        self.document = document
        self._unsaved = True
        self.assess()

    def undo(self) -> None:
        """Take the last change back."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Make the change taken back again."""
        self._step(self._redo, self._undo)

    def _step(self, source: list[tuple[Document, str]], target: list[tuple[Document, str]]) -> None:
        if not source:
            return
        document, path = source.pop()
        target.append((self.document, path))
        self._change(document)
        self.changed.emit("")
        self.save(field=path)

    def save(self, *, field: str) -> None:
        """Make what was typed durable, and remember the field."""
        if not self._unsaved or self.record_id is None:
            return
        record_id, document = self.record_id, self.document
        self._unsaved = False

        def job() -> tuple[datetime, int]:
            at = self._store.save_draft(record_id, document, field=field)
            return at, self._store.pending_count()

        def failed(error: UserError) -> None:
            self._unsaved = True
            self.failed.emit(error)

        self._worker.submit(job, lambda answer: self.saved.emit(*answer), failed)

    def sign_and_close(
        self, *, by: str, how: SignedHow, drawn: bytes | None, done: Callable[[], None]
    ) -> None:
        """Put the householder's signature under the survey, seal it, and close the visit.

        `drawn` is the picture of a signature on the screen. Raises `UserError` as `close_visit`.
        """
        self.require_sound()
        today, record_id = date.today(), self.record_id  # noqa: DTZ011 - the day on the worker's wall
        if record_id is None:
            return

        def keep(store: Store) -> str:
            if drawn is None:
                return ""
            picture = read_picture("signature", drawn)
            store.keep_paper(record_id, picture)
            return picture.digest

        def kept(digest: str) -> None:
            if record_id != self.record_id:
                return
            document = self.document
            if digest:
                document = with_paper(document, Paper(digest, Purpose.SIGNATURE))
            self.replace(sign(document, by=by, on=today, how=how, paper=digest))
            self.close_visit(done)

        self.run(keep, kept)

    def require_sound(self) -> None:
        """Raise `UserError` while a fact has a problem."""
        problems = problems_of(self.document)
        if problems:
            first = next(iter(problems.values()))
            raise UserError(
                Text(
                    f"还有{len(problems)}处要改：{first.text.zh}",
                    f"{len(problems)} facts need mending: {first.text.en}",
                )
            )

    def close_visit(self, done: Callable[[], None]) -> None:
        """Close the visit as one revision. Raises `UserError` while a fact has a problem."""
        self.require_sound()
        record_id = self.record_id
        if record_id is None:
            return
        self._unsaved = True
        self.save(field="")

        def job() -> int:
            self._store.close_visit(record_id)
            return self._store.pending_count()

        def closed(pending: int) -> None:
            if record_id == self.record_id and sent_back_of(self.document) is not None:
                self.document = seen_to(self.document)
                self.changed.emit("")
            self.saved.emit(datetime.now().astimezone(), pending)
            self.list_records()
            done()

        self._worker.submit(job, closed)

    # Assessing

    def assess(self) -> None:
        """Assess the document as it is being typed; only the latest answer is told."""
        self._wanted += 1
        wanted, document, standards = self._wanted, self.document, self.standards

        def job() -> Assessment | None:
            if wanted != self._wanted or not document:
                return None
            try:
                parsed, _ = parse_draft(document)
            except UserError:
                return None
            on = None if parsed.record.survey.date else date.today()  # noqa: DTZ011
            return assess(parsed, on=on, standards=standards)

        def done(assessment: Assessment | None) -> None:
            if assessment is not None and wanted == self._wanted:
                self.assessed.emit(assessment)

        self._assessor.submit(job, done, lambda error: self.failed.emit(error))

    # Rosters, slips, bundles, settings

    def advise(self, done: Callable[[Advice], None]) -> None:
        """Work out what the two texts and the two ways of renovating mean for the record."""
        document, standards = self.document, self.standards

        def job() -> Advice:
            parsed, _ = parse_draft(document)
            options = (
                housing_options(parsed, standards=standards)
                if parsed.record.kind == "household"
                else ()
            )
            return Advice(compare(parsed, standards=standards), options)

        self._assessor.submit(job, done)

    def indicators(self, done: Callable[[list[Assessment]], None]) -> None:
        """Work out the counties' rates from the households on this laptop."""
        self.save(field="")
        today = date.today()  # noqa: DTZ011

        def job() -> list[Assessment]:
            drafts = [self._store.document(s.record_id) for s in self._store.summaries()]
            records = [parse_draft(document)[0] for document in drafts]
            surveyed = any(p.record.survey.date for p in records)
            return indicators_by_county(records, None if surveyed else today)

        self._worker.submit(job, done)

    def preview_roster(self, path: Path, done: Callable[[Roster, Intake], None]) -> None:
        """Read a roster and work out what it would change; stores nothing."""

        def job() -> tuple[Roster, Intake]:
            try:
                data = path.read_bytes()
            except OSError as error:
                raise UserError(
                    Text(f"{path.name} 打不开（{error.strerror}）", f"{path.name} cannot be opened")
                ) from None
            roster = read_roster(data)
            return roster, plan_intake(self._store, roster)

        self._worker.submit(job, lambda answer: done(*answer))

    def import_roster(self, intake: Intake, done: Callable[[], None]) -> None:
        """Store a previewed roster."""

        def stored(_: object) -> None:
            self.list_records()
            done()

        self._worker.submit(lambda: take_in(self._store, intake), stored)

    def write_households(
        self, search: Search, path: Path, done: Callable[[int, int], None]
    ) -> None:
        """Write the households a search finds to a file by its ending; `done` gets their number
        and that of the persons.
        """
        self.save(field="")

        def job() -> tuple[int, int]:
            from ruhu.county.register import write_register

            found = self._store.summaries(search)
            documents = (self._store.document(s.record_id) for s in found)
            return len(found), write_register(documents, path)

        self._worker.submit(job, lambda counts: done(*counts))

    def write_record(self, path: Path, done: Callable[[], None]) -> None:
        """Write the record in hand as JSON."""
        document = self.document

        def job() -> None:
            from ruhu.county.register import write_record

            write_record(document, path)

        self._worker.submit(job, lambda _: done())

    def run(
        self,
        job: Callable[[Store], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Run a job of a dialog on the store's thread."""
        self._worker.submit(lambda: job(self._store), done, failed)

    def add_standards(
        self, file: Document, done: Callable[[], None], failed: Callable[[UserError], None]
    ) -> None:
        """Use a county's standards, signed or not, beside those of other dates."""

        def added(shelf: Shelf) -> None:
            self.shelf = shelf
            self.assess()
            done()

        self._worker.submit(lambda: take_in_standards(self._store, file), added, failed)

    def close(self) -> None:
        """Save and close the store; the threads end."""
        self.closing.emit()
        self.save(field="")
        self._worker.submit(self._store.close)
        self._worker.stop()
        self._assessor.stop()
        if self._pictures is not None:
            self._pictures.stop()
