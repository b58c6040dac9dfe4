"""The current documents of records.

A record with one head has that revision's document, which is stored once, with the revision. Only a
document merged from several heads is stored with the record.
"""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, and_, select

from ruhu.county.database import tables
from ruhu.county.database.bulk import in_list
from ruhu.strict_json import Document

BATCH_RECORDS = 500
_record, _revision = tables.record, tables.revision
IS_PRESENT = _record.c.head.is_not(None) | _record.c.document.is_not(None)
"""A condition: the record is not deleted."""


def documents_of(
    connection: Connection, county: str, record_ids: Sequence[str]
) -> Iterator[tuple[str, Document]]:
    """Yield the documents of some records, in the order given, without deleted ones."""
    with_head = _record.outerjoin(
        _revision,
        and_(_revision.c.county == _record.c.county, _revision.c.revision_id == _record.c.head),
    )
    for start in range(0, len(record_ids), BATCH_RECORDS):
        batch = record_ids[start : start + BATCH_RECORDS]
        rows = connection.execute(
            select(_record.c.record_id, _record.c.document, _revision.c.body)
            .select_from(with_head)
            .where(_record.c.county == county, in_list(connection, _record.c.record_id, batch))
        )
        rows_by_id = {row.record_id: row for row in rows}
        for record_id in batch:
            row = rows_by_id.get(record_id)
            if row is None or (row.document is None and row.body is None):
                continue
            if row.document is not None:
                yield record_id, json.loads(row.document)
            else:
                yield record_id, json.loads(row.body)["document"]


def document_of(connection: Connection, county: str, record_id: str) -> Document | None:
    """Return the document of a record, `None` if it is deleted or unknown."""
    return next((d for _, d in documents_of(connection, county, [record_id])), None)
