"""Bulk reads and writes: `COPY` on PostgreSQL, one prepared statement on SQLite."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    any_,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite

from ruhu.county.database.column_encryption import is_plain

Row = dict[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert new rows, which all have the same columns in the same order."""
    if not rows:
        return
    if is_plain(connection.dialect):
        _insert(connection, table, rows)
    elif len(rows) > 1:
        _copy(connection, table, rows)
    else:
        connection.execute(insert(table), list(rows))


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    # In an encrypted file no column needs conversion: the driver can insert the rows directly.
    statement, order = _insert_statement(table, tuple(rows[0]))
    values = itemgetter(*order)
    connection.exec_driver_sql(statement, [values(row) for row in rows])


@cache
def _insert_statement(table: Table, names: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the statement for SQLite, and the names of its values in order."""
    statement: Any = insert(table).compile(dialect=sqlite.dialect(), column_keys=list(names))
    return str(statement), statement.positiontup


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    dialect = connection.dialect
    names = list(rows[0])
    processors = [
        table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names
    ]
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                [
                    process(value) if process else value
                    for value, process in zip(row.values(), processors, strict=True)
                ]
            )


def in_list(
    connection: Connection, column: Column[Any], keys: Collection[str]
) -> ColumnElement[bool]:
    """Return a condition: the column has one of some keys, however many these are.

    The keys travel as one value; with a parameter each, every number of keys would be compiled
    separately.
    """
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(keys), ARRAY(Text)))
    listed = func.json_each(json.dumps(list(keys))).table_valued("value")
    return column.in_(select(listed.c.value))


def existing_keys(
    connection: Connection, county: str, column: Column[Any], keys: Collection[str]
) -> set[str]:
    """Return those of some keys that a column has already."""
    rows = connection.execute(
        select(column).where(column.table.c.county == county, in_list(connection, column, keys))
    )
    return set(rows.scalars())
