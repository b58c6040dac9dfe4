"""The county's service against OWASP's ten API security risks of 2023: one check each, by real requests
over TLS on loopback.
"""

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyrage
from build.qa.confidentiality.canaries import PASSPHRASE, Secret, people, search
from build.qa.report import Report
from tests.county.laptop_bundles import Laptop
from tests.sync.county_server import serving

from ruhu.county.county import CountyStore
from ruhu.county.server.rate_limit import BURST
from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, digest
from ruhu.exchange.keys.county import CountySecrets, read_county
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.exchange.keys.enrolment import request_enrolment
from ruhu.exchange.protocol.http_signature import sign_request
from ruhu.exchange.protocol.messages import NONCE
from ruhu.store.store import Store
from ruhu.sync import client
from ruhu.sync.client import SyncClient
from ruhu.sync.session import plan_sync, run_sync

SYNC = "/v1/sync"
PATHS = {
    "/v1/health", "/v1/enrolments", "/v1/sync", "/v1/bundles/{digest}", "/v1/answers/{number}",
    "/v1/updates/{digest}",
}  # fmt: skip
"""The reviewed paths: a new one needs its checks here first."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class Weak(Exception):
    """The service does what it must not."""


def require(holds: object, what: str) -> None:
    """Raise `Weak` unless something holds."""
    if not holds:
        raise Weak(what)


@dataclass
class Office:
    """A county with its service running, two laptops that are enrolled, and what is secret there."""

    county: CountyStore
    port: int
    client: httpx.Client
    one: Laptop
    other: Laptop
    sealed: bytes
    secrets: list[Secret]
    place: Path
    asked: int = 0

    def ask(
        self,
        device: DeviceKey | None,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        nonce: str | None = None,
    ) -> httpx.Response:
        """Send one request; with a device it is signed, with a fresh nonce unless one is given."""
        self.asked += 1
        signed_headers = dict(headers or {})
        if device is not None:
            if nonce is None:
                nonce = self.client.head(f"/v1/bundles/{'0' * 64}").headers[NONCE]
            signed_body = body if path == SYNC else None
            signed_headers = sign_request(device, method, path, signed_headers, nonce, signed_body)
        return self.client.request(method, path, content=body, headers=signed_headers)

    def sync(self, device: DeviceKey, **fields: Any) -> httpx.Response:
        """A request to sync."""
        asked = {"last": 0, "answered": 0, "county": self.county.public.digest, "waiting": []}
        return self.ask(device, "POST", SYNC, json.dumps(asked | fields).encode())


@contextmanager
def office(place: Path) -> Iterator[Office]:
    """Open the office with planted people."""
    documents, secrets = people()
    county, _ = CountyStore.create(place / "county.db", PASSPHRASE, county="451024", name="德保县")
    with county, serving(county, place / "county.db") as port:
        one = Laptop(county, "黄一", place / "one")
        other = Laptop(county, "覃二", place / "other")
        first = one.bundle(*(one.revision(document) for document in documents))
        county.exchange.import_file(first)
        county.replies.subscribe(
            other.device.device_id, [UUID(str(document["record_id"])) for document in documents]
        )
        _, certificate = county.keys.server_certificate()
        trust = ssl.create_default_context(cadata=certificate)
        trust.check_hostname = False
        address = f"https://127.0.0.1:{port}"
        with httpx.Client(base_url=address, verify=trust, trust_env=False, timeout=60) as client:
            sealed = first.read_bytes()
            yield Office(county, port, client, one, other, sealed, secrets, place)


def object_level(at: Office) -> None:
    """API1 Broken object level authorization"""
    theirs = at.county.replies.pending(at.other.device.device_id)
    require(theirs, "there is an answer that only the other laptop may have")
    for number in range(1, max(theirs) + 3):
        got = at.ask(at.one.device, "GET", f"/v1/answers/{number}")
        require(got.status_code == 404, "a laptop is given another's answer")
    own = at.ask(at.other.device, "GET", f"/v1/answers/{theirs[0]}")
    require(own.status_code == 200, "a laptop gets its own answer")
    identities = [pyrage.x25519.Identity.from_str(i) for i in at.one.device.identities]
    try:
        pyrage.decrypt(own.content, identities)
    except pyrage.DecryptError:
        return
    raise Weak("an answer opens with another laptop's key")


def authentication(at: Office) -> None:
    """API2 Broken authentication"""
    path = "/v1/answers/1"
    stranger = DeviceKey.generate()
    impostor = DeviceKey(at.one.device.device_id, stranger.secret, stranger.identities)
    for device in (None, stranger, impostor):
        require(at.ask(device, "GET", path).status_code == 401, "somebody unknown is let in")
    nonce = at.client.head(f"/v1/bundles/{'0' * 64}").headers[NONCE]
    require(at.ask(at.one.device, "GET", path, nonce=nonce).status_code == 404, "a nonce counts")
    again = at.ask(at.one.device, "GET", path, nonce=nonce)
    require(again.status_code == 401, "what was overheard is answered again")
    require(
        at.ask(at.one.device, "GET", path, nonce=str(uuid4())).status_code == 401,
        "a nonce that was never given counts",
    )
    signed = sign_request(
        at.one.device, "GET", path, {}, at.client.head(f"/v1/bundles/{'0' * 64}").headers[NONCE]
    )
    moved = at.ask(None, "GET", "/v1/answers/2", headers=signed)
    require(moved.status_code == 401, "a signature counts for another path")
    gone = Laptop(at.county, "韦三", at.place / "gone")
    at.county.devices.revoke(gone.device.device_id)
    require(at.sync(gone.device).status_code == 403, "a revoked laptop is let in")


def properties(at: Office) -> None:
    """API3 Broken object property level authorization"""
    more = at.sync(at.one.device, role="administrator", device_id=str(at.other.device.device_id))
    require(more.status_code in (200, 400), "fields that are none are refused or passed over")
    answer = at.sync(at.one.device)
    for secret in search(answer.content, "an answer", at.secrets):
        raise Weak(f"an answer in the clear tells a {secret.what}")
    fresh = DeviceKey.generate()
    public = DevicePublic(
        device_id=fresh.device_id, key=fresh.public, surveyor="蒙四", seal=fresh.recipient
    )
    asked = json.loads(request_enrolment(public, fresh).model_dump_json())
    for field in ({"enrolled": True}, {"state": "enrolled"}, {"role": "officer"}):
        body = json.dumps(asked | field).encode()
        at.ask(None, "POST", "/v1/enrolments", body)
        require(at.sync(fresh).status_code == 401, f"{field} lets a laptop in")


def consumption(at: Office) -> None:
    """API4 Unrestricted resource consumption"""
    large = at.ask(None, "POST", "/v1/enrolments", b" " * 64 * 1024)
    require(large.status_code == 413, "a request to be enrolled may be of any size")
    body = b"{" + b" " * 2 * 1024 * 1024
    require(at.ask(at.one.device, "POST", SYNC, body).status_code == 413, "a sync may be any size")
    swollen = gzip.compress(bytes(300 * 1024 * 1024))
    recipient = pyrage.x25519.Recipient.from_str(at.county.public.seal)
    bomb = pyrage.encrypt(swollen, [recipient])
    require(len(bomb) < MAX_SEALED_BYTES, "the bomb is small")
    before = at.county.records.counts().bundles
    answered = at.ask(at.one.device, "PUT", f"/v1/bundles/{digest(bomb)}", bomb)
    require(answered.json()["outcome"] == "set_aside", "a bomb of 300 MB is set aside")
    require(at.county.records.counts().bundles == before, "nothing of it is taken in")
    codes = [at.client.get("/v1/nothing").status_code for _ in range(3 * BURST)]
    require(429 in codes, "one address may ask without end")


def functions(at: Office) -> None:
    """API5 Broken function level authorization"""
    described = at.client.get("/openapi.json").json()["paths"]
    paths = [path.replace("{digest}", "0" * 64).replace("{number}", "1") for path in described]
    allowed = {(path, method.upper()) for path, acts in described.items() for method in acts}
    for path, template in zip(paths, described, strict=True):
        for method in METHODS:
            if (template, method) in allowed or (method == "HEAD" and (template, "GET") in allowed):
                continue
            code = at.ask(at.one.device, method, path).status_code
            require(code in (401, 404, 405), f"{method} {template} does something")
    for path in ("/v1/users", "/v1/devices", "/v1/records", "/v1/standards", "/admin", "/v1/trail"):
        require(at.ask(at.one.device, "GET", path).status_code == 404, f"{path} is there")


def flows(at: Office) -> None:
    """API6 Unrestricted access to sensitive business flows"""
    fresh = DeviceKey.generate()
    public = DevicePublic(
        device_id=fresh.device_id, key=fresh.public, surveyor="蒙四", seal=fresh.recipient
    )
    body = request_enrolment(public, fresh).model_dump_json().encode()
    states = {at.ask(None, "POST", "/v1/enrolments", body).json()["state"] for _ in range(20)}
    require(states == {"waiting"}, "asking often enrols")
    require(len([a for a in at.county.devices.enrolment_requests() if a.device.device_id == fresh.device_id]) == 1,
            "asking often fills the list")  # fmt: skip
    before = at.county.records.counts()
    for _ in range(5):
        at.ask(at.one.device, "PUT", f"/v1/bundles/{digest(at.sealed)}", at.sealed)
    require(at.county.records.counts() == before, "the same bundle counts more than once")


def forgery(at: Office) -> None:
    """API7 Server side request forgery"""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        document, *_ = people()[0]
        named = {**document, "note": url, "record_id": str(uuid4()), "papers": {url: {"note": url}}}
        bundle = at.other.bundle(at.other.revision(named)).read_bytes()
        path = f"/v1/bundles/{digest(bundle)}"
        headers = {"x-forwarded-host": url, "referer": url}
        at.ask(at.other.device, "PUT", path, bundle, headers)
        at.sync(at.other.device, callback=url)
        at.ask(None, "GET", f"/docs?url={url}")
        try:
            listening.accept()
        except TimeoutError:
            return
        raise Weak("the service asks an address that a request named")


def configuration(at: Office) -> None:
    """API8 Security misconfiguration"""
    answers = [
        at.ask(None, "GET", "/v1/health"),
        at.ask(None, "GET", "/v1/nothing"),
        at.ask(None, "POST", "/v1/enrolments", b"\xff\x00{"),
        at.ask(at.one.device, "POST", SYNC, b"[[["),
        at.ask(at.one.device, "PATCH", f"/v1/bundles/{'0' * 64}", b"x"),
    ]
    for answer in answers:
        require("server" not in answer.headers, "the server names itself")
        allow = [name for name in answer.headers if name.startswith("access-control")]
        require(not allow, "other web pages may ask")
        require(
            "Traceback" not in answer.text and "/ruhu/" not in answer.text, "errors tell of code"
        )
        require(answer.status_code < 500, "odd requests make it fail")
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with _ignoring_deprecation():
            context.minimum_version = context.maximum_version = old
        require(not _speaks(at.port, context), "an outdated TLS is spoken")
    require(not _speaks(at.port, None), "plain HTTP is spoken")


@contextmanager
def _ignoring_deprecation() -> Iterator[None]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _speaks(port: int, context: ssl.SSLContext | None) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            speaking = context.wrap_socket(line) if context else line
            speaking.sendall(b"GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n")
            return speaking.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def inventory(at: Office) -> None:
    """API9 Improper inventory management"""
    served = at.client.get("/openapi.json").json()
    require(set(served["paths"]) == PATHS, "the server has a path that nobody reviewed")
    for path in ("/v0/sync", "/v2/sync", "/sync", "/debug", "/metrics", "/.env", "/redoc"):
        require(at.client.get(path).status_code == 404, f"{path} is there")


def other_services(at: Office) -> None:
    """API10 Unsafe consumption of APIs"""
    _, public, _ = CountySecrets.generate("451024", "德保县")
    vars(client)["FIRST_RETRY_DELAY_S"] = 0.01  # a laptop tries again, later and later
    with Store.create(at.place / "laptop", PASSPHRASE, surveyor="黄一") as store:
        named = at.county.keys.name_server(f"https://127.0.0.1:{at.port}")
        store.identity.set_county(read_county(named.model_dump_json().encode()))
        store.records.import_documents(people()[0])
        errand = plan_sync(store)
        for body in (b"{}", b"\xff", b"[" * 100_000, b'{"receipts": [{}], "chain": {}}'):
            with _hostile(at, body) as port:
                server = named.server
                require(server is not None, "the county has a server")
                assert server is not None
                there = server.model_copy(update={"url": f"https://127.0.0.1:{port}"})
                county = errand.county.model_copy(update={"server": there})
                try:
                    with SyncClient(county, store.identity.device_key) as courier:
                        run_sync(errand, courier, lambda _: None)
                except UserError:
                    continue
                raise Weak("a laptop takes what another server says")
        require(store.outbox.unconfirmed(), "nothing was marked as delivered")
    require(not at.county.public.is_successor_of(public), "keys of somebody else are no successor")


@contextmanager
def _hostile(at: Office, body: bytes) -> Iterator[int]:
    """A server with the county's own certificate that answers whatever it likes, and sends elsewhere."""
    key, certificate = at.county.keys.server_certificate()
    folder = at.place / f"hostile{uuid4().hex}"
    folder.mkdir()
    (folder / "key.pem").write_text(key)
    (folder / "certificate.pem").write_text(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    line, _ = listening.accept()
                    with context.wrap_socket(line, server_side=True) as speaking:
                        speaking.settimeout(5)
                        speaking.recv(65536)
                        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n"
                        speaking.sendall(f"{head}connection: close\r\n\r\n".encode() + body)
                except OSError:
                    continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            ended.set()
            listening.close()


CHECKS: tuple[Callable[[Office], None], ...] = (
    object_level, authentication, properties, functions, flows, forgery, configuration, inventory,
    other_services, consumption,
)  # fmt: skip
"""In this order: the last uses up what its address may ask."""


def run_list(place: Path, report: Report) -> None:
    """Make every check against one office."""
    place.mkdir()
    with office(place) as at:
        for check in CHECKS:
            before = at.asked
            try:
                check(at)
                kept = "kept"
            except Exception as error:  # noqa: BLE001 - a check that breaks down proves nothing
                report.broken(str(check.__doc__), error)
                kept = "NOT kept"
            report.add(str(check.__doc__), outcome=kept, requests=at.asked - before)
