"""Bundles over HTTP: a real server, a line that breaks, and receipts that nobody else can write."""

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from tests.conftest import PASSPHRASE
from tests.store.test_papers import photo
from tests.sync.serving import Line, serving

from ruhu.bundle.answer import open_answer
from ruhu.bundle.container import digest
from ruhu.bundle.keys import CountyPublic, CountySecrets, DeviceKey, read_county
from ruhu.bundle.receipt import (
    ReceiptRefused,
    SignedReceipt,
    check_receipt,
    read_receipts,
    sign_receipt,
    write_receipts,
)
from ruhu.bundle.stick import receipts_file
from ruhu.bundle.wire import DEVICE, NONCE, SIGNATURE, answer_proof, upload_proof
from ruhu.county.stick import leave_answers
from ruhu.county.store import CountyStore
from ruhu.store.pictures import read_picture
from ruhu.store.store import Store
from ruhu.survey.papers import Paper, with_paper
from ruhu.survey.text import UserError
from ruhu.sync import http
from ruhu.sync.folder import export_bundles, take_from
from ruhu.sync.http import Courier, NoServer, Offline, Refused, Stopped
from ruhu.sync.making import make_bundles


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(http, "PART", 64 * 1024)


@pytest.fixture
def port(county: CountyStore, tmp_path: Path) -> Iterator[int]:
    with serving(county, tmp_path / "county.db") as at:
        yield at


def known(store: Store, county: CountyStore, port: int) -> CountyPublic:
    """The county as the laptop knows it, its server at a port."""
    public = read_county(county.name_server(f"https://127.0.0.1:{port}").model_dump_json().encode())
    store.set_county(public)
    county.enrol(store.device)
    return public


def visited(store: Store, household: dict[str, Any]) -> None:
    """A closed visit with a photo, in the outbox."""
    record_id = store.add_record(household)
    picture = read_picture("a.jpg", photo((1200, 900), exif=True))
    store.keep_paper(record_id, picture)
    document = with_paper(store.document(record_id), Paper(picture.digest))
    store.save_draft(record_id, document, field="")
    store.close_visit(record_id)
    make_bundles(store)


def large(store: Store, household: dict[str, Any]) -> bytes:
    """A bundle of some hundred kilobytes that does not compress."""
    for number in range(3):
        record_id = store.add_record({**household, "record_id": None})
        noise = Image.effect_noise((700, 600), 80)
        stream = io.BytesIO()
        noise.save(stream, "PNG")
        picture = read_picture(f"{number}.png", stream.getvalue())
        store.keep_paper(record_id, picture)
        document = with_paper(store.document(record_id), Paper(picture.digest))
        store.save_draft(record_id, document, field="")
        store.close_visit(record_id)
    make_bundles(store)
    return max((sealed for _, sealed in store.unconfirmed_bundles()), key=len)


