"""The county's service: as it describes itself, within its limits, by several workers at once."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
from build.qa.postgresql import Server
from hypothesis import HealthCheck, given, settings
from starlette.applications import Starlette
from starlette.types import ASGIApp
from tests.conftest import PASSPHRASE
from tests.county.laptop_bundles import Laptop
from tests.sync.county_server import free_port, serving

from ruhu.cli.main import main
from ruhu.county.county import CountyStore
from ruhu.county.server.app import application, make_app
from ruhu.county.server.metrics import Metrics, MetricsServer
from ruhu.county.server.openapi import page
from ruhu.county.server.rate_limit import RateLimit
from ruhu.county.server.uploads import Uploads
from ruhu.exchange.formats.container import digest
from ruhu.exchange.keys.county import CountyPublic, read_county
from ruhu.exchange.protocol.http_signature import sign_request
from ruhu.exchange.protocol.messages import NONCE
from ruhu.store.store import Store
from ruhu.sync.client import SyncClient


class Asking:
    """Asks an application as a client on this machine does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://county") as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())


@pytest.fixture
def county_file(tmp_path: Path) -> Iterator[CountyStore]:
    opened, _ = CountyStore.create(
        tmp_path / "county.db", PASSPHRASE, county="451024", name="德保县"
    )
    with opened:
        yield opened


OPERATIONS = [
    ("/v1/health", "GET"),
    ("/v1/enrolments", "POST"),
    ("/v1/sync", "POST"),
    ("/v1/bundles/{digest}", "HEAD"),
    ("/v1/bundles/{digest}", "PUT"),
    ("/v1/bundles/{digest}", "PATCH"),
    ("/v1/answers/{number}", "GET"),
    ("/v1/updates/{digest}", "GET"),
]
"""What laptops in the villages rely on: a new release may add, but not rename or remove."""


def describe(county_file: CountyStore, tmp_path: Path) -> dict[str, Any]:
    """The server's OpenAPI document."""
    return make_app(county_file, Uploads(tmp_path / "uploads")).openapi()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_the_description_allows(
    county_file: CountyStore, tmp_path: Path, path: str, method: str
) -> None:
    app = application(county_file, Uploads(tmp_path / "uploads"))
    described = schemathesis.openapi.from_asgi("/openapi.json", app)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=described[path][method].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate()

    ask()


def test_the_description_names_the_routes_that_laptops_use(
    county_file: CountyStore, tmp_path: Path
) -> None:
    described = {
        (path, method.upper())
        for path, operations in describe(county_file, tmp_path)["paths"].items()
        for method in operations
    }
    assert described == set(OPERATIONS)


def test_only_a_new_laptop_and_a_monitor_need_no_signature(
    county_file: CountyStore, tmp_path: Path
) -> None:
    ask = Asking(application(county_file, Uploads(tmp_path / "uploads")))
    unsigned = {("/v1/health", "GET"), ("/v1/enrolments", "POST")}
    for path, method in OPERATIONS:
        operation = describe(county_file, tmp_path)["paths"][path][method.lower()]
        path = path.replace("{digest}", "0" * 64).replace("{number}", "1")
        status = ask(method, path).status_code
        assert (status == 401) == ("security" in operation), (path, method)
    described = describe(county_file, tmp_path)["paths"]
    assert unsigned == {
        (path, method.upper())
        for path, operations in described.items()
        for method, operation in operations.items()
        if "security" not in operation
    }


def test_the_page_of_the_description_asks_no_other_server(
    county_file: CountyStore, tmp_path: Path
) -> None:
    answer = Asking(application(county_file, Uploads(tmp_path / "uploads")))("GET", "/docs")
    text = answer.text
    assert text == page(describe(county_file, tmp_path))
    assert "/v1/bundles/{digest}" in text
    assert "http://" not in text
    assert "https://" not in text
    assert "<script" not in text


