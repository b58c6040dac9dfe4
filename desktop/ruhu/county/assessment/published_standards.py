"""The county's published standards, and the impact of new ones."""

import json

from sqlalchemy import Connection, delete, insert, select

from ruhu.county.assessment.evaluate import assess_documents
from ruhu.county.assessment.results import Progress, document_batches
from ruhu.county.assessment.standards_impact import StandardsImpact
from ruhu.county.audit.trail import Transaction
from ruhu.county.database.ledger_tables import standards as table
from ruhu.policy.standards.model import StandardsBook
from ruhu.policy.standards.parser import parse_standards
from ruhu.strict_json import Document


def published(connection: Connection, county: str) -> list[Document]:
    """Return the signed documents, the earliest first."""
    rows = connection.execute(
        select(table.c.signed).where(table.c.county == county).order_by(table.c.valid_from)
    )
    return [json.loads(text) for text in rows.scalars()]


def published_since(
    connection: Connection, county: str, number: int, last: int | None
) -> tuple[list[Document], int]:
    """Return the documents published after one transaction up to another, both by number.

    Returns the number of the last of these transactions, too.
    """
    query = select(table.c.signed, table.c.published_in).where(
        table.c.county == county, table.c.published_in > number
    )
    if last is not None:
        query = query.where(table.c.published_in <= last)
    rows = connection.execute(query.order_by(table.c.published_in, table.c.valid_from)).all()
    return [json.loads(row.signed) for row in rows], max((r.published_in for r in rows), default=0)


def book_of(documents: list[Document]) -> StandardsBook:
    """Return signed documents as a book. Raises `StandardsErrors` for overlapping or faulty ones."""
    return StandardsBook.of([parse_standards(signed["standards"]) for signed in documents])


def start_date(signed: Document) -> str:
    """Return the first day of a signed document, `YYYY-MM-DD`."""
    return str(signed["standards"]["valid_from"])


def including(documents: list[Document], new: Document) -> list[Document]:
    """Return the documents with a new one, which replaces one from the same day."""
    others = [document for document in documents if start_date(document) != start_date(new)]
    return sorted([*others, new], key=start_date)


def save(tx: Transaction, signed: Document) -> None:
    """Save a signed document, in place of one from the same day."""
    day = start_date(signed)
    same_day = (table.c.county == tx.county, table.c.valid_from == day)
    tx.connection.execute(delete(table).where(*same_day))
    tx.connection.execute(
        insert(table).values(
            county=tx.county,
            valid_from=day,
            signed=json.dumps(signed, ensure_ascii=False),
            published_at=tx.at.isoformat(),
            published_in=tx.number,
        )
    )


def compute_impact(
    connection: Connection,
    county: str,
    before: StandardsBook,
    after: StandardsBook,
    progress: Progress | None = None,
) -> StandardsImpact:
    """Compare every record's assessment by the standards `before` and `after`."""
    impact = StandardsImpact()
    for documents in document_batches(connection, county):
        for old, new in zip(
            assess_documents(documents, before), assess_documents(documents, after), strict=True
        ):
            impact.add(old, new)
        if progress is not None:
            progress(impact.records)
    return impact
