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

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ruhu.county.county import CountyStore
from ruhu.county.server.authentication import RequestAuthenticator, read_body
from ruhu.county.server.responses import problem, unavailable
from ruhu.county.server.uploads import Uploads
from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES
from ruhu.exchange.protocol.messages import (
    COMPLETE,
    LENGTH,
    MAX_BODY_BYTES,
    MAX_NUMBER,
    OFFSET,
    SyncRequest,
    SyncResponse,
)
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json


class Service:
    """The routes of one county; several processes may share one database."""

    def __init__(self, store: CountyStore, uploads: Uploads) -> None:
        self._store, self._uploads = store, uploads
        self._authenticator = RequestAuthenticator(store)

    def application(self) -> Starlette:
        """Return the routes as an ASGI application."""
        bundle, signed = "/v1/bundles/{digest}", self._authenticator.signed
        return Starlette(
            routes=[
                Route("/v1/health", self._health, methods=["GET"]),
                Route("/v1/sync", signed(self._sync, MAX_BODY_BYTES), methods=["POST"]),
                Route(bundle, signed(self._put), methods=["PUT"]),
                Route(bundle, signed(self._head), methods=["HEAD"]),
                Route(bundle, signed(self._patch), methods=["PATCH"]),
                Route("/v1/updates/{digest}", signed(self._update), methods=["GET"]),
                Route("/v1/answers/{number}", signed(self._answer), methods=["GET"]),
            ]
        )

    async def _health(self, request: Request) -> Response:
        try:
            await self._in_thread(self._store.records.counts)
        except UserError as error:
            return unavailable(error)
        return JSONResponse({"county": self._store.public.county})

    async def _in_thread(self, job: Callable[[], Any]) -> Any:
        return await run_in_threadpool(job)

    async def _sync(self, request: Request, device_id: UUID) -> Response:
        try:
            sync_request = SyncRequest.model_validate(read_json(request.state.body))
        except (ValidationError, UserError):
            return problem(400, BilingualText("这不是同步请求", "not a sync request"))
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
            return problem(404, BilingualText("没有这个答复", "this reply does not exist"))
        return Response(sealed, media_type="application/octet-stream")

    async def _update(self, request: Request, device_id: UUID) -> Response:
        digest = request.path_params["digest"]
        offer = await self._in_thread(lambda: self._store.updates.find(digest))
        if offer is None:
            return problem(404, BilingualText("没有这个更新", "this update does not exist"))
        match = re.fullmatch(r"bytes=(\d{1,12})-", request.headers.get("Range", "bytes=0-"))
        start = int(match[1]) if match else offer.length
        if start >= offer.length:
            return problem(416, BilingualText("起点不对", "the range is outside the package"))
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
        body, is_complete = await read_body(request, MAX_SEALED_BYTES)
        if not is_complete:
            return problem(
                413, BilingualText("数据包太大或没有传完", "the bundle is too large or incomplete")
            )

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
            return problem(400, BilingualText("缺少起点或长度", "the offset or length is missing"))
        # A part cut short is saved: the next request continues after it.
        body, _ = await read_body(request, MAX_SEALED_BYTES)
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
