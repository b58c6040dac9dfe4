"""Records on the laptop: their revisions, the visit that is open, and how they are listed."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ruhu.revisions.merge import MergedRecord, current
from ruhu.revisions.revision import Revision, with_known_ancestors
from ruhu.store.record_list import SENT_BACK, TO_VISIT, put_summary, summary_row, to_json
from ruhu.store.search import index_people, remove_from_index
from ruhu.store.sqlite_driver import Database
from ruhu.strict_json import Document
from ruhu.survey.changes.returned import sent_back_of

COUNTY_BUNDLE_ID = "answer"
"""Stands for the bundle of revisions that came from the county, and are not to be sent there."""


# Revisions


def revisions_of(db: Database, record_id: UUID) -> list[Revision]:
    """All revisions of a record."""
    rows = db.execute(
        "select body from revision where record_id = ? order by revision_id", [str(record_id)]
    )
    return [Revision.model_validate_json(row[0]) for row in rows.fetchall()]


def current_record(db: Database, record_id: UUID) -> MergedRecord:
    """A record as its revisions leave it. Raises `KeyError` without any.

    What builds on something that has not come yet, as after a copy was put back, waits for it: a change made
    to such a record would undo what is not seen here.
    """
    revisions = revisions_of(db, record_id)
    if not revisions:
        raise KeyError(record_id)
    return current(with_known_ancestors(revisions))


def keep_revision(db: Database, revision: Revision, *, bundle_id: str | None = None) -> bool:
    """Keep a revision; whether it is new."""
    row = [
        str(revision.revision_id),
        str(revision.record_id),
        str(revision.device_id),
        revision.reason,
        revision.model_dump_json(),
        bundle_id,
    ]
    added = db.execute(
        "insert or ignore into revision "
        "(revision_id, record_id, device_id, reason, body, bundle_id) values (?, ?, ?, ?, ?, ?)",
        row,
    )
    return bool(added.rowcount)


def parents_of_change(db: Database, record_id: UUID) -> list[str]:
    """What a change to a record builds on: what its visit began from where one is open, and not what
    others sent meanwhile.
    """
    begun = db.execute("select base from draft where record_id = ?", [str(record_id)]).fetchone()
    if begun is not None:
        parents: list[str] = json.loads(begun[0])
        return parents
    return heads(db, record_id)


def heads(db: Database, record_id: UUID) -> list[str]:
    """All sides of a record, or one of them while they are in conflict, so that nobody settles unknowingly
    what the county is to decide.
    """
    try:
        state = current_record(db, record_id)
    except KeyError:
        return []
    sides = state.heads[:1] if state.conflicts else state.heads
    return [str(side.revision_id) for side in sides]


def pending_count(db: Database) -> int:
    """How many revisions are in no bundle yet."""
    found = db.execute("select count(*) from revision where bundle_id is null")
    return int(found.fetchone()[0])


def pending_revisions(db: Database, device_id: UUID) -> list[Revision]:
    """A device's revisions that are in no bundle yet, the oldest first."""
    rows = db.execute(
        "select body from revision where bundle_id is null and device_id = ? order by rowid",
        [str(device_id)],
    )
    return [Revision.model_validate_json(row[0]) for row in rows.fetchall()]


# The visit that is open


def draft_of(db: Database, record_id: UUID) -> Document | None:
    """A record as it is being typed, `None` where no visit is open."""
    row = db.execute("select document from draft where record_id = ?", [str(record_id)]).fetchone()
    return json.loads(row[0]) if row else None


def has_draft(db: Database, record_id: UUID) -> bool:
    """Whether a record is being worked on."""
    row = db.execute("select 1 from draft where record_id = ?", [str(record_id)])
    return row.fetchone() is not None


def put_draft(
    db: Database,
    record_id: UUID,
    document: Document,
    at: datetime,
    base: list[str] | None = None,
) -> None:
    """Keep a record as it is being typed. A visit that begins builds on the record's sides; `base` names the
    revisions that an open one builds on from now on.
    """
    if base is None and not has_draft(db, record_id):
        base = heads(db, record_id)
    told = None if base is None else json.dumps(base)
    # Written at every field that is left: in SQL, as the library's upsert reads the table's shape anew.
    db.execute(
        "insert into draft (record_id, document, changed_at, base) values (?, ?, ?, coalesce(?, '[]')) "
        "on conflict (record_id) do update set document = excluded.document, "
        "changed_at = excluded.changed_at, base = coalesce(?, base)",
        [str(record_id), to_json(document), at.isoformat(), told, told],
    )


def drop_draft(db: Database, record_id: UUID) -> bool:
    """Let a visit be open no more; whether one was."""
    gone = db.execute("delete from draft where record_id = ?", [str(record_id)])
    return bool(gone.rowcount)


# The list


def status_of(db: Database, record_id: UUID) -> str | None:
    """How a record is listed, `None` where it is not."""
    row = db.execute("select status from record where record_id = ?", [str(record_id)]).fetchone()
    return row[0] if row else None


def list_record(
    db: Database, record_id: UUID, document: Document, status: str, at: datetime
) -> None:
    """List a record as a document has it."""
    put_summary(db, summary_row(record_id, document, status, at.isoformat()))
    index_people(db, record_id, document)


def reindex(db: Database, records: Iterable[UUID], at: datetime, status: str | None = None) -> None:
    """List records as their revisions leave them, but for those that are being worked on."""
    for record_id in records:
        if has_draft(db, record_id):
            continue
        document = current_record(db, record_id).document
        if document is None:
            remove_from_index(db, record_id)
            continue
        told = status or status_of(db, record_id) or TO_VISIT
        told = SENT_BACK if sent_back_of(document) is not None else told
        list_record(db, record_id, document, told, at)
