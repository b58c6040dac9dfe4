"""A copy of a laptop's data on a stick, put back on the same laptop or on another one."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import QUICK

from ruhu.data_folder import store_exists
from ruhu.exchange.keys.key_wrap import WrongPassphrase
from ruhu.store.backup import BackupDamaged, NoBackup, NotBackedUp
from ruhu.store.opening import StoreInUse
from ruhu.store.store import Store

PASSPHRASE = "correct horse battery"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_a_laptop_has_is_there_on_another_one(
    store: Store, household: dict[str, Any], stick: Path, tmp_path: Path
) -> None:
    closed = store.records.add(household)
    store.records.close_visit(closed)
    begun = store.records.add({"kind": "household", "population": 3})
    store.identity.surveyor = "韦老师"
    backup = store.back_up(stick)
    with Store.restore(backup, tmp_path / "other", PASSPHRASE) as other:
        assert other.records.document(closed) == store.records.document(closed)
        assert other.records.resume_position() == (begun, "")
        assert other.records.document(begun)["population"] == 3
        assert (other.identity.surveyor, other.identity.device) == (
            store.identity.surveyor,
            store.identity.device,
        )
    with Store.open(tmp_path / "other", PASSPHRASE) as again:
        assert again.records.document(closed) == store.records.document(closed)


def test_nothing_of_a_person_can_be_read_in_a_backup(
    store: Store, household: dict[str, Any], stick: Path
) -> None:
    store.records.close_visit(store.records.add(household))
    written = b"".join(files(store.back_up(stick)).values())
    member = household["members"][0]
    assert len(written) > 10_000
    for personal in (member["name"], member["id_number"]):
        assert personal.encode() not in written


def test_the_newest_of_a_stick_is_taken(
    household: dict[str, Any], stick: Path, tmp_path: Path
) -> None:
    days = iter(datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=n) for n in range(100))
    with Store.create(
        tmp_path / "first", PASSPHRASE, clock=lambda: next(days), cost=QUICK
    ) as store:
        store.back_up(stick)
        record_id = store.records.add(household)
        store.back_up(stick)
    (stick / "photos").mkdir()
    with Store.restore(stick, tmp_path / "other", PASSPHRASE) as other:
        assert other.records.has_draft(record_id)
    with pytest.raises(NoBackup):
        Store.restore(stick / "photos", tmp_path / "third", PASSPHRASE)


def test_of_several_laptops_a_person_chooses(store: Store, stick: Path, tmp_path: Path) -> None:
    ours = store.back_up(stick)
    with Store.create(tmp_path / "another", PASSPHRASE, cost=QUICK) as another:
        theirs = another.back_up(stick)
    with pytest.raises(NoBackup, match="several laptops") as error:
        Store.restore(stick, tmp_path / "third", PASSPHRASE)
    assert ours.name in str(error.value)
    assert theirs.name in str(error.value)
    Store.restore(ours, tmp_path / "third", PASSPHRASE).close()


def test_no_number_is_given_out_twice(
    store: Store, household: dict[str, Any], stick: Path, tmp_path: Path
) -> None:
    record_id = store.records.add(household)

    def slip(of: Store) -> int:
        content = {"at": str(of.folder)}
        issued = of.slips.issue(record_id, policy="p", facts_hash="f", content=content)
        return int(issued.number.rpartition("-")[2])

    assert slip(store) == 1
    backup = store.back_up(stick)
    with Store.restore(backup, tmp_path / "other", PASSPHRASE) as other:
        assert slip(other) > 1000
        assert other.outbox.last_bundle()[0] >= 1000
        assert other.outbox.replaced_numbers() == list(range(1, other.outbox.last_bundle()[0] + 1))


@pytest.mark.parametrize("harm", ["changed", "cut", "empty", "other key"])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    store: Store, household: dict[str, Any], stick: Path, tmp_path: Path, harm: str
) -> None:
    store.records.close_visit(store.records.add(household))
    data = store.back_up(stick) / "store.db"
    whole = data.read_bytes()
    if harm == "changed":
        middle = len(whole) // 2
        data.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    elif harm == "cut":
        data.write_bytes(whole[:-4096])
    elif harm == "empty":
        data.write_bytes(b"")
    else:
        with Store.create(tmp_path / "stranger", PASSPHRASE, cost=QUICK) as stranger:
            shutil.copy(stranger.back_up(stick) / "store.db", data)
    with Store.create(tmp_path / "other", PASSPHRASE, cost=QUICK) as other:
        kept = other.records.add({"kind": "household", "population": 5})
    before = files(tmp_path / "other")
    with pytest.raises(BackupDamaged):
        Store.restore(data.parent, tmp_path / "other", PASSPHRASE)
    assert files(tmp_path / "other") == before
    with Store.open(tmp_path / "other", PASSPHRASE) as other:
        assert other.records.document(kept)["population"] == 5


def test_a_wrong_passphrase_opens_no_backup(store: Store, stick: Path, tmp_path: Path) -> None:
    backup = store.back_up(stick)
    with pytest.raises(WrongPassphrase):
        Store.restore(backup, tmp_path / "other", "another passphrase")
    assert not store_exists(tmp_path / "other")
    Store.restore(backup, tmp_path / "other", PASSPHRASE).close()


def test_what_a_backup_takes_the_place_of_is_kept(
    store: Store, household: dict[str, Any], stick: Path, tmp_path: Path
) -> None:
    record_id = store.records.add(household)
    backup = store.back_up(stick)
    folder = tmp_path / "other"
    with Store.create(folder, "another passphrase", cost=QUICK) as other:
        theirs = other.records.add({"kind": "household", "population": 5})
        with pytest.raises(StoreInUse):
            Store.restore(backup, folder, PASSPHRASE)
    with Store.restore(backup, folder, PASSPHRASE) as restored:
        assert restored.records.has_draft(record_id)
    (kept,) = folder.glob("before-restoring-*")
    with Store.open(kept, "another passphrase") as other:
        assert other.records.has_draft(theirs)


def test_a_backup_that_is_stopped_or_does_not_fit_leaves_nothing(
    store: Store, household: dict[str, Any], stick: Path, tmp_path: Path
) -> None:
    record_id = store.records.add(household)

    class StoppedError(Exception):
        pass

    def stop(done: int, whole: int) -> None:
        assert 0 < done <= whole
        raise StoppedError

    with pytest.raises(StoppedError):
        store.back_up(stick, progress=stop)
    with pytest.raises(NotBackedUp):
        store.back_up(tmp_path / "no stick")
    assert list(stick.iterdir()) == []
    with pytest.raises(StoppedError):
        Store.restore(store.back_up(stick), tmp_path / "other", PASSPHRASE, progress=stop)
    assert not store_exists(tmp_path / "other")
    assert store.records.document(record_id) == {**household, "record_id": str(record_id)}
