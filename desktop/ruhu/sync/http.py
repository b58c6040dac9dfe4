"""Bundles to the county's server: resumed where the line broke, and only a signed receipt counts."""

import base64
import random
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

import httpx

from ruhu.bundle.container import digest
from ruhu.bundle.keys import CountyPublic, DeviceKey
from ruhu.bundle.receipt import SignedReceipt, check_receipt
from ruhu.bundle.wire import (
    COMPLETE,
    DEVICE,
    LENGTH,
    NONCE,
    OFFSET,
    SIGNATURE,
    answer_proof,
    upload_proof,
)
from ruhu.survey.text import Text, UserError

PART = 256 * 1024
TRIES = 6
FIRST_WAIT = 0.5
LONGEST_WAIT = 20.0
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME: a laptop that believes it is 2009 still knows its county."""

Told = Callable[[int], None]
T = TypeVar("T")


class NoServer(UserError):
    """The county has named no server."""


class Offline(UserError):
    """The server is out of reach; the work goes on, and what was sent stays sent."""


class Refused(UserError):
    """The server answered, and will not take the bundle."""


class Stopped(UserError):
    """A person stopped the sending."""

    def __init__(self) -> None:
        super().__init__(Text("已停止，下次接着传", "stopped; the next try goes on"))


def _trusting(certificate: str) -> ssl.SSLContext:
    """Trust in the county's own certificate and no other, whatever the clock says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.load_verify_locations(cadata=certificate)
    context.verify_flags |= _NO_CHECK_TIME
    return context


class Courier:
    """Sends bundles of one device to its county's server; used from one thread, as a context."""

    def __init__(
        self, county: CountyPublic, device: DeviceKey, stopped: threading.Event | None = None
    ) -> None:
        if county.server is None:
            raise NoServer(
                Text(
                    "县里没有给服务器地址：请导入带服务器的 county.json，或用U盘",
                    "your county has named no server: read in its newer county.json, or use a stick",
                )
            )
        self._county, self._device = county, device
        self._stopped = stopped or threading.Event()
        trust = _trusting(county.server.certificate) if county.server.certificate else True
        self._client = httpx.Client(base_url=county.server.url, verify=trust, timeout=30.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def send(self, sealed: bytes, told: Told = lambda _: None) -> SignedReceipt:
        """Send a bundle, or what of it has not come yet; `told` gets the bytes that are there.

        Raises `Offline`, `Refused`, `Stopped`, `ReceiptRefused`.
        """
        key = digest(sealed)
        return self._patiently(lambda: self._send(key, sealed, told))

    def fetch_answer(self) -> bytes | None:
        """The county's sealed answer to this device, `None` when it has none.

        Raises `Offline`, `Refused`, `Stopped`.
        """
        return self._patiently(self._fetch_answer)

    def _fetch_answer(self) -> bytes | None:
        given = self._client.post("/v1/nonces")
        self._check(given)
        nonce = str(given.json().get("nonce", ""))
        headers = {**self._headers(answer_proof(nonce)), NONCE: nonce}
        answer = self._client.get("/v1/answer", headers=headers)
        self._check(answer)
        return answer.content if answer.status_code == httpx.codes.OK else None

    def _patiently(self, act: Callable[[], T]) -> T:
        for attempt in range(TRIES):
            try:
                return act()
            except httpx.TransportError:
                self._wait(attempt)
        raise Offline(
            Text(
                "连不上县服务器，请稍后再传；已传的部分不用重传",
                "the county's server is out of reach; try again later, what was sent stays sent",
            )
        )

    def _wait(self, attempt: int) -> None:
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2**attempt)
        # Two hundred laptops that lost the same line do not all come back at once.
        if self._stopped.wait(random.uniform(longest / 2, longest)):  # noqa: S311 - no secret
            raise Stopped

    def _headers(self, proof: bytes) -> dict[str, str]:
        signature = base64.b64encode(self._device.sign(proof)).decode()
        return {DEVICE: str(self._device.device_id), SIGNATURE: signature}

    def _send(self, key: str, sealed: bytes, told: Told) -> SignedReceipt:
        path, headers = f"/v1/bundles/{key}", self._headers(upload_proof(key))
        head = self._client.head(path, headers=headers)
        self._check(head)
        if head.headers.get(COMPLETE) == "1":
            return self._receipt(self._client.put(path, headers=headers))
        offset = int(head.headers.get(OFFSET, "0"))
        while True:
            if self._stopped.is_set():
                raise Stopped
            told(offset)
            part = sealed[offset : offset + PART]
            more = {**headers, OFFSET: str(offset), LENGTH: str(len(sealed))}
            answer = self._client.patch(path, headers=more, content=part)
            if answer.status_code == httpx.codes.CONFLICT:
                offset = int(answer.headers.get(OFFSET, "0"))
                continue
            self._check(answer)
            offset += len(part)
            if answer.status_code == httpx.codes.OK:
                told(len(sealed))
                return self._receipt(answer)

    def _check(self, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise Refused(
                Text(
                    "县里没有登记这台电脑，或已注销：请把设备公钥交给县里",
                    "the county has not enrolled this laptop, or revoked it: hand in its device key",
                )
            )
        try:
            told = answer.json()
            text = Text(str(told["zh"])[:200], str(told["en"])[:200])
        except (ValueError, KeyError, TypeError):
            text = Text(
                f"县服务器回答 {answer.status_code}", f"the server said {answer.status_code}"
            )
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise httpx.RemoteProtocolError(text.en)
        raise Refused(text)

    def _receipt(self, answer: httpx.Response) -> SignedReceipt:
        self._check(answer)
        try:
            document = answer.json()
        except ValueError:
            document = None
        return check_receipt(document, self._county)
