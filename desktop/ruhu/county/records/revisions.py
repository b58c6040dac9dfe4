"""Revisions and photos as the county keeps them, and what becomes of a record by them."""

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
from ruhu.county.records.revision_rows import RevisionRow, build_rows, states_of
from ruhu.exchange.formats.bundle import Attachment
from ruhu.revisions.merge import MergedRecord, merge_revisions
from ruhu.revisions.revision import Revision
from ruhu.strict_json import Document


def keep_papers(act: Transaction, device_id: UUID, papers: Iterable[Attachment]) -> int:
    """Keep photos and papers that a device has sent; how many are new."""
    connection, county = act.connection, act.county
    given = {paper.digest: paper for paper in papers}
    known = existing_keys(connection, county, tables.paper.c.digest, given)
    rows = [
        {
            "county": county,
            "digest": paper.digest,
            "record_id": str(paper.record_id),
            "media_type": paper.media_type,
            "data": paper.data,
            "arrived": act.number,
            "device_id": str(device_id),
        }
        for paper in given.values()
        if paper.digest not in known
    ]
    insert_rows(connection, tables.paper, rows)
    return len(rows)


def revisions_of(connection: Connection, county: str, record_id: UUID) -> list[Revision]:
    """All revisions of a record."""
    return revisions_of_all(connection, county, [record_id])[record_id]


