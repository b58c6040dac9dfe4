"""Keys change hands, are lost and stolen; what was made before stays verifiable."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from pypinyin import lazy_pinyin
from tests.conftest import PASSPHRASE, QUICK

from ruhu.cli.main import main
from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.county.removable_media import write_replies
from ruhu.errors import UserError
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.keys.rotation import rotate
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.record_reader import read_draft
from ruhu.resources import resource
from ruhu.slips.device_qr import device_in, draw_device
from ruhu.slips.token import IssuingDevice, make_token, read_token
from ruhu.store.identity import CountyChanged
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles, import_from


def visit(store: Store, household: dict[str, Any], population: int) -> None:
    record_id = UUID(household["record_id"])
    store.records.save_draft(record_id, {**household, "population": population}, field="")
    store.records.close_visit(record_id)


def test_fingerprints_are_ten_words_that_sound_unlike_one_another(store: Store) -> None:
    assert (
        len(store.identity.device.words.en.split())
        == len(store.identity.device.words.zh.split())
        == 10
    )
    lines = resource("words.txt").read_text(encoding="utf-8").splitlines()
    sounds = ["".join(lazy_pinyin(line.split()[0])) for line in lines]
    assert len(set(sounds)) == len({line.split()[1] for line in lines}) == 256


def test_a_new_device_key_is_taken_whichever_bundle_comes_first(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visit(linked, household, 4)
    export_bundles(linked, tmp_path / "stick")
    old = linked.identity.device_key
    for _ in range(2):
        linked.rotate_device_key()
    visit(linked, household, 5)
    first, second = export_bundles(linked, tmp_path / "stick").files
    assert county.exchange.import_file(second).outcome is ImportOutcome.IMPORTED
    assert county.exchange.import_file(first).outcome is ImportOutcome.IMPORTED
    issuer = county.devices.issuer(linked.identity.device.device_id)
    assert issuer is not None
    assert issuer[0] == linked.identity.device.key
    assert old.public in issuer[3]
    assessment = assess(read_draft(household), on=date(2017, 6, 1))
    token = make_token("1", "2", assessment, old.device_id, old.sign)
    assert read_token(token, lambda _: IssuingDevice(*issuer)).number == "1"


def test_a_key_that_was_replaced_signs_nothing_later_and_hands_over_to_nobody_else(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    stolen = linked.identity.device_key
    linked.rotate_device_key()
    visit(linked, household, 4)
    (path,) = export_bundles(linked, tmp_path / "stick").files
    assert county.exchange.import_file(path).outcome is ImportOutcome.IMPORTED
    for key in (stolen, rotate(stolen, 1, datetime.now(UTC))):
        linked.identity.replace_device_key(key)
        visit(linked, household, 9)
        *_, path = export_bundles(linked, tmp_path / "thief").files
        assert county.exchange.import_file(path).outcome is ImportOutcome.REJECTED
    (document,) = county.records.documents()
    assert document["population"] == 4


def test_after_a_revocation_only_what_the_chain_shows_to_be_older_is_let_in(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    for population in (4, 5, 6, 7):
        visit(linked, household, population)
        files = export_bundles(linked, tmp_path / "stick").files
    one, two, three, four = files
    assert county.exchange.import_file(three).outcome is ImportOutcome.IMPORTED
    with pytest.raises(UserError):
        county.devices.revoke(
            linked.identity.device.device_id, datetime.now(UTC) + timedelta(days=1)
        )
    county.devices.revoke(linked.identity.device.device_id)
    outcomes = [county.exchange.import_file(path).outcome for path in (four, one, two, one)]
    # The first hangs on the second alone, so it is let in once that has come.
    assert outcomes == [
        ImportOutcome.REJECTED,
        ImportOutcome.REJECTED,
        ImportOutcome.IMPORTED,
        ImportOutcome.IMPORTED,
    ]
    county.devices.revoke(linked.identity.device.device_id, datetime(2017, 6, 1, tzinfo=UTC))
    visit(linked, household, 8)
    *_, five = export_bundles(linked, tmp_path / "stick").files
    assert county.exchange.import_file(five).outcome is ImportOutcome.REJECTED


def test_the_countys_new_keys_come_on_the_stick_and_the_old_still_count(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    linked.identity.set_county(county.public)  # the same again
    visit(linked, household, 4)
    stick = tmp_path / "stick"
    exported = export_bundles(linked, stick)
    for path in exported.files:
        county.exchange.import_file(path)
    write_replies(county, stick, exported.files)
    before = (stick / "ruhu-receipts-451024.json").read_bytes()
    county.keys.rotate()
    visit(linked, household, 5)
    late = export_bundles(linked, tmp_path / "late").files[-1]
    assert county.exchange.import_file(late).outcome is ImportOutcome.IMPORTED
    write_replies(county, stick, exported.files)
    (stick / "ruhu-receipts-451024.json").write_bytes(before)
    assert import_from(linked, stick).problems == ()
    assert linked.identity.county == county.public
    keys = read_county(county.public.model_dump_json().encode())
    assert keys.is_successor_of(linked.identity.county)
    with pytest.raises(CountyChanged):
        linked.identity.set_county(county.keys.rotate(vouched=False))
    with pytest.raises(CountyChanged):
        linked.identity.set_county(keys.model_copy(update={"signing": DeviceKey.generate().public}))
    linked.identity.set_county(county.public, confirmed=True)


def test_a_laptop_is_enrolled_from_a_photo_of_its_screen(store: Store) -> None:
    drawn = Image.open(io.BytesIO(draw_device(store.identity.device))).convert("RGB")
    photo = drawn.rotate(4, expand=True, fillcolor="grey")
    stream = io.BytesIO()
    photo.save(stream, "JPEG", quality=60)
    assert device_in("photo.jpg", stream.getvalue()) == store.identity.device
    blank = io.BytesIO()
    Image.new("RGB", (50, 50)).save(blank, "PNG")
    for junk in (blank.getvalue(), b"{}", b"\xff\xd8\xff", b"%PDF-1.4"):
        with pytest.raises(UserError):
            device_in("x", junk)


def test_a_lost_passphrase_is_recovered_and_that_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, household: dict[str, Any]
) -> None:
    data, db = tmp_path / "data", tmp_path / "county.db"
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    county, recovery = CountyStore.create(
        db, PASSPHRASE, county="451024", name="德保县", cost=QUICK
    )
    with county, Store.create(data, PASSPHRASE, surveyor="黄一", cost=QUICK) as store:
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
    keys = {"key": recovery, "wrong": CountyStore.create(
        tmp_path / "other.db", PASSPHRASE, county="451025", name="靖西市", cost=QUICK
    )[1]}  # fmt: skip
    for name, text in keys.items():
        (tmp_path / name).write_text(text)
    request, answer = tmp_path / "request.json", tmp_path / "answer.age"
    ask = ["keys", "ask", str(request), "--data", str(data)]
    grant = ["keys", "grant", str(request), "--db", str(db), "--out", str(answer), "--recovery"]
    take = ["keys", "recover", str(answer), "--data", str(data)]
    assert main(ask) == 0
    assert json.loads(request.read_text())["format"] == "ruhu.recovery/1"
    assert main([*grant, str(tmp_path / "wrong")]) == 2
    assert main([*grant, str(tmp_path / "key")]) == 0
    monkeypatch.setenv("RUHU_PASSPHRASE", "short")
    assert main(take) == 2
    monkeypatch.setenv("RUHU_PASSPHRASE", "a new passphrase")
    assert main(take) == 0
    assert main(take) == 2
    with Store.open(data, "a new passphrase") as store:
        visit(store, household, 4)
        (path,) = export_bundles(store, tmp_path / "stick").files
        assert store.identity.unreported_recoveries == ()
    with CountyStore.open(db, PASSPHRASE) as county:
        county.exchange.import_file(path)
        acts = [entry.act for entry in county.audit.entries()]
        details = [entry.detail for entry in county.audit.entries() if entry.act == "import"]
    assert "recover passphrase" in acts
    assert "passphrase recovered" in details[0]


def test_keys_are_listed_changed_and_revoked_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data, db = str(tmp_path / "data"), str(tmp_path / "county.db")
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RUHU_LANG", "en")
    county, _ = CountyStore.create(Path(db), PASSPHRASE, county="451024", name="德保县", cost=QUICK)
    with county, Store.create(Path(data), PASSPHRASE, surveyor="黄一", cost=QUICK) as store:
        public = county.public
        (tmp_path / "county.json").write_text(public.model_dump_json())
        device = store.identity.device
    code = str(tmp_path / "code.png")
    assert main(["keys", "county", str(tmp_path / "county.json"), "--data", data]) == 0
    assert main(["keys", "device", code, "--data", data]) == 0
    assert main(["keys", "enrol", code, "--db", db]) == 0
    assert main(["keys", "list", "--data", data]) == 0
    assert main(["keys", "list", "--db", db]) == 0
    output = capsys.readouterr().out
    assert output.count(device.words.en) == 4
    assert output.count(public.words.en) == 3
    out = tmp_path / "new.json"
    assert main(["keys", "rotate", "--db", db, "--out", str(out)]) == 0
    assert read_county(out.read_bytes()).is_successor_of(public)
    assert main(["keys", "rotate", "--data", data]) == 0
    assert device.words.en not in capsys.readouterr().out
    assert main(["keys", "revoke", str(device.device_id), "--db", db, "--since", "2017-06-01"]) == 0
    assert main(["keys", "revoke", str(device.device_id)]) == 2
