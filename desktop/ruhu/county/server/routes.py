"""The routes of the county's server: bundles, receipts, replies and updates.

Every request but `GET /v1/health` is signed by an enrolled device according to RFC 9421, with a
nonce that is valid once. So strangers cannot fill the disk, and a recorded request cannot be
replayed. Each response has the next nonce.

`POST /v1/sync` exchanges the state; a laptop with nothing to send needs no other request. `PUT
/v1/bundles/{digest}` sends a whole bundle, `HEAD` returns how much of it has arrived, and `PATCH`
sends the rest; each is safe to repeat. Bundles are imported as from a medium, with the same reasons
for refusal. `GET /v1/answers/{number}` returns an encrypted reply, `GET /v1/updates/{digest}` an
update package from an offset on.
"""

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ruhu.county.county import CountyStore
from ruhu.county.database.engine import DatabaseNotReached
from ruhu.county.devices.devices import RevokedDevice
from ruhu.county.server.nonces import Nonces
from ruhu.county.server.uploads import DigestMismatch, OffsetMismatch, Uploads
from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES
from ruhu.exchange.protocol.http_signature import NotSigned, Signed, verify_request
from ruhu.exchange.protocol.messages import (
    COMPLETE,
    LENGTH,
    MAX_BODY_BYTES,
    MAX_NUMBER,
    NONCE,
    OFFSET,
    REVOKED,
    SyncRequest,
    SyncResponse,
)
from ruhu.files.encrypted_sqlite import DatabaseDamaged
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json

Handler = Callable[[Request, UUID], Awaitable[Response]]
RETRY_AFTER_SECONDS = 10
"""Delay before the next request while the database does not answer."""


