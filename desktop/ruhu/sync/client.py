"""Bundles to the county's server: resumed where the line broke, and only a signed receipt counts."""

import hashlib
import random
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import ValidationError

from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, digest
from ruhu.exchange.formats.receipt import SignedReceipt, check_receipt
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.exchange.keys.enrolment import request_enrolment
from ruhu.exchange.protocol.http_signature import sign_request
from ruhu.exchange.protocol.messages import (
    COMPLETE,
    LENGTH,
    NONCE,
    OFFSET,
    REVOKED,
    SyncRequest,
    SyncResponse,
    UpdateOffer,
)
from ruhu.files.atomic_write import WriteFailed
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json

PART = 256 * 1024
MAX_ATTEMPTS = 6
FIRST_WAIT = 0.5
MAX_WAIT_S = 20.0
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME: a laptop that believes it is 2009 still knows its county."""

Counting = Callable[[int], None]
T = TypeVar("T")


class NoServer(UserError):
    """The county has named no server."""


class ServerUnreachable(UserError):
    """The server is out of reach; the work goes on, and what was sent stays sent."""


class Unavailable(ServerUnreachable):
    """The server answers, and cannot work now: its database is down, or too much is asked of it."""


class ServerRejected(UserError):
    """The server answered, and will not do it."""


class Revoked(ServerRejected):
    """The county has revoked this laptop."""

    def __init__(self) -> None:
        super().__init__(
            BilingualText(
                "县里已注销这台电脑，不再接收它的数据；本机的记录都在，请与县里联系",
                "the county has revoked this laptop and takes in none of its data; the records are all here: "
                "ask your county",
            )
        )


class SyncCancelled(UserError):
    """A person stopped the sending."""

    def __init__(self) -> None:
        super().__init__(BilingualText("已停止，下次接着传", "stopped; the next try goes on"))


class _Later(httpx.RemoteProtocolError):
    """An answer that says to come again, in so many seconds."""

    def __init__(self, said: BilingualText, seconds: int) -> None:
        super().__init__(said.en)
        self.said, self.seconds = said, seconds


def _pinned_context(certificate: str) -> ssl.SSLContext:
    """Trust in the county's own certificate and no other, whatever the clock says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.load_verify_locations(cadata=certificate)
    context.verify_flags |= _NO_CHECK_TIME
    return context


