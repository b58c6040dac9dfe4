"""Bundles over HTTP: a real server, a line that breaks, and receipts that nobody else can write."""

import io
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image
from sqlalchemy import delete, insert, select
from tests.conftest import PASSPHRASE, QUICK
from tests.store.test_attachments import photo
from tests.sync.county_server import Line, Proxy, serving

from ruhu.county.access import certificate
from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.database import tables
from ruhu.county.removable_media import write_replies
from ruhu.errors import UserError
from ruhu.exchange.formats.container import digest
from ruhu.exchange.formats.receipt import (
    ReceiptRefused,
    SignedReceipt,
    check_receipt,
    read_receipts,
    write_receipts,
)
from ruhu.exchange.keys.county import CountyPublic, CountySecrets, read_county
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.media_files import receipts_file
from ruhu.exchange.protocol.http_signature import sign_request
from ruhu.exchange.protocol.messages import NONCE, SyncRequest
from ruhu.i18n import BilingualText
from ruhu.images import read_picture
from ruhu.store.store import Store
from ruhu.survey.attachments import Paper, with_paper
from ruhu.sync import client
from ruhu.sync.bundle_builder import build_bundles
from ruhu.sync.client import (
    DeviceRevoked,
    NoServer,
    ServerRejected,
    ServerUnreachable,
    SyncCancelled,
    SyncClient,
)
from ruhu.sync.folder import export_bundles, import_from
from ruhu.sync.session import apply_result, plan_sync, run_sync


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_RETRY_DELAY_S", 0.01)
    monkeypatch.setattr(client, "PART_BYTES", 64 * 1024)


@pytest.fixture
def port(county: CountyStore, tmp_path: Path) -> Iterator[int]:
    with serving(county, tmp_path / "county.db") as at:
        yield at


def known(store: Store, county: CountyStore, port: int) -> CountyPublic:
    """The county as the laptop knows it, its server at a port."""
    public = read_county(
        county.keys.name_server(f"https://127.0.0.1:{port}").model_dump_json().encode()
    )
    store.identity.set_county(public)
    county.devices.enrol(store.identity.device)
    return public


def visited(store: Store, household: dict[str, Any]) -> None:
    """A closed visit with a photo, in the outbox."""
    record_id = store.records.add(household)
    picture = read_picture("a.jpg", photo((1200, 900), exif=True))
    store.attachments.save(record_id, picture)
    document = with_paper(store.records.document(record_id), Paper(picture.digest))
    store.records.save_draft(record_id, document, field="")
    store.records.close_visit(record_id)
    build_bundles(store)


def large(store: Store, household: dict[str, Any]) -> bytes:
    """A bundle of some hundred kilobytes that does not compress."""
    for number in range(3):
        record_id = store.records.add({**household, "record_id": None})
        noise = Image.effect_noise((700, 600), 80)
        stream = io.BytesIO()
        noise.save(stream, "PNG")
        picture = read_picture(f"{number}.png", stream.getvalue())
        store.attachments.save(record_id, picture)
        document = with_paper(store.records.document(record_id), Paper(picture.digest))
        store.records.save_draft(record_id, document, field="")
        store.records.close_visit(record_id)
    build_bundles(store)
    return max((sealed for _, sealed in store.outbox.unconfirmed()), key=len)


