"""What the internet may say to the gateway, byte by byte: a clear refusal each time, and nothing stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from bot.bootstrap import read_bare_rules
from bot.gateway import create_gateway
from bot.gateway.ports import GatewayPorts, Timing
from bot.triage import Rules
from simulator.crypto import sign
from tests.doubles.memory_inbox import MemoryInbox
from tests.processes.callers import Caller
from tests.unit.gateway.wechat_platform import ACCOUNTS, NOW, SAFE, ClearSealer, Request, SetClock, fixture, push

PUSH = push(ACCOUNTS["safe"], fixture("view"))
"""Of an event that changes nothing: answered at once."""

QUERY = urlencode(PUSH.query).encode()


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The rules of triage as they are."""
    return read_bare_rules()


@pytest.fixture
def inbox() -> MemoryInbox:
    """Where nothing may arrive."""
    return MemoryInbox(SetClock())


@pytest.fixture
async def caller(rules: Rules, inbox: MemoryInbox) -> AsyncIterator[Caller]:
    """A stranger on the line."""
    timing = Timing(body_s=0.05, answer_s=0.0, hold_s=0.0)
    yield Caller(create_gateway(GatewayPorts(inbox, ClearSealer(), rules, ACCOUNTS, SetClock(), timing)))
    assert inbox.appended == []


def request(headers: bytes, body: bytes = PUSH.body, path: bytes = b"safe", query: bytes = QUERY) -> bytes:
    """A push with these headers."""
    return b"POST /wechat/%b?%b HTTP/1.1\r\nHost: gateway\r\n%b\r\n%b" % (path, query, headers, body)


def sized(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n" % len(body)


async def statuses(caller: Caller, said: bytes) -> list[int]:
    """The statuses of the answers."""
    caller.says(said)
    await caller.rests()
    return [status for status, _, _ in caller.answers]


async def test_an_honest_push_is_answered(caller: Caller) -> None:
    assert await statuses(caller, request(sized(PUSH.body)) * 2) == [200, 200]
    assert caller.bodies == [b"success", b"success"]


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: -1\r\n",
        b"Content-Length: many\r\n",
        b"Content-Length: 1e3\r\n",
        b"Content-Length: 18446744073709551617\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Content-Length : 5\r\n",
        b"X-A: a\x00b\r\n",
        b" folded: yes\r\n",
    ],
)
async def test_headers_that_can_be_read_in_two_ways_end_the_connection(caller: Caller, headers: bytes) -> None:
    assert await statuses(caller, request(headers)) == [400]
    assert caller.ended == "closed"


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x00" * 1000,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"EHLO mail\r\n",
        b"{}\r\n\r\n",
    ],
)
async def test_another_protocol_is_turned_away(caller: Caller, said: bytes) -> None:
    assert await statuses(caller, said) == [400]
    assert caller.ended == "closed"


async def test_a_body_longer_than_announced_is_not_taken_for_a_request(caller: Caller) -> None:
    assert set(await statuses(caller, request(b"Content-Length: 5\r\n"))) == {400}
    assert caller.ended == "closed"


async def test_a_body_shorter_than_announced_is_not_waited_for(caller: Caller) -> None:
    assert await statuses(caller, request(b"Content-Length: 65000\r\n")) == [408]


async def test_a_body_is_read_no_further_than_its_limit_whatever_is_announced(caller: Caller) -> None:
    assert await statuses(caller, request(b"Content-Length: 1073741824\r\n", b"a" * 70_000)) == [413]


async def test_a_body_in_chunks_is_read_no_further_than_its_limit(caller: Caller) -> None:
    chunks = (b"4000\r\n" + b"a" * 0x4000 + b"\r\n") * 5
    assert await statuses(caller, request(b"Transfer-Encoding: chunked\r\n", chunks)) == [413]


FORGERIES = {
    "no query": (b"safe", b"", 400),
    "a forged plain query": (b"plain", urlencode(PUSH.query | {"signature": "0" * 40}).encode(), 403),
    "a stale query": (b"safe", urlencode(PUSH.query | {"timestamp": "1"}).encode(), 403),
    "no such account": (b"other", QUERY, 404),
    "a way out": (b"..%2f..%2fetc%2fpasswd", QUERY, 404),
    "a zero": (b"safe%00", QUERY, 404),
}


@pytest.mark.parametrize("name", list(FORGERIES))
async def test_nobodys_body_is_waited_for_who_cannot_be_the_platform(caller: Caller, name: str) -> None:
    path, query, status = FORGERIES[name]
    assert await statuses(caller, request(b"Content-Length: 65000\r\n", b"<xml>", path, query)) == [status]


async def test_compressed_words_are_not_unpacked(caller: Caller) -> None:
    bomb = b"\x1f\x8b\x08\x00" + b"\x00" * 1000
    assert await statuses(caller, request(sized(bomb) + b"Content-Encoding: gzip\r\n", bomb)) == [400]


async def test_an_upgrade_leads_nowhere(caller: Caller) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\nSec-WebSocket-Version: 13\r\n"
    assert await statuses(caller, b"GET /wechat/safe HTTP/1.1\r\nHost: gateway\r\n" + upgrade + b"\r\n") == [400]


def verification(echostr: str) -> bytes:
    """The address is verified with this."""
    timestamp = str(int(NOW.timestamp()))
    query = {"signature": sign(SAFE.token, timestamp, "7"), "timestamp": timestamp, "nonce": "7", "echostr": echostr}
    return b"GET /wechat/safe?" + urlencode(query).encode() + b" HTTP/1.1\r\nHost: gateway\r\n\r\n"


async def test_what_is_repeated_to_verify_the_address_stays_plain_text_in_the_body(caller: Caller) -> None:
    echostr = "1\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>"
    assert await statuses(caller, verification(echostr)) == [200]
    head, _, body = caller.wire.said.partition(b"\r\n\r\n")
    assert body == echostr.encode()
    assert b"content-type: text/plain" in head.lower()
    assert b"x-content-type-options: nosniff" in head.lower()
    assert b"set-cookie" not in head.lower()


async def test_a_refusal_comes_at_once_however_often_it_is_asked_for(caller: Caller) -> None:
    forged = request(sized(b"<xml/>"), b"<xml/>", query=b"msg_signature=a&timestamp=1790000001&nonce=7")
    async with asyncio.timeout(60):
        assert await statuses(caller, forged * 200) == [400] * 200


async def test_the_signed_query_of_another_account_opens_nothing(caller: Caller) -> None:
    other = push(replace(SAFE, token="anotherToken"), fixture("view"))
    assert await statuses(caller, request(sized(other.body), other.body, query=_query(other))) == [403]


def _query(pushed: Request) -> bytes:
    return urlencode(pushed.query).encode()
