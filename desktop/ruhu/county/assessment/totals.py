"""Totals of assessments by village, updated with every change; figures read these."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, Table, delete
from sqlalchemy.dialects import postgresql, sqlite

from ruhu.county.database.ledger_tables import answer_sum, tally_sum

FindingTuple = tuple[str, str, str, int | None, str | None, int | None]
"""The fields of a `StoredFinding`."""
IndicatorTuple = tuple[str, int, int, int]
"""An indicator's name, and the numbers of its `IndicatorCount`."""
VillageKey = tuple[str, str]
"""Township and village."""
RowKey = tuple[str, ...]
"""The key of a row of totals, without its county."""


class RecordTotals(NamedTuple):
    """What one record contributes to the totals of its village."""

    township: str
    village: str
    findings: Iterable[FindingTuple]
    indicators: Iterable[IndicatorTuple]


class TotalsDelta:
    """Changes of a county's totals in one transaction."""

    def __init__(self) -> None:
        # Many records have equal findings: count equal tuples first, and unpack each once.
        self._findings: defaultdict[VillageKey, Counter[FindingTuple]] = defaultdict(Counter)
        self._indicators: defaultdict[VillageKey, Counter[IndicatorTuple]] = defaultdict(Counter)
        self._subtracts = False

    def add(self, totals: RecordTotals) -> None:
        """Add a record's contribution."""
        village = totals.township, totals.village
        self._findings[village].update(totals.findings)
        self._indicators[village].update(totals.indicators)

    def subtract(self, totals: RecordTotals) -> None:
        """Subtract a record's contribution."""
        village = totals.township, totals.village
        self._findings[village].subtract(totals.findings)
        self._indicators[village].subtract(totals.indicators)
        self._subtracts = True

    def _finding_sums(self) -> dict[RowKey, list[int]]:
        sums: defaultdict[RowKey, list[int]] = defaultdict(lambda: [0, 0, 0])
        for village, findings in self._findings.items():
            for (rule, _, outcome, fen, per, _), times in findings.items():
                total = sums[*village, rule, per or "", outcome]
                total[0] += times
                if fen is not None:
                    total[1] += times
                    total[2] += times * fen
        return sums

    def _indicator_sums(self) -> dict[RowKey, list[int]]:
        sums: defaultdict[RowKey, list[int]] = defaultdict(lambda: [0, 0, 0])
        for village, tallies in self._indicators.items():
            for (name, *numbers), times in tallies.items():
                total = sums[*village, name]
                for at, number in enumerate(numbers):
                    total[at] += times * number
        return sums

    def write(self, connection: Connection, county: str) -> None:
        """Write the changes to the tables."""
        _add_to(connection, answer_sum, county, self._finding_sums())
        _add_to(connection, tally_sum, county, self._indicator_sums())
        if self._subtracts:
            for table, empty in (
                (answer_sum, answer_sum.c.subjects == 0),
                (tally_sum, (tally_sum.c.counted == 0) & (tally_sum.c.left_out == 0)),
            ):
                connection.execute(delete(table).where(table.c.county == county, empty))


def clear_totals(connection: Connection, county: str) -> None:
    """Delete all totals of a county, before its records are counted again."""
    for table in (answer_sum, tally_sum):
        connection.execute(delete(table).where(table.c.county == county))


def _add_to(
    connection: Connection, table: Table, county: str, sums: Mapping[RowKey, list[int]]
) -> None:
    rows: list[dict[str, Any]] = [
        dict(zip(table.c.keys(), (county, *key, *numbers), strict=True))
        for key, numbers in sums.items()
        if any(numbers)
    ]
    if rows:
        connection.execute(_upsert(table, connection.dialect.name), rows)


@cache
def _upsert(table: Table, dialect: str) -> Executable:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    numbers = [column for column in table.c if not column.primary_key]
    adding: Executable = statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={c.name: c + statement.excluded[c.name] for c in numbers},
    )
    return adding
