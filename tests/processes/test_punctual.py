"""Nobody keeps a connection open for nothing."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.punctual import Punctual
from bot.serving import OPEN_FILES, Site, serve
from tests.processes.callers import Caller
from tests.processes.ports import kept_port

PATIENCE_S = 60.0
HEAD = b"POST /%b HTTP/1.1\r\nHost: gateway\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"
LONG = Punctual.head_s + 1


@dataclass
class Pages:
    """What is asked for; the slow one answers when the gate is opened."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def slow(self, request: Request) -> Response:
        await self.gate.wait()
        return PlainTextResponse("slow")

    async def echo(self, request: Request) -> Response:
        return PlainTextResponse(await request.body())

    async def refuse(self, request: Request) -> Response:
        return PlainTextResponse("refused", 403)


@pytest.fixture
async def pages() -> Pages:
    """What there is."""
    return Pages()


@pytest.fixture
async def caller(pages: Pages) -> Caller:
    """Somebody who has just connected."""
    routes = [Route(f"/{page.__name__}", page, methods=["POST"]) for page in (pages.slow, pages.echo, pages.refuse)]
    return Caller(Starlette(routes=routes))


def test_the_wait_is_no_hardship() -> None:
    assert 5 < Punctual.head_s < 60


async def test_who_connects_and_says_nothing_is_hung_up_on(caller: Caller) -> None:
    caller.time.pass_s(Punctual.head_s - 1)
    assert caller.ended is None
    caller.time.pass_s(1)
    assert caller.ended == "aborted"


@pytest.mark.parametrize("piece", [b"a", b"X-A: b\r\n"])
async def test_a_head_that_never_ends_is_not_waited_for(caller: Caller, piece: bytes) -> None:
    caller.says(HEAD % b"echo" + b"X-B: ")
    for _ in range(int(LONG)):
        caller.says(piece)
        caller.time.pass_s(1)
    assert caller.ended == "aborted"


async def test_after_an_answer_empty_lines_keep_no_connection(caller: Caller) -> None:
    caller.says(HEAD % b"refuse" + EMPTY)
    await caller.rests()
    assert caller.bodies == [b"refused"]
    for _ in range(int(LONG)):
        caller.says(b"\r\n")
        caller.time.pass_s(1)
    assert caller.ended == "aborted"


async def test_the_rest_of_a_body_that_was_refused_is_not_waited_for(caller: Caller) -> None:
    caller.says(HEAD % b"refuse" + b"Content-Length: 99999999999\r\n\r\n")
    await caller.rests()
    assert caller.bodies == [b"refused"]
    for _ in range(int(LONG)):
        caller.says(b"a" * 65_536)
        caller.time.pass_s(1)
    assert caller.ended == "aborted"


async def test_a_body_and_an_answer_may_take_longer_than_a_head(caller: Caller, pages: Pages) -> None:
    caller.says(HEAD % b"slow" + b"Content-Length: 2\r\n\r\na")
    caller.time.pass_s(LONG)
    caller.says(b"b")
    caller.time.pass_s(LONG)
    pages.gate.set()
    await caller.rests()
    assert (caller.bodies, caller.ended) == ([b"slow"], None)


async def test_a_request_that_waits_behind_another_one_is_no_dawdler(caller: Caller, pages: Pages) -> None:
    caller.says(HEAD % b"echo" + EMPTY + HEAD % b"slow" + EMPTY)
    while not caller.bodies:  # noqa: ASYNC110 - the server gives no event
        await asyncio.sleep(0)
    caller.time.pass_s(LONG)
    pages.gate.set()
    await caller.rests()
    assert (caller.bodies, caller.ended) == ([b"", b"slow"], None)
    caller.says(HEAD % b"echo" + b"Content-Length: 2\r\n\r\nhi")
    await caller.rests()
    assert caller.bodies[-1] == b"hi"
    caller.time.pass_s(LONG)
    assert caller.ended is not None


async def test_who_hung_up_is_not_waited_for(caller: Caller) -> None:
    caller.protocol.connection_lost(None)
    caller.time.pass_s(LONG)
    assert caller.ended == "closed"


async def test_a_body_in_the_smallest_pieces_is_read(caller: Caller) -> None:
    caller.says(HEAD % b"echo" + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 65_536 + b"0\r\n\r\n")
    await caller.rests()
    assert (caller.bodies, caller.ended) == ([b"a" * 65_536], None)


@pytest.mark.parametrize(
    ("begun", "piece"),
    [(b"0\r\nX-A: ", b"a" * 65_536), (b"", b"1;" + b"b" * 65_536 + b"\r\nc\r\n")],
    ids=["trailer", "extension"],
)
async def test_what_belongs_to_no_body_is_not_taken_without_end(caller: Caller, begun: bytes, piece: bytes) -> None:
    caller.says(HEAD % b"refuse" + b"Transfer-Encoding: chunked\r\n\r\n" + begun)
    for _ in range(12):
        if caller.ended is None:
            caller.says(piece)
    assert caller.ended is not None


async def visited(visit: Callable[[int], Awaitable[None]]) -> None:
    """Serve a site of the house until the visitor of its port has had enough."""

    async def come(_: asyncio.Event) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    return await visit(port)
                except ConnectionRefusedError:
                    await asyncio.sleep(0.05)

    with kept_port() as port:
        await serve([Site(Starlette(), "127.0.0.1", port)], [come])


@pytest.mark.process
async def test_every_site_of_the_house_is_served_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Punctual, "head_s", 0.2)

    async def be_silent(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()

    await visited(be_silent)


@pytest.mark.process
async def test_broken_requests_fill_no_log(caplog: pytest.LogCaptureFixture) -> None:
    async def talk_nonsense(port: int) -> None:
        for _ in range(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"nonsense\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
            writer.close()

    await visited(talk_nonsense)
    assert caplog.records == []


@pytest.mark.process
async def test_a_process_asks_for_more_connections_than_a_service_is_given() -> None:
    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, most))

    async def leave(port: int) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await visited(leave)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (min(most, OPEN_FILES), most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (given, most))
