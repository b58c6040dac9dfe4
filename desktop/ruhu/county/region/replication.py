"""A region's copy of its counties' figures, by PostgreSQL's logical replication.

Each county publishes the columns without personal data; encrypted columns stay at home. The region
has tables of the same names, list-partitioned by county. While a county is down, the region keeps
the data it has, and the county's server keeps the changes until the region has them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    case,
    create_engine,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.schema import CreateTable

from ruhu.county.database import ledger_tables as ledger
from ruhu.county.database import tables
from ruhu.county.database.column_encryption import is_encrypted
from ruhu.county.database.engine import CONNECT_OPTIONS, read_location
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

PUBLICATION = "ruhu_region"
KEY = tables.record.c.county.name
REPLICATED_TABLES = (
    tables.record,
    tables.bundle,
    ledger.standing,
    ledger.answer_sum,
    ledger.tally_sum,
    ledger.payment,
    ledger.plan,
    ledger.plan_entry,
)
"""Tables that a region copies; keys of persons in them are hashes under the county's key."""
LEGACY_TABLES = ("answer", "tally")
"""Tables that earlier versions copied instead."""


def _clear_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not is_encrypted(column.type)]


def _column_list(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in _clear_columns(table))


def region_tables() -> MetaData:
    """Return the region's tables: the plain columns of the copied ones, partitioned by county."""
    metadata = MetaData()
    for table in REPLICATED_TABLES:
        columns = [
            Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable)
            for c in _clear_columns(table)
        ]
        Table(table.name, metadata, *columns, postgresql_partition_by=f"LIST ({KEY})")
    return metadata


def open_server(where: str) -> Engine:
    """Open a PostgreSQL server as its administrator, without transactions. Raises `UserError`."""
    location = read_location(where)
    if isinstance(location, Path):
        raise UserError(
            BilingualText("需要 PostgreSQL 地址", "the URL of a PostgreSQL database is required")
        )
    return create_engine(location, isolation_level="AUTOCOMMIT", connect_args=CONNECT_OPTIONS)


def publish(connection: Connection, reader: str = "") -> None:
    """Publish this county's database for a region; needed again after each update of the program.

    `reader` is the role that the region connects as; it gets access to these columns only. Raises
    `UserError` if the server is not set up for logical replication.
    """
    level = connection.execute(text("show wal_level")).scalar_one()
    if level != "logical":
        raise UserError(
            BilingualText(
                "服务器须设 wal_level = logical（现为 {level}），再重启",
                "set wal_level = logical on the server (it is {level}) and restart it",
            ).format(level=level)
        )
    tables_and_columns = ", ".join(
        f"{table.name} ({_column_list(table)})" for table in REPLICATED_TABLES
    )
    exists = connection.execute(
        text("select 1 from pg_publication where pubname = :name"), {"name": PUBLICATION}
    ).first()
    statement = (
        "alter publication {0} set table {1}" if exists else "create publication {0} for table {1}"
    )
    connection.exec_driver_sql(statement.format(PUBLICATION, tables_and_columns))
    if reader:
        role = connection.dialect.identifier_preparer.quote(reader)
        for table in REPLICATED_TABLES:
            connection.exec_driver_sql(
                f"grant select ({_column_list(table)}) on {table.name} to {role}"
            )


def create_tables(connection: Connection) -> None:
    """Create the region's tables, and add the columns of a newer program."""
    inspector = inspect(connection)
    connection.exec_driver_sql(
        "create table if not exists region_county (county varchar(6) primary key, name text not null)"
    )
    for table in region_tables().sorted_tables:
        if not inspector.has_table(table.name):
            connection.execute(CreateTable(table))
            continue
        existing = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in existing:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(f'alter table {table.name} add "{column.name}" {kind}')
    for name in LEGACY_TABLES:
        connection.exec_driver_sql(f"drop table if exists {name}")
    for county in counties(connection):
        partition(connection, county)


def follow(connection: Connection, county: str, name: str, source: str) -> None:
    """Subscribe to a county: create its partitions, and copy what its server has and will have.

    `source` is the connection string by which the region's server reaches the county's, as libpq
    takes it. Raises `UserError` for an invalid county code, and the server's error if it cannot be
    reached.
    """
    if not (len(county) == 6 and county.isascii() and county.isdigit()):
        raise UserError(BilingualText("县代码应为6位数字", "a county code must be 6 digits"))
    connection.execute(
        text(
            "insert into region_county values (:county, :name)"
            " on conflict (county) do update set name = excluded.name"
        ),
        {"county": county, "name": name},
    )
    partition(connection, county)
    quoted = source.replace("'", "''")
    connection.exec_driver_sql(
        f"create subscription ruhu_{county} connection '{quoted}' publication {PUBLICATION}"
    )


