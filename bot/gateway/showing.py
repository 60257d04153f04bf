"""The passive reply on its way out: written while the platform listens, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.gateway.ports import Timing
from bot.gateway.waiting import left


class Showing(Response):
    """A reply that counts as given only when it was written in time to somebody who had not hung up.

    `told` hears whether it was. Where it was not, nothing was written either: an empty 503 takes its place, and the
    next request gets the reply, or the courier sends it.
    """

    media_type = "text/xml"

    def __init__(self, body: str, arrived: float, timing: Timing, told: Callable[[bool], Awaitable[None]]) -> None:
        super().__init__(body)
        self._arrived = arrived
        self._timing = timing
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write, and tell."""
        if await Request(scope, receive).is_disconnected() or not left(self._arrived, self._timing.show_s):
            await Response(status_code=503)(scope, receive, send)
            await self._told(False)
            return
        await super().__call__(scope, receive, send)
        await self._told(left(self._arrived, self._timing.lost_s) > 0)
