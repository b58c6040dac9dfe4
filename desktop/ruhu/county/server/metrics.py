"""Metrics for a monitoring system: requests, their duration, and the county's counts."""

import re
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ruhu.county.county import CountyStore
from ruhu.errors import UserError

_VARIABLE_PART = re.compile(r"/[0-9a-f]{64}$|/[0-9]+$")


class _CountsCollector(Collector):
    """The county's counts, read at each request for the metrics."""

    def __init__(self, store: CountyStore) -> None:
        self._store = store

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            counts = self._store.records.counts()
        except UserError:
            yield GaugeMetricFamily("ruhu_database_up", "Whether the database answers", 0)
            return
        yield GaugeMetricFamily("ruhu_database_up", "Whether the database answers", 1)
        for name, value in (
            ("households", counts.households),
            ("devices", counts.devices),
            ("bundles", counts.bundles),
            ("conflicts", counts.conflicts),
        ):
            yield GaugeMetricFamily(f"ruhu_{name}", f"{name.capitalize()} at the county", value)


class Metrics:
    """Counters of an application's requests. No metric contains a name, an id or an address."""

    def __init__(self, store: CountyStore) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ruhu_requests", "Requests answered", ["method", "path", "status"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "ruhu_request_seconds", "Time from request to answer", ["path"], registry=self.registry
        )
        self.registry.register(_CountsCollector(store))

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Return the application with its requests counted."""

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            start, response = time.perf_counter(), ["500", "none"]

            async def record_status(message: Message) -> None:
                if message["type"] == "http.response.start":
                    response[0] = str(message["status"])
                await send(message)

            try:
                await app(scope, receive, record_status)
            finally:
                # Unknown paths share one label, so that strangers cannot create series.
                path = "other" if response[0] in ("404", "405", "429") else _pattern(scope["path"])
                self._requests.labels(scope["method"], path, response[0]).inc()
                self._seconds.labels(path).observe(time.perf_counter() - start)

        return wrapped


def _pattern(path: str) -> str:
    return _VARIABLE_PART.sub("/{}", path)[:60]


class MetricsServer:
    """A server for the metrics, on an address that laptops cannot reach."""

    def __init__(self, metrics: Metrics, port: int, host: str = "127.0.0.1") -> None:
        self._server, self._thread = start_http_server(port, host, registry=metrics.registry)

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self._server.server_port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
