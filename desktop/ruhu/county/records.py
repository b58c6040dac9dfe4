"""Revisions and photos as the county keeps them, and what becomes of a record by them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from ruhu.bundle.envelope import Attachment
from ruhu.bundle.merge import Current, current
from ruhu.bundle.revision import Revision, heads
from ruhu.county import tables
from ruhu.county.assessing import Standing
from ruhu.county.audit import Act
from ruhu.county.bulk import AT_ONCE, Row, among, put_rows
from ruhu.county.faces import face_text
from ruhu.county.standards_book import book_of, published
from ruhu.county.standings import forget_standings, write_standings
from ruhu.survey.strict_json import Document


def keep_revisions(act: Act, revisions: Iterable[Revision]) -> list[Revision]:
    """Keep revisions; those that are new."""
    connection, county = act.connection, act.county
    given = {str(revision.revision_id): revision for revision in revisions}
    known = among(connection, county, tables.revision.c.revision_id, given)
    new = {key: revision for key, revision in given.items() if key not in known}
    rows = [
        {
            "county": county,
            "revision_id": key,
            "record_id": str(revision.record_id),
            "device_id": str(revision.device_id),
            "parents": " ".join(str(parent) for parent in revision.parents),
            "body": revision.model_dump_json(),
            "arrived": act.number,
        }
        for key, revision in new.items()
    ]
    put_rows(connection, tables.revision, rows)
    return list(new.values())


def keep_papers(act: Act, device_id: UUID, papers: Iterable[Attachment]) -> int:
    """Keep photos and papers that a device has sent; how many are new."""
    connection, county = act.connection, act.county
    given = {paper.digest: paper for paper in papers}
    known = among(connection, county, tables.paper.c.digest, given)
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
    put_rows(connection, tables.paper, rows)
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
    for start in range(0, len(wanted), AT_ONCE):
        bodies = connection.execute(
            select(table.c.body).where(
                table.c.county == county, table.c.record_id.in_(wanted[start : start + AT_ONCE])
            )
        )
        for body in bodies.scalars():
            revision = Revision.model_validate_json(body)
            found[revision.record_id].append(revision)
    return found


@dataclass(frozen=True, slots=True)
class Assessed:
    """Where revisions would stand if they were the record, by the county's standards as given."""

    standards: tuple[Document, ...]
    by_revision: dict[UUID, Standing]


def refresh_records(
    act: Act, new: Sequence[Revision], assessed: Assessed | None = None
) -> list[Current]:
    """Work the documents of records with new revisions out anew; how each stands.

    What was assessed beforehand is not assessed again, unless the standards have changed since.
    """
    touched: dict[UUID, list[Revision]] = defaultdict(list)
    for revision in new:
        touched[revision.record_id].append(revision)
    states = _states(act, touched)
    known = among(act.connection, act.county, tables.record.c.record_id, map(str, touched))
    rows = {str(record_id): _row(act, state) for record_id, state in states.items()}
    fresh = [
        {"county": act.county, "record_id": key, **row}
        for key, row in rows.items()
        if key not in known
    ]
    put_rows(act.connection, tables.record, fresh)
    changed = [{"of_record": key, **row} for key, row in rows.items() if key in known]
    if changed:
        table = tables.record
        act.connection.execute(
            update(table).where(
                table.c.county == act.county, table.c.record_id == bindparam("of_record")
            ),
            changed,
        )
    _assess(act, states, assessed)
    return list(states.values())


def _assess(act: Act, states: Mapping[UUID, Current], assessed: Assessed | None) -> None:
    """Where the records stand by the rules and the county's standards."""
    documents = [state.document for state in states.values() if state.document is not None]
    gone = [str(key) for key, state in states.items() if state.document is None]
    forget_standings(act.connection, act.county, gone)
    standards = published(act.connection, act.county)
    ready = {}
    if assessed is not None and list(assessed.standards) == standards:
        ready = {
            str(record_id): assessed.by_revision[state.heads[0].revision_id]
            for record_id, state in states.items()
            if len(state.heads) == 1 and state.heads[0].revision_id in assessed.by_revision
        }
    write_standings(act.connection, act.county, documents, book_of(standards), ready)


def _states(act: Act, touched: Mapping[UUID, list[Revision]]) -> dict[UUID, Current]:
    """How records stand; older revisions are opened only where several sides have to be merged."""
    before = _built_on(act, touched)
    states, to_merge = {}, []
    for record_id, new in touched.items():
        tops = heads(new)
        if len(tops) == 1 and not before.get(record_id):
            states[record_id] = current([tops[0]])
        else:
            to_merge.append(record_id)
    merged = revisions_of_all(act.connection, act.county, to_merge)
    return states | {record_id: current(all_) for record_id, all_ in merged.items()}


def _built_on(act: Act, touched: Mapping[UUID, list[Revision]]) -> dict[UUID, set[str]]:
    """The older heads of records, as far as the kept revisions alone tell."""
    table = tables.revision
    fresh = {str(revision.revision_id) for new in touched.values() for revision in new}
    older: dict[str, dict[str, str]] = defaultdict(dict)
    keys = [str(record_id) for record_id in touched]
    for start in range(0, len(keys), AT_ONCE):
        rows = act.connection.execute(
            select(table.c.record_id, table.c.revision_id, table.c.parents).where(
                table.c.county == act.county,
                table.c.record_id.in_(keys[start : start + AT_ONCE]),
            )
        )
        for row in rows:
            older[row.record_id][row.revision_id] = row.parents
    found = {}
    for key, revisions in older.items():
        built_on = {parent for parents in revisions.values() for parent in parents.split()}
        found[UUID(key)] = {r for r in revisions if r not in built_on and r not in fresh}
    return found


def _row(act: Act, state: Current) -> Row:
    document = state.document or {}
    place, members = document.get("place"), document.get("members")
    village = place.get("village") if isinstance(place, dict) else None
    return {
        "kind": _code(document.get("kind"), 20),
        "village": _code(village, 12),
        "persons": len(members) if isinstance(members, list) else 0,
        "face": face_text(document),
        "document": None if state.document is None else json.dumps(document, ensure_ascii=False),
        "conflicts": len(state.conflicts),
        "changed": act.number,
    }


def _code(value: Any, longest: int) -> str:
    """A value as a column of so many characters holds it, whatever a laptop wrote."""
    return value.replace("\0", "")[:longest] if isinstance(value, str) else ""
