"""What a person settles: conflicts of a record, and records sent back to their workers."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection, select
from uuid_utils.compat import uuid7

from ruhu.bundle.merge import Current, current
from ruhu.bundle.revision import Reason, Revision
from ruhu.county import tables
from ruhu.county.audit import Act
from ruhu.county.overview import Waiting
from ruhu.county.records import keep_revisions, refresh_records, revisions_of, revisions_of_all
from ruhu.survey.addressing import put_value
from ruhu.survey.sent_back import send_back
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError


def _waiting(record_id: UUID, revisions: list[Revision]) -> Waiting:
    sides = {revision.revision_id: revision for revision in revisions}
    return Waiting(record_id, current(revisions), sides)


def all_waiting(connection: Connection, county: str) -> list[Waiting]:
    """The records with conflicts that wait for a person."""
    record = tables.record
    keys = connection.execute(
        select(record.c.record_id).where(record.c.county == county, record.c.conflicts > 0)
    ).scalars()
    found = revisions_of_all(connection, county, [UUID(key) for key in keys])
    return [_waiting(record_id, revisions) for record_id, revisions in found.items()]


def settle(act: Act, author: str, record_id: UUID, chosen: Mapping[str, Any]) -> None:
    """Settle a record's conflicts: a value for each conflicting path, as one revision of the
    county that builds on all sides. Raises `UserError` when a path was left out.
    """
    state = _state(act, record_id)
    left = [c.path for c in state.conflicts if c.path not in chosen]
    document = state.document
    if left:
        raise UserError(
            Text("还有没选的：{paths}", "not chosen yet: {paths}").format(paths=", ".join(left))
        )
    for path, value in chosen.items():
        if not path:  # one side took the record away
            document = value
        elif document is not None:
            kind = str(document.get("kind", "household"))
            document = put_value(document, path, value, kind)
    revise(act, author, state, record_id, document, "merge")
    act.note("settle", {"record": str(record_id), "paths": sorted(chosen)})


def return_to_worker(act: Act, author: str, record_id: UUID, comment: str) -> None:
    """Send a record back to its worker, who gets it with the county's next answer.

    Raises `UserError` without a comment, or while the record has conflicts.
    """
    state = _state(act, record_id)
    if state.document is None or state.conflicts:
        raise UserError(Text("先核对合并，再退回", "first settle its conflicts, then send it back"))
    document = send_back(state.document, comment=comment, by=author, on=act.at.date())
    revise(act, author, state, record_id, document, "sent_back")
    act.note("send back", {"record": str(record_id)})


def _state(act: Act, record_id: UUID) -> Current:
    return current(revisions_of(act.connection, act.county, record_id))


def revise(
    act: Act,
    author: str,
    state: Current,
    record_id: UUID,
    document: Document | None,
    reason: Reason,
) -> None:
    """Write a revision of the county's own that builds on all sides."""
    revision = Revision(
        revision_id=uuid7(),
        record_id=record_id,
        parents=tuple(head.revision_id for head in state.heads),
        device_id=uuid5(NAMESPACE_OID, f"ruhu county {act.county}"),
        author=author,
        at=act.at,
        reason=reason,
        document=document,
    )
    refresh_records(act, keep_revisions(act.connection, act.county, [revision]))
