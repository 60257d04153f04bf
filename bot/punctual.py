"""HTTP connections that nobody can keep open for nothing: what faces the internet has only so many."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Punctual(HttpToolsProtocol):
    """uvicorn's protocol with an end to waiting.

    uvicorn itself waits for ever for the first request of a connection, for the rest of an address and its headers, and
    for the rest of a body that was refused unread, a byte now and then being enough. How long a body may take that is
    being read, and a response, is for the application to say.
    """

    head_s: ClassVar[float] = 10.0
    """From when a connection has nothing to do to the end of the next request's headers."""
    max_besides_bytes: ClassVar[int] = 512 * 1024
    """What comes with a body and is none of it: sizes of chunks, trailers; many times what an honest sender needs."""

    _deadline: asyncio.TimerHandle | None = None
    _besides: int = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._unexpect()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and hang up when most of it leads nowhere."""
        self._besides += len(data)
        super().data_received(data)
        if self._besides > self.max_besides_bytes and not self.transport.is_closing():
            self.transport.abort()

    def on_headers_complete(self) -> None:
        """The head is there: from now on the application says how long."""
        self._unexpect()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body, whoever reads it."""
        self._besides -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there as a whole."""
        self._besides = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next one, unless it came already."""
        super().on_response_complete()
        if self.cycle.response_complete:
            self._expect()

    def _expect(self) -> None:
        self._unexpect()
        self._deadline = self.loop.call_later(self.head_s, self.transport.abort)

    def _unexpect(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
