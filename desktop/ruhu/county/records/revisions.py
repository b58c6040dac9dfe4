"""The stored revisions and attachments, and the records that follow from them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from ruhu.county.assessment.published_standards import book_of, published
from ruhu.county.assessment.results import replace_assessments
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.database.bulk import Row, existing_keys, in_list, insert_rows
from ruhu.county.records.revision_rows import RevisionRow, build_rows, record_rows
from ruhu.exchange.formats.bundle import Attachment
from ruhu.revisions.merge import MergedRecord, merge_revisions
from ruhu.revisions.revision import Revision
from ruhu.strict_json import Document


def save_attachments(tx: Transaction, device_id: UUID, papers: Iterable[Attachment]) -> int:
    """Save attachments that a device has sent; return how many are new."""
    connection, county = tx.connection, tx.county
    by_digest = {paper.digest: paper for paper in papers}
    existing = existing_keys(connection, county, tables.paper.c.digest, by_digest)
    rows = [
        {
            "county": county,
            "digest": paper.digest,
            "record_id": str(paper.record_id),
            "media_type": paper.media_type,
            "data": paper.data,
            "arrived": tx.number,
            "device_id": str(device_id),
        }
        for paper in by_digest.values()
        if paper.digest not in existing
    ]
    insert_rows(connection, tables.paper, rows)
    return len(rows)


def attachment_data(connection: Connection, county: str, digest: str) -> bytes | None:
    """Return the bytes of an attachment, `None` if it has not arrived."""
    table = tables.paper
    data = connection.execute(
        select(table.c.data).where(table.c.county == county, table.c.digest == digest)
    ).scalar()
    return None if data is None else bytes(data)


def revisions_of(connection: Connection, county: str, record_id: UUID) -> list[Revision]:
    """Return all revisions of a record."""
    return revisions_of_all(connection, county, [record_id])[record_id]


def revisions_of_all(
    connection: Connection, county: str, record_ids: Iterable[UUID]
) -> dict[UUID, list[Revision]]:
    """Return all revisions of some records."""
    table = tables.revision
    by_record: dict[UUID, list[Revision]] = {record_id: [] for record_id in record_ids}
    keys = [str(record_id) for record_id in by_record]
    bodies = connection.execute(
        select(table.c.body).where(
            table.c.county == county, in_list(connection, table.c.record_id, keys)
        )
    )
    for body in bodies.scalars():
        revision = Revision.model_validate_json(body)
        by_record[revision.record_id].append(revision)
    return by_record


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The new revisions, and how many records changed, were merged, and have conflicts."""

    new: tuple[RevisionRow, ...]
    records: int
    merged: int
    conflicts: int


def save_own_revision(tx: Transaction, revision: Revision) -> None:
    """Save a revision that the county has made itself."""
    standards = published(tx.connection, tx.county)
    texts = [revision.model_dump_json().encode()]
    ready = build_rows(tx.county, [revision], texts, book_of(standards))
    save_revisions(tx, ready, standards)


def save_revisions(
    tx: Transaction, revisions: Iterable[RevisionRow], standards: Sequence[Document]
) -> SaveResult:
    """Save new revisions and update their records.

    `standards` are those that the revisions were assessed by. If the county's have changed since,
    the revisions are assessed again.
    """
    connection, county = tx.connection, tx.county
    by_id = {revision.revision_id: revision for revision in revisions}
    known_ids = existing_keys(connection, county, tables.revision.c.revision_id, by_id)
    new = [revision for key, revision in by_id.items() if key not in known_ids]
    touched: dict[str, list[RevisionRow]] = defaultdict(list)
    for revision in new:
        touched[revision.record_id].append(revision)
    existing = existing_keys(connection, county, tables.record.c.record_id, touched)
    insert_rows(
        connection,
        tables.revision,
        [
            {
                "county": county,
                "revision_id": revision.revision_id,
                "record_id": revision.record_id,
                "device_id": revision.device_id,
                "parents": " ".join(revision.parents),
                "body": revision.body,
                "arrived": tx.number,
            }
            for revision in new
        ],
    )
    single, to_merge = _split_by_heads(tx, touched, existing)
    merged = _merge(tx, to_merge)
    current_standards = published(connection, county)
    if list(standards) != current_standards:
        single = _reassess(tx, single, current_standards)
    _update_records(tx, single, merged, existing)
    merged_records = [state for state in merged.values() if len(state.heads) > 1]
    waiting = sum(1 for state in merged_records if state.conflicts)
    return SaveResult(tuple(new), len(touched), len(merged_records) - waiting, waiting)


