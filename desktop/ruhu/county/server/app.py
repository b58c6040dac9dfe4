"""The server's application: its routes, with metrics and rate limits."""

from functools import partial

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp

from ruhu import __version__
from ruhu.county.county import CountyStore
from ruhu.county.server import openapi
from ruhu.county.server.authentication import RequestAuthenticator
from ruhu.county.server.dependencies import ServerState
from ruhu.county.server.metrics import Metrics
from ruhu.county.server.rate_limit import RateLimit
from ruhu.county.server.routes import public_router, signed_router
from ruhu.county.server.uploads import Uploads
from ruhu.exchange.keys.enrolment import EnrolmentRequest
from ruhu.exchange.protocol.messages import SyncRequest


def make_app(store: CountyStore, uploads: Uploads) -> FastAPI:
    """Return the routes of one county, and their description at `/openapi.json` and `/docs`."""
    app = FastAPI(
        title="Ruhu county service",
        version=__version__,
        description=openapi.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )
    app.state.server = ServerState(store, uploads, RequestAuthenticator(store))
    app.include_router(public_router)
    app.include_router(signed_router)
    app.openapi = partial(openapi.describe, app, (SyncRequest, EnrolmentRequest))  # type: ignore[method-assign]

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(openapi.page(app.openapi()))

    return app


def application(store: CountyStore, uploads: Uploads, metrics: Metrics | None = None) -> ASGIApp:
    """Return the whole ASGI application."""
    limited = RateLimit(make_app(store, uploads))
    return metrics.wrap(limited) if metrics else limited
