"""The stored assessments, updated with each record and with the standards."""

from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, select

from ruhu.county.assessment.evaluate import RecordAssessment, StoredFinding, assess_documents
from ruhu.county.assessment.totals import (
    FindingTuple,
    IndicatorTuple,
    RecordTotals,
    TotalsDelta,
    clear_totals,
)
from ruhu.county.case_rules import stage_of
from ruhu.county.database import tables
from ruhu.county.database.bulk import Row, in_list, insert_rows
from ruhu.county.database.documents import IS_PRESENT, documents_of
from ruhu.county.database.ledger_tables import standing as table
from ruhu.policy.evaluation.finding import Outcome, PaymentPeriod
from ruhu.policy.standards.model import DatedStandards
from ruhu.strict_json import Document

BATCH_SIZE = 2000
"""Records assessed together: enough for columns to pay off, few enough to stay small in memory."""

Progress = Callable[[int], None]


def _township_and_village(document: Document) -> tuple[str, str]:
    """Return the codes of township and village, or their names as written."""
    location = document.get("place") or {}
    village = str(location.get("village") or "")
    township = str(location.get("township") or village[:9] or location.get("township_name") or "")
    return township[:60], (village or str(location.get("village_name") or ""))[:60]


def assessment_row(county: str, document: Document, assessment: RecordAssessment) -> Row:
    """Return an assessment as a row of the table."""
    stage = stage_of(document)
    township, village = _township_and_village(document)
    problem = assessment.problem
    tallies = [(name, t.counted, t.met, t.left_out) for name, t in assessment.indicators.items()]
    return {
        "county": county,
        "record_id": str(assessment.record_id),
        "kind": str(document.get("kind", "")),
        "township": township,
        "village": village,
        "as_of": assessment.as_of.isoformat() if assessment.as_of else None,
        "policy": assessment.policy,
        "registered": int((document.get("registration") or {}).get("registered_poor") is True),
        "persons": len(document.get("members") or ()),
        "stage": stage.value if stage else None,
        "problem": msgspec.json.encode(problem).decode() if problem else None,
        "found": msgspec.json.encode((assessment.findings, tallies)).decode(),
    }


def _read_finding(fields: FindingTuple) -> StoredFinding:
    rule, address, outcome, fen, per, value = fields
    return StoredFinding(
        rule, address, Outcome(outcome), fen, PaymentPeriod(per) if per else None, value
    )


def stored_findings(
    connection: Connection,
    county: str,
    rules: Collection[str] | None,
    *where: ColumnElement[bool],
    outcomes: Collection[Outcome] = tuple(Outcome),
) -> dict[str, list[StoredFinding]]:
    """Return the findings of some rules (or all) with some outcomes, by record.

    The records are in the order of their places. `where` filters them by the columns of `standing`.
    """
    rows = connection.execute(
        select(table.c.record_id, table.c.found)
        .where(table.c.county == county, *where)
        .order_by(table.c.township, table.c.village, table.c.record_id)
    )
    outcome_set = set(outcomes)
    return {
        record_id: findings
        for record_id, encoded in rows
        if (
            findings := [
                _read_finding(fields)
                for fields in _DECODER.decode(encoded)[0]
                if fields[2] in outcome_set and (rules is None or fields[0] in rules)
            ]
        )
    }


_DECODER = msgspec.json.Decoder(tuple[tuple[FindingTuple, ...], tuple[IndicatorTuple, ...]])


def _record_totals(township: str, village: str, encoded: str) -> RecordTotals:
    return RecordTotals(township, village, *_DECODER.decode(encoded))


def replace_assessments(
    connection: Connection,
    county: str,
    rows: Sequence[Row],
    deleted: Sequence[str] = (),
    existing: Collection[str] = (),
) -> None:
    """Save assessments and delete those of `deleted` records.

    `existing` are the records that may have an assessment already.
    """
    change = TotalsDelta()
    old = [key for key in (*deleted, *(row["record_id"] for row in rows)) if key in existing]
    if old:
        conditions = table.c.county == county, in_list(connection, table.c.record_id, old)
        before = select(table.c.township, table.c.village, table.c.found).where(*conditions)
        for row in connection.execute(before):
            change.subtract(_record_totals(*row))
        connection.execute(delete(table).where(*conditions))
    for each in rows:
        change.add(_record_totals(each["township"], each["village"], each["found"]))
    insert_rows(connection, table, rows)
    change.write(connection, county)


def save_assessments(
    connection: Connection,
    county: str,
    documents: Sequence[Document],
    standards: DatedStandards | None,
) -> None:
    """Assess records and save the assessments."""
    assessments = assess_documents(documents, standards)
    replace_assessments(
        connection,
        county,
        [assessment_row(county, d, s) for d, s in zip(documents, assessments, strict=True)],
    )


def _documents_of(
    connection: Connection, county: str, keys: Sequence[str]
) -> Iterator[list[Document]]:
    for start in range(0, len(keys), BATCH_SIZE):
        batch = keys[start : start + BATCH_SIZE]
        yield [document for _, document in documents_of(connection, county, batch)]


def document_batches(connection: Connection, county: str) -> Iterator[list[Document]]:
    """Yield all current documents of all kinds, in batches."""
    record = tables.record
    keys = connection.execute(
        select(record.c.record_id)
        .where(record.c.county == county, IS_PRESENT)
        .order_by(record.c.record_id)
    )
    return _documents_of(connection, county, list(keys.scalars()))


def unassessed_records(connection: Connection, county: str) -> list[str]:
    """Return the records without an assessment, such as after an update of the program."""
    record = tables.record
    same = (record.c.county == table.c.county) & (record.c.record_id == table.c.record_id)
    keys = connection.execute(
        select(record.c.record_id)
        .outerjoin(table, same)
        .where(record.c.county == county, IS_PRESENT, table.c.record_id.is_(None))
    )
    return list(keys.scalars())


def assess_records(
    connection: Connection, county: str, keys: Sequence[str], standards: DatedStandards | None
) -> None:
    """Assess the records with some ids."""
    for documents in _documents_of(connection, county, keys):
        save_assessments(connection, county, documents, standards)


def assess_all(
    connection: Connection,
    county: str,
    standards: DatedStandards | None,
    progress: Progress | None = None,
) -> None:
    """Assess every record again; `progress` gets the number of those done."""
    connection.execute(delete(table).where(table.c.county == county))
    clear_totals(connection, county)
    done = 0
    for documents in document_batches(connection, county):
        save_assessments(connection, county, documents, standards)
        done += len(documents)
        if progress is not None:
            progress(done)
