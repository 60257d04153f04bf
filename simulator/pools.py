"""Many small connection pools in place of a large one, whose work per request grows with the requests under way."""

from itertools import cycle

import httpx

_POOLS = 32
_IDLE_EACH = 4
_IDLE_S = 2.0


class Pools(httpx.AsyncBaseTransport):
    """A transport that gives each request to the next of its pools; it may hold thousands of requests at once."""

    def __init__(self) -> None:
        # Given up before the gateway gives it up (uvicorn: 5 s), so that none is closed under a push.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=_IDLE_EACH, keepalive_expiry=_IDLE_S)
        certificates = httpx.create_ssl_context(trust_env=False)
        # A proxy of the environment must not come between us.
        self._pools = [
            httpx.AsyncHTTPTransport(verify=certificates, limits=limits, trust_env=False) for _ in range(_POOLS)
        ]
        self._next = cycle(self._pools)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send by the next pool."""
        return await next(self._next).handle_async_request(request)

    async def aclose(self) -> None:
        """Close all pools."""
        for pool in self._pools:
            await pool.aclose()
