"""Lets pushes leave a few at a time, so that a burst neither slows the platform's clock nor eats their five seconds."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

_AT_ONCE = 64
_SENT = "http11.send_request_body.complete"


class Passage:
    """One request on its way out: it makes room for the next as soon as it is sent, long before it is answered."""

    def __init__(self, gate: asyncio.Semaphore) -> None:
        self._gate = gate
        self._inside = True

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        """For httpx's extension `trace`, which tells how far a request has come."""
        if event == _SENT:
            self.leave()

    def leave(self) -> None:
        """Make room; a second time does nothing."""
        if self._inside:
            self._inside = False
            self._gate.release()


class Turnstile:
    """Where requests wait for their turn, in the order in which they come."""

    def __init__(self) -> None:
        self._gate = asyncio.Semaphore(_AT_ONCE)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Passage]:
        """A passage, once there is room; left at the end of the block at the latest."""
        await self._gate.acquire()
        passage = Passage(self._gate)
        try:
            yield passage
        finally:
            passage.leave()
