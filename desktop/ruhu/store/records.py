"""The records of a store: drafts, visits, revisions, the list and the search."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from ruhu.clock import Clock
from ruhu.revisions.merge import MergedRecord
from ruhu.revisions.revision import Reason, Revision
from ruhu.store.drafts import delete_draft, draft_of, has_draft, parents_of_change, put_draft
from ruhu.store.identity import Identity
from ruhu.store.indexing import list_record, reindex, status_of
from ruhu.store.record_list import BEGUN, DONE, TO_VISIT, Summary, VisitProgress, count_progress
from ruhu.store.revision_table import current_record, insert_revision, revisions_of
from ruhu.store.route import route_of, set_route
from ruhu.store.search import (
    Search,
    count_matches,
    find_other_holders,
    find_summaries,
    remove_from_index,
)
from ruhu.store.settings import Settings
from ruhu.store.sqlite_driver import Database, transaction
from ruhu.strict_json import Document
from ruhu.survey.changes.returned import mark_resolved
from ruhu.survey.validation.validate import to_document

ALL_RECORDS = Search()


class Records:
    """The records of an open store. Every change is durable when its method returns."""

    def __init__(self, db: Database, settings: Settings, identity: Identity, clock: Clock) -> None:
        self._db, self._settings = db, settings
        self._identity, self._clock = identity, clock

    # Visits

    def add(self, document: Document) -> UUID:
        """Create a record as a draft and return its id."""
        record_id = UUID(str(document.get("record_id") or uuid7()))
        self.save_draft(record_id, {**document, "record_id": str(record_id)}, field="")
        return record_id

    def save_draft(self, record_id: UUID, document: Document, *, field: str) -> datetime:
        """Save a draft and the field that the cursor is in. Returns the time of saving."""
        at = self._clock()
        with transaction(self._db):
            put_draft(self._db, record_id, document, at)
            self._settings.set("resume", [str(record_id), field])
            list_record(self._db, record_id, document, BEGUN, at)
        return at

    def discard_draft(self, record_id: UUID) -> datetime:
        """Discard the open draft; return the time. A record that has no revisions is removed."""
        at = self._clock()
        with transaction(self._db):
            revisions = self.revisions(record_id)
            discarded = delete_draft(self._db, record_id)
            if not revisions:
                remove_from_index(self._db, record_id)
            elif discarded:
                ours = any(
                    r.reason == "visit" and r.device_id == self._identity.device_id
                    for r in revisions
                )
                reindex(self._db, [record_id], at, DONE if ours else TO_VISIT)
        return at

    def resume_position(self) -> tuple[UUID, str] | None:
        """Return the record and field last edited, if that visit is still open."""
        saved = self._settings.get("resume", None)
        if not saved or not self.has_draft(UUID(saved[0])):
            return None
        return UUID(saved[0]), str(saved[1])

    def has_draft(self, record_id: UUID) -> bool:
        """Return whether the record's visit is open."""
        return has_draft(self._db, record_id)

    def close_visit(self, record_id: UUID) -> Revision | None:
        """Turn the draft into one revision; return `None` if there is no draft."""
        draft = draft_of(self._db, record_id)
        if draft is None:
            return None
        draft = mark_resolved(draft)
        with transaction(self._db):
            revision = self._revise(record_id, draft, "visit")
            delete_draft(self._db, record_id)
            # Others may have changed the record meanwhile: what is listed is the merged one.
            merged = self.current(record_id).document or draft
            list_record(self._db, record_id, merged, DONE, self._clock())
        return revision

    # Documents

    def document(self, record_id: UUID) -> Document:
        """Return the draft if there is one, otherwise the merged document. Raises `KeyError`."""
        draft = draft_of(self._db, record_id)
        if draft is not None:
            return draft
        document = self.current(record_id).document
        if document is None:
            raise KeyError(record_id)
        return document

    def current(self, record_id: UUID) -> MergedRecord:
        """Merge the record's revisions. Raises `KeyError` if it has none."""
        return current_record(self._db, record_id)

    def revisions(self, record_id: UUID) -> list[Revision]:
        """Return all revisions of a record."""
        return revisions_of(self._db, record_id)

    def conflicting_paths(self, record_id: UUID) -> list[str]:
        """Return the paths of facts that two sides recorded differently and the county must decide."""
        if not self.revisions(record_id):
            return []
        return sorted(conflict.path for conflict in self.current(record_id).conflicts)

    def import_documents(self, documents: Sequence[Document], *, reason: Reason = "roster") -> None:
        """Import documents atomically, each as one revision."""
        with transaction(self._db):
            for document in documents:
                record_id = UUID(str(document["record_id"]))
                clean = to_document(document)
                status = status_of(self._db, record_id) or TO_VISIT
                self._revise(record_id, clean, reason)
                list_record(self._db, record_id, clean, status, self._clock())

    def replace(
        self, documents: Sequence[Document], removed: Sequence[UUID], *, reason: Reason
    ) -> None:
        """Change some records and remove others atomically, each by one revision.

        An open visit stays open and continues from the new document.
        """
        with transaction(self._db):
            for document in documents:
                self._replace_one(UUID(str(document["record_id"])), to_document(document), reason)
            for record_id in removed:
                self._revise(record_id, None, reason)
                delete_draft(self._db, record_id)
                remove_from_index(self._db, record_id)

    def _replace_one(self, record_id: UUID, document: Document, reason: Reason) -> None:
        status = status_of(self._db, record_id) or TO_VISIT
        revision = self._revise(record_id, document, reason)
        if self.has_draft(record_id):
            base = [str(revision.revision_id)]
            put_draft(self._db, record_id, document, self._clock(), base)
            list_record(self._db, record_id, document, BEGUN, self._clock())
        else:
            reindex(self._db, [record_id], self._clock(), status)

    def _revise(self, record_id: UUID, document: Document | None, reason: Reason) -> Revision:
        revision = Revision(
            revision_id=uuid7(),
            record_id=record_id,
            parents=tuple(map(UUID, parents_of_change(self._db, record_id))),
            device_id=self._identity.device_id,
            author=self._identity.surveyor,
            at=self._clock(),
            reason=reason,
            document=document,
        )
        insert_revision(self._db, revision)
        return revision

    # List and search

    def find_by_household_no(self, household_no: str) -> list[UUID]:
        """Return the records with a household number."""
        rows = self._db.execute(
            "select record_id from record where household_no = ? order by record_id", [household_no]
        )
        return [UUID(row[0]) for row in rows.fetchall()]

    def find_other_holders(
        self, record_id: UUID, id_numbers: Sequence[str]
    ) -> dict[str, list[Summary]]:
        """Return, by id number, the other records that have a person with that number."""
        return find_other_holders(self._db, record_id, id_numbers)

    def summaries(
        self, search: Search = ALL_RECORDS, *, start: int = 0, limit: int | None = None
    ) -> list[Summary]:
        """Return the matching rows of the list from the position `start`, at most `limit`."""
        return find_summaries(self._db, search, start=start, limit=limit)

    def count(self, search: Search = ALL_RECORDS) -> int:
        """Count the records that match a search."""
        return count_matches(self._db, search)

    def progress(self) -> VisitProgress:
        """Count the households by status."""
        return count_progress(self._db)

    @property
    def route(self) -> list[UUID]:
        """Today's route: record ids in visiting order."""
        return route_of(self._db)

    def set_route(self, records: Sequence[UUID]) -> None:
        """Replace today's route."""
        with transaction(self._db):
            set_route(self._db, records)
