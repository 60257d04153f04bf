"""The stream over a real connection: what comes over the wire, and how it ends with the server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from sse_starlette.sse import AppStatus

from bot.web.live import end_streams
from tests.doubles.office import Office


async def test_events_come_as_they_happen_and_the_stream_ends_with_the_server(office: Office) -> None:
    await office.hire("li")
    async with office.program("li") as signed_in:
        bearer = {"Authorization": signed_in.headers["Authorization"]}
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(office.site, log_level="critical", ws="none"))
    serving, stop = asyncio.create_task(server.serve(sockets=[listening])), asyncio.Event()
    ending = asyncio.create_task(end_streams(stop))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1/events"
    try:
        client = httpx.AsyncClient(trust_env=False, headers=bearer)
        async with client, client.stream("GET", address) as stream:
            lines = stream.aiter_lines()
            assert await _until(lines, "event:") == "event: ready"
            talk = await office.waiting("你好")
            assert await _until(lines, "id:") == "id: 1-0"
            assert await _until(lines, "event:") == "event: handoff.requested"
            assert talk.id in await _until(lines, "data:")
            server.should_exit = True
            stop.set()
            with pytest.raises(httpx.RemoteProtocolError, match="closed"):
                async with asyncio.timeout(30):
                    await _until(lines, "nothing more")
        await asyncio.gather(serving, ending)
    finally:
        AppStatus.should_exit = False  # it is the whole process's


async def _until(lines: AsyncIterator[str], start: str) -> str:
    async for line in lines:
        if line.startswith(start):
            return line
    raise AssertionError(f"the stream ended before {start}")
