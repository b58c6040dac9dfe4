"""Keep the record list and the search index in step with the documents."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ruhu.store.drafts import has_draft
from ruhu.store.record_list import SENT_BACK, TO_VISIT, put_summary, summary_row
from ruhu.store.revision_table import current_record
from ruhu.store.search import index_people, remove_from_index
from ruhu.store.sqlite_driver import Database
from ruhu.strict_json import Document
from ruhu.survey.changes.returned import returned_survey


def status_of(db: Database, record_id: UUID) -> str | None:
    """Return a record's status in the list, `None` if it is not listed."""
    row = db.execute("select status from record where record_id = ?", [str(record_id)]).fetchone()
    return row[0] if row else None


def list_record(
    db: Database, record_id: UUID, document: Document, status: str, at: datetime
) -> None:
    """Update a record's row in the list and its people in the search index."""
    put_summary(db, summary_row(record_id, document, status, at.isoformat()))
    index_people(db, record_id, document)


def reindex(db: Database, records: Iterable[UUID], at: datetime, status: str | None = None) -> None:
    """List records as their revisions leave them, except those with an open visit."""
    for record_id in records:
        if has_draft(db, record_id):
            continue
        document = current_record(db, record_id).document
        if document is None:
            remove_from_index(db, record_id)
        elif returned_survey(document) is not None:
            list_record(db, record_id, document, SENT_BACK, at)
        else:
            new_status = status or status_of(db, record_id) or TO_VISIT
            list_record(db, record_id, document, new_status, at)
