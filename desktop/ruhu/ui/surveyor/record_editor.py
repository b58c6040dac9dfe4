"""The record being edited: its document, undo, saving, and its visit.

Screens show what the editor emits and pass it what was typed. Every write goes to the store's
thread through the function that the editor is given.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ruhu.errors import UserError
from ruhu.store.record_list import Summary
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.changes.returned import returned_survey
from ruhu.ui.surveyor.form.form_model import get_fact, set_fact
from ruhu.ui.surveyor.record_edits import (
    id_numbers,
    item_key,
    require_valid,
    with_identity,
    with_items,
    with_renamed_item,
    with_visit,
)
from ruhu.ui.surveyor.undo_history import UndoHistory, UndoSnapshot, UndoStep

DuplicatePersons = dict[str, list[Summary]]
"""Other records in which a member is registered too, by the id number."""


class RunOnStore(Protocol):
    """Runs a job on the store's thread; the callbacks run on the interface thread."""

    def __call__(
        self,
        job: Callable[[Store], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> None: ...


class RecordEditor(QObject):
    """Edits one record at a time; an empty document means that none is open.

    `opened` has the field to focus, `changed` and `undo_applied` the changed path, empty for the
    whole record. `document_changed` follows each change, also one that no field shows.
    `list_changed` asks for a refresh of the record list.
    """

    opened = Signal(str)
    changed = Signal(str)
    document_changed = Signal()
    undo_applied = Signal(str)
    saved = Signal(object, int)
    duplicates_found = Signal()
    removed = Signal()
    list_changed = Signal()
    failed = Signal(object)

    def __init__(self, run: RunOnStore) -> None:
        super().__init__()
        self._run = run
        self.surveyor = ""
        self.record_id: UUID | None = None
        self.document: Document = {}
        self.conflicting_paths: list[str] = []
        self.duplicates: DuplicatePersons = {}
        # The document of the record's revisions, or None if the open visit was begun earlier.
        self._saved_document: Document | None = None
        self._history = UndoHistory()
        self._unsaved = False

    @property
    def kind(self) -> str:
        """The kind of the record."""
        return str(self.document.get("kind", "household"))

    # Opening

    def resume(self, otherwise: Callable[[], None]) -> None:
        """Open the record and field of the last open visit, or call `otherwise`."""

        def job(store: Store) -> tuple[UUID, str, Document] | None:
            position = store.records.resume_position()
            return None if position is None else (*position, store.records.document(position[0]))

        def done(position: tuple[UUID, str, Document] | None) -> None:
            if position is None:
                otherwise()
                return
            record_id, field, document = position
            self._load(record_id, document)
            self.opened.emit(field)

        self._run(job, done)

    def open_record(self, record_id: UUID, field: str = "") -> None:
        """Save the current record and open another one."""
        self.save(field="")

        def job(store: Store) -> tuple[Document, bool, list[str]]:
            return (
                store.records.document(record_id),
                store.records.has_draft(record_id),
                store.records.conflicting_paths(record_id),
            )

        def done(result: tuple[Document, bool, list[str]]) -> None:
            document, has_draft, conflicting_paths = result
            self._load(record_id, document)
            self.conflicting_paths = conflicting_paths
            self._saved_document = None if has_draft else document
            self.opened.emit(field)

        self._run(job, done)

    def new_record(self, kind: str) -> None:
        """Add a record of a kind, surveyed today, in the village of the current record."""
        self.save(field="")
        document = with_visit({"kind": kind}, self.surveyor)
        address = self.document.get("place")
        if isinstance(address, dict):
            document["place"] = {k: v for k, v in address.items() if k != "group"}

        def done(record_id: UUID) -> None:
            self._load(record_id, {**document, "record_id": str(record_id)})
            self.opened.emit("")
            self.list_changed.emit()

        self._run(lambda store: store.records.add(document), done)

    def _load(self, record_id: UUID, document: Document) -> None:
        self.record_id, self.document, self._saved_document = record_id, document, None
        self.conflicting_paths = []
        self._history.clear()
        self._unsaved = False
        self.document_changed.emit()
        self._find_duplicates()

    def _find_duplicates(self) -> None:
        """Look for the record's members in other records."""
        record_id, numbers = self.record_id, id_numbers(self.document)
        if record_id is None:
            return

        def done(duplicates: DuplicatePersons) -> None:
            if record_id == self.record_id:
                self.duplicates = duplicates
                self.duplicates_found.emit()

        self._run(lambda store: store.records.find_other_holders(record_id, numbers), done)

    @property
    def duplicate_records(self) -> list[Summary]:
        """The other records in which a member is registered too, each once."""
        return list({s.record_id: s for found in self.duplicates.values() for s in found}.values())

    # Editing

    def set_value(self, path: str, value: Any) -> None:
        """Change a fact; `save` makes it durable.

        `None` removes the value, `NOT_KNOWN` records that nobody in the home knew it.
        """
        if get_fact(self.document, path, self.kind) == value:
            return
        document = set_fact(self.document, path, value, self.kind)
        self.change(with_identity(document, path, self.kind), path)
        if path.endswith(".id_number"):
            self._find_duplicates()

    def set_items(self, list_path: str, items: list[Document]) -> None:
        """Replace a list, after an item was added or removed, and save."""
        self.replace(with_items(self.document, list_path, items, self.kind), list_path)

    def rename_item(self, list_path: str, old: str, new: str) -> bool:
        """Give an item of a list another key and save; returns False if the key is in use."""
        document = with_renamed_item(self.document, list_path, old, new, self.kind)
        if document is None:
            return False
        self.change(document, list_path)
        self.save(field=f"{list_path}[{new}].{item_key(self.kind, list_path)}")
        return True

    def replace(self, document: Document, path: str = "") -> None:
        """Replace the document as one undo step, and save."""
        self.change(document, path)
        self.save(field=path)

    def change(self, document: Document, path: str) -> None:
        """Replace the document after a change at a path; `save` makes it durable.

        The first change of a record without a survey, as imported from a roster, starts its visit.
        """
        self._history.record(self.document, path, merge=self._unsaved)
        starts_visit = not (
            self.document.get("survey") or document.get("survey") or path.startswith("survey")
        )
        self._set_document(with_visit(document, self.surveyor) if starts_visit else document)
        if starts_visit:
            self.changed.emit("")
        self.changed.emit(path)

    def _set_document(self, document: Document) -> None:
        self.document = document
        self._unsaved = True
        self.document_changed.emit()

    # Undo

    def undo(self) -> None:
        """Undo the last change."""
        self._apply(self._history.undo(self.document))

    def redo(self) -> None:
        """Redo the change that was undone last."""
        self._apply(self._history.redo(self.document))

    def _apply(self, step: UndoStep | None) -> None:
        if step is None:
            return
        self._set_document(step.document)
        self.changed.emit("")
        self.save(field=step.path)
        self.undo_applied.emit(step.path)

    def snapshot(self) -> UndoSnapshot:
        """Return the current document with its undo history."""
        return self._history.snapshot(self.document)

    def restore(self, snapshot: UndoSnapshot) -> None:
        """Return to a snapshot as if nothing had been typed since."""
        if snapshot.document is not self.document:
            self._history.restore(snapshot)
            self._set_document(snapshot.document)
            self.changed.emit("")

    # Saving and the visit

    def save(self, *, field: str) -> None:
        """Save the draft and the field being edited.

        If every change since opening was undone, the draft is dropped: the visit has not begun.
        """
        if not self._unsaved or self.record_id is None:
            return
        record_id, document = self.record_id, self.document
        unchanged = document is self._saved_document
        self._unsaved = False

        def job(store: Store) -> tuple[datetime, int]:
            if unchanged:
                at = store.records.discard_draft(record_id)
            else:
                at = store.records.save_draft(record_id, document, field=field)
            return at, store.outbox.pending_count()

        def failed(error: UserError) -> None:
            self._unsaved = True
            self.failed.emit(error)

        self._run(job, lambda result: self.saved.emit(*result), failed)

    def require_valid(self) -> None:
        """Raise `InvalidRecord` if a fact is invalid."""
        require_valid(self.document)

    def close_visit(self, done: Callable[[], None]) -> None:
        """Close the visit as one revision. Raises `InvalidRecord` if a fact is invalid."""
        self.require_valid()
        record_id, visited = self.record_id, self.document
        if record_id is None:
            return
        self._unsaved, self._saved_document = True, None
        self.save(field="")

        def job(store: Store) -> tuple[int, Document, list[str]]:
            store.records.close_visit(record_id)
            return (
                store.outbox.pending_count(),
                store.records.document(record_id),
                store.records.conflicting_paths(record_id),
            )

        def closed(result: tuple[int, Document, list[str]]) -> None:
            pending, document, conflicting_paths = result
            if record_id == self.record_id and self.document is visited:
                self._show_merged(document, conflicting_paths)
            self.saved.emit(datetime.now().astimezone(), pending)
            self.list_changed.emit()
            done()

        self._run(job, closed)

    def _show_merged(self, document: Document, conflicting_paths: list[str]) -> None:
        """Show the closed record; changes received during the visit were merged into it."""
        differs = document != self.document or conflicting_paths != self.conflicting_paths
        self.document = self._saved_document = document
        self.conflicting_paths = conflicting_paths
        if differs:
            self.document_changed.emit()
            self.changed.emit("")

    @property
    def is_changed(self) -> bool:
        """Whether the record was changed since its last visit was closed."""
        return self.record_id is not None and self.document is not self._saved_document

    @property
    def is_closed(self) -> bool:
        """Whether the record was visited, is unchanged since, and was not sent back."""
        visited = (self.document.get("survey") or {}).get("date")
        return bool(visited) and not self.is_changed and returned_survey(self.document) is None

    def discard_visit(self) -> None:
        """Discard the unsaved visit. A record without any revision is removed, emitting `removed`."""
        record_id = self.record_id
        if record_id is None:
            return
        self._unsaved = False

        def job(store: Store) -> bool:
            store.records.discard_draft(record_id)
            return not store.records.revisions(record_id)

        def done(is_removed: bool) -> None:
            self.list_changed.emit()
            if is_removed:
                self.record_id, self.document, self._saved_document = None, {}, None
                self.removed.emit()
            else:
                self.open_record(record_id)

        self._run(job, done)
