"""What the county settled comes back to the laptops, and every side ends with the same documents."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from build.release.release_data import exchange
from tests.conftest import PASSPHRASE, QUICK

from ruhu.county.county import CountyStore
from ruhu.errors import UserError
from ruhu.exchange.formats.container import BundleRefused
from ruhu.exchange.formats.reply import Reply, open_reply, seal_reply
from ruhu.exchange.keys.county import CountySecrets
from ruhu.exchange.media_files import reply_file
from ruhu.revisions.merge import merge_revisions
from ruhu.store.record_list import SENT_BACK
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.survey.changes.returned import returned_survey
from ruhu.sync.folder import export_bundles, import_from
from ruhu.sync.replies import import_reply

RECORD = UUID("fb5db162-d1ed-5596-adab-abdae880b3b4")


@pytest.fixture
def pair(tmp_path: Path, county: CountyStore, household: dict[str, Any]) -> tuple[Store, Store]:
    """Two laptops of the county with the same household from one roster."""
    made = []
    for name in ("黄一", "覃二"):
        store = Store.create(tmp_path / name, PASSPHRASE, surveyor=name, cost=QUICK)
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
        made.append(store)
    one, other = made
    one.records.import_documents([household])
    assert other.replies.import_revisions(one.records.revisions(RECORD)) == 1
    return one, other


def visit(store: Store, area: str) -> None:
    document = store.records.document(RECORD)
    document["housing"]["floor_area_m2"] = area
    store.records.save_draft(RECORD, document, field="")
    store.records.close_visit(RECORD)


def area_of(store: Store) -> str:
    return str(store.records.document(RECORD)["housing"]["floor_area_m2"])


def test_what_the_county_settled_comes_back_to_both(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    one, other = pair
    visit(one, "61")
    visit(other, "63")
    stick = tmp_path / "stick"
    exchange(county, stick, one, other)
    (waiting,) = county.review.pending()
    county.review.settle(RECORD, {conflict.path: "62" for conflict in waiting.conflicts})
    exchange(county, stick, one, other)
    assert [import_from(store, stick).changed for store in pair] == [1, 1]
    (document,) = county.records.documents()
    assert [area_of(store) for store in pair] == ["62", "62"]
    assert one.records.document(RECORD) == other.records.document(RECORD) == document
    assert one.records.current(RECORD).conflicts == ()
    exchange(county, stick, one, other)
    assert county.review.pending() == []
    assert [store.outbox.pending_count() for store in pair] == [0, 0]
    assert [import_from(store, stick).changed for store in pair] == [0, 0]
    visit(one, "64")
    exchange(county, stick, one, other)
    assert import_from(other, stick).changed == 1
    assert area_of(other) == "64"


def test_nothing_changes_under_a_visit_that_is_open(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    one, other = pair
    visit(one, "61")
    visit(other, "61")
    stick = tmp_path / "stick"
    exchange(county, stick, one, other)
    assert [import_from(store, stick).changed for store in pair] == [1, 1]
    typed = other.records.document(RECORD) | {"population": 4}
    other.records.save_draft(RECORD, typed, field="population")
    visit(one, "64")
    exchange(county, stick, one)
    assert import_from(other, stick).changed == 1
    assert other.records.document(RECORD) == typed
    other.records.close_visit(RECORD)
    assert (other.records.document(RECORD)["population"], area_of(other)) == (4, "64")
    exchange(county, stick, other)
    assert county.review.pending() == []
    (document,) = county.records.documents()
    assert document == other.records.document(RECORD)


def test_an_answer_is_for_its_laptop_and_from_its_county_alone(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    one, other = pair
    visit(one, "61")
    visit(other, "63")
    stick = tmp_path / "stick"
    exchange(county, stick, one, other)
    mine = stick / reply_file("451024", one.identity.device.device_id, 1)
    theirs = stick / reply_file("451024", other.identity.device.device_id, 1)
    mine.write_bytes(theirs.read_bytes())
    taken = import_from(one, stick)
    assert (taken.changed, len(taken.problems)) == (0, 1)
    secrets, _, _ = CountySecrets.generate("451024", "冒名县")
    forged = seal_reply(
        one.records.revisions(RECORD),
        county="451024",
        device_id=one.identity.device.device_id,
        recipient=one.identity.device.seal,
        secret=secrets.signing_secret,
        at=one.records.revisions(RECORD)[0].at,
        sequence=1,
    )
    for junk in (forged, b"", b"age-encryption.org/v1\n", forged[:-5]):
        with pytest.raises(BundleRefused):
            open_reply(junk, one.identity.device_key, county.public)
    assert len(merge_revisions(one.records.revisions(RECORD)).heads) == 1


def test_a_revoked_laptop_gets_no_answer(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    one, other = pair
    visit(one, "61")
    visit(other, "63")
    exchange(county, tmp_path / "stick", one, other)
    county.devices.revoke(one.identity.device.device_id)
    assert county.replies.pending(one.identity.device.device_id) == []
    assert county.replies.sealed(one.identity.device.device_id, 1) is None
    assert county.replies.pending(other.identity.device.device_id) == [1]


def test_a_household_sent_back_says_why_until_it_was_visited_again(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    one, _ = pair
    visit(one, "61")
    stick = tmp_path / "stick"
    exchange(county, stick, one)
    with pytest.raises(UserError):
        county.review.send_back(RECORD, "  ")
    county.review.send_back(RECORD, "面积请再量一次")
    exchange(county, stick, one)
    assert import_from(one, stick).changed == 1
    (summary,) = one.records.summaries(Search(status=SENT_BACK))
    assert summary.record_id == RECORD
    assert one.records.progress().sent_back == 1
    returned = returned_survey(one.records.document(RECORD))
    assert returned is not None
    assert (returned.comment, returned.by) == ("面积请再量一次", "德保县")
    visit(one, "60")
    assert one.records.progress().sent_back == 0
    exchange(county, stick, one)
    (listed,) = county.records.search("韦岜明")
    assert listed.sent_back == ""
    assert listed.document["housing"]["floor_area_m2"] == "60"
    assert [r.reason for r in one.records.revisions(RECORD)].count("sent_back") == 1


@pytest.mark.parametrize(
    ("kept", "names"),
    [
        (None, ["韦岜明"]),
        ({"member_id": "m2", "name": "蒙才芳"}, ["韦岜明", "蒙才芳"]),
    ],
)
def test_a_member_taken_away_by_one_and_changed_by_the_other_is_settled_either_way(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path, kept: Any, names: list[str]
) -> None:
    one, other = pair
    document = one.records.document(RECORD)
    document["members"] = document["members"][:1]
    one.records.save_draft(RECORD, document, field="")
    one.records.close_visit(RECORD)
    document = other.records.document(RECORD)
    document["members"][1]["name"] = "蒙才芳"
    other.records.save_draft(RECORD, document, field="")
    other.records.close_visit(RECORD)
    stick = tmp_path / "stick"
    exchange(county, stick, one, other)
    (waiting,) = county.review.pending()
    (conflict,) = waiting.conflicts
    assert conflict.path == "members[m2]"
    county.review.settle(RECORD, {conflict.path: kept})
    (found,) = county.records.documents()
    assert [m["name"] for m in found["members"]] == names
    exchange(county, stick, one, other)
    assert [import_from(store, stick).changed for store in pair] == [1, 1]
    assert one.records.document(RECORD) == other.records.document(RECORD) == found


STANDARDS: dict[str, Any] = {
    "county": "451024",
    "valid_from": "2017-01-01",
    "housing": {"subsidy": {"extreme": "32000"}},
}


def test_published_standards_reach_every_laptop_once(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    county.standards.publish(STANDARDS)
    exchange(county, tmp_path / "stick", *pair)
    for store in pair:
        assert store.standards.load().book.sets == ()
        import_from(store, tmp_path / "stick")
        (held,) = store.standards.load().book.sets
        assert (str(held.valid_from), held.values["housing.subsidy.extreme"]) == (
            "2017-01-01",
            32000,
        )
    before = [store.replies.last_number for store in pair]
    exchange(county, tmp_path / "stick", *pair)
    for store in pair:
        import_from(store, tmp_path / "stick")
    assert [store.replies.last_number for store in pair] == before
    more = {**STANDARDS, "housing": {"subsidy": {"extreme": "33000"}}}
    county.standards.publish(more)
    exchange(county, tmp_path / "stick", *pair)
    for store in pair:
        import_from(store, tmp_path / "stick")
        (held,) = store.standards.load().book.sets
        assert held.values["housing.subsidy.extreme"] == 33000


def answer(store: Store, sequence: int, extreme: str, day: int) -> Reply:
    """An answer made on a day of June, with what the county publishes then."""
    standards = {**STANDARDS, "housing": {"subsidy": {"extreme": extreme}}}
    return Reply(
        format="ruhu.answer/1",
        county="451024",
        device_id=store.identity.device.device_id,
        created=datetime(2017, 6, day, tzinfo=UTC),
        sequence=sequence,
        revisions=(),
        published=(standards,),
    )


def extremes(store: Store) -> list[Any]:
    return [one.values["housing.subsidy.extreme"] for one in store.standards.load().book.sets]


def test_an_older_answer_that_comes_once_more_brings_no_older_standards(store: Store) -> None:
    for sequence, extreme, day in ((1, "32000", 1), (2, "33000", 2), (1, "32000", 1)):
        import_reply(store, answer(store, sequence, extreme, day))
    assert extremes(store) == [33000]
    # A county that was put back to a backup counts from before; what it says is news all the same.
    import_reply(store, answer(store, 2, "34000", 3))
    assert extremes(store) == [34000]
    assert store.replies.last_number == 2


def test_standards_of_an_answer_that_has_to_wait_wait_with_it(store: Store) -> None:
    with pytest.raises(UserError, match="reply 1 is missing"):
        import_reply(store, answer(store, 2, "33000", 2))
    assert extremes(store) == []


def test_what_the_county_published_takes_the_place_of_a_file_of_ones_own(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    store = pair[0]
    own = {**STANDARDS, "valid_from": "2016-06-01", "valid_to": "2017-12-31"}
    store.standards.add(own)
    county.standards.publish(STANDARDS)
    exchange(county, tmp_path / "stick", store)
    assert import_from(store, tmp_path / "stick").problems == ()
    assert [str(one.valid_from) for one in store.standards.load().book.sets] == ["2017-01-01"]


def test_a_laptop_put_back_from_a_copy_goes_on_where_its_county_is(
    pair: tuple[Store, Store], county: CountyStore, tmp_path: Path
) -> None:
    lost, other = pair
    stick, late = tmp_path / "stick", tmp_path / "late"
    visit(lost, "61")
    exchange(county, stick, lost)
    county.replies.subscribe(other.identity.device.device_id, [RECORD])
    exchange(county, stick, lost, other)
    backup = lost.back_up(tmp_path)
    for area in ("62", "63"):
        visit(lost, area)
        exchange(county, stick, lost, other)
        import_from(other, stick)
        visit(other, f"{area}.5")
        exchange(county, stick, lost, other)
        import_from(lost, stick)
    visit(lost, "64")
    late.mkdir()
    export_bundles(lost, late)
    lost.close()
    with Store.restore(backup, tmp_path / "new", PASSPHRASE) as restored:
        document = restored.records.document(RECORD)
        restored.records.save_draft(RECORD, {**document, "population": 7}, field="population")
        restored.records.close_visit(RECORD)
        import_from(restored, stick)
        assert restored.records.document(RECORD)["population"] == 7

        def go_on(area: str) -> None:
            for _ in range(2):
                exchange(county, stick, restored, other)
                assert not import_from(other, stick).problems
                assert not import_from(restored, stick).problems
            (document,) = county.records.documents()
            values = document["housing"]["floor_area_m2"], document["population"]
            assert values == (area, 7)
            assert restored.records.document(RECORD) == other.records.document(RECORD) == document

        go_on("63.5")
        for path in late.glob("*.bundle.age"):
            county.exchange.import_file(path)
        go_on("64")
        assert {parcel.state for parcel in restored.outbox.entries()} == {"confirmed"}
        assert county.exchange.chain(restored.identity.device.device_id).gaps == ()
        assert county.review.pending() == []
