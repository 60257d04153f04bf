"""Run HTTP apps and background work in one process until it is asked to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Background work that runs until the event is set, and then finishes what it does."""

DRAIN_S = 8
"""How long open requests may take to finish; the platform gives up on one after five seconds."""


@dataclass(frozen=True, slots=True)
class Site:
    """One app on one address."""

    app: ASGIApp
    host: str
    port: int


async def serve(sites: Sequence[Site], works: Sequence[Work] = ()) -> None:
    """Serve until SIGTERM or SIGINT, or until any part ends; the others then finish what they do.

    Raises ExceptionGroup with the errors of the parts.
    """
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
            log_config=None,
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
