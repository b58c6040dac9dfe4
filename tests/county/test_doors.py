"""Who is let in at the county's doors, and how the others are answered: revoked laptops, numbers of any
length, and a database that is down.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from build.qa.postgresql import programs, server
from tests.conftest import PASSPHRASE
from tests.county.laptop_bundles import Laptop
from tests.sync.county_server import serving

from ruhu.cli.main import main
from ruhu.county.county import CountyStore
from ruhu.county.devices.devices import NotEnrolled, RevokedBefore, RevokedDevice
from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic, read_county
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.exchange.keys.enrolment import request_enrolment
from ruhu.exchange.protocol.http_signature import sign_request
from ruhu.exchange.protocol.messages import NONCE, REVOKED
from ruhu.sync import client
from ruhu.sync.client import ServerUnavailable, SyncClient


class Door:
    """A county's server on loopback, asked by one laptop."""

    def __init__(self, laptop: Laptop, port: int) -> None:
        self._laptop = laptop
        self._client = httpx.Client(
            base_url=f"https://127.0.0.1:{port}",
            verify=False,  # noqa: S501 - on loopback
            trust_env=False,
        )
        self._nonce = ""

    def ask(self, path: str, method: str = "GET") -> httpx.Response:
        """A signed request, with the nonce of the answer before."""
        signed = sign_request(self._laptop.device, method, path, {}, self._nonce)
        answer = self._client.request(method, path, headers=signed)
        self._nonce = answer.headers[NONCE]
        return answer

    def apply(self) -> httpx.Response:
        """Ask to be enrolled."""
        asked = request_enrolment(self._laptop.public, self._laptop.device)
        return self._client.post("/v1/enrolments", content=asked.model_dump_json())

    def health(self) -> httpx.Response:
        return self._client.get("/v1/health")

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def laptop(county: CountyStore, tmp_path: Path) -> Laptop:
    return Laptop(county, "黄一", tmp_path / "stick")


@pytest.fixture
def door(county: CountyStore, laptop: Laptop, tmp_path: Path) -> Iterator[Door]:
    with (
        serving(county, tmp_path / "served.db") as port,
        contextlib.closing(Door(laptop, port)) as opened,
    ):
        assert opened.ask("/v1/answers/1").status_code == 401
        yield opened


def test_an_answer_of_any_number_is_there_or_is_not(door: Door) -> None:
    for number in ("0", "1", "2147483648", "9" * 30, "9" * 5000, "-1", "1.0", "%31x", "%EF%BC%91"):
        answer = door.ask(f"/v1/answers/{number}")
        assert answer.status_code == 404, number[:20]


def test_a_revoked_laptop_is_answered_as_such_by_its_own_key_alone(
    county: CountyStore, laptop: Laptop, door: Door
) -> None:
    assert door.apply().json()["state"] == "enrolled"
    county.devices.revoke(laptop.device.device_id)
    for path, method in (("/v1/answers/1", "GET"), (f"/v1/bundles/{'0' * 64}", "HEAD"),
                         (f"/v1/updates/{'0' * 64}", "GET")):  # fmt: skip
        refused = door.ask(path, method)
        assert (refused.status_code, refused.headers[REVOKED]) == (403, "1")
    asked = door.apply()
    assert (asked.status_code, asked.headers[REVOKED]) == (403, "1")
    assert "已注销" in asked.json()["zh"]
    assert county.devices.enrolment_requests() == []
    laptop.device = DeviceKey(laptop.device.device_id, DeviceKey.generate().secret, ["x"])
    assert door.ask("/v1/answers/1").status_code == 401


def test_a_request_that_waited_while_its_laptop_was_revoked_is_not_granted(
    county: CountyStore, laptop: Laptop
) -> None:
    key = DeviceKey.generate()
    device = DevicePublic(device_id=key.device_id, key=key.public, surveyor="覃二")
    assert county.devices.request_enrolment(device) is False
    county.devices.enrol(device)
    county.devices.revoke(device.device_id)
    with pytest.raises(RevokedBefore):
        county.devices.decide_enrolment(device.device_id, good=True)
    county.devices.decide_enrolment(device.device_id, good=False)
    assert county.devices.enrolment_requests() == []


def test_a_revoked_key_is_not_enrolled_under_another_number(
    county: CountyStore, laptop: Laptop
) -> None:
    county.devices.revoke(laptop.device.device_id)
    other = DeviceKey.generate().device_id
    for again in (False, True):
        with pytest.raises(RevokedBefore):
            county.devices.enrol(laptop.public.model_copy(update={"device_id": other}), again=again)
    assert [device.device_id for device in county.devices.all()] == [laptop.device.device_id]


def test_records_are_handed_to_no_stranger_and_no_revoked_laptop(
    county: CountyStore, laptop: Laptop
) -> None:
    with pytest.raises(NotEnrolled):
        county.replies.subscribe(DeviceKey.generate().device_id, [])
    county.devices.revoke(laptop.device.device_id)
    with pytest.raises(RevokedDevice, match="was revoked"):
        county.replies.subscribe(laptop.device.device_id, [])