def partition(connection: Connection, county: str) -> None:
    """Create a county's partitions."""
    for table in REPLICATED_TABLES:
        connection.exec_driver_sql(
            f"create table if not exists {table.name}_{county} partition of {table.name}"
            f" for values in ('{county}')"
        )


def refresh(connection: Connection) -> None:
    """Subscribe to what counties have published since they and the region were updated."""
    for county in counties(connection):
        connection.exec_driver_sql(f"alter subscription ruhu_{county} refresh publication")


def unfollow(connection: Connection, county: str) -> None:
    """Unsubscribe from a county; the copied data stays."""
    connection.exec_driver_sql(f"drop subscription if exists ruhu_{int(county):06}")


def counties(connection: Connection) -> dict[str, str]:
    """Return the counties that the region follows, with their names."""
    rows = connection.execute(text("select county, name from region_county order by county"))
    return {row.county: row.name for row in rows}


@dataclass(frozen=True, slots=True)
class ReplicationStatus:
    """The state of a county's replication.

    `last_heard` is the time of its server's last message by the region's clock, `None` while it
    does not answer. `copied` is whether the first copy is complete.
    """

    county: str
    name: str
    last_heard: str | None
    copied: bool


def replication_status(connection: Connection) -> list[ReplicationStatus]:
    """Return the state of replication for each county."""
    rows = connection.execute(
        text(
            "select r.county, r.name, s.pid, s.last_msg_receipt_time as heard,"
            " not exists (select 1 from pg_subscription_rel l join pg_subscription p"
            " on p.oid = l.srsubid where p.subname = 'ruhu_' || r.county"
            " and l.srsubstate not in ('r', 's')) as copied"
            " from region_county r left join pg_stat_subscription s"
            " on s.subname = 'ruhu_' || r.county and s.relid is null order by r.county"
        )
    )
    return [
        ReplicationStatus(
            row.county,
            row.name,
            row.heard.isoformat() if row.pid and row.heard else None,
            bool(row.copied),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class CountyFigures:
    """The figures of a county as far as the region has copied them; amounts in fen."""

    county: str
    households: int
    registered: int
    persons: int
    conflicts: int
    bundles: int
    last_bundle: str | None
    owed_fen: int
    paid_fen: int


def figures(connection: Connection) -> list[CountyFigures]:
    """Return the figures of every county that the region follows, by code."""
    region = {table.name: table for table in region_tables().sorted_tables}
    record, bundle = region["record"], region["bundle"]
    standing, finding_sum, payment = region["standing"], region["answer_sum"], region["payment"]
    totals_by_county = {county: [0] * 5 for county in counties(connection)}
    household = record.c.kind == "household"
    for row in connection.execute(
        select(
            record.c.county,
            func.count(case((household, 1))),
            func.coalesce(func.sum(case((household, record.c.persons))), 0),
            func.count(case((record.c.conflicts > 0, 1))),
        ).group_by(record.c.county)
    ):
        totals_by_county[row[0]][:3] = row[1:]
    registered = _by_county(connection, standing, func.sum(standing.c.registered))
    bundles = _by_county(connection, bundle, func.count())
    last = _by_county(connection, bundle, func.max(bundle.c.imported_at))
    eligible = finding_sum.c.outcome == "eligible"
    owed = _by_county(connection, finding_sum, func.sum(finding_sum.c.amount_fen), eligible)
    paid = _by_county(
        connection, payment, func.sum(payment.c.amount_fen), payment.c.paid_on.is_not(None)
    )
    return [
        CountyFigures(
            county=county,
            households=totals[0],
            registered=int(registered.get(county) or 0),
            persons=int(totals[1]),
            conflicts=totals[2],
            bundles=int(bundles.get(county) or 0),
            last_bundle=last.get(county),
            owed_fen=int(owed.get(county) or 0),
            paid_fen=int(paid.get(county) or 0),
        )
        for county, totals in totals_by_county.items()
    ]


def _by_county(connection: Connection, table: Table, what: Any, *where: Any) -> dict[str, Any]:
    rows = connection.execute(select(table.c.county, what).where(*where).group_by(table.c.county))
    return {row[0]: row[1] for row in rows}
