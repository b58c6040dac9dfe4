"""Today's route: the households to visit, in order."""

from collections.abc import Sequence
from uuid import UUID

from ruhu.store.sqlite_driver import Database


def route_of(db: Database) -> list[UUID]:
    """Return the records on the route in order."""
    rows = db.execute("select record_id from route order by position").fetchall()
    return [UUID(row[0]) for row in rows]


def set_route(db: Database, records: Sequence[UUID]) -> None:
    """Replace the route."""
    db.execute("delete from route")
    for position, record_id in enumerate(dict.fromkeys(records)):
        db.execute(
            "insert into route (record_id, position) values (?, ?)", [str(record_id), position]
        )


def move_on_route(route: Sequence[UUID], record_id: UUID, by: int) -> list[UUID]:
    """Return a route with one record moved `by` positions down, or up if negative."""
    rest = [each for each in route if each != record_id]
    if len(rest) == len(route):
        return rest
    position = max(0, min(len(rest), list(route).index(record_id) + by))
    return [*rest[:position], record_id, *rest[position:]]
