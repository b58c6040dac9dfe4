import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from tests.conftest import PASSPHRASE

from ruhu import __version__
from ruhu.county.access.keyring import FIRST_USER
from ruhu.county.access.permissions import Permission, Role
from ruhu.county.county import CountyStore
from ruhu.county.database import tables
from ruhu.county.database.migrations import NewerDatabase, versions
from ruhu.files.migration_backup import copy_before, restore_backup

OLD = Path(__file__).parent / "files" / "before_steps.db"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A county file of before there were steps: two laptops, one household, a conflict."""
    for suffix in ("", ".keys.json"):
        shutil.copy(f"{OLD}{suffix}", tmp_path / f"old.db{suffix}")
    return tmp_path / "old.db"


def test_an_older_county_file_keeps_all_it_had(old: Path) -> None:
    for opened in (1, 2):
        with CountyStore.open(old, PASSPHRASE) as store:
            assert store.records.counts().bundles == 2
            assert (store.user.name, store.user.role) == (FIRST_USER, Role.ADMINISTRATOR)
            (waiting,) = store.review.pending()
            (conflict,) = waiting.conflicts
            assert {value for _, value in conflict.values} == {"61", "63"}
            (listed,) = store.records.search("岜明")
            assert listed.record_id == waiting.record_id
            assert [d.surveyor for d in store.devices.all()] == ["覃二", "黄一"]
            assert store.audit.verify()[0] == 5 + opened
    with CountyStore.open(old, PASSPHRASE) as store:
        store.review.settle(waiting.record_id, {conflict.path: "63"})
        (document,) = store.records.documents()
        assert document["housing"]["floor_area_m2"] == "63"


def test_an_older_county_file_is_copied_before_its_tables_are_changed(old: Path) -> None:
    CountyStore.open(old, PASSPHRASE).close()
    copy = copy_before(old, __version__)
    assert copy is not None
    assert "岜明".encode() not in copy.read_bytes()
    copied = copy.stat().st_mtime_ns
    CountyStore.open(old, PASSPHRASE).close()
    assert copy.stat().st_mtime_ns == copied  # nothing was left to change
    assert restore_backup(old, __version__)
    with CountyStore.open(old, PASSPHRASE) as store:
        assert store.records.counts().bundles == 2


def test_the_steps_lead_to_the_tables_that_the_program_uses(county: CountyStore) -> None:
    with county.reader() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_every_key_and_index_is_led_by_the_county() -> None:
    for table in tables.metadata.tables.values():
        assert next(c.name for c in table.primary_key) == "county"
        assert all(next(c.name for c in index.columns) == "county" for index in table.indexes)
        assert not table.foreign_keys


def test_the_steps_are_numbered_without_a_gap() -> None:
    assert versions() == [f"{number:04}" for number in range(1, len(versions()) + 1)]


def test_a_database_of_a_newer_program_is_left_alone(
    county: CountyStore, place: Path | str
) -> None:
    with county.transaction(Permission.USERS) as tx:
        tx.connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(NewerDatabase):
        CountyStore.open(place, PASSPHRASE)
