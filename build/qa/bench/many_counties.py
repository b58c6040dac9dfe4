"""A region's figures over 54 made-up counties and 1.4 million households, on a server of its own."""

import time
from collections.abc import Iterator

from build.qa.bench.figures import Figure
from build.qa.bench.openfisca import Peer
from build.qa.postgresql import Server, server
from sqlalchemy import Connection, text

from ruhu.county.region import replication

COUNTIES, HOUSEHOLDS, RULES = 54, 26_000, 40
AT_MOST_SECONDS = 10.0
FILL = """
insert into record (county, record_id, kind, village, persons, conflicts, changed)
select '{county}', gen_random_uuid()::text, 'household', '{county}100' || lpad((n % 200)::text, 3, '0'),
  1 + n % 6, (n % 400 = 0)::int, n from generate_series(1, {households}) n;
insert into standing (county, record_id, kind, township, village, as_of, policy, registered, persons, stage)
select county, record_id, 'household', left(village, 9), village, '2017-06-01', 'gx-2017',
  (changed % 5 <> 0)::int, persons, 'identified' from record where county = '{county}';
insert into answer_sum (county, township, village, rule, per, outcome, subjects, with_amount, amount_fen)
select '{county}', left(v, 9), v, 'rule.' || p, 'year', o, 40, 40, 4000000
  from (select '{county}100' || lpad(n::text, 3, '0') as v from generate_series(1, 200) n) villages,
  generate_series(1, {rules}) p, unnest(array['eligible', 'unknown', 'fail']) o;
insert into bundle (county, bundle_id, device_id, sequence, digest, imported_at, replaces)
select '{county}', gen_random_uuid()::text, gen_random_uuid()::text, n, md5(n::text), '2017-06-01', ''
  from generate_series(1, {households} / 100) n;
"""


def _fill(running: Server, name: str, connection: Connection, counties: int) -> None:
    replication.create_tables(connection)
    for number in range(counties):
        county = f"45{1000 + number:04}"
        connection.execute(
            text("insert into region_county values (:c, :n)"), {"c": county, "n": f"示范{number}县"}
        )
        replication.partition(connection, county)
        running.sql(FILL.format(county=county, households=HOUSEHOLDS, rules=RULES), database=name)
    running.sql("vacuum analyze", database=name)


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """How long the region's figures take, and how large its tables are."""
    counties = 2 if quick else COUNTIES
    with server(shared_buffers="512MB", max_wal_size="8GB") as running:
        name = running.database()
        engine = replication.open_server(running.url(name))
        with engine.connect() as connection:
            _fill(running, name, connection, counties)
            start = time.perf_counter()
            found = replication.figures(connection)
            took = time.perf_counter() - start
            total = sum(each.households for each in found)
            size = connection.execute(text("select pg_database_size(current_database())"))
            bytes_ = int(size.scalar_one())
        engine.dispose()
    assert total == counties * HOUSEHOLDS
    yield Figure(
        f"a region's figures, {counties} counties, {total:,} households, {RULES} rules in each village",
        f"{took:.2f} s; the tables take {bytes_ / 2**30:.1f} GiB",
        f"limit {AT_MOST_SECONDS:g} s",
        took,
        at_most=AT_MOST_SECONDS,
    )
