"""The routes of the county's server: bundles, receipts, replies, updates and enrolments.

Every request but `GET /v1/health` and `POST /v1/enrolments` is signed by an enrolled device
according to RFC 9421, with a nonce that is valid once. So strangers cannot fill the disk, and a
recorded request cannot be replayed. Each response has the next nonce.

`POST /v1/sync` exchanges the state; a laptop with nothing to send needs no other request. `PUT
/v1/bundles/{digest}` sends a whole bundle, `HEAD` returns how much of it has arrived, and `PATCH`
sends the rest; each is safe to repeat. Bundles are imported as from a medium, with the same reasons
for refusal. `GET /v1/answers/{number}` returns an encrypted reply, `GET /v1/updates/{digest}` an
update package from an offset on.

Bodies are read by hand, not by FastAPI: their size is limited while they arrive, their digest is
part of the signature, and JSON with a key twice is refused.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, StreamingResponse

from ruhu.county.server import openapi
from ruhu.county.server.dependencies import (
    Device,
    ErrorRoute,
    ServerState,
    SignedBody,
    SignedRoute,
    State,
    parse_body,
    read_body,
    read_limited_body,
)
from ruhu.county.server.messages import EnrolmentStatus, Health
from ruhu.county.server.responses import RequestRefused
from ruhu.exchange.formats.container import MAX_SEALED_BYTES
from ruhu.exchange.formats.receipt import SignedReceipt
from ruhu.exchange.keys.enrolment import EnrolmentRequest
from ruhu.exchange.protocol.messages import (
    COMPLETE,
    LENGTH,
    MAX_NUMBER,
    OFFSET,
    SyncRequest,
    SyncResponse,
)

MAX_ENROLMENT_BYTES = 16 * 1024

public_router = APIRouter(prefix="/v1", route_class=ErrorRoute)
signed_router = APIRouter(prefix="/v1", route_class=SignedRoute)

_DIGEST_PATTERN = "^[0-9a-f]{64}$"
BundleDigest = Annotated[
    str, Path(pattern=_DIGEST_PATTERN, description="The SHA-256 of the sealed bundle.")
]
ReplyNumber = Annotated[
    str, Path(json_schema_extra={"type": "integer", "minimum": 0, "maximum": MAX_NUMBER})
]
PackageDigest = Annotated[
    str, Path(pattern=_DIGEST_PATTERN, description="The SHA-256 of the package.")
]


@public_router.get(
    "/health",
    summary="Check the server and its database.",
    responses=openapi.problem_responses(503),
)
def health(state: State) -> Health:
    """Return the county while its database answers."""
    state.store.records.counts()
    return Health(county=state.store.public.county)


@public_router.post(
    "/enrolments",
    summary="Request to enrol a laptop; somebody at the county compares the fingerprint.",
    response_model=EnrolmentStatus,
    responses={
        200: {"description": "The laptop is enrolled."},
        202: {"description": "The request is pending.", "model": EnrolmentStatus},
        **openapi.problem_responses(400, 401, 403, 409, 413, 503),
    },
    openapi_extra=openapi.json_body(EnrolmentRequest),
)
async def request_enrolment(request: Request, state: State) -> Response:
    """Save a laptop's request; somebody at the county decides."""
    body = await read_limited_body(request, MAX_ENROLMENT_BYTES)
    device = parse_body(EnrolmentRequest, body).checked()
    enrolled = await run_in_threadpool(state.store.devices.request_enrolment, device)
    status = EnrolmentStatus(
        state="enrolled" if enrolled else "waiting", fingerprint=device.fingerprint
    )
    return JSONResponse(status.model_dump(), status_code=200 if enrolled else 202)


@signed_router.post(
    "/sync",
    summary="Exchange the state of laptop and county.",
    response_description="The state at the county.",
    response_model_exclude_none=True,
    responses=openapi.signed_responses(400, 413),
    openapi_extra=openapi.SIGNED | openapi.json_body(SyncRequest),
)
def sync(signed: SignedBody, state: State) -> SyncResponse:
    """Confirm the laptop's replies and return what the county has for it."""
    device_id, body = signed
    request, store = parse_body(SyncRequest, body), state.store
    store.replies.acknowledge(device_id, request.answered, request.last)
    receipts = {key: store.exchange.receipt(key) for key in request.waiting}
    public = store.public
    return SyncResponse(
        receipts=tuple(r.model_dump(mode="json") for r in receipts.values() if r),
        chain=store.exchange.chain(device_id).model_dump(mode="json"),
        offsets={
            key: offset
            for key, receipt in receipts.items()
            if receipt is None and (offset := state.uploads.offset(key))
        },
        answers=tuple(store.replies.pending(device_id)),
        county=None if request.county == public.digest else public.model_dump(mode="json"),
        update=store.updates.offered(request.program.platform) if request.program else None,
    )