def revisions_of_all(
    connection: Connection, county: str, record_ids: Iterable[UUID]
) -> dict[UUID, list[Revision]]:
    """All revisions of some records."""
    table = tables.revision
    found: dict[UUID, list[Revision]] = {record_id: [] for record_id in record_ids}
    wanted = [str(record_id) for record_id in found]
    bodies = connection.execute(
        select(table.c.body).where(
            table.c.county == county, in_list(connection, table.c.record_id, wanted)
        )
    )
    for body in bodies.scalars():
        revision = Revision.model_validate_json(body)
        found[revision.record_id].append(revision)
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of revisions: the new ones, and the records they change, those that several
    revisions stand side by side in, and those that wait for a person.
    """

    new: tuple[RevisionRow, ...]
    records: int
    merged: int
    conflicts: int


def revise_record(act: Transaction, revision: Revision) -> None:
    """Keep one revision that the county itself has made."""
    standards = published(act.connection, act.county)
    texts = [revision.model_dump_json().encode()]
    ready = build_rows(act.county, [revision], texts, book_of(standards))
    keep_revisions(act, ready, standards)


def keep_revisions(
    act: Transaction, revisions: Iterable[RevisionRow], standards: Sequence[Document]
) -> Kept:
    """Keep those revisions that are new, and work out how their records stand now.

    `standards` are those that the revisions were assessed by: where the county's have changed since,
    they are assessed again.
    """
    connection, county = act.connection, act.county
    given = {revision.revision_id: revision for revision in revisions}
    known = existing_keys(connection, county, tables.revision.c.revision_id, given)
    new = [revision for key, revision in given.items() if key not in known]
    touched: dict[str, list[RevisionRow]] = defaultdict(list)
    for revision in new:
        touched[revision.record_id].append(revision)
    there = existing_keys(connection, county, tables.record.c.record_id, touched)
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
                "arrived": act.number,
            }
            for revision in new
        ],
    )
    alone, to_merge = _sorted(act, touched, there)
    merged = _merged(act, to_merge)
    current_standards = published(connection, county)
    if list(standards) != current_standards:
        alone = _assessed_again(act, alone, current_standards)
    _put_records(act, alone, merged, there)
    several = [state for state in merged.values() if len(state.heads) > 1]
    waiting = sum(1 for state in several if state.conflicts)
    return Kept(tuple(new), len(touched), len(several) - waiting, waiting)


def _sorted(
    act: Transaction, touched: Mapping[str, list[RevisionRow]], there: set[str]
) -> tuple[dict[str, RevisionRow], list[str]]:
    """The records that stand as one new revision says, and those of which several have to be merged."""
    older = _older_heads(act, {key: touched[key] for key in touched if key in there})
    alone, to_merge = {}, []
    for key, revisions in touched.items():
        built_on = {parent for revision in revisions for parent in revision.parents}
        tops = [revision for revision in revisions if revision.revision_id not in built_on]
        if len(tops) == 1 and not older.get(key):
            alone[key] = tops[0]
        else:
            to_merge.append(key)
    return alone, to_merge


def _older_heads(act: Transaction, touched: Mapping[str, list[RevisionRow]]) -> dict[str, set[str]]:
    """The older heads of records, as far as the kept revisions alone tell."""
    table = tables.revision
    fresh = {revision.revision_id for new in touched.values() for revision in new}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    if touched:
        rows = act.connection.execute(
            select(table.c.record_id, table.c.revision_id, table.c.parents).where(
                table.c.county == act.county, in_list(act.connection, table.c.record_id, touched)
            )
        )
        for row in rows:
            found[row.record_id][row.revision_id] = row.parents
    heads = {}
    for key, revisions in found.items():
        built_on = {parent for parents in revisions.values() for parent in parents.split()}
        heads[key] = {r for r in revisions if r not in built_on and r not in fresh}
    return heads


def _merged(act: Transaction, record_ids: Sequence[str]) -> dict[str, MergedRecord]:
    found = revisions_of_all(act.connection, act.county, map(UUID, record_ids))
    return {str(record_id): merge_revisions(revisions) for record_id, revisions in found.items()}


def _assessed_again(
    act: Transaction, alone: Mapping[str, RevisionRow], standards: list[Document]
) -> dict[str, RevisionRow]:
    found = revisions_of_all(act.connection, act.county, map(UUID, alone))
    documents = [
        next(r.document for r in found[UUID(key)] if str(r.revision_id) == each.revision_id)
        for key, each in alone.items()
    ]
    states = states_of(act.county, documents, book_of(standards))
    return {
        key: each._replace(state=state)
        for (key, each), state in zip(alone.items(), states, strict=True)
    }


def _put_records(
    act: Transaction,
    alone: Mapping[str, RevisionRow],
    merged: Mapping[str, MergedRecord],
    there: set[str],
) -> None:
    standards = book_of(published(act.connection, act.county)) if merged else None
    states = states_of(act.county, [state.document for state in merged.values()], standards)
    rows: dict[str, Row] = {}
    standings: list[Row] = []
    gone: list[str] = []
    for key, each in alone.items():
        head = None if each.state.standing is None else each.revision_id
        rows[key] = {**each.state.record, "document": None, "head": head, "conflicts": 0}
    for (key, current_), state in zip(merged.items(), states, strict=True):
        rows[key] = {**state.record, **_whereabouts(current_)}
    for key, state in (
        *((key, each.state) for key, each in alone.items()),
        *zip(merged, states, strict=True),
    ):
        if state.standing is None:
            gone.append(key)
        else:
            standings.append(state.standing)
    _write(act, rows, there)
    replace_assessments(act.connection, act.county, standings, gone, there)


def _whereabouts(state: MergedRecord) -> Row:
    """Where a record's document is: with its only head, or with the record."""
    document, head = state.document, None
    if len(state.heads) == 1 and document is not None:
        document, head = None, str(state.heads[0].revision_id)
    text = None if document is None else json.dumps(document, ensure_ascii=False)
    return {"document": text, "head": head, "conflicts": len(state.conflicts)}


def _write(act: Transaction, rows: Mapping[str, Row], there: set[str]) -> None:
    county, table, number = act.county, tables.record, act.number
    insert_rows(
        act.connection,
        table,
        [
            {"county": county, "record_id": key, **row, "changed": number}
            for key, row in rows.items()
            if key not in there
        ],
    )
    changed = [
        {"of_record": key, **row, "changed": number} for key, row in rows.items() if key in there
    ]
    if changed:
        act.connection.execute(
            update(table).where(
                table.c.county == county, table.c.record_id == bindparam("of_record")
            ),
            changed,
        )
