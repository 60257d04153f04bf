"""A process serves until it is asked to end, and then finishes what it has begun."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette

from bot.serving import Site, serve

pytestmark = pytest.mark.process

PROGRAM = """
import asyncio, sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from bot.serving import Site, serve

async def quick(request): return PlainTextResponse("quick")

async def slow(request):
    await asyncio.sleep(1)
    return PlainTextResponse("slow")

async def work(stop):
    await stop.wait()
    await asyncio.sleep(0.2)
    print("work finished", flush=True)

routes = [Route("/quick", quick), Route("/slow", slow)]
asyncio.run(serve([Site(Starlette(routes=routes), "127.0.0.1", int(sys.argv[1]))], [work]))
print("ended", flush=True)
"""


@contextmanager
def a_socket() -> Iterator[int]:
    """A port that is taken until the block ends."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def a_free_port() -> int:
    with a_socket() as port:
        return port


async def get(url: str) -> str:
    """The answer, once somebody answers."""
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(15):
        while True:
            try:
                return (await client.get(url, timeout=10)).text
            except httpx.ConnectError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_asked_to_end_it_finishes_requests_and_work(number: signal.Signals) -> None:
    port = a_free_port()
    argv = [sys.executable, "-c", PROGRAM, str(port)]
    program = await asyncio.create_subprocess_exec(*argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert await get(f"http://127.0.0.1:{port}/quick") == "quick"
    begun = asyncio.create_task(get(f"http://127.0.0.1:{port}/slow"))
    await asyncio.sleep(0.3)
    program.send_signal(number)
    assert await begun == "slow"
    assert await program.communicate() == (b"work finished\nended\n", b"")
    assert program.returncode == 0


async def test_a_port_that_is_taken_ends_the_process_with_an_error() -> None:
    with a_socket() as port:
        argv = [sys.executable, "-c", PROGRAM, str(port)]
        program = await asyncio.to_thread(subprocess.run, argv, capture_output=True, text=True, timeout=20, check=False)
    assert program.returncode != 0
    assert "ended" not in program.stdout
    assert "address already in use" in program.stderr


async def test_a_part_that_fails_ends_the_others_and_is_raised() -> None:
    port, ended = a_free_port(), asyncio.Event()

    async def fail(stop: asyncio.Event) -> None:
        assert await get(f"http://127.0.0.1:{port}/") == "Not Found"
        raise ZeroDivisionError

    async def other(stop: asyncio.Event) -> None:
        try:
            await stop.wait()
        finally:
            ended.set()

    started = time.monotonic()
    with pytest.raises(ExceptionGroup) as raised:
        await serve([Site(Starlette(), "127.0.0.1", port)], [fail, other])
    assert raised.group_contains(ZeroDivisionError)
    assert ended.is_set()
    assert time.monotonic() - started < 5
    with pytest.raises(OSError, match=r"."):
        await asyncio.open_connection("127.0.0.1", port)
