"""Today's route: the households to call on, in the order the worker sets."""

from collections.abc import Sequence
from uuid import UUID

from ruhu.store.sqlite_driver import Database


def route_of(db: Database) -> list[UUID]:
    """The records on the route, in its order."""
    rows = db.execute("select record_id from route order by position").fetchall()
    return [UUID(row[0]) for row in rows]


def set_route(db: Database, records: Sequence[UUID]) -> None:
    """Make the route these records, in this order."""
    db.execute("delete from route")
    for position, record_id in enumerate(dict.fromkeys(records)):
        db.execute(
            "insert into route (record_id, position) values (?, ?)", [str(record_id), position]
        )


def moved(route: Sequence[UUID], record_id: UUID, by: int) -> list[UUID]:
    """A route with one record `by` places further down, or up where that is negative."""
    rest = [other for other in route if other != record_id]
    if len(rest) == len(route):
        return rest
    at = max(0, min(len(rest), list(route).index(record_id) + by))
    return [*rest[:at], record_id, *rest[at:]]