def test_a_signed_request_is_answered_as_described(
    county_file: CountyStore, tmp_path: Path, household: dict[str, Any]
) -> None:
    laptop = Laptop(county_file, "黄一", tmp_path / "stick")
    sealed = laptop.bundle(laptop.revision(household)).read_bytes()
    app = application(county_file, Uploads(tmp_path / "uploads"))
    ask, path = Asking(app), f"/v1/bundles/{digest(sealed)}"
    nonce = ask("PUT", path, content=sealed).headers[NONCE]
    signed = sign_request(laptop.device, "PUT", path, {}, nonce)
    answered = ask("PUT", path, content=sealed, headers=signed)
    schemathesis_schema = schemathesis.openapi.from_dict(describe(county_file, tmp_path))
    operation = schemathesis_schema["/v1/bundles/{digest}"]["PUT"]
    assert answered.status_code == 200
    operation.validate_response(answered)
    assert answered.json()["outcome"] == "taken_in"


def test_clients_over_the_rate_limit_are_refused() -> None:
    now = [0.0]
    limit = RateLimit(Starlette(), burst=3, rate=1.0, clock=lambda: now[0])
    assert [limit.allow("a") for _ in range(4)] == [True, True, True, False]
    assert limit.allow("b")
    now[0] = 2.5
    assert [limit.allow("a") for _ in range(3)] == [True, True, False]
    answers = [Asking(limit)("GET", "/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert answers[-1].headers["retry-after"] == "1"
    assert set(answers[-1].json()) == {"zh", "en"}


def test_a_monitoring_system_hears_counts_and_no_names(
    county_file: CountyStore, tmp_path: Path, household: dict[str, Any]
) -> None:
    laptop = Laptop(county_file, "黄一", tmp_path / "stick")
    laptop.send(county_file, laptop.revision(household))
    metrics = Metrics(county_file)
    app = application(county_file, Uploads(tmp_path / "uploads"), metrics)
    ask = Asking(app)
    ask("GET", "/v1/health")
    ask("HEAD", f"/v1/bundles/{'0' * 64}")
    ask("GET", "/wp-login.php")
    with MetricsServer(metrics, 0) as telling:
        answer = httpx.get(f"http://127.0.0.1:{telling.port}/metrics", trust_env=False)
    result = answer.text
    assert "ruhu_households 1.0" in result
    assert 'ruhu_requests_total{method="GET",path="/v1/health",status="200"} 1.0' in result
    assert 'path="/v1/bundles/{}",status="401"' in result
    assert 'path="other",status="404"' in result
    assert "黄一" not in result
    assert "wp-login" not in result


def test_what_is_too_large_is_refused_before_it_has_come(
    county_file: CountyStore, tmp_path: Path
) -> None:
    app = application(county_file, Uploads(tmp_path / "uploads"))
    answered = Asking(app)("POST", "/v1/enrolments", content=b" " * 100_000)
    assert answered.status_code == 413


def known(county: CountyStore, port: int) -> CountyPublic:
    """The county's public file with its server."""
    return read_county(
        county.keys.name_server(f"https://127.0.0.1:{port}").model_dump_json().encode()
    )


def test_a_laptop_asks_to_be_enrolled_and_somebody_compares_the_fingerprint(
    store: Store,
    county: CountyStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    with serving(county, tmp_path / "county.db") as port:
        store.identity.set_county(known(county, port))
        store.close()
        words = ["keys", "apply", "--data", str(tmp_path / "data")]
        assert main(words) == 0
        assert main(words) == 0
        (asking,) = county.devices.enrolment_requests()
        assert asking.device.words.zh in capsys.readouterr().out
        county.devices.decide_enrolment(asking.device.device_id, good=True)
        assert main(words) == 0
        assert "已登记" in capsys.readouterr().out
        assert county.devices.enrolment_requests() == []
        assert [device.fingerprint for device in county.devices.all()] == [
            asking.device.fingerprint
        ]


@pytest.mark.parametrize("change", ["signature", "key", "not asked"])
def test_a_request_that_is_not_by_its_key_is_refused(
    county_file: CountyStore, tmp_path: Path, change: str
) -> None:
    from ruhu.exchange.keys.enrolment import request_enrolment

    one = Laptop(county_file, "黄一", tmp_path)
    other = Laptop(county_file, "覃二", tmp_path)
    asked = json.loads(request_enrolment(one.public, one.device).model_dump_json())
    if change == "signature":
        asked["device"]["surveyor"] = "别人"
    elif change == "key":
        asked["device"]["key"] = other.device.public
    else:
        asked = {"format": "ruhu.enrolment/1"}
    app = application(county_file, Uploads(tmp_path / "uploads"))
    wanted = 400 if change == "not asked" else 401
    assert Asking(app)("POST", "/v1/enrolments", json=asked).status_code == wanted
    assert county_file.devices.enrolment_requests() == []


def test_a_request_at_work_is_finished_before_the_service_ends(
    county_file: CountyStore, tmp_path: Path, household: dict[str, Any]
) -> None:
    from ruhu.county.server.serve import ServerOptions, make_server

    laptop = Laptop(county_file, "黄一", tmp_path / "stick")
    sealed = laptop.bundle(laptop.revision(household)).read_bytes()
    port = free_port()
    server = make_server(
        county_file, ServerOptions("127.0.0.1", port, tmp_path / "uploads"), tmp_path
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    path, address = f"/v1/bundles/{digest(sealed)}", f"https://127.0.0.1:{port}"

    async def upload() -> httpx.Response:
        begun = asyncio.Event()

        async def body() -> Any:
            yield sealed[:100]
            begun.set()
            server.should_exit = True
            await asyncio.sleep(0.5)  # the service has begun to end, and waits
            yield sealed[100:]

        async with httpx.AsyncClient(base_url=address, verify=False) as client:  # noqa: S501
            while True:
                try:
                    nonce = (await client.head(path)).headers[NONCE]
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)
            signed = sign_request(laptop.device, "PUT", path, {}, nonce)
            return await client.put(path, content=body(), headers=signed)

    answered = asyncio.run(upload())
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert answered.status_code == 200
    assert county_file.records.counts().households == 1


@pytest.mark.slow
def test_several_workers_on_one_database_give_the_same_as_one(
    postgresql: Server, household: dict[str, Any], tmp_path: Path
) -> None:
    base = postgresql.database()
    url = postgresql.url(base)
    county, _ = CountyStore.create(url, PASSPHRASE, county="451024", name="德保县")
    laptops = [Laptop(county, f"员{n}", tmp_path / "stick") for n in range(6)]
    records = [str(UUID(int=n)) for n in range(4)]
    first = {
        key: laptops[0].revision({**household, "record_id": key}, reason="roster")
        for key in records
    }
    sticks = {}
    for number, laptop in enumerate(laptops):
        bundles = [laptop.bundle(*first.values())] if number == 0 else []
        for at, key in enumerate(records):
            housing = {**household["housing"], "floor_area_m2": str(60 + number % (at + 1))}
            changed = {**household, "record_id": key, "housing": housing}
            bundles.append(
                laptop.bundle(laptop.revision(changed, on=[first[key]], hour=number + at))
            )
        sticks[laptop] = [path.read_bytes() for path in bundles]
    port = free_port()
    words = [sys.executable, "-m", "ruhu", "county", "serve", "--db", url, "--port", str(port),
             "--share-port", "--uploads", str(tmp_path / "uploads")]  # fmt: skip
    environment = {**os.environ, "RUHU_PASSPHRASE": PASSPHRASE, "RUHU_LANG": "zh"}
    public = known(county, port)
    county.close()
    twin = postgresql.database(template=base)
    workers = [
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert "监听" in worker.stdout.readline()

        def send(laptop: Laptop) -> list[str]:
            with SyncClient(public, laptop.device) as courier:
                return [courier.send(sealed).outcome for sealed in sticks[laptop]]

        with ThreadPoolExecutor(len(laptops)) as pool:
            outcomes = [outcome for result in pool.map(send, laptops) for outcome in result]
    finally:
        for worker in workers:
            worker.terminate()
            assert worker.wait(timeout=20) in (0, -15)
            assert worker.stdout is not None
            worker.stdout.close()
    assert set(outcomes) == {"taken_in"}
    with (
        CountyStore.open(url, PASSPHRASE) as by_many,
        CountyStore.open(postgresql.url(twin), PASSPHRASE) as by_one,
    ):
        for path in sorted((tmp_path / "stick").iterdir(), reverse=True):
            assert by_one.exchange.import_file(path).reason is None
        assert list(by_one.records.documents()) == list(by_many.records.documents())
        assert by_one.records.counts() == by_many.records.counts()
        assert by_many.records.counts().bundles == len(outcomes)
        open_ = [{w.record_id: w.conflicts for w in s.review.pending()} for s in (by_one, by_many)]
        assert open_[0] == open_[1] != {}
        by_many.audit.verify()
