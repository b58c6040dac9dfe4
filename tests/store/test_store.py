import base64
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.conftest import QUICK

from ruhu.data_folder import store_exists
from ruhu.errors import UserError
from ruhu.exchange.keys.key_file import KeyFileDamaged
from ruhu.exchange.keys.key_wrap import (
    STANDARD_COST,
    HashCost,
    TooManyTries,
    WeakPassphrase,
    WrongPassphrase,
)
from ruhu.files.atomic_write import WriteFailed
from ruhu.files.encrypted_sqlite import (
    DatabaseDamaged,
    DiskError,
    NotEncrypted,
    require_encryption,
)
from ruhu.store.migrations import NewerStore
from ruhu.store.opening import StoreInUse
from ruhu.store.roster_import import apply_import, plan_import
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.survey.roster.reader import Roster

PASSPHRASE = "correct horse battery"


class Clock:
    """A clock a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2017, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def reopened(store: Store) -> Store:
    folder = store.folder
    store.close()
    return Store.open(folder, PASSPHRASE)


def test_a_field_saved_is_there_after_a_restart(store: Store, household: dict[str, Any]) -> None:
    record_id = store.records.add(household)
    household["housing"]["floor_area_m2"] = "59.5"
    store.records.save_draft(record_id, household, field="housing.floor_area_m2")
    with reopened(store) as again:
        assert again.records.document(record_id)["housing"]["floor_area_m2"] == "59.5"
        assert again.records.resume_position() == (record_id, "housing.floor_area_m2")


def test_fields_saved_within_one_tick_of_the_clock_are_all_there(
    tmp_path: Path, household: dict[str, Any]
) -> None:
    with Store.create(tmp_path / "tick", PASSPHRASE, clock=Clock(), cost=QUICK) as store:
        record_id = store.records.add(household)
        for area in ("59.5", "60", "60.5"):
            household["housing"]["floor_area_m2"] = area
            store.records.save_draft(record_id, household, field="housing.floor_area_m2")
            assert store.records.document(record_id)["housing"]["floor_area_m2"] == area


def test_a_closed_visit_is_one_revision(store: Store, household: dict[str, Any]) -> None:
    record_id = store.records.add(household)
    revision = store.records.close_visit(record_id)
    assert revision is not None
    assert revision.document == store.records.document(record_id)
    assert (store.records.close_visit(record_id), store.records.resume_position()) == (None, None)
    store.records.save_draft(record_id, {**household, "population": 4}, field="population")
    second = store.records.close_visit(record_id)
    assert second is not None
    assert second.parents == (revision.revision_id,)


@pytest.mark.parametrize(
    "query", ["韦", "岜明", "韦岜明", "韦\0", "蒙", "wbm", "WB", "0789", "00009", "一村"]
)
def test_people_are_found_while_typing(store: Store, household: dict[str, Any], query: str) -> None:
    store.records.add(household)
    assert [s.title for s in store.records.summaries(Search(query))] == ["韦岜明"]


@pytest.mark.parametrize("query", ["明蒙", "zz", "9990", '"', "* OR", "'; drop table record"])
def test_others_are_not_found(store: Store, household: dict[str, Any], query: str) -> None:
    store.records.add(household)
    assert store.records.summaries(Search(query)) == []


def test_a_changed_name_is_found_under_the_new_one(store: Store, household: dict[str, Any]) -> None:
    record_id = store.records.add(household)
    household["members"][0]["name"] = "陆大光"
    store.records.save_draft(record_id, household, field="members[m1].name")
    assert [s.title for s in store.records.summaries(Search("陆大"))] == ["陆大光"]
    assert store.records.summaries(Search("岜明")) == []


def test_progress_counts_visits(store: Store, household: dict[str, Any]) -> None:
    store.records.import_documents([household])
    assert (store.records.progress().to_visit, store.records.progress().total) == (1, 1)
    record_id = UUID(household["record_id"])
    store.records.save_draft(record_id, household, field="population")
    assert store.records.progress().begun == 1
    store.records.close_visit(record_id)
    assert store.records.progress().done == 1


def test_who_holds_an_id_number(store: Store, household: dict[str, Any]) -> None:
    record_id = store.records.add(household)
    number = "451099198606190789"
    assert store.records.find_other_holders(record_id, [number]) == {}
    other = store.records.add(
        {"kind": "household", "members": [{"member_id": "a", "id_number": number}]}
    )
    assert [s.record_id for s in store.records.find_other_holders(other, [number])[number]] == [
        record_id
    ]
    assert [
        s.record_id for s in store.records.find_other_holders(record_id, [number, ""])[number]
    ] == [other]


def test_an_import_is_all_or_nothing(store: Store, household: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        store.records.import_documents([household, {"kind": "household"}])
    assert store.records.summaries() == []
    assert store.outbox.pending_count() == 0


def test_a_roster_fills_what_is_absent_and_overwrites_nothing(
    store: Store, household: dict[str, Any]
) -> None:
    store.records.import_documents([household])
    known = {k: v for k, v in household.items() if k != "record_id"}
    same = plan_import(store, Roster(households=[known]))
    assert (same.unchanged, same.new, same.completed) == (1, (), ())
    richer = {
        **known,
        "registration": {**known["registration"], "score": "55", "exit_year": 2018},
        "members": [*known["members"], {"member_id": "m3", "name": "韦小三"}],
    }
    intake = plan_import(store, Roster(households=[richer]))
    assert len(intake.completed) == 1
    assert [text.zh for text in intake.remarks] == [
        "45109900000009 精准识别分数：已登记的与名册不同，保留已登记的"
    ]
    apply_import(store, intake)
    document = store.records.document(UUID(household["record_id"]))
    assert document["registration"] == {**household["registration"], "exit_year": 2018}
    assert [m["member_id"] for m in document["members"]] == ["m1", "m2", "m3"]


def test_wrong_passphrases_are_counted_and_delayed(store: Store) -> None:
    folder, clock = store.folder, Clock()
    store.close()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            Store.open(folder, "not the passphrase", clock=clock)
    with pytest.raises(TooManyTries):
        Store.open(folder, PASSPHRASE, clock=clock)
    clock.now -= timedelta(days=400)
    with pytest.raises(TooManyTries):
        Store.open(folder, PASSPHRASE, clock=clock)
    clock.now += timedelta(seconds=2)
    with pytest.raises(TooManyTries):
        Store.open(folder, PASSPHRASE, clock=clock)
    clock.now += timedelta(seconds=8)
    with pytest.raises(WrongPassphrase):
        Store.open(folder, "still not", clock=clock)
    clock.now += timedelta(seconds=60)
    Store.open(folder, PASSPHRASE, clock=clock).close()
    with pytest.raises(WrongPassphrase):
        Store.open(folder, "a fresh count", clock=clock)


def test_a_damaged_key_file_is_not_called_a_wrong_passphrase(store: Store) -> None:
    keys = store.folder / "keys.json"
    store.close()
    data = keys.read_bytes()
    for damaged in (data[:-40], data.replace(b'"wrapped": "', b'"wrapped": "A'), b""):
        keys.write_bytes(damaged)
        with pytest.raises(KeyFileDamaged):
            Store.open(keys.parent, PASSPHRASE)
    keys.write_bytes(data)
    Store.open(keys.parent, PASSPHRASE).close()


def test_a_damaged_database_is_reported(store: Store) -> None:
    folder = store.folder
    store.close()
    path = folder / "store.db"
    data = bytearray(path.read_bytes())
    data[100:200] = os.urandom(100)
    path.write_bytes(data)
    with pytest.raises(DatabaseDamaged):
        Store.open(folder, PASSPHRASE)


def test_a_newer_store_is_left_alone(store: Store) -> None:
    folder = store.folder
    store.database.execute("pragma user_version = 99")
    store.close()
    before = (folder / "store.db").read_bytes()
    with pytest.raises(NewerStore):
        Store.open(folder, PASSPHRASE)
    assert (folder / "store.db").read_bytes() == before


def test_a_folder_in_use_is_not_opened_twice(store: Store) -> None:
    code = (
        "import sys, pathlib\n"
        "from ruhu.store.opening import StoreInUse\nfrom ruhu.store.store import Store\n"
        "try:\n    Store.open(pathlib.Path(sys.argv[1]), sys.argv[2])\n"
        "except StoreInUse:\n    sys.exit(7)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(store.folder), PASSPHRASE], check=False, timeout=60
    )
    assert done.returncode == 7
    with pytest.raises(StoreInUse):
        Store.open(store.folder, PASSPHRASE)


def test_a_plain_driver_is_refused() -> None:
    import sqlite3

    with pytest.raises(NotEncrypted):
        require_encryption(sqlite3.connect(":memory:"))


def test_sqlite_utils_runs_on_the_encrypted_driver(store: Store) -> None:
    store.database.table("setting").insert({"name": "x", "value": "1", "new": 2}, alter=True)
    assert store.settings.get("x", None) == 1


def test_a_short_passphrase_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WeakPassphrase):
        Store.create(tmp_path / "data", "short")
    assert not store_exists(tmp_path / "data")


def test_a_new_passphrase_replaces_the_old(store: Store) -> None:
    folder = store.folder
    store.identity.change_passphrase(PASSPHRASE, "another passphrase")
    store.close()
    with pytest.raises(WrongPassphrase):
        Store.open(folder, PASSPHRASE)
    Store.open(folder, "another passphrase").close()


def test_a_device_key_that_could_not_be_kept_signs_nothing(store: Store) -> None:
    before = store.identity.device
    store.database.execute("pragma query_only = on")
    with pytest.raises(DiskError):
        store.rotate_device_key()
    assert (store.identity.device, store.identity.device_key.public) == (before, before.key)


def test_a_key_wrapped_as_before_with_one_lane_opens(store: Store) -> None:
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from ruhu.exchange.keys.key_file import FORMAT, KeyFile, key_file_digest

    path = store.folder / "keys.json"
    store.close()
    key, salt, nonce = KeyFile(path).open(PASSPHRASE), b"s" * 16, b"n" * 12
    outer = hash_secret_raw(PASSPHRASE.encode(), salt, 3, 64 * 1024, 1, 32, Type.ID)
    wrapped = nonce + ChaCha20Poly1305(outer).encrypt(nonce, key, FORMAT.encode())
    fields = {
        **json.loads(path.read_bytes()),
        "argon2id": {"memory_kib": 64 * 1024, "passes": 3, "lanes": 1},
        "salt": base64.b64encode(salt).decode(),
        "wrapped": base64.b64encode(wrapped).decode(),
    }
    path.write_text(json.dumps({**fields, "digest": key_file_digest(fields)}))
    Store.open(path.parent, PASSPHRASE).close()


def test_what_a_guess_costs_is_kept_with_the_key_and_is_the_standard_unless_said(
    tmp_path: Path,
) -> None:
    standard = HashCost(memory_kib=64 * 1024, passes=3, lanes=4)
    Store.create(tmp_path / "usual", PASSPHRASE).close()
    Store.create(tmp_path / "cheap", PASSPHRASE, cost=QUICK).close()
    for folder, cost in (("usual", standard), ("cheap", QUICK)):
        fields = json.loads((tmp_path / folder / "keys.json").read_bytes())
        assert HashCost(**fields["argon2id"]) == cost
        Store.open(tmp_path / folder, PASSPHRASE).close()


def test_a_new_passphrase_costs_the_standard_again(store: Store) -> None:
    store.identity.change_passphrase(PASSPHRASE, "another passphrase")
    fields = json.loads((store.folder / "keys.json").read_bytes())
    assert HashCost(**fields["argon2id"]) == STANDARD_COST


def test_nothing_personal_lies_on_the_disk_in_plain(
    store: Store, household: dict[str, Any]
) -> None:
    planted = ["韦岜明", "451099198606190789", "45109900000009", "测试员"]

    def search() -> list[str]:
        return [
            f"{path.name}: {word}"
            for path in store.folder.rglob("*")
            if path.is_file()
            for word in planted
            if any(word.encode(code) in path.read_bytes() for code in ("utf-8", "utf-16-le", "gbk"))
        ]

    record_id = store.records.add(household)
    for number in range(50):
        store.records.save_draft(
            record_id, {**household, "population": number + 1}, field="population"
        )
    assert (store.folder / "store.db-wal").exists()
    assert search() == []
    store.records.close_visit(record_id)
    store.close()
    assert search() == []


def test_a_full_disk_loses_nothing_saved_before(tmp_path: Path, household: dict[str, Any]) -> None:
    code = (
        "import json, pathlib, resource, signal, sys\n"
        "from ruhu.files.encrypted_sqlite import DiskError\nfrom ruhu.store.store import Store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "folder, document = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])\n"
        "store = Store.create(folder, sys.argv[3])\n"
        "record = store.records.add(document)\n"
        "used = max(p.stat().st_size for p in folder.iterdir())\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (used + 60000, used + 60000))\n"
        "saved = 0\n"
        "try:\n"
        "    while True:\n"
        "        document['note'] = 'x' * 20000 + str(saved + 1)\n"
        "        store.records.save_draft(record, document, field='population')\n"
        "        saved += 1\n"
        "except DiskError:\n"
        "    print(saved, record)\n"
    )
    words = [
        sys.executable,
        "-c",
        code,
        str(tmp_path / "data"),
        __import__("json").dumps(household),
    ]
    done = subprocess.run(
        [*words, PASSPHRASE], check=True, capture_output=True, text=True, timeout=120
    )
    saved, record = done.stdout.split()
    assert int(saved) > 0
    with Store.open(tmp_path / "data", PASSPHRASE) as again:
        assert again.records.document(UUID(record))["note"] == "x" * 20000 + saved


def test_a_read_only_folder_is_reported(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("no folder")
    with pytest.raises((UserError, WriteFailed, DiskError)):
        Store.create(target / "data", PASSPHRASE, cost=QUICK)


@pytest.mark.parametrize("mark", ["\x07", "\ufffe", "\uffff"])
def test_a_stored_name_that_is_refused_today_is_opened_and_listed_all_the_same(
    store: Store, household: dict[str, Any], mark: str
) -> None:
    name = f"韦岜{mark}明"
    members = [{**household["members"][0], "name": name}, *household["members"][1:]]
    record_id = UUID(household["record_id"])
    store.records.import_documents([{**household, "members": members}])
    assert [summary.title for summary in store.records.summaries()] == [name]
    assert store.records.document(record_id)["members"][0]["name"] == name
    store.records.save_draft(
        record_id, {**store.records.document(record_id), "population": 3}, field="population"
    )
    assert store.records.close_visit(record_id) is not None
    assert store.records.current(record_id).conflicts == ()