class Service:
    """The routes of one county; several processes may share one database."""

    def __init__(self, store: CountyStore, uploads: Uploads) -> None:
        self._store, self._uploads = store, uploads
        key, _ = store.keys.server_certificate()
        self._nonces = Nonces(hashlib.sha256(b"ruhu nonces\0" + key.encode()).digest())

    def application(self) -> Starlette:
        """Return the routes as an ASGI application."""
        bundle = "/v1/bundles/{digest}"
        return Starlette(
            routes=[
                Route("/v1/health", self._health, methods=["GET"]),
                Route("/v1/sync", self._signed(self._sync, MAX_BODY_BYTES), methods=["POST"]),
                Route(bundle, self._signed(self._put), methods=["PUT"]),
                Route(bundle, self._signed(self._head), methods=["HEAD"]),
                Route(bundle, self._signed(self._patch), methods=["PATCH"]),
                Route("/v1/updates/{digest}", self._signed(self._update), methods=["GET"]),
                Route("/v1/answers/{number}", self._signed(self._answer), methods=["GET"]),
            ]
        )

    async def _health(self, request: Request) -> Response:
        try:
            await self._in_thread(self._store.records.counts)
        except UserError as error:
            return unavailable(error)
        return JSONResponse({"county": self._store.public.county})

    # Who asks

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

        return await self._in_thread(job)  # type: ignore[no-any-return]

    def _signed(
        self, handler: Handler, max_body_bytes: int | None = None
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler for signed requests.

        With `max_body_bytes` the body is read first, and its digest is signed, too.
        """

        async def answer(request: Request) -> Response:
            body, is_complete = (
                (None, True)
                if max_body_bytes is None
                else await _read_body(request, max_body_bytes)
            )
            if not is_complete:
                return _problem(413, "请求太大或没有传完", "the request is too large or incomplete")
            try:
                request.state.body = body
                signed = await self._authenticate(request, body)
                return await handler(request, signed.device_id)
            except NotSigned:
                return _problem(
                    401,
                    "设备没有登记，或签名不对",
                    "the device is not enrolled, or did not sign this",
                )
            except RevokedDevice:
                return refuse_revoked_laptop()
            except OffsetMismatch as error:
                problem = _problem(409, error.text.zh, error.text.en)
                problem.headers[OFFSET] = str(error.offset)
                return problem
            except DigestMismatch as error:
                return _problem(422, error.text.zh, error.text.en)
            except UserError as error:
                return unavailable(error)

        async def with_nonce(request: Request) -> Response:
            answered = await answer(request)
            answered.headers[NONCE] = self._nonces.issue()
            return answered

        return with_nonce

    async def _in_thread(self, job: Callable[[], Any]) -> Any:
        return await run_in_threadpool(job)

    # What is asked

    async def _sync(self, request: Request, device_id: UUID) -> Response:
        try:
            sync_request = SyncRequest.model_validate(read_json(request.state.body))
        except (ValidationError, UserError):
            return _problem(400, "这不是同步请求", "this is no request to sync")
        sync_response = await self._in_thread(lambda: self._sync_response(device_id, sync_request))
        return Response(
            sync_response.model_dump_json(exclude_none=True), media_type="application/json"
        )

    def _sync_response(self, device_id: UUID, sync_request: SyncRequest) -> SyncResponse:
        store = self._store
        store.replies.acknowledge(device_id, sync_request.answered, sync_request.last)
        receipts = {key: store.exchange.receipt(key) for key in sync_request.waiting}
        public = store.public
        return SyncResponse(
            receipts=tuple(r.model_dump(mode="json") for r in receipts.values() if r),
            chain=store.exchange.chain(device_id).model_dump(mode="json"),
            offsets={
                key: offset
                for key, receipt in receipts.items()
                if receipt is None and (offset := self._uploads.offset(key))
            },
            answers=tuple(store.replies.pending(device_id)),
            county=None if sync_request.county == public.digest else public.model_dump(mode="json"),
            update=store.updates.offered(sync_request.program.platform)
            if sync_request.program
            else None,
        )

    async def _answer(self, request: Request, device_id: UUID) -> Response:
        text = request.path_params["number"]
        number = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else 0
        is_valid = 0 < number <= MAX_NUMBER
        sealed = is_valid and await self._in_thread(
            lambda: self._store.replies.sealed(device_id, number)
        )
        if not sealed:
            return _problem(404, "没有这个答复", "there is no such answer")
        return Response(sealed, media_type="application/octet-stream")

    async def _update(self, request: Request, device_id: UUID) -> Response:
        digest = request.path_params["digest"]
        offer = await self._in_thread(lambda: self._store.updates.find(digest))
        if offer is None:
            return _problem(404, "没有这个更新", "there is no such update")
        match = re.fullmatch(r"bytes=(\d{1,12})-", request.headers.get("Range", "bytes=0-"))
        start = int(match[1]) if match else offer.length
        if start >= offer.length:
            return _problem(416, "起点不对", "the range is not in the package")
        headers = {
            "Content-Length": str(offer.length - start),
            "Content-Range": f"bytes {start}-{offer.length - 1}/{offer.length}",
        }
        parts = iterate_in_threadpool(self._store.updates.read(offer, start))
        return StreamingResponse(
            parts, status_code=206, headers=headers, media_type="application/octet-stream"
        )

    async def _head(self, request: Request, device_id: UUID) -> Response:
        key = request.path_params["digest"]
        receipt = await self._in_thread(lambda: self._store.exchange.receipt(key))
        offset = await self._in_thread(lambda: self._uploads.offset(key))
        return Response(headers={OFFSET: str(offset), COMPLETE: "1" if receipt else "0"})

    async def _put(self, request: Request, device_id: UUID) -> Response:
        key = request.path_params["digest"]
        receipt = await self._in_thread(lambda: self._store.exchange.receipt(key))
        if receipt is not None:
            return Response(receipt.model_dump_json(), media_type="application/json")
        body, is_complete = await _read_body(request, MAX_SEALED_BYTES)
        if not is_complete:
            return _problem(413, "数据包太大或没有传完", "the bundle is too large or incomplete")

        def add() -> bytes | None:
            self._uploads.remove(key)
            return self._uploads.add(key, 0, body, len(body))

        await self._in_thread(add)
        return await self._imported(key)

    async def _patch(self, request: Request, device_id: UUID) -> Response:
        key = request.path_params["digest"]
        try:
            offset, length = int(request.headers[OFFSET]), int(request.headers[LENGTH])
        except (KeyError, ValueError):
            return _problem(400, "缺少起点或长度", "the offset or the length is missing")
        # What came before a cut is kept: the next try goes on behind it.
        body, _ = await _read_body(request, MAX_SEALED_BYTES)
        sealed = await self._in_thread(lambda: self._uploads.add(key, offset, body, length))
        if sealed is None:
            return Response(status_code=204, headers={OFFSET: str(offset + len(body))})
        return await self._imported(key)

    async def _imported(self, key: str) -> Response:
        def job() -> Any:
            self._store.exchange.import_file(self._uploads.path(key))
            self._uploads.remove(key)
            return self._store.exchange.receipt(key)

        receipt = await self._in_thread(job)
        return Response(receipt.model_dump_json(), media_type="application/json")


async def _read_body(request: Request, most: int) -> tuple[bytes, bool]:
    """Return what arrived of a request's body, and whether it is complete."""
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                return b"", False
            parts.append(part)
    except ClientDisconnect:
        return b"".join(parts), False
    return b"".join(parts), True


def unavailable(error: UserError) -> Response:
    """Return the response while the service cannot work.

    It does not reveal where the database is.
    """
    text = error.text
    if isinstance(error, (DatabaseNotReached, DatabaseDamaged)):
        text = BilingualText("县里的数据库暂时用不了", "the county's database does not answer")
    problem = _problem(503, text.zh, text.en)
    problem.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return problem


def refuse_revoked_laptop() -> Response:
    """Return the response to a revoked laptop."""
    problem = _problem(403, "县里已注销这台电脑", "the county has revoked this laptop")
    problem.headers[REVOKED] = "1"
    return problem


def _problem(status: int, zh: str, en: str) -> Response:
    body = json.dumps({"zh": zh, "en": en}, ensure_ascii=False)
    return Response(body, status_code=status, media_type="application/json")
