"""One open store: its threads, the record list, and the county's standards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ruhu.errors import UserError
from ruhu.policy.standards.model import StandardsBook
from ruhu.store.record_list import Summary, VisitProgress
from ruhu.store.search import Search
from ruhu.store.standards import CountyStandards
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.surveyor.assessment_runner import AssessmentRunner
from ruhu.ui.surveyor.record_editor import RecordEditor

PAGE_SIZE = 200
"""Rows of the list that are fetched at once: some screens full."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of the record list: rows from `start` on, of `total` matches in all."""

    search: Search
    start: int
    rows: list[Summary]
    total: int
    progress: VisitProgress


class Session(QObject):
    """One open store with its record editor and assessments.

    It exists before the passphrase is known, so that the window can be built on it; `attach_store`
    completes it. `search` is the last one requested, `result_count` the records that it matches.
    """

    listed = Signal(object)
    failed = Signal(object)
    closing = Signal()

    _store: Store

    def __init__(self, worker: Worker, assessor: Worker) -> None:
        super().__init__()
        self._worker, self._assessor = worker, assessor
        self._reader: Worker | None = None
        self.search = Search()
        self.result_count = 0
        self.county_standards = CountyStandards.of([])
        self.editor = RecordEditor(self.run)
        self.assessments = AssessmentRunner(assessor)
        self.editor.document_changed.connect(self._assess)
        self.editor.list_changed.connect(self.list_records)
        self.editor.failed.connect(self.failed)

    def attach_store(self, store: Store) -> None:
        """Start working on an open store."""
        self._store = store
        self.editor.surveyor = store.identity.surveyor
        self.county_standards = store.standards.load()
        for worker in (self._worker, self._assessor):
            worker.failed.connect(self.failed)

    @property
    def store(self) -> Store:
        """The open store, for tests and tools that run no job meanwhile; others use `run`."""
        return self._store

    @property
    def standards(self) -> StandardsBook:
        """The county's standards known to this laptop."""
        return self.county_standards.book

    @property
    def surveyor(self) -> str:
        """The name of the person who works here."""
        return self.editor.surveyor

    @property
    def busy(self) -> bool:
        """Whether jobs of the store or the assessments are waiting or running."""
        return self._worker.busy or self.assessments.busy

    def set_surveyor(self, name: str) -> None:
        """Store the name of the person who works here; it is written into new visits."""
        self.editor.surveyor = name
        self.run(lambda store: setattr(store, "surveyor", name))

    # The list

    def list_records(
        self, search: Search | None = None, *, start: int = 0, limit: int = PAGE_SIZE
    ) -> None:
        """Request a page of the list, by default of the last search; emits `listed`."""
        self.search = search = search or self.search

        def job(store: Store) -> RecordPage:
            rows = store.records.summaries(search, start=start, limit=limit)
            return RecordPage(
                search, start, rows, store.records.count(search), store.records.progress()
            )

        def done(page: RecordPage) -> None:
            self.result_count = page.total
            self.listed.emit(page)

        self.run(job, done)

    def change_route(self, change: Callable[[list[UUID]], list[UUID]]) -> None:
        """Change today's route and refresh the list."""
        self.run(
            lambda store: store.records.set_route(change(store.records.route)),
            lambda _: self.list_records(),
        )

    def reload(self) -> None:
        """Reload the standards, the list and the current record after an import."""
        self.run(lambda store: store.standards.load(), self._use_standards)
        self.list_records()
        if self.editor.record_id is not None:
            self.editor.open_record(self.editor.record_id)

    # Assessments and standards

    def _assess(self) -> None:
        self.assessments.assess(self.editor.document, self.standards)

    def _use_standards(self, shelf: CountyStandards) -> None:
        self.county_standards = shelf
        self._assess()

    def add_standards(
        self, file: Document, done: Callable[[], None], failed: Callable[[UserError], None]
    ) -> None:
        """Add a county's standards, signed or not, to those of other dates."""

        def added(shelf: CountyStandards) -> None:
            self._use_standards(shelf)
            done()

        self.run(lambda store: store.standards.add(file), added, failed)

    # Threads

    def run(
        self,
        job: Callable[[Store], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Run a job on the store's thread."""
        self._worker.submit(lambda: job(self._store), done, failed)

    def run_on_reader(
        self, job: Callable[[], Any], done: Callable[[Any], None] | None = None
    ) -> None:
        """Run a long job that needs no store on another thread, so that saving does not wait for it."""
        self._reader = self._reader or Worker("reader")
        self._reader.submit(job, done, self.failed.emit)

    def close(self) -> None:
        """Save, close the store and end the threads."""
        self.closing.emit()
        self.editor.save(field="")
        self._worker.submit(self._store.close)
        self._worker.stop()
        self.assessments.stop()
        if self._reader is not None:
            self._reader.stop()
