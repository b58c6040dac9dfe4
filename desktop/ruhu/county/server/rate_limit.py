"""Rate limit of the server for each client."""

import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

BURST, REQUESTS_PER_SECOND = 1000, 50.0
"""Two hundred laptops may share one office's address and start at the same time."""
MAX_CLIENTS = 10_000


class RateLimit:
    """A token bucket for each client address; 429 once it is empty."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        burst: int = BURST,
        rate: float = REQUESTS_PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._burst, self._rate, self._clock = app, burst, rate, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.allow(str((scope.get("client") or ("",))[0])):
            await self._app(scope, receive, send)
            return
        wait = str(max(1, round(1 / self._rate))).encode()
        headers = [(b"content-type", b"application/json"), (b"retry-after", wait)]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        body = '{"zh": "请求太频繁，请稍后再试", "en": "too many requests; try again later"}'
        await send({"type": "http.response.body", "body": body.encode()})

    def allow(self, client: str) -> bool:
        """Use up a request of a client; return whether it is allowed."""
        now = self._clock()
        tokens, at = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - at) * self._rate)
        while len(self._buckets) >= MAX_CLIENTS:
            self._buckets.popitem(last=False)
        self._buckets[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1