@signed_router.head(
    "/bundles/{digest}",
    summary="Return how much of a bundle has arrived.",
    response_class=Response,
    responses=openapi.without_content(
        {
            200: {
                "description": "How much of the bundle has arrived.",
                "headers": {
                    OFFSET: openapi.header("Bytes received.", "integer"),
                    COMPLETE: openapi.header("`1` once the county has issued its receipt."),
                },
            },
            **openapi.signed_responses(422),
        }
    ),
    openapi_extra=openapi.SIGNED,
)
def find_bundle(digest: BundleDigest, device_id: Device, state: State) -> Response:
    """Return how much of a bundle has arrived."""
    receipt = state.store.exchange.receipt(digest)
    offset = state.uploads.offset(digest)
    return Response(headers={OFFSET: str(offset), COMPLETE: "1" if receipt else "0"})


@signed_router.put(
    "/bundles/{digest}",
    summary="Send a whole bundle; safe to repeat.",
    response_description="The county's signed receipt.",
    responses=openapi.signed_responses(413, 422),
    openapi_extra=openapi.BINARY_BODY,
)
async def put_bundle(
    digest: BundleDigest, device_id: Device, request: Request, state: State
) -> SignedReceipt:
    """Import a bundle; return its receipt, the same one however often it is sent."""
    receipt = await run_in_threadpool(state.store.exchange.receipt, digest)
    if receipt is not None:
        return receipt
    body = await read_limited_body(request, MAX_SEALED_BYTES)

    def import_whole() -> SignedReceipt:
        state.uploads.remove(digest)
        state.uploads.add(digest, 0, body, len(body))
        return _import_upload(state, digest)

    return await run_in_threadpool(import_whole)


@signed_router.patch(
    "/bundles/{digest}",
    summary="Send the next part of a bundle.",
    response_model=SignedReceipt,
    response_description="The county's signed receipt.",
    responses={
        204: {
            "description": "The part was received; the rest is missing.",
            "headers": {OFFSET: openapi.header("Bytes received.", "integer")},
        },
        **openapi.signed_responses(409, 413, 422),
    },
    openapi_extra=openapi.BINARY_BODY,
)
async def add_part(
    digest: BundleDigest,
    device_id: Device,
    offset: Annotated[int, Header(alias=OFFSET, ge=0, description="Offset of the part.")],
    length: Annotated[int, Header(alias=LENGTH, ge=0, description="Length of the whole bundle.")],
    request: Request,
    state: State,
) -> Response | SignedReceipt:
    """Save the next part of a bundle; import the bundle once it is complete."""
    # A part cut short is saved: the next request continues after it.
    body, _ = await read_body(request, MAX_SEALED_BYTES)
    sealed = await run_in_threadpool(state.uploads.add, digest, offset, body, length)
    if sealed is None:
        return Response(status_code=204, headers={OFFSET: str(offset + len(body))})
    return await run_in_threadpool(_import_upload, state, digest)


def _import_upload(state: ServerState, digest: str) -> SignedReceipt:
    state.store.exchange.import_file(state.uploads.path(digest))
    state.uploads.remove(digest)
    receipt = state.store.exchange.receipt(digest)
    assert receipt is not None  # whatever the outcome of an import, it has a receipt
    return receipt


@signed_router.get(
    "/answers/{number}",
    summary="Return an encrypted reply.",
    response_class=Response,
    responses={
        200: {"description": "The reply.", "content": openapi.BINARY},
        **openapi.signed_responses(404, 422),
    },
    openapi_extra=openapi.SIGNED,
)
def get_reply(number: ReplyNumber, device_id: Device, state: State) -> Response:
    """Return a reply to the laptop that asks for it; a number out of bounds has none."""
    exists = re.fullmatch(r"[0-9]{1,10}", number) and 0 < int(number) <= MAX_NUMBER
    sealed = state.store.replies.sealed(device_id, int(number)) if exists else None
    if not sealed:
        raise RequestRefused(404, "没有这个答复", "this reply does not exist")
    return Response(sealed, media_type="application/octet-stream")


@signed_router.get(
    "/updates/{digest}",
    summary="Return an update package that `POST /v1/sync` offered, or the rest of it.",
    status_code=206,
    response_class=StreamingResponse,
    responses={
        206: {"description": "The package from the offset on.", "content": openapi.BINARY},
        **openapi.signed_responses(404, 416, 422),
    },
    openapi_extra=openapi.SIGNED,
)
def get_update(
    digest: PackageDigest,
    device_id: Device,
    state: State,
    range_: Annotated[
        str, Header(alias="Range", description="`bytes=N-`, from offset N on.")
    ] = "bytes=0-",
) -> Response:
    """Return an update package from an offset on."""
    offer = state.store.updates.find(digest)
    if offer is None:
        raise RequestRefused(404, "没有这个更新", "this update does not exist")
    match = re.fullmatch(r"bytes=(\d{1,12})-", range_)
    start = int(match[1]) if match else offer.length
    if start >= offer.length:
        raise RequestRefused(416, "起点不对", "the range is outside the package")
    headers = {
        "Content-Length": str(offer.length - start),
        "Content-Range": f"bytes {start}-{offer.length - 1}/{offer.length}",
    }
    return StreamingResponse(
        state.store.updates.read(offer, start),
        status_code=206,
        headers=headers,
        media_type="application/octet-stream",
    )
