"""The data of every release opens with the current program, complete and ready for further work."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from build.qa.postgresql import Server
from build.release.release_data import (
    FOLDER,
    PASSPHRASE,
    county_state,
    dated_versions,
    laptop_state,
)

from ruhu.county.access.keyring import FIRST_USER
from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.county.removable_media import write_replies
from ruhu.revisions.merge import Conflict
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles, import_from

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = sorted(path for path in (ROOT / FOLDER).iterdir() if path.is_dir())
IN_SERVER = [path for path in KEPT if (path / "county.sql.gz").exists()]


def expected(release: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((release / "expected.json").read_text())
    return state


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def release(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a release's data."""
    kept: Path = request.param
    shutil.copytree(kept, tmp_path / kept.name)
    return tmp_path / kept.name


def open_county(release: Path) -> CountyStore:
    return CountyStore.open(release / "county.db", PASSPHRASE, user=FIRST_USER)


def test_a_laptop_of_an_earlier_release_keeps_its_data(release: Path) -> None:
    for _ in range(2):
        with Store.open(release / "laptop", PASSPHRASE) as store:
            assert laptop_state(store) == expected(release)["laptop"]
            assert store.database.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_a_county_of_an_earlier_release_keeps_its_data(release: Path) -> None:
    for _ in range(2):
        with open_county(release) as county:
            assert county_state(county) == expected(release)["county"]
            assert county.audit.verify()


@pytest.mark.parametrize("kept", IN_SERVER, ids=lambda path: path.name)
def test_a_county_of_an_earlier_release_in_postgresql_keeps_its_data(
    kept: Path, postgresql: Server
) -> None:
    database = postgresql.database()
    postgresql.load(database, gzip.decompress((kept / "county.sql.gz").read_bytes()).decode())
    with CountyStore.open(postgresql.url(database), PASSPHRASE, user=FIRST_USER) as county:
        assert county_state(county) == expected(kept)["county"]
        assert county.audit.verify()


def test_laptop_and_county_of_an_earlier_release_continue_to_exchange(release: Path) -> None:
    stick = release / "stick"
    with Store.open(release / "laptop", PASSPHRASE) as store, open_county(release) as county:
        lain = [path for path in sorted(stick.glob("*.age")) if "-answer-" not in path.name]
        outcomes = {path.name: county.exchange.import_file(path).outcome for path in lain}
        aside = set(expected(release)["county"]["set_aside"])
        assert {name for name, out in outcomes.items() if out is ImportOutcome.REJECTED} == aside
        assert import_from(store, stick).problems == ()
        record, field = store.records.resume_position() or (UUID(int=0), "")
        document = store.records.document(record)
        document["housing"]["floor_area_m2"] = "91"
        store.records.save_draft(record, document, field=field)
        store.records.close_visit(record)
        for waiting in county.review.pending():
            county.review.settle(
                waiting.record_id, {c.path: value_of(c) for c in waiting.conflicts}
            )
        for path in export_bundles(store, stick).files:
            assert county.exchange.import_file(path).outcome is not ImportOutcome.REJECTED
        write_replies(county, stick, sorted(stick.glob("*.bundle.age")))
        taken = import_from(store, stick)
        assert (taken.problems, store.outbox.pending_count()) == ((), 0)
        assert county.review.pending() == []
        assert store.outbox.unconfirmed() == []
        there = {str(d["record_id"]): d for d in county.records.documents()}
        assert there[str(record)]["housing"]["floor_area_m2"] == "91"


def value_of(conflict: Conflict) -> Any:
    return conflict.values[0][1]


def test_no_version_is_released_without_its_data() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    names = {path.name for path in KEPT}
    assert dated_versions(changelog) <= names, "python -m build.release.release_data makes it"
    assert dated_versions(f"{changelog}\n## [99.0] - 2030-01-01\n") - names == {"99.0"}
