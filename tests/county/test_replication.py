"""A region over two counties: three PostgreSQL servers, one of them lost in mid-import and back."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from build.qa.postgresql import Server, programs, server
from sqlalchemy import Connection
from tests.conftest import PASSPHRASE
from tests.county.laptop_bundles import Laptop

from ruhu.cli.main import main
from ruhu.county.county import CountyStore
from ruhu.county.database.engine import DatabaseNotReached
from ruhu.county.records.import_result import ImportOutcome
from ruhu.county.region import replication

COUNTIES = {"451024": "德保县", "451026": "那坡县"}


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Server]]:
    """The region's server and one for each county."""
    if programs() is None:
        pytest.skip("needs a PostgreSQL server")
    with server() as top, server(careful=True) as one, server(careful=True) as other:
        yield dict(zip(("region", *COUNTIES), (top, one, other), strict=True))


def until(connection: Connection, seen: Callable[[Connection], object], wanted: object) -> None:
    """Wait for replication, which tells nobody when it is done."""
    deadline = time.monotonic() + 60
    while seen(connection) != wanted:
        assert time.monotonic() < deadline, (seen(connection), wanted)
        time.sleep(0.05)


def households(connection: Connection) -> dict[str, int]:
    return {each.county: each.households for each in replication.figures(connection)}


@pytest.mark.slow
def test_the_region_counts_on_while_a_county_is_down_and_catches_up(
    servers: dict[str, Server],
    household: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    top = servers["region"]
    above = top.url(top.database())
    assert main(["region", "init", "--db", above]) == 0
    stores, laptops = {}, {}
    for county, name in COUNTIES.items():
        at, base = servers[county], servers[county].database()
        stores[county], _ = CountyStore.create(at.url(base), PASSPHRASE, county=county, name=name)
        laptops[county] = Laptop(stores[county], "测试员", tmp_path / county)
        assert main(["region", "publish", "--db", at.url(base)]) == 0
        words = ["--county", county, "--name", name, "--source", at.source(base)]
        assert main(["region", "join", "--db", above, *words]) == 0

    def bundle(county: str, start: int, count: int) -> Path:
        documents = [
            {**household, "record_id": str(UUID(int=start + number))} for number in range(count)
        ]
        laptop = laptops[county]
        return laptop.bundle(*(laptop.revision(document) for document in documents))

    engine = replication.open_server(above)
    with engine.connect() as connection:
        for county in COUNTIES:
            stores[county].exchange.import_file(bundle(county, 100, 3))
        until(connection, households, {"451024": 3, "451026": 3})

        # One county's server goes as in a power cut, between two bundles of one stick.
        first, second = bundle("451026", 200, 4), bundle("451026", 300, 5)
        stores["451026"].exchange.import_file(first)
        servers["451026"].stop("immediate")
        with pytest.raises(DatabaseNotReached):
            stores["451026"].exchange.import_file(second)
        stores["451024"].exchange.import_file(bundle("451024", 200, 2))
        until(connection, lambda c: households(c)["451024"], 5)

        def heard(c: Connection) -> list[bool]:
            return [each.last_heard is not None for each in replication.replication_status(c)]

        until(connection, heard, [True, False])
        assert households(connection)["451026"] in (3, 7)

        servers["451026"].start()
        results = [stores["451026"].exchange.import_file(path) for path in (first, second)]
        assert [result.outcome for result in results] == [
            ImportOutcome.KNOWN,
            ImportOutcome.IMPORTED,
        ]
        until(connection, households, {"451024": 5, "451026": 12})
        until(connection, heard, [True, True])
        at_home = {county: store.records.counts() for county, store in stores.items()}
        assert {
            each.county: (each.households, each.persons, each.bundles)
            for each in replication.figures(connection)
        } == {
            county: (counts.households, counts.households * 2, counts.bundles)
            for county, counts in at_home.items()
        }
        assert any(each.owed_fen > 0 for each in replication.figures(connection))

        stored = top.sql("select * from record", "select * from answer_sum", database="test1")
        assert "韦岜明" not in stored
        assert "face" not in replication.region_tables().tables["record"].columns
        partitions = "select count(*) from pg_inherits where inhparent = 'record'::regclass"
        assert top.sql(partitions, database="test1").strip() == "2"
    engine.dispose()
    assert main(["region", "figures", "--db", above]) == 0
    assert capsys.readouterr().out.splitlines()[-2:][0].startswith("451024\t5\t")
    assert main(["region", "state", "--db", above]) == 0
    assert capsys.readouterr().out.count("●") == 2
    assert main(["region", "leave", "--county", "451026", "--db", above]) == 0
    assert main(["region", "leave", "--county", "451024", "--db", above]) == 0
    for store in stores.values():
        store.close()


def test_missing_server_settings_are_reported(
    servers: dict[str, Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = servers["region"].url("postgres")
    assert (
        main(["region", "join", "--db", url, "--county", "45", "--name", "x", "--source", ""]) == 2
    )
    assert main(["region", "init", "--db", str(tmp_path / "county.db")]) == 2
    assert main(["region", "figures", "--db", url]) == 2
    assert "region_county" in capsys.readouterr().err
