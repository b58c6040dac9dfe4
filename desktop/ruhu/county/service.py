"""The county's service: bundles in over HTTP, a signed receipt out.

`PUT /v1/bundles/{digest}` takes a whole bundle, `HEAD` tells how much of one has come and `PATCH`
adds the rest; each is safe to repeat. Every request says which device asks and carries its
signature over the digest, so that strangers cannot fill the disk. The contents are opened and
checked as from a stick: the same import, the same reasons. `GET /v1/answer` gives a device its
sealed answer against a signature over a nonce of `POST /v1/nonces`, which counts once.
"""

import base64
import binascii
import json
import secrets
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ruhu.bundle.container import MOST_SEALED
from ruhu.bundle.keys import verify
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
from ruhu.county.store import CountyStore
from ruhu.county.uploads import NotTheBundle, Uploads, WrongOffset
from ruhu.survey.text import UserError

Handler = Callable[[Request], Awaitable[Response]]
MOST_NONCES = 10_000
NONCE_SECONDS = 300.0


class Service:
    """One county's service. The store is used by one request at a time."""

    def __init__(self, store: CountyStore, uploads: Uploads) -> None:
        self._store, self._uploads = store, uploads
        self._lock = threading.Lock()
        self._nonces = Nonces()

    def application(self) -> Starlette:
        """The service as an ASGI application."""
        bundle = "/v1/bundles/{digest}"
        return Starlette(
            routes=[
                Route("/v1/health", self._health, methods=["GET"]),
                Route(bundle, self._sending_device(self._put), methods=["PUT"]),
                Route(bundle, self._sending_device(self._head), methods=["HEAD"]),
                Route(bundle, self._sending_device(self._patch), methods=["PATCH"]),
                Route("/v1/nonces", self._nonce, methods=["POST"]),
                Route("/v1/answer", self._answer, methods=["GET"]),
            ]
        )

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"county": self._store.public.county})

    async def _device(self, request: Request, proof: bytes) -> UUID | None:
        """The enrolled device that signed a proof, `None` where there is none."""
        try:
            device_id = UUID(request.headers.get(DEVICE, ""))
            signature = base64.b64decode(request.headers.get(SIGNATURE, ""), validate=True)
        except (ValueError, binascii.Error):
            return None
        issuer = await self._with_store(lambda: self._store.issuer(device_id))
        if issuer is None or issuer[2] or not verify(issuer[0], signature, proof):
            return None
        return device_id

    async def _nonce(self, request: Request) -> Response:
        return JSONResponse({"nonce": self._nonces.give()})

    async def _answer(self, request: Request) -> Response:
        nonce = request.headers.get(NONCE, "")
        device_id = await self._device(request, answer_proof(nonce))
        if device_id is None or not self._nonces.take(nonce):
            return _stranger()
        sealed = await self._with_store(lambda: self._store.answer(device_id))
        if sealed is None:
            return Response(status_code=204)
        return Response(sealed, media_type="application/octet-stream")

    def _sending_device(self, handler: Handler) -> Handler:
        async def checked(request: Request) -> Response:
            proof = upload_proof(str(request.path_params["digest"]))
            if await self._device(request, proof) is None:
                return _stranger()
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


class Nonces:
    """Numbers given out for one use within some minutes; the oldest go where there are too many."""

    def __init__(self) -> None:
        self._given: dict[str, float] = {}

    def give(self) -> str:
        """A new one."""
        while len(self._given) >= MOST_NONCES:
            self._given.pop(next(iter(self._given)))
        nonce = secrets.token_urlsafe(24)
        self._given[nonce] = time.monotonic()
        return nonce

    def take(self, nonce: str) -> bool:
        """Whether it was given, not long ago, and not taken before."""
        given = self._given.pop(nonce, None)
        return given is not None and time.monotonic() - given < NONCE_SECONDS


def _stranger() -> Response:
    return _problem(401, "设备没有登记或已注销", "the device is not enrolled, or revoked")


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
