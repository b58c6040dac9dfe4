"""Drafts: the records whose visit is open, as typed so far."""

import json
from datetime import datetime
from uuid import UUID

from ruhu.store.record_list import to_json
from ruhu.store.revision_table import heads
from ruhu.store.sqlite_driver import Database
from ruhu.strict_json import Document


def draft_of(db: Database, record_id: UUID) -> Document | None:
    """Return a record's draft, `None` if no visit is open."""
    row = db.execute("select document from draft where record_id = ?", [str(record_id)]).fetchone()
    return json.loads(row[0]) if row else None


def has_draft(db: Database, record_id: UUID) -> bool:
    """Return whether a record's visit is open."""
    row = db.execute("select 1 from draft where record_id = ?", [str(record_id)])
    return row.fetchone() is not None


def put_draft(
    db: Database,
    record_id: UUID,
    document: Document,
    at: datetime,
    base: list[str] | None = None,
) -> None:
    """Save a draft.

    A new draft builds on the record's heads. `base` replaces the revisions that an open one builds on.
    """
    if base is None and not has_draft(db, record_id):
        base = heads(db, record_id)
    base_json = None if base is None else json.dumps(base)
    # Runs for every field that is left. Plain SQL: the library's upsert reads the table's schema each time.
    db.execute(
        "insert into draft (record_id, document, changed_at, base) values (?, ?, ?, coalesce(?, '[]')) "
        "on conflict (record_id) do update set document = excluded.document, "
        "changed_at = excluded.changed_at, base = coalesce(?, base)",
        [str(record_id), to_json(document), at.isoformat(), base_json, base_json],
    )


def delete_draft(db: Database, record_id: UUID) -> bool:
    """Delete a draft; return whether there was one."""
    deleted = db.execute("delete from draft where record_id = ?", [str(record_id)])
    return bool(deleted.rowcount)


def parents_of_change(db: Database, record_id: UUID) -> list[str]:
    """Return the revisions that a change to a record builds on.

    With an open visit these are the heads it began from, without what others sent meanwhile.
    """
    draft = db.execute("select base from draft where record_id = ?", [str(record_id)]).fetchone()
    if draft is not None:
        parents: list[str] = json.loads(draft[0])
        return parents
    return heads(db, record_id)
