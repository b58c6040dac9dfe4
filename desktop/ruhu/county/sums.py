"""Sums over standings, village by village, kept up with every change: figures read these, not the records."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete
from sqlalchemy.dialects import postgresql, sqlite

from ruhu.county.assessing import Answer
from ruhu.county.ledgers.tables import answer_sum, tally_sum


class Counted(NamedTuple):
    """What one record adds to the sums of its village: `answers` have the fields of `Answer`,
    `tallies` the indicator's name and those of `Tally`.
    """

    township: str
    village: str
    answers: Iterable[Answer | list[Any]]
    tallies: Iterable[list[Any]]


class Change:
    """What is added to a county's sums, and taken away from them, in one transaction."""

    def __init__(self) -> None:
        self._answers: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
        self._tallies: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
        self._takes = False

    def add(self, counted: Counted, sign: int = 1) -> None:
        """Count a record in (`sign` 1) or out (-1)."""
        self._takes = self._takes or sign < 0
        place = counted.township, counted.village
        for rule, _, outcome, fen, per, _ in counted.answers:
            sums = self._answers[*place, rule, per or "", outcome]
            sums[0] += sign
            if fen is not None:
                sums[1] += sign
                sums[2] += sign * fen
        for name, *numbers in counted.tallies:
            sums = self._tallies[*place, name]
            for at, number in enumerate(numbers):
                sums[at] += sign * number

    def write(self, connection: Connection, county: str) -> None:
        """Put the change into the tables."""
        _add(connection, answer_sum, county, self._answers)
        _add(connection, tally_sum, county, self._tallies)
        if self._takes:
            for table, empty in (
                (answer_sum, answer_sum.c.subjects == 0),
                (tally_sum, (tally_sum.c.counted == 0) & (tally_sum.c.left_out == 0)),
            ):
                connection.execute(delete(table).where(table.c.county == county, empty))


def forget_sums(connection: Connection, county: str) -> None:
    """Take all sums of a county away, before all its records are counted anew."""
    for table in (answer_sum, tally_sum):
        connection.execute(delete(table).where(table.c.county == county))


def _add(
    connection: Connection, table: Table, county: str, sums: dict[tuple[str, ...], list[int]]
) -> None:
    rows: list[dict[str, Any]] = [
        dict(zip(table.c.keys(), (county, *key, *numbers), strict=True))
        for key, numbers in sums.items()
        if any(numbers)
    ]
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    numbers = [column for column in table.c if not column.primary_key]
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={c.name: c + statement.excluded[c.name] for c in numbers},
        ),
        rows,
    )
