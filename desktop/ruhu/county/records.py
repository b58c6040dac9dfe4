"""Revisions and photos as the county keeps them, and what becomes of a record by them."""

import json
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from ruhu.bundle.envelope import Attachment
from ruhu.bundle.merge import current
from ruhu.bundle.revision import Revision, heads
from ruhu.county import tables


def keep_revision(connection: Connection, county: str, revision: Revision) -> bool:
    """Keep a revision; whether it is new."""
    table, key = tables.revision, str(revision.revision_id)
    known = connection.execute(
        select(table.c.revision_id).where(table.c.county == county, table.c.revision_id == key)
    ).first()
    if known is None:
        connection.execute(
            insert(table).values(
                county=county,
                revision_id=key,
                record_id=str(revision.record_id),
                body=revision.model_dump_json(),
            )
        )
    return known is None


def keep_paper(connection: Connection, county: str, paper: Attachment) -> bool:
    """Keep a photo or paper; whether it is new."""
    table = tables.paper
    known = connection.execute(
        select(table.c.digest).where(table.c.county == county, table.c.digest == paper.digest)
    ).first()
    if known is None:
        connection.execute(
            insert(table).values(
                county=county,
                digest=paper.digest,
                record_id=str(paper.record_id),
                media_type=paper.media_type,
                data=paper.data,
            )
        )
    return known is None


def revisions_of(connection: Connection, county: str, record_id: UUID) -> list[Revision]:
    """All revisions of a record."""
    table = tables.revision
    rows = connection.execute(
        select(table.c.body).where(table.c.county == county, table.c.record_id == str(record_id))
    )
    return [Revision.model_validate_json(row.body) for row in rows]


def refresh_record(connection: Connection, county: str, record_id: UUID) -> tuple[int, int]:
    """Work a record's document out anew; returns its heads and open conflicts."""
    table, key = tables.record, str(record_id)
    state = current(revisions_of(connection, county, record_id))
    document = state.document or {}
    registration = document.get("registration") or {}
    values = {
        "kind": str(document.get("kind", "")),
        "village": str((document.get("place") or {}).get("village", "")),
        "household_no": str(registration.get("household_no", "")),
        "document": None if state.document is None else json.dumps(document, ensure_ascii=False),
        "conflicts": len(state.conflicts),
    }
    changed = connection.execute(
        update(table).where(table.c.county == county, table.c.record_id == key).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(insert(table).values(county=county, record_id=key, **values))
    return len(state.heads), len(state.conflicts)


def gaps_of(connection: Connection, county: str, device_id: UUID) -> tuple[int, ...]:
    """The sequence numbers of a device's chain that have not come in."""
    table = tables.bundle
    rows = connection.execute(
        select(table.c.sequence).where(
            table.c.county == county, table.c.device_id == str(device_id)
        )
    )
    found = {row.sequence for row in rows}
    return tuple(sorted(set(range(1, max(found, default=0))) - found))


def lacking_to(connection: Connection, county: str, device_id: UUID) -> list[Revision]:
    """Others' revisions of records that a device has revised and not revised last."""
    table = tables.revision
    marked = f'%"device_id":"{device_id}"%'
    rows = connection.execute(
        select(table.c.record_id)
        .where(table.c.county == county, table.c.body.like(marked))
        .distinct()
    ).all()
    lacking: list[Revision] = []
    for row in rows:
        revisions = revisions_of(connection, county, UUID(row.record_id))
        if not all(head.device_id == device_id for head in heads(revisions)):
            lacking += [revision for revision in revisions if revision.device_id != device_id]
    return lacking
