"""The revisions of the records, and the record that they merge to."""

from uuid import UUID

from ruhu.revisions.merge import MergedRecord, merge_revisions
from ruhu.revisions.revision import Revision, with_known_ancestors
from ruhu.store.sqlite_driver import Database

COUNTY_BUNDLE_ID = "answer"
"""Stands for the bundle of revisions that came from the county and are not sent back to it."""


def revisions_of(db: Database, record_id: UUID) -> list[Revision]:
    """Return all revisions of a record in the order of their ids."""
    rows = db.execute(
        "select body from revision where record_id = ? order by revision_id", [str(record_id)]
    )
    return [Revision.model_validate_json(row[0]) for row in rows.fetchall()]


def current_record(db: Database, record_id: UUID) -> MergedRecord:
    """Merge a record's revisions. Raises `KeyError` if it has none.

    Revisions with missing ancestors, as after restoring a backup, are held back: a change made
    to such a record would undo what is not seen here.
    """
    revisions = revisions_of(db, record_id)
    if not revisions:
        raise KeyError(record_id)
    return merge_revisions(with_known_ancestors(revisions))


def heads(db: Database, record_id: UUID) -> list[str]:
    """Return the ids of the revisions that a change builds on.

    While sides are in conflict it is one of them, so that nobody settles by accident what the county
    must decide.
    """
    try:
        state = current_record(db, record_id)
    except KeyError:
        return []
    sides = state.heads[:1] if state.conflicts else state.heads
    return [str(side.revision_id) for side in sides]


def insert_revision(db: Database, revision: Revision, *, bundle_id: str | None = None) -> bool:
    """Insert a revision; return whether it was new."""
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