def test_bundles_arrive_and_their_receipts_mark_them_as_delivered(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    visited(store, household)
    with Courier(public, store.device_key) as courier:
        receipts = [courier.send(sealed) for _, sealed in store.unconfirmed_bundles()]
    assert [r.outcome for r in receipts] == ["taken_in", "taken_in"]
    assert store.note_receipts(receipts) == 2
    assert store.unconfirmed_bundles() == []
    assert [p.state for p in store.parcels()] == ["confirmed", "confirmed"]
    assert len(list(county.documents())) == 1


def test_sending_again_changes_nothing_and_is_answered_the_same(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    visited(store, household)
    (_, sealed), *_ = store.unconfirmed_bundles()
    with Courier(public, store.device_key) as courier:
        assert courier.send(sealed) == courier.send(sealed)
    assert len(list(county.documents())) == 1


def test_a_line_that_breaks_again_and_again_loses_nothing_and_sends_little_twice(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    line = Line(port, [3_000, 90_000, 1_500, 150_000, 40_000])
    public = known(store, county, line.port)
    sealed = large(store, household)
    assert len(sealed) > 300_000
    seen: list[int] = []
    with Courier(public, store.device_key) as courier:
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

    with Courier(public, store.device_key, stopped) as courier, pytest.raises(Stopped):
        courier.send(sealed, stop_after_a_part)
    seen: list[int] = []
    with Courier(public, store.device_key) as courier:
        receipt = courier.send(sealed, seen.append)
    assert seen[0] > 0
    assert receipt.outcome == "taken_in"


def test_without_a_server_the_work_goes_on(
    store: Store, county: CountyStore, household: dict[str, Any]
) -> None:
    public = known(store, county, 9)
    visited(store, household)
    with Courier(public, store.device_key) as courier, pytest.raises(Offline):
        courier.send(store.unconfirmed_bundles()[0][1])
    assert len(store.unconfirmed_bundles()) == 2
    with pytest.raises(NoServer):
        Courier(public.model_copy(update={"server": None}), store.device_key)


def test_strangers_and_revoked_devices_are_not_let_in(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    visited(store, household)
    sealed = store.unconfirmed_bundles()[0][1]
    with Courier(public, DeviceKey.generate()) as courier, pytest.raises(Refused):
        courier.send(sealed)
    county.revoke(store.device.device_id)
    with Courier(public, store.device_key) as courier, pytest.raises(Refused, match="revoked"):
        courier.send(sealed)
    assert list(county.documents()) == []


def test_a_server_with_another_certificate_is_not_spoken_to(
    store: Store, county: CountyStore, household: dict[str, Any], port: int, tmp_path: Path
) -> None:
    other, _ = CountyStore.create(
        tmp_path / "other.db", "county passphrase", county="451024", name="冒名县"
    )
    public = known(store, county, port)
    visited(store, household)
    with serving(other, tmp_path / "other.db") as wrong:
        moved = public.model_copy(
            update={"server": county.name_server(f"https://127.0.0.1:{wrong}").server}
        )
        with Courier(moved, store.device_key) as courier, pytest.raises(Offline):
            courier.send(store.unconfirmed_bundles()[0][1])
    other.close()


def test_a_server_that_county_json_names_but_the_county_did_not_is_refused(
    county: CountyStore,
) -> None:
    told = json.loads(county.name_server("https://10.0.0.5:8443").model_dump_json())
    told["server"]["url"] = "https://evil.example"
    with pytest.raises(UserError):
        read_county(json.dumps(told).encode())


def test_altered_bytes_are_thrown_away_and_garbage_is_set_aside_with_its_reason(
    store: Store, county: CountyStore, household: dict[str, Any], port: int
) -> None:
    public = known(store, county, port)
    garbage = b"age-encryption.org/v1\n" + b"x" * 500
    with Courier(public, store.device_key) as courier:
        receipt = courier.send(garbage)
        headers = courier._headers(upload_proof(digest(b"other")))
        answer = courier._client.put(
            f"/v1/bundles/{digest(b'other')}", headers=headers, content=b"altered"
        )
    assert receipt.outcome == "set_aside"
    assert receipt.reason
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/v1/health", {}, 200),
        ("HEAD", "/v1/bundles/" + "0" * 64, {}, 401),
        ("PUT", "/v1/bundles/" + "0" * 64, {DEVICE: "x", SIGNATURE: "%%"}, 401),
        ("PUT", "/v1/bundles/..%2f..%2fetc", {}, 404),
        ("DELETE", "/v1/bundles/" + "0" * 64, {}, 405),
    ],
)
def test_requests_that_are_none_get_an_answer_that_says_so(
    store: Store, county: CountyStore, port: int,
    method: str, path: str, headers: dict[str, str], status: int,
) -> None:  # fmt: skip
    public = known(store, county, port)
    with Courier(public, store.device_key) as courier:
        assert courier._client.request(method, path, headers=headers).status_code == status


def test_the_answer_is_given_to_its_laptop_and_a_nonce_counts_once(
    store: Store, county: CountyStore, household: dict[str, Any], port: int, tmp_path: Path
) -> None:
    public = known(store, county, port)
    visited(store, household)
    with Store.create(tmp_path / "other", PASSPHRASE, surveyor="覃二") as other:
        known(other, county, port)
        record_id = UUID(household["record_id"])
        other.take_answer(store.revisions(record_id))
        document = other.document(record_id)
        document["population"] = 7
        other.save_draft(record_id, document, field="")
        other.close_visit(record_id)
        make_bundles(other)
        with Courier(public, store.device_key) as mine, Courier(public, other.device_key) as theirs:
            for _, sealed in store.unconfirmed_bundles():
                mine.send(sealed)
            assert mine.fetch_answer() is None
            for _, sealed in other.unconfirmed_bundles():
                theirs.send(sealed)
            sealed_answer = mine.fetch_answer()
            nonce = mine._client.post("/v1/nonces").json()["nonce"]
            headers = {**mine._headers(answer_proof(nonce)), NONCE: nonce}
            codes = [mine._client.get("/v1/answer", headers=headers).status_code for _ in range(2)]
            stolen = {**headers, DEVICE: str(other.device.device_id)}
            codes.append(mine._client.get("/v1/answer", headers=stolen).status_code)
    assert codes == [200, 401, 401]
    assert sealed_answer is not None
    device = store.device_key
    found = open_answer(sealed_answer, device, public)
    assert store.note_answer(found) == 1
    assert store.document(record_id)["population"] == 7


@pytest.mark.parametrize("part", ["-1", "x", str(2**70)])
def test_a_part_with_a_strange_offset_is_refused(
    store: Store, county: CountyStore, port: int, part: str
) -> None:
    public = known(store, county, port)
    key = digest(b"some")
    with Courier(public, store.device_key) as courier:
        more = {**courier._headers(upload_proof(key)), "Upload-Offset": part, "Upload-Length": "4"}
        answer = courier._client.patch(f"/v1/bundles/{key}", headers=more, content=b"some")
    assert answer.status_code in (400, 409, 422)


def test_receipts_come_back_on_the_stick(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(linked, household)
    stick = tmp_path / "stick"
    exported = export_bundles(linked, stick)
    for path in exported.files:
        county.import_file(path)
    leave_answers(county, stick, list(exported.files))
    assert take_from(linked, stick).confirmed == 2
    assert take_from(linked, stick).confirmed == 0
    assert export_bundles(linked, stick).files == ()
    assert [p.state for p in linked.parcels()] == ["confirmed", "confirmed"]


def test_only_the_countys_own_receipts_count(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visited(linked, household)
    sealed = linked.unconfirmed_bundles()[0][1]
    secrets, other, _ = CountySecrets.generate("451024", "冒名县")
    forged = sign_receipt(
        SignedReceipt(
            county="451024", digest=digest(sealed), outcome="taken_in", at="2017-06-01T00:00:00Z"
        ),
        secrets.signing_secret,
    )
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / receipts_file("451024")).write_bytes(write_receipts([forged]))
    taken = take_from(linked, stick)
    assert (taken.confirmed, len(taken.problems)) == (0, 1)
    assert len(linked.unconfirmed_bundles()) == 2
    assert check_receipt(forged.model_dump(mode="json"), other) == forged
    altered = forged.model_copy(update={"digest": "0" * 64})
    with pytest.raises(ReceiptRefused):
        read_receipts(write_receipts([altered]), other)
    for junk in (b"", b"[]", b"{}", b'{"receipts": [3]}'):
        with pytest.raises(ReceiptRefused):
            read_receipts(junk, other)
