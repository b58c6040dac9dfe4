"""A server, or something between, that talks nonsense: the laptop ends, says so, and loses nothing."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ruhu.exchange.formats.container import digest
from ruhu.exchange.keys.county import CountyPublic, CountySecrets, CountyServer
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.protocol.messages import OFFSET, UpdateOffer
from ruhu.files.atomic_write import WriteFailed
from ruhu.sync import client
from ruhu.sync.client import NoServer, ServerRejected, ServerUnreachable, SyncClient

PACKAGE = bytes(range(256)) * 40
OFFER = UpdateOffer(version="0.2.0", platform="x", digest=digest(PACKAGE), length=len(PACKAGE))


class Nonsense(BaseHTTPRequestHandler):
    """Answers every request as its server's `says` has it: a status, fields and a body."""

    server: "Bad"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked += 1
        status, fields, body = self.server.says(self.command)
        self.send_response(status)
        for name, value in {**fields, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PATCH = do_POST = _answer

    def log_message(self, format: str, *args: object) -> None:
        pass


Says = Callable[[str], tuple[int, dict[str, str], bytes]]


class Bad(ThreadingHTTPServer):
    """Such a server; `asked` counts the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Nonsense)
        self.asked = 0
        self.says: Says = lambda _: (500, {}, b"")


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bad]:
    monkeypatch.setattr(client, "FIRST_RETRY_DELAY_S", 0.01)
    with Bad() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def courier(server: Bad) -> SyncClient:
    return SyncClient(named(f"http://127.0.0.1:{server.server_port}"), DeviceKey.generate())


def named(url: str, certificate: str = "") -> CountyPublic:
    _, public, _ = CountySecrets.generate("451024", "德保县")
    return public.model_copy(update={"server": CountyServer(url=url, certificate=certificate)})


@pytest.mark.parametrize(
    ("status", "there"), [(409, "0"), (409, "x"), (409, "99999999"), (204, "0")]
)
def test_a_server_that_never_takes_a_part_is_not_sent_it_without_end(
    bad: Bad, status: int, there: str
) -> None:
    bad.says = lambda _: (status, {OFFSET: there}, b"")
    with courier(bad) as line, pytest.raises((ServerUnreachable, ServerRejected)):
        line.send(b"a bundle")
    assert bad.asked < 40


def test_an_answer_that_cannot_be_unpacked_is_a_line_that_broke(bad: Bad) -> None:
    bad.says = lambda _: (200, {"Content-Encoding": "gzip"}, b"no gzip")
    with courier(bad) as line, pytest.raises(ServerUnreachable):
        line.fetch_answer(1)


def test_a_package_that_comes_from_its_beginning_again_is_not_put_behind_the_rest(
    bad: Bad, tmp_path: Path
) -> None:
    bad.says = lambda _: (200, {}, PACKAGE)
    place = tmp_path / "package.part"
    place.write_bytes(PACKAGE[:5000])
    with courier(bad) as line:
        line.fetch_update(OFFER, place)
    assert place.read_bytes() == PACKAGE


def test_a_package_that_cannot_be_saved_is_reported(bad: Bad, tmp_path: Path) -> None:
    bad.says = lambda _: (206, {}, PACKAGE)
    (tmp_path / "versions").write_text("a file where the folder should be")
    with courier(bad) as line, pytest.raises(WriteFailed):
        line.fetch_update(OFFER, tmp_path / "versions" / "package.part")


@pytest.mark.parametrize("certificate", ["nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_an_invalid_certificate_is_reported(certificate: str) -> None:
    with pytest.raises(NoServer):
        SyncClient(named("https://127.0.0.1:9", certificate), DeviceKey.generate())
