"""What comes before a body: no longer than any browser sends, and what proxies say in it only from our own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.serving import MAX_HEAD_BYTES, Site, serve
from tests.processes.ports import kept_port

pytestmark = pytest.mark.process


@pytest.fixture
def port() -> Iterator[int]:
    """A port that nobody else is given while the test lasts."""
    with kept_port() as port:
        yield port


async def who(request: Request) -> JSONResponse:
    """Who asks, and how much she sent."""
    client = request.client.host if request.client else ""
    return JSONResponse([client, request.url.scheme, len(await request.body())])


async def while_serving(port: int, check: Callable[[], Awaitable[None]], proxies: Sequence[str] = ()) -> None:
    """Run the check beside a server; what fails in it ends the server and is raised."""
    app = Starlette(routes=[Route("/{path:path}", who, methods=["GET", "POST"])])

    async def work(stop: asyncio.Event) -> None:
        async with asyncio.timeout(60):
            await _answered(port)
            await check()

    await serve([Site(app, "127.0.0.1", port, proxies)], [work])


async def _answered(port: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                await client.get(f"http://127.0.0.1:{port}/", timeout=40)
            except httpx.ConnectError:
                await asyncio.sleep(0.02)
            else:
                return


async def said(port: int, sent: bytes) -> tuple[int, bytes]:
    """The status and the body of what is answered, when the other side has closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        await writer.drain()
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    return int(head.split(b" ")[1]), body


def request(path: str = "/", headers: str = "", body: bytes = b"") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


@pytest.mark.parametrize(
    "sent",
    [
        request("/" + "%" * MAX_HEAD_BYTES),
        request("/?" + "%" * MAX_HEAD_BYTES),
        request(headers=f"Cookie: {'x' * MAX_HEAD_BYTES}\r\n"),
        request(headers="".join(f"X-{number}: {'x' * 100}\r\n" for number in range(MAX_HEAD_BYTES // 100))),
    ],
    ids=["path", "query", "header", "headers"],
)
async def test_address_and_headers_that_are_too_long_are_refused_before_they_are_read(port: int, sent: bytes) -> None:
    async def check() -> None:
        status, body = await said(port, sent)
        assert status == 400
        assert not body.startswith(b"[")

    await while_serving(port, check)


@pytest.mark.parametrize("begun", [b"GET /", b"GET / HTTP/1.1\r\nCookie: "], ids=["address", "header"])
async def test_who_never_comes_to_an_end_of_them_is_shut_out(port: int, begun: bytes) -> None:
    async def check() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionError):  # of what was still under way when the door was shut
            writer.write(begun)
            for _ in range(10_000):
                if reader.at_eof():
                    break
                writer.write(b"%" * 4096)
                await writer.drain()
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(), 0.01)
            assert reader.at_eof()
        writer.close()

    await while_serving(port, check)


async def test_long_ones_and_long_bodies_and_many_on_one_connection_are_served(port: int) -> None:
    cookie = {"Cookie": "x" * (MAX_HEAD_BYTES // 3)}

    async def check() -> None:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=40) as client:
            for size in (300_000, 0, 3_000_000, 10):
                answer = await client.post("/?" + "x" * (MAX_HEAD_BYTES // 2), content=b"x" * size, headers=cookie)
                assert answer.json()[2] == size

    await while_serving(port, check)


FORWARDED = "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\nX-Forwarded-Proto: https\r\n"


@pytest.mark.parametrize(
    ("proxies", "told"),
    [
        ((), ["127.0.0.1", "http", 0]),
        (("10.0.0.0/8",), ["127.0.0.1", "http", 0]),
        (("127.0.0.1",), ["198.51.100.7", "https", 0]),
        (("127.0.0.0/8", "198.51.100.7"), ["203.0.113.9", "https", 0]),
    ],
)
async def test_only_our_own_proxies_say_who_asks_and_only_of_who_came_to_them(
    port: int, proxies: tuple[str, ...], told: list[str | int]
) -> None:
    async def check() -> None:
        assert json.loads((await said(port, request(headers=FORWARDED)))[1]) == told

    await while_serving(port, check, proxies)
