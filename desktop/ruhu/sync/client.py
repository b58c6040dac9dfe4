"""Transfer bundles to the county's server, resuming after interruptions; only a signed receipt confirms."""

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
from ruhu.progress import ByteCountCallback, no_byte_count
from ruhu.strict_json import read_json

PART_BYTES = 256 * 1024
MAX_ATTEMPTS = 6
FIRST_RETRY_DELAY_S = 0.5
MAX_RETRY_DELAY_S = 20.0
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME: a laptop with a wrong clock still recognises its county."""

T = TypeVar("T")


class NoServer(UserError):
    """The county has no server, or its address is invalid."""


class ServerUnreachable(UserError):
    """The server cannot be reached; work goes on, and what was sent stays sent."""


class ServerUnavailable(ServerUnreachable):
    """The server responds but cannot work now: its database is down, or it is overloaded."""


class ServerRejected(UserError):
    """The server refused the request."""


class DeviceRevoked(ServerRejected):
    """The county has revoked this laptop."""

    def __init__(self) -> None:
        super().__init__(
            BilingualText(
                "县里已注销这台电脑，不再接收它的数据；本机的记录都在，请与县里联系",
                "the county has revoked this laptop and accepts none of its data; the records are all still here: "
                "ask your county",
            )
        )


class SyncCancelled(UserError):
    """The user cancelled the transfer."""

    def __init__(self) -> None:
        super().__init__(
            BilingualText("已停止，下次接着传", "stopped; the next transfer will resume here")
        )


class RetryLater(httpx.RemoteProtocolError):
    """A response that asks to retry after some seconds."""

    def __init__(self, message: BilingualText, seconds: int) -> None:
        super().__init__(message.en)
        self.message, self.seconds = message, seconds


def _pinned_context(certificate: str) -> ssl.SSLContext:
    """Trust the county's own certificate and no other, regardless of the clock."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.load_verify_locations(cadata=certificate)
    context.verify_flags |= _NO_CHECK_TIME
    return context


