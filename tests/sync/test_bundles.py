"""From the laptop's store over a folder into the county's records."""

import gzip
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
import pytest
import rfc8785
from tests.conftest import QUICK

from ruhu.county.audit_labels import describe
from ruhu.county.county import CountyStore
from ruhu.county.devices.devices import RevokedBefore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.exchange.formats.container import MAX_SEALED_BYTES
from ruhu.exchange.formats.schemas import all_schemas
from ruhu.exchange.keys.county import CountyPublic, CountySecrets
from ruhu.files.atomic_write import WriteFailed
from ruhu.store.store import Store
from ruhu.sync.bundle_builder import NoCounty
from ruhu.sync.folder import export_bundles


def visited(store: Store, household: dict[str, Any]) -> UUID:
    record_id = store.records.add(household)
    store.records.close_visit(record_id)
    return record_id


def reseal(document: dict[str, Any], county: CountyPublic) -> bytes:
    packed = gzip.compress(rfc8785.dumps(document))
    recipients = [pyrage.x25519.Recipient.from_str(text) for text in county.recipients]
    return bytes(pyrage.encrypt(packed, recipients))


def opened(sealed: bytes, county: CountyStore) -> dict[str, Any]:
    identity = pyrage.x25519.Identity.from_str(county.keys.identities[0])
    document: dict[str, Any] = json.loads(gzip.decompress(pyrage.decrypt(sealed, [identity])))
    return document


