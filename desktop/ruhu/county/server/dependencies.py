"""What a route takes from a request: the county, the device that signed it, and its body."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from ruhu.county.county import CountyStore
from ruhu.county.server.authentication import RequestAuthenticator
from ruhu.county.server.responses import HANDLED_ERRORS, RequestRefused, error_response
from ruhu.county.server.uploads import Uploads
from ruhu.exchange.protocol.messages import MAX_BODY_BYTES, NONCE
from ruhu.strict_json import JsonError, read_json

Message = TypeVar("Message", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ServerState:
    """What the routes of one county share; several processes may share one database."""

    store: CountyStore
    uploads: Uploads
    authenticator: RequestAuthenticator


async def get_state(request: Request) -> ServerState:
    """Return the state of the application that got a request."""
    state: ServerState = request.app.state.server
    return state


State = Annotated[ServerState, Depends(get_state)]


class ErrorRoute(APIRoute):
    """A route that answers errors in both languages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route's requests."""
        handle = super().get_route_handler()

        async def handle_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except HANDLED_ERRORS as error:
                return error_response(error)

        return handle_errors


class SignedRoute(ErrorRoute):
    """A route for signed requests: each response has the nonce for the next one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route's requests."""
        handle = super().get_route_handler()

        async def add_nonce(request: Request) -> Response:
            response = await handle(request)
            state = await get_state(request)
            response.headers[NONCE] = state.authenticator.issue_nonce()
            return response

        return add_nonce


async def authenticate(request: Request, state: State) -> UUID:
    """Return the device that signed a request. Raises `NotSigned`, `RevokedDevice`."""
    return await _authenticate(request, state)


async def read_signed_body(request: Request, state: State) -> tuple[UUID, bytes]:
    """Return the device that signed a request with the digest of its body, and the body."""
    body = await read_limited_body(request, MAX_BODY_BYTES)
    return await _authenticate(request, state, body), body


async def _authenticate(request: Request, state: ServerState, body: bytes | None = None) -> UUID:
    path = request.scope["raw_path"].decode("ascii", "replace")
    return await run_in_threadpool(
        state.authenticator.authenticate, request.method, path, request.headers, body
    )


Device = Annotated[UUID, Depends(authenticate)]
SignedBody = Annotated[tuple[UUID, bytes], Depends(read_signed_body)]


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


async def read_limited_body(request: Request, max_bytes: int) -> bytes:
    """Return a request's whole body. Raises `RequestRefused` with status 413."""
    body, is_complete = await read_body(request, max_bytes)
    if not is_complete:
        raise RequestRefused(413, "请求太大或没有传完", "the request is too large or incomplete")
    return body


def parse_body(model: type[Message], body: bytes) -> Message:
    """Return a body as a message. Raises `RequestRefused` with status 400."""
    try:
        return model.model_validate(read_json(body))
    except (ValidationError, JsonError):
        raise RequestRefused(
            400, "请求内容与接口说明不符", "the body of the request is not as described"
        ) from None