def _split_by_heads(
    tx: Transaction, touched: Mapping[str, list[RevisionRow]], existing: set[str]
) -> tuple[dict[str, RevisionRow], list[str]]:
    """Return the records with one new revision as their only head, and those that need a merge."""
    older_heads = _older_heads(tx, {key: touched[key] for key in touched if key in existing})
    single, to_merge = {}, []
    for key, revisions in touched.items():
        built_on = {parent for revision in revisions for parent in revision.parents}
        heads = [revision for revision in revisions if revision.revision_id not in built_on]
        if len(heads) == 1 and not older_heads.get(key):
            single[key] = heads[0]
        else:
            to_merge.append(key)
    return single, to_merge


def _older_heads(tx: Transaction, touched: Mapping[str, list[RevisionRow]]) -> dict[str, set[str]]:
    """Return the heads of records among the revisions that were stored before."""
    table = tables.revision
    new_ids = {revision.revision_id for new in touched.values() for revision in new}
    parents_by_record: dict[str, dict[str, str]] = defaultdict(dict)
    if touched:
        rows = tx.connection.execute(
            select(table.c.record_id, table.c.revision_id, table.c.parents).where(
                table.c.county == tx.county, in_list(tx.connection, table.c.record_id, touched)
            )
        )
        for row in rows:
            parents_by_record[row.record_id][row.revision_id] = row.parents
    heads = {}
    for key, revisions in parents_by_record.items():
        built_on = {parent for parents in revisions.values() for parent in parents.split()}
        heads[key] = {r for r in revisions if r not in built_on and r not in new_ids}
    return heads


def _merge(tx: Transaction, record_ids: Sequence[str]) -> dict[str, MergedRecord]:
    by_record = revisions_of_all(tx.connection, tx.county, map(UUID, record_ids))
    return {
        str(record_id): merge_revisions(revisions) for record_id, revisions in by_record.items()
    }


def _reassess(
    tx: Transaction, single: Mapping[str, RevisionRow], standards: list[Document]
) -> dict[str, RevisionRow]:
    by_record = revisions_of_all(tx.connection, tx.county, map(UUID, single))
    documents = [
        next(r.document for r in by_record[UUID(key)] if str(r.revision_id) == each.revision_id)
        for key, each in single.items()
    ]
    states = record_rows(tx.county, documents, book_of(standards))
    return {
        key: each._replace(state=state)
        for (key, each), state in zip(single.items(), states, strict=True)
    }


def _update_records(
    tx: Transaction,
    single: Mapping[str, RevisionRow],
    merged: Mapping[str, MergedRecord],
    existing: set[str],
) -> None:
    standards = book_of(published(tx.connection, tx.county)) if merged else None
    states = record_rows(tx.county, [state.document for state in merged.values()], standards)
    rows: dict[str, Row] = {}
    assessments: list[Row] = []
    deleted: list[str] = []
    for key, each in single.items():
        head = None if each.state.assessment is None else each.revision_id
        rows[key] = {**each.state.record, "document": None, "head": head, "conflicts": 0}
    for (key, merged_state), state in zip(merged.items(), states, strict=True):
        rows[key] = {**state.record, **_document_columns(merged_state)}
    for key, state in (
        *((key, each.state) for key, each in single.items()),
        *zip(merged, states, strict=True),
    ):
        if state.assessment is None:
            deleted.append(key)
        else:
            assessments.append(state.assessment)
    _write_records(tx, rows, existing)
    replace_assessments(tx.connection, tx.county, assessments, deleted, existing)


def _document_columns(state: MergedRecord) -> Row:
    """Return the columns for a record's document, which its only head may hold instead."""
    document, head = state.document, None
    if len(state.heads) == 1 and document is not None:
        document, head = None, str(state.heads[0].revision_id)
    text = None if document is None else json.dumps(document, ensure_ascii=False)
    return {"document": text, "head": head, "conflicts": len(state.conflicts)}


def _write_records(tx: Transaction, rows: Mapping[str, Row], existing: set[str]) -> None:
    county, table, number = tx.county, tables.record, tx.number
    insert_rows(
        tx.connection,
        table,
        [
            {"county": county, "record_id": key, **row, "changed": number}
            for key, row in rows.items()
            if key not in existing
        ],
    )
    changed = [
        {"of_record": key, **row, "changed": number} for key, row in rows.items() if key in existing
    ]
    if changed:
        tx.connection.execute(
            update(table).where(
                table.c.county == county, table.c.record_id == bindparam("of_record")
            ),
            changed,
        )
