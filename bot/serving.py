"""Run HTTP apps and background work in one process until it is asked to end."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from bot.punctual import Punctual

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Background work that runs until the event is set, and then finishes what it does."""

OPEN_FILES = 16_384
"""Each connection is one, and a login or a service gets but 1024 unless it asks for more."""

DRAIN_S = 8
"""How long open requests may take to finish; the platform gives up on one after five seconds."""


MAX_HEAD_BYTES = 16 * 1024
"""Of address and headers: several times what any browser or platform sends, and little enough to be read by the way."""


@dataclass(frozen=True, slots=True)
class Site:
    """One app on one address; what `proxies` say of the address and the scheme that a request came by is believed."""

    app: ASGIApp
    host: str
    port: int
    proxies: Sequence[str] = ("127.0.0.1", "::1")


async def serve(sites: Sequence[Site], works: Sequence[Work] = ()) -> None:
    """Serve until SIGTERM or SIGINT, or until any part ends; the others then finish what they do.

    Raises ExceptionGroup with the errors of the parts.
    """
    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(given, min(most, OPEN_FILES)), most))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    parts = [*(_serve_site(site, stop) for site in sites), *(work(stop) for work in works)]
    # not a TaskGroup: that would cut the others short where they are
    ends = await asyncio.gather(*(_then_stop(part, stop) for part in parts), return_exceptions=True)
    errors = [end for end in ends if isinstance(end, Exception)]
    if errors:
        raise ExceptionGroup("a part of the process failed", errors)


async def _then_stop(part: Awaitable[None], stop: asyncio.Event) -> None:
    try:
        await part
    finally:
        stop.set()


async def _serve_site(site: Site, stop: asyncio.Event) -> None:
    server = _Server(
        uvicorn.Config(
            site.app,
            host=site.host,
            port=site.port,
            http=_Protocol,
            forwarded_allow_ips=list(site.proxies),
            ws="none",
            log_config=None,
            log_level="error",  # a line for each broken request would let anybody fill the disk
            access_log=False,  # the platform's query string holds OpenIDs
            server_header=False,
            timeout_graceful_shutdown=DRAIN_S,
        )
    )
    serving = asyncio.create_task(server.serve())
    serving.add_done_callback(lambda _: stop.set())
    await stop.wait()
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """Signals are for the process, not for one of its servers."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(Punctual):
    """Beside that answers 400 to address and headers longer than MAX_HEAD_BYTES, before they are taken apart.

    The parser itself would take any length, and the decoding of what is escaped in an address, which comes first of
    all, would keep everybody waiting.
    """

    _head = _pieces = 0
    _in_head = False

    def data_received(self, data: bytes) -> None:
        was_in_head = self._in_head
        super().data_received(data)
        if was_in_head and self._in_head and not self.transport.is_closing():
            self._pieces += len(data)
            if self._pieces > MAX_HEAD_BYTES:
                self.send_400_response("Request header fields too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head, self._pieces, self._in_head = 0, 0, True

    def on_url(self, url: bytes) -> None:
        self._add(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._add(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def _add(self, length: int) -> None:
        self._head += length
        if self._head > MAX_HEAD_BYTES:
            raise ValueError("address and headers are too long")