def test_the_command_enrols_a_revoked_laptop_only_again(
    county: CountyStore,
    laptop: Laptop,
    place: Path | str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RUHU_LANG", "zh")
    county.devices.revoke(laptop.device.device_id)
    file = tmp_path / "device.json"
    file.write_text(laptop.public.model_dump_json(), encoding="utf-8")
    for command in ("county", "keys"):
        assert main([command, "enrol", str(file), "--db", str(place)]) == 2
        assert f"设备 {laptop.device.device_id} 已于" in capsys.readouterr().err
    assert [device.revoked_at is None for device in county.devices.all()] == [False]
    assert main(["county", "enrol", str(file), "--db", str(place), "--again"]) == 0
    assert [device.revoked_at is None for device in county.devices.all()] == [True]
    assert county.audit.entries()[-1].act == "enrol again"


Failing = tuple[CountyStore, Callable[[], None], Callable[[], None]]


def failing_file(folder: Path) -> Iterator[Failing]:
    """A county in a file; a way to spoil the file, and one to mend it."""
    path = folder / "county.db"
    county, _ = CountyStore.create(path, PASSPHRASE, county="451024", name="德保县")
    kept = folder / "kept.db"

    def spoil() -> None:
        county.close()
        path.rename(kept)
        path.write_bytes(b"\0" * 4096)

    def mend() -> None:
        county.close()
        kept.replace(path)

    with county:
        yield county, spoil, mend


def failing_server() -> Iterator[Failing]:
    """A county in PostgreSQL; a way to stop the server, and one to start it."""
    if programs() is None:
        pytest.skip("needs a PostgreSQL server")
    with server() as running:
        url = running.url(running.database())
        county, _ = CountyStore.create(url, PASSPHRASE, county="451024", name="德保县")
        with county:
            yield county, running.stop, running.start


@pytest.fixture(params=["sqlite", "postgresql"])
def failing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Failing]:
    yield from failing_file(tmp_path) if request.param == "sqlite" else failing_server()


def public_of(county: CountyStore, port: int) -> CountyPublic:
    named = county.keys.name_server(f"https://127.0.0.1:{port}")
    return read_county(named.model_dump_json().encode())


def test_a_county_whose_database_is_down_asks_to_come_again(
    failing: Failing, household: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "FIRST_RETRY_DELAY_S", 0.01)
    monkeypatch.setattr(client, "MAX_RETRY_DELAY_S", 0.02)
    county, fail, mend = failing
    laptop = Laptop(county, "黄一", tmp_path / "stick")
    sealed = laptop.bundle(laptop.revision(household)).read_bytes()
    with (
        serving(county, tmp_path / "served.db") as port,
        contextlib.closing(Door(laptop, port)) as door,
    ):
        public = public_of(county, port)
        assert door.ask("/v1/answers/1").status_code == 401
        fail()
        answers = [door.ask("/v1/answers/1"), door.apply(), door.health()]
        with (
            SyncClient(public, laptop.device) as courier,
            pytest.raises(ServerUnavailable) as caught,
        ):
            courier.send(sealed)
        mend()
        assert door.ask("/v1/answers/1").status_code in (401, 404)
        with SyncClient(public, laptop.device) as courier:
            assert courier.send(sealed).outcome == "taken_in"
    assert [answer.status_code for answer in answers] == [503] * 3
    for answer in answers:
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json() == {
            "zh": "县里的数据库暂时用不了",
            "en": "the county's database does not answer",
        }
    assert "请稍后再传" in caught.value.text.zh
    assert "登记" not in caught.value.text.zh


def test_a_passphrase_file_is_utf_8_with_or_without_its_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RUHU_LANG", "zh")
    db, word = str(tmp_path / "county.db"), tmp_path / "口令.txt"
    county, _ = CountyStore.create(Path(db), PASSPHRASE, county="451024", name="德保县")
    county.close()
    change = [
        "county",
        "user",
        "passphrase",
        "admin",
        "--db",
        db,
        "--new-passphrase-file",
        str(word),
    ]
    listed = ["county", "user", "list", "--db", db, "--passphrase-file", str(word)]
    for spoilt in ("正确马电池订书钉".encode("gbk"), "correct horse".encode("utf-16"),
                   "correct horse".encode("utf-16-le"), b"correct \xff horse"):  # fmt: skip
        word.write_bytes(spoilt)
        for words in (change, listed):
            assert main(words) == 2
            said = capsys.readouterr().err
            assert str(word) in said
            assert "UTF-8" in said
    word.write_bytes("正确马电池订书钉\r\n".encode("utf-8-sig"))
    assert main(change) == 0
    assert main(listed) == 0
    word.write_bytes("正确马电池订书钉".encode())
    assert main(listed) == 0
    CountyStore.open(Path(db), "正确马电池订书钉").close()
    with pytest.raises(UserError):
        CountyStore.open(Path(db), PASSPHRASE)
