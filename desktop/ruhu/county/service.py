"""The county's service: bundles in over HTTP, a signed receipt out.

`PUT /v1/bundles/{digest}` takes a whole bundle, `HEAD` tells how much of one has come and `PATCH`
adds the rest; each is safe to repeat. Every request says which device asks and carries its
signature over the digest, so that strangers cannot fill the disk. The contents are opened and
checked as from a stick: the same import, the same reasons.
"""

import base64
import binascii
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ruhu.bundle.envelope import MOST_SEALED
from ruhu.bundle.keys import verify
from ruhu.bundle.upload import COMPLETE, DEVICE, LENGTH, OFFSET, SIGNATURE, proof
from ruhu.county.store import CountyStore
from ruhu.county.uploads import NotTheBundle, Uploads, WrongOffset
from ruhu.survey.text import UserError

Handler = Callable[[Request], Awaitable[Response]]


class Service:
    """One county's service. The store is used by one request at a time."""

    def __init__(self, store: CountyStore, uploads: Uploads) -> None:
        self._store, self._uploads = store, uploads
        self._lock = threading.Lock()

    def application(self) -> Starlette:
        """The service as an ASGI application."""
        bundle = "/v1/bundles/{digest}"
        return Starlette(
            routes=[
                Route("/v1/health", self._health, methods=["GET"]),
                Route(bundle, self._known_device(self._put), methods=["PUT"]),
                Route(bundle, self._known_device(self._head), methods=["HEAD"]),
                Route(bundle, self._known_device(self._patch), methods=["PATCH"]),
            ]
        )

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"county": self._store.public.county})

    def _known_device(self, handler: Handler) -> Handler:
        async def checked(request: Request) -> Response:
            key = str(request.path_params["digest"])
            try:
                device_id = UUID(request.headers.get(DEVICE, ""))
                signature = base64.b64decode(request.headers.get(SIGNATURE, ""), validate=True)
            except (ValueError, binascii.Error):
                return _problem(401, "缺少设备签名", "the device's signature is missing")
            issuer = await self._with_store(lambda: self._store.issuer(device_id))
            if issuer is None or issuer[2] or not verify(issuer[0], signature, proof(key)):
                return _problem(
                    401, "设备没有登记或已注销", "the device is not enrolled, or revoked"
                )
            try:
                return await handler(request)
            except WrongOffset as error:
                answer = _problem(409, error.text.zh, error.text.en)
                answer.headers[OFFSET] = str(error.offset)
                return answer
            except NotTheBundle as error:
                return _problem(422, error.text.zh, error.text.en)
            except UserError as error:
                return _problem(503, error.text.zh, error.text.en)

        return checked

    async def _with_store(self, job: Callable[[], Any]) -> Any:
        def alone() -> Any:
            with self._lock:
                return job()

        return await run_in_threadpool(alone)

    async def _head(self, request: Request) -> Response:
        key = request.path_params["digest"]
        receipt = await self._with_store(lambda: self._store.receipt(key))
        offset = await self._with_store(lambda: self._uploads.offset(key))
        return Response(headers={OFFSET: str(offset), COMPLETE: "1" if receipt else "0"})

    async def _put(self, request: Request) -> Response:
        key = request.path_params["digest"]
        receipt = await self._with_store(lambda: self._store.receipt(key))
        if receipt is not None:
            return Response(receipt.model_dump_json(), media_type="application/json")
        body, whole = await _body(request)
        if not whole:
            return _problem(413, "数据包太大或没有传完", "the bundle is too large or incomplete")

        def add() -> bytes | None:
            self._uploads.done(key)
            return self._uploads.add(key, 0, body, len(body))

        await self._with_store(add)
        return await self._imported(key)

    async def _patch(self, request: Request) -> Response:
        key = request.path_params["digest"]
        try:
            offset, length = int(request.headers[OFFSET]), int(request.headers[LENGTH])
        except (KeyError, ValueError):
            return _problem(400, "缺少起点或长度", "the offset or the length is missing")
        # What came before a cut is kept: the next try goes on behind it.
        body, _ = await _body(request)
        sealed = await self._with_store(lambda: self._uploads.add(key, offset, body, length))
        if sealed is None:
            return Response(status_code=204, headers={OFFSET: str(offset + len(body))})
        return await self._imported(key)

    async def _imported(self, key: str) -> Response:
        def job() -> Any:
            self._store.import_file(self._uploads.path(key))
            self._uploads.done(key)
            return self._store.receipt(key)

        receipt = await self._with_store(job)
        return Response(receipt.model_dump_json(), media_type="application/json")


async def _body(request: Request) -> tuple[bytes, bool]:
    """What of a request's body came, and whether all of it did."""
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > MOST_SEALED:
                return b"", False
            parts.append(part)
    except ClientDisconnect:
        return b"".join(parts), False
    return b"".join(parts), True


def _problem(status: int, zh: str, en: str) -> Response:
    body = json.dumps({"zh": zh, "en": en}, ensure_ascii=False)
    return Response(body, status_code=status, media_type="application/json")