def test_bundles_arrive_and_their_receipts_mark_them_as_delivered(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    visited(store, household)
    with SyncClient(public, store.identity.device_key) as courier:
        receipts = [courier.send(sealed) for _, sealed in store.outbox.unconfirmed()]
    assert [r.outcome for r in receipts] == ["taken_in", "taken_in"]
    assert store.outbox.record_receipts(receipts) == 2
    assert store.outbox.unconfirmed() == []
    assert [p.state for p in store.outbox.entries()] == ["confirmed", "confirmed"]
    assert len(list(county.records.documents())) == 1


def test_sending_again_changes_nothing_and_is_answered_the_same(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    visited(store, household)
    (_, sealed), *_ = store.outbox.unconfirmed()
    with SyncClient(public, store.identity.device_key) as courier:
        assert courier.send(sealed) == courier.send(sealed)
    assert len(list(county.records.documents())) == 1


def test_a_line_that_breaks_again_and_again_loses_nothing_and_sends_little_twice(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    line = Line(port, [3_000, 90_000, 1_500, 150_000, 40_000])
    public = known(store, county, line.port)
    sealed = large(store, household)
    assert len(sealed) > 300_000
    seen: list[int] = []
    with SyncClient(public, store.identity.device_key) as courier:
        receipt = courier.send(sealed, seen.append)
    assert receipt.outcome == "taken_in"
    assert receipt.digest == digest(sealed)
    assert seen[-1] == len(sealed)
    assert line.cuts == []
    assert line.carried < 1.3 * len(sealed)
    line.close()


def test_what_was_stopped_goes_on_where_it_was(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    sealed = large(store, household)
    stopped = threading.Event()

    def stop_after_a_part(there: int) -> None:
        if there:
            stopped.set()

    with (
        SyncClient(public, store.identity.device_key, stopped) as courier,
        pytest.raises(SyncCancelled),
    ):
        courier.send(sealed, stop_after_a_part)
    seen: list[int] = []
    with SyncClient(public, store.identity.device_key) as courier:
        receipt = courier.send(sealed, seen.append)
    assert seen[0] > 0
    assert receipt.outcome == "taken_in"


def test_without_a_server_the_work_goes_on(
    store: Store, county: CountyStore, household: dict[str, Any]
) -> None:
    public = known(store, county, 9)
    visited(store, household)
    with SyncClient(public, store.identity.device_key) as courier, pytest.raises(ServerUnreachable):
        courier.send(store.outbox.unconfirmed()[0][1])
    assert len(store.outbox.unconfirmed()) == 2
    with pytest.raises(NoServer):
        SyncClient(public.model_copy(update={"server": None}), store.identity.device_key)


def forger(store: Store) -> DeviceKey:
    """Somebody who knows a laptop's id and has not its key."""
    return DeviceKey(store.identity.device.device_id, DeviceKey.generate().secret, ["x"])


def test_strangers_and_revoked_devices_are_not_let_in(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    visited(store, household)
    sealed = store.outbox.unconfirmed()[0][1]
    with SyncClient(public, DeviceKey.generate()) as courier:
        with pytest.raises(ServerRejected, match="not enrolled this laptop") as caught:
            courier.send(sealed)
        assert "注销" not in caught.value.text.zh
    county.devices.revoke(store.identity.device.device_id)
    with SyncClient(public, store.identity.device_key) as courier:
        for ask in (lambda: courier.send(sealed), lambda: courier.sync(asking(store)),
                    lambda: courier.ask_to_enrol(store.identity.device)):  # fmt: skip
            with pytest.raises(DeviceRevoked, match="revoked") as refused:
                ask()
            assert "已注销" in refused.value.text.zh
    with (
        SyncClient(public, forger(store)) as courier,
        pytest.raises(ServerRejected, match="not enrolled"),
    ):
        courier.send(sealed)
    assert county.devices.enrolment_requests() == []
    assert list(county.records.documents()) == []


def test_a_server_with_another_certificate_is_not_spoken_to(
    store: Store, county: CountyStore, household: dict[str, Any], port: int, tmp_path: Path
) -> None:
    other, _ = CountyStore.create(
        tmp_path / "other.db", "county passphrase", county="451024", name="冒名县", cost=QUICK
    )
    public = known(store, county, port)
    visited(store, household)
    with serving(other, tmp_path / "other.db") as wrong:
        moved = public.model_copy(
            update={"server": county.keys.name_server(f"https://127.0.0.1:{wrong}").server}
        )
        with (
            SyncClient(moved, store.identity.device_key) as courier,
            pytest.raises(ServerUnreachable),
        ):
            courier.send(store.outbox.unconfirmed()[0][1])
    other.close()


def test_a_server_that_county_json_names_but_the_county_did_not_is_refused(
    county: CountyStore,
) -> None:
    document = json.loads(county.keys.name_server("https://10.0.0.5:8443").model_dump_json())
    document["server"]["url"] = "https://evil.example"
    with pytest.raises(UserError):
        read_county(json.dumps(document).encode())


def test_altered_bytes_are_thrown_away_and_garbage_is_set_aside_with_its_reason(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    garbage = b"age-encryption.org/v1\n" + b"x" * 500
    with SyncClient(public, store.identity.device_key) as courier:
        receipt = courier.send(garbage)
        answer = courier.send_signed("PUT", f"/v1/bundles/{digest(b'other')}", {}, None, b"altered")
    assert receipt.outcome == "set_aside"
    assert receipt.reason
    assert receipt.reason_en.isascii()
    assert receipt.why == BilingualText(receipt.reason, receipt.reason_en)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/v1/health", {}, 200),
        ("HEAD", "/v1/bundles/" + "0" * 64, {}, 401),
        (
            "PUT",
            "/v1/bundles/" + "0" * 64,
            {"Signature": "ruhu=:%%:", "Signature-Input": "ruhu=("},
            401,
        ),
        ("PUT", "/v1/bundles/..%2f..%2fetc", {}, 404),
        ("DELETE", "/v1/bundles/" + "0" * 64, {}, 405),
    ],
)
def test_requests_that_are_none_get_an_answer_that_says_so(
    store: Store, county: CountyStore, port: int,
    method: str, path: str, headers: dict[str, str], status: int,
) -> None:  # fmt: skip
    public = known(store, county, port)
    with SyncClient(public, store.identity.device_key) as courier:
        assert courier.http.request(method, path, headers=headers).status_code == status


def asking(store: Store) -> SyncRequest:
    return plan_sync(store).request


def noted(store: Store, receipt: SignedReceipt) -> None:
    store.outbox.record_receipts([receipt])


def exchange(store: Store) -> tuple[int, int]:
    errand = plan_sync(store)
    with SyncClient(errand.county, errand.device, nonce=errand.nonce) as courier:
        brought = run_sync(errand, courier, lambda receipt: noted(store, receipt))
    return apply_result(store, brought)


def test_what_another_laptop_made_of_a_record_comes_with_its_photo(
    store: Store, county: CountyStore, household: dict[str, Any], port: int, tmp_path: Path
) -> None:
    known(store, county, port)
    visited(store, household)
    record_id = UUID(household["record_id"])
    with Store.create(tmp_path / "other", PASSPHRASE, surveyor="覃二", cost=QUICK) as other:
        known(other, county, port)
        exchange(store)
        assert exchange(other) == (0, 0)
        county.replies.subscribe(other.identity.device.device_id, [record_id])
        assert exchange(other) == (1, 0)
        (digest_,) = other.records.document(record_id)["papers"]
        assert other.attachments.data(digest_) == store.attachments.data(digest_)
        assert other.attachments.thumbnails([digest_])[digest_]
        document = other.records.document(record_id)
        document["population"] = 7
        other.records.save_draft(record_id, document, field="")
        other.records.close_visit(record_id)
        exchange(other)
    assert exchange(store) == (1, 0)
    assert store.records.document(record_id)["population"] == 7
    assert exchange(store) == (0, 0)


def test_a_request_that_was_overheard_is_not_answered_again(
    store: Store, county: CountyStore, household: dict[str, Any], port: int, tmp_path: Path
) -> None:
    public = known(store, county, port)
    visited(store, household)
    body = asking(store).model_dump_json().encode()
    with SyncClient(public, store.identity.device_key) as courier:
        courier.sync(asking(store))
        headers = sign_request(
            store.identity.device_key, "POST", "/v1/sync", {}, courier.nonce, body
        )
        again = [courier.http.post("/v1/sync", headers=headers, content=body) for _ in range(2)]
        fresh = again[-1].headers[NONCE]
        other = DeviceKey(store.identity.device.device_id, DeviceKey.generate().secret, ["x"])
        forged = sign_request(other, "POST", "/v1/sync", {}, fresh, body)
        signed = sign_request(store.identity.device_key, "POST", "/v1/sync", {}, fresh, body)
        made_up = sign_request(store.identity.device_key, "POST", "/v1/sync", {}, "9" * 60, body)
        tries = [
            courier.http.post("/v1/sync", headers=forged, content=body),
            courier.http.post("/v1/sync", headers=signed, content=body + b" "),
            courier.http.post("/v1/answers/1", headers=signed, content=body),
            courier.http.post("/v1/sync", headers=made_up, content=body),
            courier.http.post("/v1/sync", content=body),
        ]
    assert [answer.status_code for answer in again] == [200, 401]
    assert [answer.status_code for answer in tries] == [401, 401, 405, 401, 401]


def test_nothing_to_say_is_one_request(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    known(store, county, port)
    visited(store, household)
    exchange(store)
    errand = plan_sync(store)
    asked: list[httpx.Request] = []
    with SyncClient(errand.county, errand.device, nonce=errand.nonce) as courier:
        courier.http.event_hooks = {"request": [asked.append]}
        brought = run_sync(errand, courier, lambda _: None)
    assert len(asked) == 1
    assert apply_result(store, brought) == (0, 0)


@pytest.mark.parametrize("source", ["by the system", "by option"])
def test_a_proxy_lets_the_countys_own_certificate_through(
    store: Store, county: CountyStore, household: dict[str, Any], port: int,
    monkeypatch: pytest.MonkeyPatch, source: str,
) -> None:  # fmt: skip
    known(store, county, port)
    visited(store, household)
    proxy = Proxy()
    if source == "by the system":
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
    errand = plan_sync(store)
    chosen = proxy.url if source == "by option" else None
    with SyncClient(errand.county, errand.device, proxy=chosen) as courier:
        run_sync(errand, courier, lambda receipt: noted(store, receipt))
    assert proxy.asked == [f"127.0.0.1:{port}"]
    assert store.outbox.unconfirmed() == []
    proxy.close()


def test_a_laptop_that_believes_it_is_2009_syncs(
    county: CountyStore, household: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To a clock of today this certificate is as far from valid as any other is to one of 2009.
    monkeypatch.setattr(certificate, "FROM", datetime(2090, 1, 1, tzinfo=UTC))
    with (
        serving(county, tmp_path / "county.db") as port,
        Store.create(
            tmp_path / "old", PASSPHRASE, clock=lambda: datetime(2009, 1, 1, tzinfo=UTC), cost=QUICK
        ) as store,
    ):
        public = known(store, county, port)
        visited(store, household)
        assert public.server is not None
        strict = ssl.create_default_context(cadata=public.server.certificate)
        strict.check_hostname = False
        with pytest.raises(httpx.ConnectError, match="not yet valid"):
            httpx.get(f"https://127.0.0.1:{port}/v1/health", verify=strict)
        assert exchange(store) == (0, 0)
        assert store.outbox.unconfirmed() == []


def test_photos_go_after_the_records_and_little_goes_twice(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    line = Line(port, [4_000, 60_000, 130_000])
    known(store, county, line.port)
    large(store, household)
    errand = plan_sync(store)
    sizes = [len(sealed) for sealed in errand.waiting]
    assert sizes[0] < sizes[1]
    assert len(list(county.records.documents())) == 0
    seen: list[int] = []
    with SyncClient(errand.county, errand.device) as courier:
        run_sync(errand, courier, lambda _: seen.append(len(list(county.records.documents()))))
    assert seen == [3] * len(sizes)
    assert line.carried < 1.3 * sum(sizes)
    line.close()


def test_what_the_county_lost_after_it_had_confirmed_it_is_sent_again(
    store: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    line = Line(9, [])
    with serving(county, tmp_path / "a.db") as at:
        line.to = at
        known(store, county, line.port)
        visited(store, household)
        exchange(store)
    assert {parcel.state for parcel in store.outbox.entries()} == {"confirmed"}
    # The county's backup is older than anything this laptop has sent.
    backup = tmp_path / "restored.db"
    fresh, _ = CountyStore.create(backup, PASSPHRASE, county="451024", name="德保县", cost=QUICK)
    with fresh:
        adopt_keys(fresh, county)
    with CountyStore.open(backup, PASSPHRASE) as restored:
        restored.devices.enrol(store.identity.device)
        with serving(restored, tmp_path / "b.db") as at:
            line.to = at
            assert exchange(store) == (0, 2)
            assert [parcel.state for parcel in store.outbox.entries()] == ["again", "again"]
            assert exchange(store) == (0, 0)
            assert [d["record_id"] for d in restored.records.documents()] == [
                household["record_id"]
            ]
            assert restored.exchange.chain(store.identity.device.device_id).gaps == ()
            assert {p.state for p in store.outbox.entries()} == {"again", "confirmed"}
    line.close()


def adopt_keys(fresh: CountyStore, county: CountyStore) -> None:
    """Copy a county's keys, certificate and name into a new database; it must be reopened."""
    with county.reader() as connection:
        rows = {
            table: connection.execute(select(table)).mappings().all()
            for table in (tables.county, tables.server)
        }
    with fresh.transaction(Permission.USERS) as act:
        for table, found in rows.items():
            act.connection.execute(delete(table))
            act.connection.execute(insert(table), [dict(row) for row in found])


def test_a_changed_county_key_reaches_the_laptop_over_the_line(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    before = known(store, county, port)
    visited(store, household)
    exchange(store)
    county.keys.rotate()
    document = store.records.document(UUID(household["record_id"])) | {"population": 6}
    store.records.save_draft(UUID(household["record_id"]), document, field="")
    store.records.close_visit(UUID(household["record_id"]))
    build_bundles(store)
    assert exchange(store) == (0, 0)
    assert store.identity.county == county.public
    assert county.public.signing != before.signing
    (found,) = county.records.documents()
    assert found["population"] == 6
    county.keys.rotate(vouched=False)
    with pytest.raises(ReceiptRefused):
        exchange(store)
    assert store.identity.county != county.public


@pytest.mark.parametrize("part", ["-1", "x", str(2**70)])
def test_a_part_with_a_strange_offset_is_refused(
    store: Store, county: CountyStore, port: int, part: str
) -> None:
    public = known(store, county, port)
    key = digest(b"some")
    with SyncClient(public, store.identity.device_key) as courier:
        courier.sync(asking(store))
        more = {"Upload-Offset": part, "Upload-Length": "4"}
        answer = courier.send_signed("PATCH", f"/v1/bundles/{key}", more, None, b"some")
    assert answer.status_code in (400, 409, 422)


def test_receipts_come_back_on_the_stick(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(linked, household)
    stick = tmp_path / "stick"
    exported = export_bundles(linked, stick)
    for path in exported.files:
        county.exchange.import_file(path)
    write_replies(county, stick, list(exported.files))
    assert import_from(linked, stick).confirmed == 2
    assert import_from(linked, stick).confirmed == 0
    assert export_bundles(linked, stick).files == ()
    assert [p.state for p in linked.outbox.entries()] == ["confirmed", "confirmed"]


@pytest.mark.parametrize("english", ["", "the file is cut short"])
def test_why_a_bundle_was_set_aside_is_kept_in_the_languages_it_came_in(
    linked: Store, household: dict[str, Any], english: str
) -> None:
    visited(linked, household)
    (_, first), (_, second) = linked.outbox.unconfirmed()
    aside = SignedReceipt(
        county="451024",
        digest=digest(first),
        outcome="set_aside",
        reason="文件不完整",
        reason_en=english,
        at="2017-06-01T00:00:00Z",
    )
    linked.outbox.record_receipts([aside])
    waiting, refused = linked.outbox.entries()
    assert (waiting.digest, waiting.state) == (digest(second), "waiting")
    assert not waiting.refused.zh
    assert refused.refused == BilingualText("文件不完整", english or "文件不完整")
    linked.outbox.record_receipts([aside.model_copy(update={"outcome": "taken_in"})])
    assert [parcel.refused for parcel in linked.outbox.entries()] == [BilingualText("", "")] * 2


def test_only_the_countys_own_receipts_count(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(linked, household)
    sealed = linked.outbox.unconfirmed()[0][1]
    secrets, other, _ = CountySecrets.generate("451024", "冒名县")
    forged = SignedReceipt(
        county="451024", digest=digest(sealed), outcome="taken_in", at="2017-06-01T00:00:00Z"
    ).signed(secrets.signing_secret)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / receipts_file("451024")).write_bytes(write_receipts([forged]))
    taken = import_from(linked, stick)
    assert (taken.confirmed, len(taken.problems)) == (0, 1)
    assert len(linked.outbox.unconfirmed()) == 2
    assert check_receipt(forged.model_dump(mode="json"), other) == forged
    altered = forged.model_copy(update={"digest": "0" * 64})
    with pytest.raises(ReceiptRefused):
        read_receipts(write_receipts([altered]), other)
    for junk in (b"", b"[]", b"{}", b'{"receipts": [3]}'):
        with pytest.raises(ReceiptRefused):
            read_receipts(junk, other)