class SyncClient:
    """Speaks with the county's server for one device; used from one thread, as a context.

    `county` are the keys whose word counts; `nonce` is what the server gave last, to be kept for the
    next time; `proxy` is one's address where the system's own setting is not to be used.
    """

    def __init__(
        self,
        county: CountyPublic,
        device: DeviceKey,
        stopped: threading.Event | None = None,
        *,
        nonce: str = "",
        proxy: str | None = None,
    ) -> None:
        if county.server is None:
            raise NoServer(
                BilingualText(
                    "县里没有给服务器地址：请导入带服务器的 county.json，或用U盘",
                    "your county has named no server: read in its newer county.json, or use a stick",
                )
            )
        self.county, self._device, self.nonce = county, device, nonce
        self._stopped = stopped or threading.Event()
        try:
            trust = (
                _pinned_context(county.server.certificate) if county.server.certificate else True
            )
            self._client = httpx.Client(
                base_url=county.server.url, verify=trust, timeout=30.0, proxy=proxy
            )
        except (ValueError, httpx.InvalidURL, ssl.SSLError):
            raise NoServer(
                BilingualText(
                    "服务器的地址或证书、或代理的地址不对",
                    "the server's address or certificate, or the proxy's address, is wrong",
                )
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    # What it is asked to do

    def sync(self, asked: SyncRequest) -> SyncResponse:
        """Say how things stand here, and hear how they stand there: one request.

        Raises `ServerUnreachable`, `Refused`, `Cancelled`.
        """
        body = asked.model_dump_json().encode()
        answer = self._with_retries(lambda: self._ask("POST", "/v1/sync", body=body))
        try:
            return SyncResponse.model_validate(read_json(answer.content))
        except (ValidationError, UserError):
            raise self._bad_response() from None

    def send(
        self, sealed: bytes, told: Counting = lambda _: None, *, offset: int | None = None
    ) -> SignedReceipt:
        """Send a bundle, or what of it has not come yet; `told` gets the bytes that are there.

        `offset` is what the server said has come. Raises `ServerUnreachable`, `Refused`, `Cancelled`,
        `ReceiptRefused`.
        """
        key, start = digest(sealed), offset

        def attempt() -> SignedReceipt:
            # What a cut leaves in doubt, and whether the nonce is still good, is asked without a body.
            nonlocal start
            here, start = start, None
            return self._send(key, sealed, told, here)

        return self._with_retries(attempt)

    def ask_to_enrol(self, device: DevicePublic) -> bool:
        """Ask the county to enrol this laptop; whether it is enrolled already.

        Raises `ServerUnreachable`, `Refused`, `Cancelled`.
        """
        asked = request_enrolment(device, self._device).model_dump_json().encode()

        def attempt() -> bool:
            answer = self._client.post("/v1/enrolments", content=asked)
            if answer.status_code not in (httpx.codes.OK, httpx.codes.ACCEPTED):
                self._check(answer)
            return answer.status_code == httpx.codes.OK

        return self._with_retries(attempt)

    def fetch_answer(self, number: int) -> bytes:
        """The county's sealed answer of a number. Raises `ServerUnreachable`, `Refused`, `Cancelled`."""
        answer = self._with_retries(lambda: self._ask("GET", f"/v1/answers/{number}"))
        if len(answer.content) > MAX_SEALED_BYTES:
            raise self._bad_response()
        return answer.content

    def fetch_update(
        self, offer: UpdateOffer, place: Path, told: Counting = lambda _: None
    ) -> None:
        """Fetch a package into a file, or what of it is missing there; `told` gets the bytes that are
        there. Raises `ServerUnreachable`, `Refused`, `Cancelled`, `WriteFailed`; what has come stays.
        """
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._with_retries(lambda: self._fetch_rest(offer, place, told))
            with place.open("rb") as file:
                whole = hashlib.file_digest(file, "sha256").hexdigest() == offer.digest
            if not whole:
                place.unlink()
        except OSError as error:
            raise WriteFailed(
                BilingualText(
                    "新版本存不下（{why}）", "there is no room for the new version ({why})"
                ).format(why=error.strerror or error)
            ) from None
        if not whole:
            raise ServerRejected(
                BilingualText(
                    "收到的更新包不对，已删掉，下次重取",
                    "what came is not the package that was offered; it is fetched anew next time",
                )
            )

    # How it does it

    def _fetch_rest(self, offer: UpdateOffer, place: Path, told: Counting) -> None:
        there = place.stat().st_size if place.exists() else 0
        if there >= offer.length:
            return
        path, headers = f"/v1/updates/{offer.digest}", {"Range": f"bytes={there}-"}
        before = self.nonce
        for _ in range(2):  # once more where the nonce was too old
            signed = sign_request(self._device, "GET", path, headers, self.nonce, None)
            with self._client.stream("GET", path, headers=signed) as answer:
                self.nonce = answer.headers.get(NONCE, self.nonce)
                if answer.status_code == httpx.codes.UNAUTHORIZED and self.nonce != before:
                    before = self.nonce
                    continue
                if not answer.is_success:
                    answer.read()
                    self._check(answer)
                rest = answer.status_code == httpx.codes.PARTIAL_CONTENT
                there = there if rest else 0
                with place.open("ab" if rest else "wb") as file:
                    for part in answer.iter_bytes():
                        there += len(part)
                        if there > offer.length:
                            raise self._bad_response()
                        file.write(part)
                        told(there)
                        if self._stopped.is_set():
                            raise SyncCancelled
                return

    def _with_retries(self, act: Callable[[], T]) -> T:
        failed: httpx.RequestError | None = None
        for attempt in range(MAX_ATTEMPTS):
            if self._stopped.is_set():
                raise SyncCancelled
            try:
                return act()
            except (httpx.TransportError, httpx.DecodingError) as error:
                failed = error
                self._wait(attempt, error.seconds if isinstance(error, _Later) else 0)
        if isinstance(failed, _Later):
            raise Unavailable(
                BilingualText(
                    "县服务器暂时用不了（{said}），请稍后再传；已传的部分不用重传",
                    "the county's server cannot work now ({said}); try again later, what was sent stays sent",
                ).format(said=failed.said)
            )
        raise ServerUnreachable(
            BilingualText(
                "连不上县服务器，请稍后再传；已传的部分不用重传",
                "the county's server is out of reach; try again later, what was sent stays sent",
            )
        )

    def _wait(self, attempt: int, least: int) -> None:
        longest = min(MAX_WAIT_S, max(least, FIRST_WAIT * 2**attempt))
        # Two hundred laptops that lost the same line do not all come back at once.
        if self._stopped.wait(random.uniform(longest / 2, longest)):  # noqa: S311 - no secret
            raise SyncCancelled

    def _request(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, part: bytes
    ) -> httpx.Response:
        signed = sign_request(self._device, method, path, headers, self.nonce, body)
        answer = self._client.request(method, path, headers=signed, content=body or part)
        self.nonce = answer.headers.get(NONCE, self.nonce)
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        body: bytes | None = None,
        part: bytes = b"",
    ) -> httpx.Response:
        """One signed request; once more where its nonce was too old. Raises `Refused`."""
        before = self.nonce
        answer = self._request(method, path, headers or {}, body, part)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self.nonce != before:
            answer = self._request(method, path, headers or {}, body, part)
        if answer.status_code != httpx.codes.CONFLICT:
            self._check(answer)
        return answer

    def _send(self, key: str, sealed: bytes, told: Counting, offset: int | None) -> SignedReceipt:
        path = f"/v1/bundles/{key}"
        if offset is None:
            head = self._ask("HEAD", path)
            if head.headers.get(COMPLETE) == "1":
                return self._receipt(self._ask("PUT", path))
            offset = _number(head.headers.get(OFFSET))
        corrected = False
        while True:
            if self._stopped.is_set():
                raise SyncCancelled
            told(offset)
            part = sealed[offset : offset + PART]
            where = {OFFSET: str(offset), LENGTH: str(len(sealed))}
            answer = self._ask("PATCH", path, where, part=part)
            if answer.status_code == httpx.codes.OK:
                told(len(sealed))
                return self._receipt(answer)
            conflict = answer.status_code == httpx.codes.CONFLICT
            if conflict and not corrected:
                offset, corrected = _number(answer.headers.get(OFFSET)), True
            elif conflict or not part:
                # Whoever takes nothing of what they ask for is asked again later, a few times.
                raise httpx.RemoteProtocolError("no part is taken")
            else:
                offset, corrected = offset + len(part), False

    def _check(self, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise ServerRejected(
                BilingualText(
                    "县里没有登记这台电脑：请把设备公钥交给县里",
                    "the county has not enrolled this laptop: hand in its device key",
                )
            )
        if answer.status_code == httpx.codes.FORBIDDEN and REVOKED in answer.headers:
            raise Revoked
        try:
            said: Any = answer.json()
            text = BilingualText(str(said["zh"])[:200], str(said["en"])[:200])
        except (ValueError, KeyError, TypeError):
            text = BilingualText(
                f"县服务器回答 {answer.status_code}", f"the server said {answer.status_code}"
            )
        again = answer.status_code == httpx.codes.TOO_MANY_REQUESTS
        if again or answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _Later(text, _number(answer.headers.get("Retry-After")))
        raise ServerRejected(text)

    def _bad_response(self) -> ServerRejected:
        return ServerRejected(
            BilingualText("县服务器的回答看不懂", "what the county's server answers makes no sense")
        )

    def _receipt(self, answer: httpx.Response) -> SignedReceipt:
        try:
            document = answer.json()
        except ValueError:
            document = None
        return check_receipt(document, self.county)


def _number(text: str | None) -> int:
    """A number that the server gave, such as a place in a bundle; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
