"""Search and sort the records of the store."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from ruhu.store.record_list import (
    SUMMARY_COLUMNS,
    Summary,
    initials_of,
    read_summary,
    text_at,
)
from ruhu.store.sqlite_driver import Database
from ruhu.strict_json import Document
from ruhu.survey.households import members_of


class SortOrder(Enum):
    """Sort order of the list."""

    PLACE = "place"
    NAME = "name"
    STATUS = "status"
    PERSONS = "persons"


_ORDERS = {
    SortOrder.PLACE: ("village", "length(place_group)", "place_group", "household_no", "record_id"),
    SortOrder.NAME: ("sort_name", "title", "record_id"),
    SortOrder.STATUS: (
        "status = 'done'",
        "status = 'to_visit'",
        "village",
        "household_no",
        "record_id",
    ),
    SortOrder.PERSONS: ("persons", "village", "household_no", "record_id"),
}


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the list: text, kind, status, only today's route.

    The route has its own order, whatever `order` says.
    """

    text: str = ""
    kind: str = "household"
    status: str = ""
    on_route: bool = False
    order: SortOrder = SortOrder.PLACE
    descending: bool = False


def searchable_people(document: Document) -> list[tuple[str, str, str]]:
    """Return member id, name and id number of all people to index; the record's own name if it has no
    members.
    """
    people = [
        (text_at(m, "member_id"), text_at(m, "name"), text_at(m, "id_number"))
        for m in members_of(document)
    ]
    return people or [("", text_at(document, "name"), "")]


def _forget_people(db: Database, key: str) -> None:
    for table in ("person_name", "person_number"):
        db.execute(
            f"delete from {table} where rowid in (select id from person where record_id = ?)",  # noqa: S608
            [key],
        )
    db.execute("delete from person where record_id = ?", [key])


def remove_from_index(db: Database, record_id: UUID) -> None:
    """Remove a record from the list, the search and the route; its revisions stay."""
    key = str(record_id)
    _forget_people(db, key)
    for table in ("record", "route"):
        db.execute(f"delete from {table} where record_id = ?", [key])  # noqa: S608


def index_people(db: Database, record_id: UUID, document: Document) -> None:
    """Index the people of a document unless they are indexed already."""
    key, people = str(record_id), searchable_people(document)
    number = text_at(document, "registration", "household_no")
    old = db.execute(
        "select member_id, name, id_number from person where record_id = ? order by id", [key]
    ).fetchall()
    numbers = db.execute(
        "select numbers from person_number where rowid in "
        "(select min(id) from person where record_id = ?)",
        [key],
    ).fetchone()
    if old == people and numbers and numbers[0].split(" ")[0] == number:
        return
    _forget_people(db, key)
    for member_id, name, id_number in people:
        row = db.execute(
            "insert into person (record_id, member_id, name, id_number) values (?, ?, ?, ?)",
            [key, member_id, name, id_number],
        ).lastrowid
        initials = initials_of(name)
        db.execute(
            "insert into person_name (rowid, spaced, initials, record_id) values (?, ?, ?, ?)",
            [row, " ".join(name), initials, key],
        )
        db.execute(
            "insert into person_number (rowid, numbers, record_id) values (?, ?, ?)",
            [row, f"{number} {id_number}", key],
        )


_NOT_SEARCHED = str.maketrans("", "", '" \0')
"""Characters that would end a search phrase, and the separator between indexed characters."""


def _containing(text: str) -> tuple[str, list[str]]:
    """Return the SQL condition of a search text and its values."""
    if not text:
        return "", []
    if re.fullmatch(r"[0-9xX]{3,18}", text):
        return (
            " and record_id in (select record_id from person_number where numbers match ?)",
            [f'"{text.upper()}"'],
        )
    if re.fullmatch(r"[0-9]{1,2}", text):
        return " and (household_no like ? or place_group like ?)", [f"%{text}", f"%{text}%"]
    if re.fullmatch(r"[A-Za-z]+", text):
        return (
            " and record_id in (select record_id from person_name where initials match ?)",
            [f'"{text.lower()}"*'],
        )
    phrase = " ".join(text.translate(_NOT_SEARCHED))
    return (
        " and (record_id in (select record_id from person_name where spaced match ?) "
        "or village like ?)",
        [f'"{phrase}"', f"%{text}%"],
    )


def _matching(search: Search) -> tuple[str, list[str]]:
    condition, values = _containing(search.text.strip())
    if search.status:
        condition, values = f"{condition} and status = ?", [*values, search.status]
    if search.on_route:
        condition += " and record_id in (select record_id from route)"
    return f"where kind = ?{condition}", [search.kind, *values]


def _ordered(search: Search) -> str:
    if search.on_route:
        return "(select position from route where route.record_id = record.record_id)"
    direction = " desc" if search.descending else ""
    return ", ".join(f"{column}{direction}" for column in _ORDERS[search.order])


def find_summaries(
    db: Database, search: Search, *, start: int = 0, limit: int | None = None
) -> list[Summary]:
    """Return the matching records in the order of the search, from the position `start`, at most `limit`."""
    condition, values = _matching(search)
    rows = db.execute(
        f"select {SUMMARY_COLUMNS} from record {condition} order by {_ordered(search)} limit ? offset ?",  # noqa: S608
        [*values, -1 if limit is None else limit, start],
    )
    return [read_summary(row) for row in rows.fetchall()]


def find_other_holders(
    db: Database, record_id: UUID, id_numbers: Sequence[str]
) -> dict[str, list[Summary]]:
    """Return, by id number, the other records that have a person with that number."""
    holders: dict[str, list[Summary]] = {}
    for id_number in id_numbers:
        rows = db.execute(
            f"select {SUMMARY_COLUMNS} from record where record_id != ? and record_id in "  # noqa: S608
            "(select record_id from person where id_number = ?) order by record_id",
            [str(record_id), id_number],
        ).fetchall()
        if rows:
            holders[id_number] = [read_summary(row) for row in rows]
    return holders


def count_matches(db: Database, search: Search) -> int:
    """Count the records that match a search."""
    condition, values = _matching(search)
    return int(db.execute(f"select count(*) from record {condition}", values).fetchone()[0])  # noqa: S608