def test_a_visit_reaches_the_county(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    record_id = visited(linked, household)
    exported = export_bundles(linked, tmp_path / "stick")
    imported = county.exchange.import_file(exported.files[0])
    assert (imported.outcome, imported.revisions, imported.gaps) == (ImportOutcome.IMPORTED, 1, ())
    assert list(county.records.documents()) == [linked.records.document(record_id)]


def test_importing_again_changes_nothing(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(linked, household)
    path = export_bundles(linked, tmp_path / "stick").files[0]
    county.exchange.import_file(path)
    before = list(county.records.documents())
    assert county.exchange.import_file(path).outcome is ImportOutcome.KNOWN
    assert list(county.records.documents()) == before


def test_bundles_out_of_order_show_the_gap_until_it_is_filled(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    record_id = visited(linked, household)
    export_bundles(linked, tmp_path / "stick")
    linked.records.save_draft(record_id, {**household, "population": 5}, field="population")
    linked.records.close_visit(record_id)
    first, second = export_bundles(linked, tmp_path / "stick").files
    assert county.exchange.import_file(second).gaps == (1,)
    assert county.exchange.import_file(first).gaps == ()
    assert next(county.records.documents())["population"] == 5


def test_only_what_changed_goes_into_the_next_bundle(
    linked: Store, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(linked, household)
    assert export_bundles(linked, tmp_path / "stick").revisions == 1
    again = export_bundles(linked, tmp_path / "other")
    assert (again.revisions, len(again.files)) == (0, 1)
    assert linked.outbox.pending_count() == 0


def test_more_than_five_hundred_revisions_go_into_more_bundles(
    linked: Store, household: dict[str, Any], tmp_path: Path, county: CountyStore
) -> None:
    documents = [
        {**household, "record_id": f"fb5db162-d1ed-5596-adab-{number:012d}"}
        for number in range(501)
    ]
    linked.records.import_documents(documents)
    exported = export_bundles(linked, tmp_path / "stick")
    assert (exported.revisions, len(exported.files)) == (501, 2)
    assert sum(county.exchange.import_file(path).revisions for path in exported.files) == 501


def test_without_a_county_nothing_is_sealed(
    store: Store, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(store, household)
    with pytest.raises(NoCounty):
        export_bundles(store, tmp_path / "stick")
    assert store.outbox.pending_count() == 1


def test_a_stick_that_cannot_be_written_costs_nothing(
    linked: Store, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(linked, household)
    stick = tmp_path / "stick"
    stick.mkdir()
    name = f"ruhu-451024-{str(linked.identity.device.device_id)[-8:]}-000001.bundle.age"
    (stick / f".{name}.part").mkdir()  # the temporary name is taken: opening it fails
    with pytest.raises(WriteFailed) as caught:
        export_bundles(linked, stick)
    assert "写不进" in caught.value.text.zh
    assert not (stick / name).exists()
    again = export_bundles(linked, tmp_path / "another")
    assert len(again.files) == 1


@pytest.fixture
def sealed(linked: Store, household: dict[str, Any], tmp_path: Path) -> bytes:
    visited(linked, household)
    return export_bundles(linked, tmp_path / "stick").files[0].read_bytes()


def taken_in(county: CountyStore, data: bytes, tmp_path: Path) -> tuple[ImportOutcome, str]:
    path = tmp_path / "handed-in.bundle.age"
    path.write_bytes(data)
    imported = county.exchange.import_file(path)
    return imported.outcome, imported.reason.zh if imported.reason else ""


def test_cut_short_anywhere_it_is_set_aside_whole(
    sealed: bytes, county: CountyStore, tmp_path: Path
) -> None:
    for length in (0, 10, 100, len(sealed) // 2, len(sealed) - 1):
        outcome, reason = taken_in(county, sealed[:length], tmp_path)
        assert outcome is ImportOutcome.REJECTED
        assert reason
    assert list(county.records.documents()) == []


def test_changed_by_one_byte_anywhere_it_is_set_aside(
    sealed: bytes, county: CountyStore, tmp_path: Path
) -> None:
    for place in range(0, len(sealed), max(len(sealed) // 25, 1)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert taken_in(county, bytes(changed), tmp_path)[0] is ImportOutcome.REJECTED
    assert list(county.records.documents()) == []


def test_a_revoked_device_is_set_aside_as_such_until_it_is_enrolled_again(
    sealed: bytes, linked: Store, county: CountyStore, tmp_path: Path
) -> None:
    county.devices.revoke(linked.identity.device.device_id)
    outcome, reason = taken_in(county, sealed, tmp_path)
    assert outcome is ImportOutcome.REJECTED
    assert "已注销" in reason
    assert "没有登记" not in reason
    (aside,) = county.exchange.quarantined()
    entry = county.audit.entries()[-1]
    assert json.loads(entry.detail)["code"] == "revoked_device"
    assert "原因：设备已注销" in describe(entry, {}).zh
    with pytest.raises(RevokedBefore):
        county.devices.enrol(linked.identity.device)
    assert county.exchange.retry(aside.digest).outcome is ImportOutcome.REJECTED
    county.devices.enrol(linked.identity.device, again=True)
    assert county.exchange.quarantined_bytes(aside.digest) == sealed
    assert taken_in(county, sealed, tmp_path)[0] is ImportOutcome.IMPORTED


def test_a_bundle_for_another_county_does_not_open(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    _, other, _ = CountySecrets.generate("451025", "靖西市")
    linked.identity.set_county(other, confirmed=True)
    visited(linked, household)
    data = export_bundles(linked, tmp_path / "stick").files[0].read_bytes()
    outcome, reason = taken_in(county, data, tmp_path)
    assert outcome is ImportOutcome.REJECTED
    assert "不是封给本县" in reason


def test_a_bundle_wrapped_again_for_this_county_is_refused(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    other, _ = CountyStore.create(
        tmp_path / "other.db", "another passphrase", county="451025", name="靖西市", cost=QUICK
    )
    with other:
        linked.identity.set_county(other.public, confirmed=True)
        visited(linked, household)
        data = export_bundles(linked, tmp_path / "stick").files[0].read_bytes()
        stolen = reseal(opened(data, other), county.public)
    outcome, reason = taken_in(county, stolen, tmp_path)
    assert outcome is ImportOutcome.REJECTED
    assert "451025" in reason


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": "ruhu.bundle/2"}, "升级"),
        ({"format": "something/1"}, "不是入户数据包"),
        ({"suite": "sm2-sm4"}, "升级"),
        ({"revisions": []}, "签名不符"),
        ({"signature": None}, "缺少签名"),
        ({"more": {"a": 1}}, "签名不符"),
    ],
)
def test_a_changed_document_is_refused_with_its_reason(
    sealed: bytes, county: CountyStore, tmp_path: Path, change: dict[str, Any], word: str
) -> None:
    document = {**opened(sealed, county), **change}
    outcome, reason = taken_in(county, reseal(document, county.public), tmp_path)
    assert outcome is ImportOutcome.REJECTED
    assert word in reason


def test_a_decompression_bomb_is_refused(county: CountyStore, tmp_path: Path) -> None:
    packed = gzip.compress(b" " * (200 * 1024 * 1024))
    recipients = [pyrage.x25519.Recipient.from_str(county.public.seal)]
    bomb = bytes(pyrage.encrypt(packed, recipients))
    outcome, reason = taken_in(county, bomb, tmp_path)
    assert outcome is ImportOutcome.REJECTED
    assert "不予接收" in reason


def test_a_file_too_large_is_refused_unread(county: CountyStore, tmp_path: Path) -> None:
    path = tmp_path / "large.bundle.age"
    with path.open("wb") as stream:
        stream.truncate(MAX_SEALED_BYTES + 1)
    assert county.exchange.import_file(path).outcome is ImportOutcome.REJECTED


def test_the_recovery_key_opens_a_bundle_too(
    store: Store, household: dict[str, Any], tmp_path: Path
) -> None:
    _, public, recovery = CountySecrets.generate("451024", "德保县")
    store.identity.set_county(public)
    visited(store, household)
    sealed = export_bundles(store, tmp_path / "stick").files[0].read_bytes()
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(recovery)])


def test_a_sealed_bundle_shows_nothing(sealed: bytes) -> None:
    assert "韦岜明".encode() not in sealed
    assert sealed.startswith(b"age-encryption.org/v1\n")


def test_what_travels_follows_its_published_schema(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    linked.records.import_documents([household])
    (path,) = export_bundles(linked, tmp_path / "stick").files
    document = opened(path.read_bytes(), county)
    schema = all_schemas()["bundle"]
    assert set(schema["required"]) <= set(document)
    manifest = schema["$defs"]["Manifest"]
    assert set(manifest["required"]) <= set(document["manifest"]) <= set(manifest["properties"])
    revision = schema["$defs"]["Revision"]
    assert set(revision["required"]) <= set(document["revisions"][0]) <= set(revision["properties"])
    assert set(document["signature"]) == set(schema["properties"]["signature"]["required"])
