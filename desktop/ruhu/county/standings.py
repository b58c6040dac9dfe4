"""Standings in the tables: written whenever a record changes, and all anew when standards do."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, select

from ruhu.county import tables
from ruhu.county.assessing import Standing, standings
from ruhu.county.bulk import put_rows
from ruhu.county.ledgers import tables as ledger
from ruhu.county.ledgers.housing_case import stage_of
from ruhu.policy.standards import DatedStandards
from ruhu.survey.strict_json import Document

AT_ONCE = 2000
"""Records assessed together: enough for columns to pay, few enough to stay small in memory."""

Progress = Callable[[int], None]
FEN = Decimal(100)


def fen(amount: Decimal | None) -> int | None:
    """An amount in CNY as whole fen."""
    return None if amount is None else int(amount * FEN)


def yuan(amount_fen: int | None) -> Decimal | None:
    """Whole fen as an amount in CNY."""
    return None if amount_fen is None else Decimal(amount_fen).scaleb(-2)


def _place(document: Document) -> dict[str, str]:
    """Township and village: their codes, else their names as they were written."""
    place = document.get("place") or {}
    village = str(place.get("village") or "")
    township = str(place.get("township") or village[:9] or place.get("township_name") or "")
    return {
        "township": township[:60],
        "village": (village or str(place.get("village_name") or ""))[:60],
    }


def _standing_row(county: str, document: Document, standing: Standing) -> dict[str, Any]:
    stage = stage_of(document)
    registration = document.get("registration") or {}
    problem = standing.problem
    return {
        "county": county,
        "record_id": str(standing.record_id),
        "kind": str(document.get("kind", "")),
        **_place(document),
        "as_of": standing.as_of.isoformat() if standing.as_of else None,
        "policy": standing.policy,
        "registered": int(registration.get("registered_poor") is True),
        "persons": len(document.get("members") or ()),
        "stage": stage.value if stage else None,
        "problem": json.dumps(problem, ensure_ascii=False) if problem else None,
    }


def _answer_rows(county: str, document: Document, standing: Standing) -> list[dict[str, Any]]:
    place = _place(document)
    return [
        {
            "county": county,
            "record_id": str(standing.record_id),
            "position": position,
            **place,
            "rule": each.rule,
            "address": each.address,
            "outcome": each.outcome.value,
            "amount_fen": fen(each.amount),
            "per": each.per.value if each.per else None,
            "value": each.value,
        }
        for position, each in enumerate(standing.answers)
    ]


def _tally_rows(county: str, document: Document, standing: Standing) -> list[dict[str, Any]]:
    place = _place(document)
    return [
        {
            "county": county,
            "record_id": str(standing.record_id),
            "indicator": name,
            **place,
            "counted": each.counted,
            "met": each.met,
            "left_out": each.left_out,
        }
        for name, each in standing.tallies.items()
    ]


def forget_standings(connection: Connection, county: str, record_ids: Sequence[str]) -> None:
    """Take away what is known of records that are gone or about to be assessed anew."""
    for table in (ledger.standing, ledger.answer, ledger.tally):
        for start in range(0, len(record_ids), 500):
            some = record_ids[start : start + 500]
            connection.execute(
                delete(table).where(table.c.county == county, table.c.record_id.in_(some))
            )


def write_standings(
    connection: Connection,
    county: str,
    documents: Sequence[Document],
    standards: DatedStandards | None,
    ready: Mapping[str, Standing] | None = None,
) -> list[Standing]:
    """Assess records and keep where they stand, in place of what was known before.

    `ready` are those that were assessed already, by their ids.
    """
    known = ready or {}
    left = [each for each in documents if each.get("record_id") not in known]
    assessed = iter(standings(left, standards))
    found = [known.get(str(each.get("record_id"))) or next(assessed) for each in documents]
    forget_standings(connection, county, [str(each.record_id) for each in found])
    pairs = list(zip(documents, found, strict=True))
    put_rows(connection, ledger.standing, [_standing_row(county, d, s) for d, s in pairs])
    put_rows(connection, ledger.answer, [r for d, s in pairs for r in _answer_rows(county, d, s)])
    put_rows(connection, ledger.tally, [r for d, s in pairs for r in _tally_rows(county, d, s)])
    return found


def _documents_of(
    connection: Connection, county: str, names: Sequence[str]
) -> Iterator[list[Document]]:
    record = tables.record
    for start in range(0, len(names), AT_ONCE):
        rows = connection.execute(
            select(record.c.document).where(
                record.c.county == county, record.c.record_id.in_(names[start : start + AT_ONCE])
            )
        )
        yield [json.loads(document) for document in rows.scalars()]


def in_batches(connection: Connection, county: str) -> Iterator[list[Document]]:
    """All current documents of all kinds, some at a time."""
    record = tables.record
    names = connection.execute(
        select(record.c.record_id)
        .where(record.c.county == county, record.c.document.is_not(None))
        .order_by(record.c.record_id)
    )
    return _documents_of(connection, county, list(names.scalars()))


def without_standing(connection: Connection, county: str) -> list[str]:
    """The records that were not assessed yet, as after an update of the program."""
    record, standing = tables.record, ledger.standing
    same = (record.c.county == standing.c.county) & (record.c.record_id == standing.c.record_id)
    names = connection.execute(
        select(record.c.record_id)
        .outerjoin(standing, same)
        .where(
            record.c.county == county,
            record.c.document.is_not(None),
            standing.c.record_id.is_(None),
        )
    )
    return list(names.scalars())


def assess_some(
    connection: Connection, county: str, names: Sequence[str], standards: DatedStandards | None
) -> None:
    """Assess the records of these ids."""
    for documents in _documents_of(connection, county, names):
        write_standings(connection, county, documents, standards)


def assess_again(
    connection: Connection,
    county: str,
    standards: DatedStandards | None,
    progress: Progress | None = None,
) -> None:
    """Assess every record anew; `progress` is told how many are done."""
    done = 0
    for documents in in_batches(connection, county):
        write_standings(connection, county, documents, standards)
        done += len(documents)
        if progress is not None:
            progress(done)
