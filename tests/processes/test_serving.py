"""A process serves until it is asked to end, and then finishes what it has begun."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette

from bot.serving import Site, serve
from tests.processes.ports import kept_port

pytestmark = pytest.mark.process

PROGRAM = """
import asyncio, sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from bot.serving import Site, serve

async def quick(request): return PlainTextResponse("quick")

async def slow(request):
    print("begun", flush=True)
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


@pytest.fixture
def port() -> Iterator[int]:
    """A port that nobody else is given while the test lasts."""
    with kept_port() as port:
        yield port


async def get(url: str) -> str:
    """The answer, once somebody answers."""
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(40):
        while True:
            try:
                return (await client.get(url, timeout=40)).text
            except httpx.ConnectError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_asked_to_end_it_finishes_requests_and_work(number: signal.Signals, port: int) -> None:
    argv = [sys.executable, "-c", PROGRAM, str(port)]
    program = await asyncio.create_subprocess_exec(*argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert await get(f"http://127.0.0.1:{port}/quick") == "quick"
    asked = asyncio.create_task(get(f"http://127.0.0.1:{port}/slow"))
    assert program.stdout is not None
    assert await program.stdout.readline() == b"begun\n"
    program.send_signal(number)
    assert await asked == "slow"
    assert await program.communicate() == (b"work finished\nended\n", b"")
    assert program.returncode == 0


async def test_a_port_that_is_taken_ends_the_process_with_an_error() -> None:
    with a_socket() as port:
        argv = [sys.executable, "-c", PROGRAM, str(port)]
        program = await asyncio.to_thread(subprocess.run, argv, capture_output=True, text=True, timeout=50, check=False)
    assert program.returncode != 0
    assert "ended" not in program.stdout
    assert "address already in use" in program.stderr


async def test_a_part_that_fails_ends_the_others_and_is_raised(port: int) -> None:
    ended = asyncio.Event()

    async def fail(stop: asyncio.Event) -> None:
        assert await get(f"http://127.0.0.1:{port}/") == "Not Found"
        raise ZeroDivisionError

    async def other(stop: asyncio.Event) -> None:
        try:
            await stop.wait()
        finally:
            ended.set()

    with pytest.raises(ExceptionGroup) as raised:
        await serve([Site(Starlette(), "127.0.0.1", port)], [fail, other])
    assert raised.group_contains(ZeroDivisionError)
    assert ended.is_set()
    with pytest.raises(OSError, match=r"."):
        await asyncio.open_connection("127.0.0.1", port)