class SyncClient:
    """Client of the county's server for one device; a context manager, used from one thread.

    `county` holds the keys whose signatures count. `nonce` is the server's last nonce, to be saved for the
    next session. `proxy` overrides the system's proxy address.
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
                    "your county key names no server: import a newer county.json, or use a USB stick",
                )
            )
        self.county, self._device, self.nonce = county, device, nonce
        self._stopped = stopped or threading.Event()
        try:
            trust = (
                _pinned_context(county.server.certificate) if county.server.certificate else True
            )
            self.http = httpx.Client(
                base_url=county.server.url, verify=trust, timeout=30.0, proxy=proxy
            )
            """The HTTP client, for tools that send other requests to the server."""
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
        self.http.close()

    # Operations

    def sync(self, asked: SyncRequest) -> SyncResponse:
        """Exchange states with the server in one request.

        Raises `ServerUnreachable`, `ServerRejected`, `SyncCancelled`.
        """
        body = asked.model_dump_json().encode()
        answer = self._with_retries(lambda: self._ask("POST", "/v1/sync", body=body))
        try:
            return SyncResponse.model_validate(read_json(answer.content))
        except (ValidationError, UserError):
            raise self._bad_response() from None

    def send(
        self,
        sealed: bytes,
        progress: ByteCountCallback = no_byte_count,
        *,
        offset: int | None = None,
    ) -> SignedReceipt:
        """Send a bundle, or the part the server does not have; `progress` gets the bytes transferred.

        `offset` is the number of bytes that the server has, if known. Raises `ServerUnreachable`,
        `ServerRejected`, `SyncCancelled`, `ReceiptRefused`.
        """
        key, start = digest(sealed), offset

        def attempt() -> SignedReceipt:
            # After an interruption, the offset and the nonce are checked by a request without a body.
            nonlocal start
            known_offset, start = start, None
            return self._send(key, sealed, progress, known_offset)

        return self._with_retries(attempt)

    def ask_to_enrol(self, device: DevicePublic) -> bool:
        """Ask the county to enrol this laptop; return whether it is enrolled already.

        Raises `ServerUnreachable`, `ServerRejected`, `SyncCancelled`.
        """
        asked = request_enrolment(device, self._device).model_dump_json().encode()

        def attempt() -> bool:
            answer = self.http.post("/v1/enrolments", content=asked)
            if answer.status_code not in (httpx.codes.OK, httpx.codes.ACCEPTED):
                self._check(answer)
            return answer.status_code == httpx.codes.OK

        return self._with_retries(attempt)

    def fetch_answer(self, number: int) -> bytes:
        """Fetch the county's sealed reply of a number.

        Raises `ServerUnreachable`, `ServerRejected`, `SyncCancelled`.
        """
        answer = self._with_retries(lambda: self._ask("GET", f"/v1/answers/{number}"))
        if len(answer.content) > MAX_SEALED_BYTES:
            raise self._bad_response()
        return answer.content

    def fetch_update(
        self, offer: UpdateOffer, target: Path, progress: ByteCountCallback = no_byte_count
    ) -> None:
        """Download a package into `target`, or what is missing of it; `progress` gets the bytes there.

        Raises `ServerUnreachable`, `ServerRejected`, `SyncCancelled`, `WriteFailed`; downloaded bytes stay.
        """
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._with_retries(lambda: self._fetch_rest(offer, target, progress))
            with target.open("rb") as file:
                intact = hashlib.file_digest(file, "sha256").hexdigest() == offer.digest
            if not intact:
                target.unlink()
        except OSError as error:
            raise WriteFailed(
                BilingualText(
                    "新版本存不下（{why}）", "the new version cannot be saved ({why})"
                ).format(why=error.strerror or error)
            ) from None
        if not intact:
            raise ServerRejected(
                BilingualText(
                    "收到的更新包不对，已删掉，下次重取",
                    "the downloaded package is not the one offered and was deleted; it is downloaded again next time",
                )
            )

    # Requests

    def _fetch_rest(self, offer: UpdateOffer, target: Path, progress: ByteCountCallback) -> None:
        size = target.stat().st_size if target.exists() else 0
        if size >= offer.length:
            return
        path, headers = f"/v1/updates/{offer.digest}", {"Range": f"bytes={size}-"}
        previous_nonce = self.nonce
        for _ in range(2):  # again if the nonce was too old
            signed = sign_request(self._device, "GET", path, headers, self.nonce, None)
            with self.http.stream("GET", path, headers=signed) as answer:
                self.nonce = answer.headers.get(NONCE, self.nonce)
                if answer.status_code == httpx.codes.UNAUTHORIZED and self.nonce != previous_nonce:
                    previous_nonce = self.nonce
                    continue
                if not answer.is_success:
                    answer.read()
                    self._check(answer)
                partial = answer.status_code == httpx.codes.PARTIAL_CONTENT
                size = size if partial else 0
                with target.open("ab" if partial else "wb") as file:
                    for part in answer.iter_bytes():
                        size += len(part)
                        if size > offer.length:
                            raise self._bad_response()
                        file.write(part)
                        progress(size)
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
                self._wait(attempt, error.seconds if isinstance(error, RetryLater) else 0)
        if isinstance(failed, RetryLater):
            raise ServerUnavailable(
                BilingualText(
                    "县服务器暂时用不了（{reason}），请稍后再传；已传的部分不用重传",
                    "the county's server cannot work now ({reason}); try again later, what was sent stays sent",
                ).format(reason=failed.message)
            )
        raise ServerUnreachable(
            BilingualText(
                "连不上县服务器，请稍后再传；已传的部分不用重传",
                "the county's server cannot be reached; try again later, what was sent stays sent",
            )
        )

    def _wait(self, attempt: int, server_delay_s: int) -> None:
        delay_s = min(MAX_RETRY_DELAY_S, max(server_delay_s, FIRST_RETRY_DELAY_S * 2**attempt))
        # Jitter, so that laptops that lost the same connection do not all retry at once.
        if self._stopped.wait(random.uniform(delay_s / 2, delay_s)):  # noqa: S311 - no secret
            raise SyncCancelled

    def send_signed(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, part: bytes
    ) -> httpx.Response:
        """Send one signed request as it is: no retry, and the response is not checked."""
        signed = sign_request(self._device, method, path, headers, self.nonce, body)
        answer = self.http.request(method, path, headers=signed, content=body or part)
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
        """Send a signed request, again if its nonce was too old. Raises `ServerRejected`."""
        previous_nonce = self.nonce
        answer = self.send_signed(method, path, headers or {}, body, part)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self.nonce != previous_nonce:
            answer = self.send_signed(method, path, headers or {}, body, part)
        if answer.status_code != httpx.codes.CONFLICT:
            self._check(answer)
        return answer

    def _send(
        self, key: str, sealed: bytes, progress: ByteCountCallback, offset: int | None
    ) -> SignedReceipt:
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
            progress(offset)
            part = sealed[offset : offset + PART_BYTES]
            headers = {OFFSET: str(offset), LENGTH: str(len(sealed))}
            answer = self._ask("PATCH", path, headers, part=part)
            if answer.status_code == httpx.codes.OK:
                progress(len(sealed))
                return self._receipt(answer)
            conflict = answer.status_code == httpx.codes.CONFLICT
            if conflict and not corrected:
                offset, corrected = _number(answer.headers.get(OFFSET)), True
            elif conflict or not part:
                # The server does not accept the part it asked for: retry later, a few times.
                raise httpx.RemoteProtocolError("the server accepts no part")
            else:
                offset, corrected = offset + len(part), False

    def _check(self, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise ServerRejected(
                BilingualText(
                    "县里没有登记这台电脑：请把设备公钥交给县里",
                    "the county has not enrolled this laptop: give your device key to the county",
                )
            )
        if answer.status_code == httpx.codes.FORBIDDEN and REVOKED in answer.headers:
            raise DeviceRevoked
        try:
            body: Any = answer.json()
            text = BilingualText(str(body["zh"])[:200], str(body["en"])[:200])
        except (ValueError, KeyError, TypeError):
            text = BilingualText(
                f"县服务器回答 {answer.status_code}", f"the server said {answer.status_code}"
            )
        retry_later = answer.status_code == httpx.codes.TOO_MANY_REQUESTS
        if retry_later or answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise RetryLater(text, _number(answer.headers.get("Retry-After")))
        raise ServerRejected(text)

    def _bad_response(self) -> ServerRejected:
        return ServerRejected(
            BilingualText("县服务器的回答不合格式", "unexpected response from the county's server")
        )

    def _receipt(self, answer: httpx.Response) -> SignedReceipt:
        try:
            document = answer.json()
        except ValueError:
            document = None
        return check_receipt(document, self.county)


def _number(text: str | None) -> int:
    """Parse a number from the server, such as an offset; 0 if it is invalid."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
