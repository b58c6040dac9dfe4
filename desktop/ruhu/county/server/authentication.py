"""Authentication of requests: RFC 9421 signatures of enrolled devices, with a nonce each."""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from ruhu.county.county import CountyStore
from ruhu.county.devices.devices import RevokedDevice
from ruhu.county.server.nonces import Nonces
from ruhu.county.server.responses import problem, refuse_revoked_laptop, unavailable
from ruhu.county.server.uploads import DigestMismatch, OffsetMismatch
from ruhu.errors import UserError
from ruhu.exchange.protocol.http_signature import NotSigned, Signed, verify_request
from ruhu.exchange.protocol.messages import NONCE, OFFSET
from ruhu.i18n import BilingualText

Handler = Callable[[Request, UUID], Awaitable[Response]]
"""Handles a request of a device."""


class RequestAuthenticator:
    """Verifies who sent a request; a nonce is derived from the server's key and valid once."""

    def __init__(self, store: CountyStore) -> None:
        self._store = store
        key, _ = store.keys.server_certificate()
        self._nonces = Nonces(hashlib.sha256(b"ruhu nonces\0" + key.encode()).digest())

    async def _authenticate(self, request: Request, body: bytes | None = None) -> Signed:
        """Return who signed a request, and use its nonce up. Raises `NotSigned`, `RevokedDevice`."""
        revoked: set[UUID] = set()

        def find_key(device_id: UUID) -> bytes | None:
            issuer = self._store.devices.issuer(device_id)
            if issuer is None:
                return None
            if issuer[2]:
                revoked.add(device_id)
            return base64.b64decode(issuer[0])

        def job() -> Signed:
            path = request.scope["raw_path"].decode("ascii", "replace")
            signed = verify_request(request.method, path, request.headers, find_key, body)
            mark = self._nonces.mark(signed.nonce)
            if mark is None or not self._store.replies.use_nonce(signed.device_id, mark):
                raise NotSigned
            if signed.device_id in revoked:
                raise RevokedDevice(signed.device_id)
            return signed

        return await run_in_threadpool(job)

    def signed(
        self, handler: Handler, max_body_bytes: int | None = None
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler for signed requests.

        With `max_body_bytes` the body is read first, and its digest is signed, too.
        """

        async def answer(request: Request) -> Response:
            body, is_complete = (
                (None, True) if max_body_bytes is None else await read_body(request, max_body_bytes)
            )
            if not is_complete:
                return problem(
                    413,
                    BilingualText("请求太大或没有传完", "the request is too large or incomplete"),
                )
            try:
                request.state.body = body
                signed = await self._authenticate(request, body)
                return await handler(request, signed.device_id)
            except NotSigned:
                return problem(
                    401,
                    BilingualText(
                        "设备没有登记，或签名不对",
                        "the device is not enrolled, or the signature is invalid",
                    ),
                )
            except RevokedDevice:
                return refuse_revoked_laptop()
            except OffsetMismatch as error:
                response = problem(409, error.text)
                response.headers[OFFSET] = str(error.offset)
                return response
            except DigestMismatch as error:
                return problem(422, error.text)
            except UserError as error:
                return unavailable(error)

        async def with_nonce(request: Request) -> Response:
            answered = await answer(request)
            answered.headers[NONCE] = self._nonces.issue()
            return answered

        return with_nonce


async def read_body(request: Request, max_bytes: int) -> tuple[bytes, bool]:
    """Return what arrived of a request's body, and whether it is complete."""
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > max_bytes:
                return b"", False
            parts.append(part)
    except ClientDisconnect:
        return b"".join(parts), False
    return b"".join(parts), True
