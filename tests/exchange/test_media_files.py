"""A stick that is pulled out, fills up, lies or bears what is not ours: neither it nor the store suffers."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.conftest import PASSPHRASE, QUICK

from ruhu.cli.main import main
from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.county.removable_media import write_replies
from ruhu.exchange.media_files import bundle_file, list_media_files
from ruhu.files.atomic_write import WriteFailed
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles, import_from

STEP = 7
"""Every so manieth byte; a prime, so that over the runs of a byte's neighbours all places come."""


def visit(store: Store, household: dict[str, Any], population: int) -> None:
    record_id = UUID(household["record_id"])
    store.records.save_draft(record_id, {**household, "population": population}, field="")
    store.records.close_visit(record_id)


@contextmanager
def no_file_longer_than(length: int) -> Iterator[None]:
    """The system lets no file grow beyond a length: writing fails at just that byte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_stick_that_fails_at_any_byte_is_left_sound_and_the_next_try_goes_on(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visit(linked, household, 4)
    (good,) = export_bundles(linked, tmp_path / "good").files
    sealed, stick = good.read_bytes(), tmp_path / "stick"
    for length in range(0, len(sealed), STEP):
        with no_file_longer_than(length), pytest.raises(WriteFailed):
            export_bundles(linked, stick)
        assert list(stick.iterdir()) == []
    (path,) = export_bundles(linked, stick).files
    assert path.read_bytes() == sealed
    assert county.exchange.import_file(path).outcome is ImportOutcome.IMPORTED


def test_a_file_that_ends_at_any_byte_is_set_aside_and_written_whole_again(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visit(linked, household, 4)
    stick = tmp_path / "stick"
    (path,) = export_bundles(linked, stick).files
    sealed = path.read_bytes()
    for length in range(1, len(sealed), 5 * STEP):
        path.write_bytes(sealed[:length])
        assert county.exchange.import_file(path).outcome is ImportOutcome.REJECTED
        assert export_bundles(linked, stick).files == (path,)
        assert path.read_bytes() == sealed
    assert list(county.records.documents()) == []
    assert county.exchange.import_file(path).outcome is ImportOutcome.IMPORTED


def test_what_the_county_left_may_end_at_any_byte_too(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    visit(linked, household, 4)
    stick = tmp_path / "stick"
    files = export_bundles(linked, stick).files
    for path in files:
        county.exchange.import_file(path)
    county.review.send_back(UUID(household["record_id"]), "请再量一次")
    write_replies(county, stick, files)
    left = [f.path for f in list_media_files(stick) if f.kind in ("receipts", "answer")]
    whole = {path: path.read_bytes() for path in left}
    assert len(whole) == 2
    for path, data in whole.items():
        for length in range(0, len(data), 5 * STEP):
            path.write_bytes(data[:length])
            taken = import_from(linked, path.parent)
            assert taken.changed == 0 or path.name.startswith("ruhu-receipts")
            assert len(taken.problems) == 1
            path.write_bytes(data)
        assert import_from(linked, stick).problems == ()
    assert linked.outbox.unconfirmed() == []
    assert linked.records.progress().sent_back == 1


DYING = """
import os, sys
from pathlib import Path
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles

data, stick, passphrase, last = sys.argv[1:]
left = int(last)
WATCHED = ("durable.py", "folder.py", "making.py", "outbox.py", "stick.py")

def watch(frame, event, argument):
    global left
    if not frame.f_code.co_filename.endswith(WATCHED):
        return None
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
    return watch

with Store.open(Path(data), passphrase) as store:
    sys.settrace(watch)
    export_bundles(store, Path(stick))
    sys.settrace(None)
    print(int(last) - left)
"""


def export_and_die(data: Path, stick: Path, line: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DYING, str(data), str(stick), PASSPHRASE, str(line)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_killed_at_any_line_of_an_export_nothing_is_lost_or_doubled(
    household: dict[str, Any], tmp_path: Path
) -> None:
    county, _ = CountyStore.create(
        tmp_path / "county.db", PASSPHRASE, county="451024", name="德保县", cost=QUICK
    )
    data, stick = tmp_path / "laptop", tmp_path / "stick"
    with Store.create(data, PASSPHRASE, surveyor="黄一", cost=QUICK) as store:
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
        visit(store, household, 4)
    for turn, line in enumerate(range(1, 400, 31)):
        with Store.open(data, PASSPHRASE) as store:
            visit(store, household, 5 + turn)
        export_and_die(data, stick, line)
        for path in stick.glob("*.bundle.age"):
            assert county.exchange.import_file(path).outcome is not ImportOutcome.REJECTED
    with Store.open(data, PASSPHRASE) as store:
        for path in export_bundles(store, stick).files:
            county.exchange.import_file(path)
        device = store.identity.device.device_id
        assert len(county.records.revisions(UUID(household["record_id"]))) == 14
        assert store.outbox.pending_count() == 0
    assert county.exchange.chain(device).gaps == ()
    (document,) = county.records.documents()
    assert document["population"] == 17
    county.close()


def test_files_on_a_medium_are_recognised_without_reading_them(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    visit(linked, household, 4)
    stick = tmp_path / "stick"
    (path,) = export_bundles(linked, stick).files
    device = linked.identity.device.device_id
    path.rename(stick / path.name.upper())  # FAT may give names back in capitals
    (stick / bundle_file("451024", device, 2)).symlink_to("/etc/passwd")
    os.mkfifo(stick / bundle_file("451024", device, 3))
    (stick / bundle_file("451024", device, 4)).mkdir()
    (stick / bundle_file("451024", device, 5)).write_bytes(b"")
    with (stick / bundle_file("451024", device, 6)).open("wb") as stream:
        stream.truncate(5 * 1024**3)
    (stick / "holiday.jpg").write_bytes(b"x")
    found = list_media_files(stick)
    assert [(f.kind, f.sequence, f.problem is None) for f in found] == [
        ("bundle", n, n == 1) for n in range(1, 7)
    ]
    assert main(["bundle", "list", str(stick)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    assert import_from(linked, stick).problems == ()
    outcomes = [county.exchange.import_file(f.path).outcome for f in found if f.problem is None]
    assert outcomes == [ImportOutcome.IMPORTED]
    write_replies(county, stick, [found[0].path])
    assert import_from(linked, stick).confirmed == 1
    export_bundles(linked, stick)
    assert not any(f.sequence == 1 for f in list_media_files(stick))


def test_names_on_a_stick_are_ones_that_fat_allows(linked: Store) -> None:
    name = bundle_file("451024", linked.identity.device.device_id, 999_999_999)
    assert len(name) < 100
    assert name == name.lower()
    assert not set(name) & set('<>:"/\\|?*')


def test_a_stick_serves_many_laptops_and_each_clears_away_its_own(
    county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    laptops: list[Store] = []
    for name in ("黄一", "覃二", "韦三"):
        store = Store.create(tmp_path / name, PASSPHRASE, surveyor=name, cost=QUICK)
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
        visit(store, {**household, "record_id": str(UUID(int=len(laptops) + 1))}, 4)
        laptops.append(store)
    for store in laptops:
        export_bundles(store, stick)
    files = [f.path for f in list_media_files(stick)]
    assert len(files) == 3
    for path in files:
        county.exchange.import_file(path)
    write_replies(county, stick, files)
    assert export_bundles(laptops[0], stick).imported.confirmed == 1
    assert len([f for f in list_media_files(stick) if f.kind == "bundle"]) == 2
    for store in laptops:
        export_bundles(store, stick)
        store.close()
    assert [f.kind for f in list_media_files(stick)] == ["receipts"]
