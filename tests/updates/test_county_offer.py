"""An update that the county offers, fetched by a laptop over a line that breaks."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import PASSPHRASE, QUICK
from tests.sync.county_server import Line, serving
from tests.updates.releases import Releases

from ruhu.cli.main import main
from ruhu.county.access.permissions import PermissionDenied, Role
from ruhu.county.county import CountyStore
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.protocol.messages import ProgramInfo, UpdateOffer
from ruhu.store.store import Store
from ruhu.sync import client
from ruhu.sync.client import ServerRejected, SyncClient
from ruhu.sync.session import plan_sync, run_sync
from ruhu.updates.download_cache import DownloadCache
from ruhu.updates.installed_versions import Versions
from ruhu.updates.version import this_platform

PACKAGE = os.urandom(3_000_000)
HERE = ProgramInfo(version="0.1.0", platform=this_platform())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_RETRY_DELAY_S", 0.01)


@pytest.fixture
def port(county: CountyStore, tmp_path: Path) -> Iterator[int]:
    with serving(county, tmp_path / "county.db") as at:
        yield at


def offered(store: Store, county: CountyStore, port: int) -> UpdateOffer | None:
    """What the county offers the laptop when it asks how things stand."""
    key_file = county.keys.name_server(f"https://127.0.0.1:{port}").model_dump_json().encode()
    store.identity.set_county(read_county(key_file))
    county.devices.enrol(store.identity.device)
    errand = plan_sync(store, HERE)
    with SyncClient(errand.county, errand.device, nonce=errand.nonce) as courier:
        return run_sync(errand, courier, lambda _: None).update


def test_a_package_comes_over_a_line_that_breaks_and_no_byte_of_it_twice(
    store: Store, county: CountyStore, port: int, tmp_path: Path
) -> None:
    county.updates.publish("0.2.0", this_platform(), io.BytesIO(PACKAGE))
    line = Line(port, [], falls=[400_000, 900_000, 1_000_000])
    offer = offered(store, county, port)
    assert offer is not None
    fetched = DownloadCache(Versions(tmp_path / "versions"))
    place = fetched.download_path(offer)
    assert place is not None
    public = read_county(
        county.keys.name_server(f"https://127.0.0.1:{line.port}").model_dump_json().encode()
    )
    seen: list[int] = []
    with SyncClient(public, store.identity.device_key) as courier:
        courier.fetch_update(offer, place, seen.append)
    line.close()
    assert fetched.finish(offer).read_bytes() == PACKAGE
    assert seen == sorted(seen)
    assert line.fallen < len(PACKAGE) * 1.2  # a part that had come whole was all that came again
    assert fetched.download_path(offer) is None


def test_only_a_newer_version_for_this_platform_is_fetched(tmp_path: Path) -> None:
    fetched = DownloadCache(Versions(tmp_path))
    offer = UpdateOffer(version="0.2.0", platform=this_platform(), digest="0" * 64, length=9)
    assert fetched.download_path(offer)
    for other in ({"version": "0.1.0"}, {"version": "x"}, {"platform": "windows-amd64"}):
        assert fetched.download_path(offer.model_copy(update=other)) is None


def test_a_package_that_lost_its_end_with_the_power_is_fetched_again(tmp_path: Path) -> None:
    fetched = DownloadCache(Versions(tmp_path))
    offer = UpdateOffer(version="0.2.0", platform=this_platform(), digest="0" * 64, length=9)
    for _ in range(2):
        place = fetched.download_path(offer)
        assert place is not None
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"a package")
        kept = fetched.finish(offer)
        assert fetched.download_path(offer) is None
        kept.write_bytes(b"a pack")


def test_what_comes_in_place_of_the_package_is_thrown_away(
    store: Store, county: CountyStore, port: int, tmp_path: Path
) -> None:
    county.updates.publish("0.2.0", this_platform(), io.BytesIO(PACKAGE))
    offer = offered(store, county, port)
    assert offer is not None
    assert store.identity.county is not None
    place = tmp_path / "package.part"
    place.write_bytes(b"x" * 1000)  # a beginning that is not the package's
    with SyncClient(store.identity.county, store.identity.device_key) as courier:
        with pytest.raises(ServerRejected, match="not the one offered"):
            courier.fetch_update(offer, place)
        assert not place.exists()
        courier.fetch_update(offer, place)
        assert place.read_bytes() == PACKAGE
        gone = offer.model_copy(update={"digest": "0" * 64})
        with pytest.raises(ServerRejected, match="this update does not exist"):
            courier.fetch_update(gone, tmp_path / "other.part")


def test_the_next_package_takes_the_place_of_the_one_before(
    store: Store, county: CountyStore, port: int
) -> None:
    county.updates.publish("0.2.0", this_platform(), io.BytesIO(b"before"))
    county.updates.publish("0.2.0", "windows-amd64", io.BytesIO(b"elsewhere"))
    county.updates.publish("0.3.0", this_platform(), io.BytesIO(PACKAGE))
    offer = offered(store, county, port)
    assert offer is not None
    assert (offer.version, offer.length) == ("0.3.0", len(PACKAGE))
    assert [e.act for e in county.audit.entries()].count("publish update") == 3


def test_a_clerk_may_not_publish(county: CountyStore, place: Path | str) -> None:
    county.users.add("韦某", Role.CLERK, "a clerk's passphrase")
    with (
        CountyStore.open(place, "a clerk's passphrase", user="韦某") as clerk,
        pytest.raises(PermissionDenied),
    ):
        clerk.updates.publish("0.2.0", this_platform(), io.BytesIO(PACKAGE))


def test_the_command_publishes_only_what_the_program_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "county.db"
    CountyStore.create(database, PASSPHRASE, county="451024", name="德保县", cost=QUICK)[0].close()
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RUHU_LANG", "zh")
    (tmp_path / "releases").mkdir()
    releases = Releases(tmp_path / "releases")
    words = ["county", "update", "publish", str(releases.package()), "--db", str(database)]
    assert main(words) == 2
    assert "没有带更新公钥" in capsys.readouterr().err
    monkeypatch.setattr("ruhu.cli.commands.county.update.trusted_root", lambda: releases.root)
    assert main(words) == 0
    with CountyStore.open(database, PASSPHRASE) as store:
        offer = store.updates.offered(this_platform())
        assert offer is not None
        assert offer.version == "0.2.0"
