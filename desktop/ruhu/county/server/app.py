"""The server's application: its routes, with metrics and rate limits."""

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ruhu.county.county import CountyStore
from ruhu.county.database.engine import DatabaseNotReached
from ruhu.county.devices.devices import RevokedBefore
from ruhu.county.devices.enrolment import OtherKey
from ruhu.county.server.metrics import Metrics
from ruhu.county.server.openapi import description, page
from ruhu.county.server.rate_limit import RateLimit
from ruhu.county.server.responses import problem, refuse_revoked_laptop, unavailable
from ruhu.county.server.routes import Service
from ruhu.county.server.uploads import Uploads
from ruhu.errors import UserError
from ruhu.exchange.keys.enrolment import EnrolmentRequest, NotGenuine
from ruhu.files.encrypted_sqlite import DatabaseDamaged, DiskError
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json

MAX_REQUEST_BYTES = 16 * 1024


class Enrolments:
    """Requests of laptops to be enrolled; somebody at the county decides."""

    def __init__(self, store: CountyStore) -> None:
        self._store = store

    async def create(self, request: Request) -> Response:
        """Handle `POST /v1/enrolments`."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MAX_REQUEST_BYTES:
                return problem(413, BilingualText("请求太大", "the request is too large"))
        try:
            device = EnrolmentRequest.model_validate(read_json(body)).checked()
            enrolled = await run_in_threadpool(self._store.devices.request_enrolment, device)
        except ValidationError:
            return problem(400, BilingualText("这不是登记申请", "not an enrolment request"))
        except (DatabaseNotReached, DatabaseDamaged, DiskError) as error:
            return unavailable(error)
        except NotGenuine as error:
            return problem(401, error.text)
        except RevokedBefore:
            return refuse_revoked_laptop()
        except OtherKey as error:
            return problem(409, error.text)
        except UserError as error:
            return problem(400, error.text)
        answer = {
            "state": "enrolled" if enrolled else "waiting",
            "fingerprint": device.fingerprint,
        }
        return JSONResponse(answer, status_code=200 if enrolled else 202)


async def _description(request: Request) -> Response:
    return JSONResponse(description())


async def _page(request: Request) -> Response:
    return HTMLResponse(page())


def application(store: CountyStore, uploads: Uploads, metrics: Metrics | None = None) -> ASGIApp:
    """Return the whole ASGI application."""
    routes = [
        *Service(store, uploads).application().routes,
        Route("/v1/enrolments", Enrolments(store).create, methods=["POST"]),
        Route("/openapi.json", _description, methods=["GET"]),
        Route("/docs", _page, methods=["GET"]),
    ]
    limited = RateLimit(Starlette(routes=routes))
    return metrics.wrap(limited) if metrics else limited
