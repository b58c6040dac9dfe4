"""A stick with many bundles: opened ahead, taken in as if one after the other."""

from pathlib import Path
from typing import Any
from uuid import UUID

from build.qa.postgresql import Server
from sqlalchemy import select
from tests.conftest import PASSPHRASE
from tests.county.laptop_bundles import Laptop

from ruhu.county.county import CountyStore
from ruhu.county.database.ledger_tables import answer_sum, standing, tally_sum
from ruhu.county.exchange.parallel_open import PARALLEL_THRESHOLD
from ruhu.county.records.import_result import ImportOutcome
from ruhu.exchange.keys.fingerprint import fingerprint


def standings_in(store: CountyStore) -> list[object]:
    """What is known of all records, and the sums over them."""
    with store.reader() as connection:
        return [
            tuple(row)
            for table in (standing, answer_sum, tally_sum)
            for row in connection.execute(select(table).order_by(*table.primary_key))
        ]


def test_many_bundles_come_to_the_same_as_one_by_one(
    postgresql: Server, household: dict[str, Any], tmp_path: Path
) -> None:
    base = postgresql.database()
    url = postgresql.url(base)
    county, _ = CountyStore.create(url, PASSPHRASE, county="451024", name="德保县")
    one, other = (Laptop(county, name, tmp_path / "stick") for name in ("黄一", "覃二"))
    county.close()
    copy = postgresql.database(template=base)
    twin = postgresql.url(copy)
    records = [{**household, "record_id": str(UUID(int=n))} for n in range(1, PARALLEL_THRESHOLD)]
    first = [one.revision(document, reason="roster") for document in records]
    paths = [one.bundle(revision) for revision in first]
    for number, revision in enumerate(first):
        housing = {**household["housing"], "floor_area_m2": str(60 + number)}
        for laptop in (one, other):
            changed = {
                **records[number],
                "housing": {**housing, "storage_area_m2": laptop.surveyor},
            }
            paths.append(laptop.bundle(laptop.revision(changed, on=[revision], hour=number)))
    (tmp_path / "stick" / "none.bundle.age").write_bytes(b"nothing")
    paths.append(tmp_path / "stick" / "none.bundle.age")
    with CountyStore.open(url, PASSPHRASE) as ahead, CountyStore.open(twin, PASSPHRASE) as by_turn:
        results = list(ahead.exchange.import_files(paths))
        assert results == [by_turn.exchange.import_file(path) for path in paths]
        assert [result.outcome for result in results[:-1]] == [ImportOutcome.IMPORTED] * (
            len(paths) - 1
        )
        assert results[-1].outcome is ImportOutcome.REJECTED
        assert ahead.records.counts() == by_turn.records.counts()
        assert ahead.records.counts().conflicts == len(records)
        assert list(ahead.records.documents()) == list(by_turn.records.documents())
        assert standings_in(ahead) == standings_in(by_turn)


def test_a_device_revoked_while_its_stick_is_read_gets_no_further(
    county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    laptop = Laptop(county, "黄一", tmp_path)
    visits = [laptop.revision(household, hour=hour) for hour in range(PARALLEL_THRESHOLD + 2)]
    paths = [laptop.bundle(visit) for visit in visits]
    coming = county.exchange.import_files(paths)
    assert next(coming).outcome is ImportOutcome.IMPORTED
    county.devices.revoke(laptop.device.device_id)
    assert {imported.outcome for imported in coming} == {ImportOutcome.REJECTED}
    aside = county.exchange.quarantined()
    assert {each.reason.en for each in aside} == {
        f"the device that signed was revoked (key {fingerprint(laptop.device.public)}), and its later bundles "
        "are refused; if that was a mistake, an administrator can enrol it again, then import the bundle again"
    }
    kept = {county.exchange.quarantined_bytes(each.digest) for each in aside}
    assert kept == {path.read_bytes() for path in paths[1:]}


def test_a_record_with_a_wrong_fact_is_taken_in_and_counted_nowhere(
    county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    laptop = Laptop(county, "黄一", tmp_path)
    imported = county.exchange.import_file(
        laptop.bundle(laptop.revision({**household, "population": "many"}))
    )
    assert imported.outcome is ImportOutcome.IMPORTED
    assert county.records.counts().households == 1
    assert all(each.open == each.entitled == 0 for each in county.statistics.figures().sums)


def test_what_the_rules_cannot_judge_is_listed_with_its_reason_until_it_is_mended(
    county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    laptop = Laptop(county, "黄一", tmp_path)
    wrong, unseen, before, strange = (
        {**household, "record_id": f"fb5db162-d1ed-5596-adab-00000000000{number}"}
        for number in range(1, 5)
    )
    wrong["population"] = "many"
    unseen["survey"] = {}
    before["survey"] = {"date": "2015-12-31"}
    strange["kind"] = "bridge"
    visits = [laptop.revision(each) for each in (household, wrong, unseen, before, strange)]
    county.exchange.import_file(laptop.bundle(*visits))
    assert county.records.count_invalid() == 3
    reasons = {
        str(each.record_id)[-1]: each.problem for each in county.records.search(invalid=True)
    }
    assert set(reasons) == {"1", "3", "4"}
    assert reasons["1"] is not None
    assert "many" in reasons["1"].en
    assert county.records.search("nobody of this name", invalid=True) == []
    problems = {str(each.record_id): each.problem for each in county.records.search()}
    assert problems[household["record_id"]] is problems[unseen["record_id"]] is None
    assert problems[wrong["record_id"]] == reasons["1"]
    mended = laptop.revision({**wrong, "population": 2}, on=[visits[1]], hour=1)
    county.exchange.import_file(laptop.bundle(mended))
    assert county.records.count_invalid() == 2
