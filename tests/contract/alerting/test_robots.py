"""What is sent to a robot is what its platform takes, and what it says is understood."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import pytest

from bot.alerting import Answer, Robots
from bot.alerting.robots import MAX_ANSWER_BYTES
from bot.conversation.alerts import AlertRobot, RobotKind
from tests.contract.alerting.conftest import Platform

NOW = datetime(2026, 3, 8, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
async def robots() -> AsyncIterator[Robots]:
    robots = Robots()
    yield robots
    await robots.close()


async def test_wecom_takes_a_text_and_calls_everybody_where_asked(platform: Platform, robots: Robots) -> None:
    assert await robots.send(platform.wecom(), "有件事", NOW) == Answer(told=True)
    assert await robots.send(platform.wecom(), "有急事", NOW, calls_everybody=True) == Answer(told=True)
    assert platform.heard == [
        {"msgtype": "text", "text": {"content": "有件事"}},
        {"msgtype": "text", "text": {"content": "有急事", "mentioned_list": ["@all"]}},
    ]


async def test_dingtalk_takes_a_signed_text_and_calls_everybody_where_asked(platform: Platform, robots: Robots) -> None:
    for second in range(20):  # signatures hold signs that an address must not carry bare
        answer = await robots.send(platform.dingtalk(), "有急事", NOW.replace(second=second), calls_everybody=True)
        assert answer == Answer(told=True)
    assert platform.heard[0] == {"msgtype": "text", "text": {"content": "有急事"}, "at": {"isAtAll": True}}


@pytest.mark.parametrize("secret", [None, "SEC-of-another-group"])
async def test_a_wrong_signature_is_a_trouble_though_the_answer_is_200(
    platform: Platform, robots: Robots, secret: str | None
) -> None:
    assert await robots.send(platform.dingtalk(secret=secret), "有件事", NOW) == Answer(told=False, trouble="310000")


async def test_a_wrong_key_is_a_trouble_though_the_answer_is_200(platform: Platform, robots: Robots) -> None:
    assert await robots.send(platform.wecom(key="wrong"), "有件事", NOW) == Answer(told=False, trouble="93000")


@pytest.mark.parametrize(
    ("status", "words", "trouble"),
    [
        (200, json.dumps({"errcode": 45009, "errmsg": "api freq out of limit"}), "45009"),
        *((200, json.dumps({"errcode": code}), "not understood") for code in ("0", False, True, 0.0, None, [], {})),
        (200, '{"errcode": -0.0}', "not understood"),
        (200, '{"errcode": 1' + "0" * 4000 + "}", "not understood"),
        (200, json.dumps({"errmsg": "ok"}), "not understood"),
        (200, json.dumps([{"errcode": 0}]), "not understood"),
        (200, "0", "not understood"),
        (200, "", "not understood"),
        (200, "\ufeff", "not understood"),
        (200, "<html>", "not understood"),
        (200, " " * MAX_ANSWER_BYTES + '{"errcode": 0}', "not understood"),
        (200, "[" * 100_000, "not understood"),
        (200, "[]", "not understood"),
        (204, "", "http 204"),
        (302, "", "http 302"),
        (502, json.dumps({"errcode": 0}), "http 502"),
    ],
)
async def test_any_other_answer_is_a_trouble(
    platform: Platform, robots: Robots, status: int, words: str, trouble: str
) -> None:
    platform.answers = [(status, words)]
    assert await robots.send(platform.wecom(), "有件事", NOW) == Answer(told=False, trouble=trouble)
    assert platform.requests == 1, "it leads nowhere else"


async def test_a_platform_that_is_not_there_or_slow_is_a_trouble(robots: Robots) -> None:
    nobody = AlertRobot("没有的群", RobotKind.WECOM, "http://127.0.0.1:9/cgi-bin/webhook/send?key=right")
    assert await robots.send(nobody, "有件事", NOW) == Answer(told=False, trouble="unreachable")

    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too slow", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow)) as client:
        assert await Robots(client).send(nobody, "有件事", NOW) == Answer(told=False, trouble="timeout")


def test_nothing_that_is_printed_shows_the_address_or_the_secret(platform: Platform) -> None:
    shown = repr(platform.dingtalk()) + str(platform.wecom())
    assert "right" not in shown
    assert "SEC" not in shown


async def test_an_answer_without_end_is_not_read_to_its_end(robots: Robots) -> None:
    sent = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1000 * MAX_ANSWER_BYTES:
            sent += MAX_ANSWER_BYTES
            yield b" " * MAX_ANSWER_BYTES
        yield b'{"errcode": 0}'

    def flooding(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=flood())

    async with httpx.AsyncClient(transport=httpx.MockTransport(flooding)) as client:
        answer = await Robots(client).send(AlertRobot("群", RobotKind.WECOM, "http://robot"), "有件事", NOW)
    assert answer == Answer(told=False, trouble="not understood")
    assert sent <= 3 * MAX_ANSWER_BYTES


async def test_a_platform_that_dribbles_its_answer_is_given_up(robots: Robots) -> None:
    ended = asyncio.Event()

    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        with suppress(OSError):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(dribble, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/cgi-bin/webhook/send?key=right"
    hasty = Robots(whole_s=0.3)
    try:
        async with asyncio.timeout(30):
            answer = await hasty.send(AlertRobot("慢的群", RobotKind.WECOM, url), "有件事", NOW)
            await ended.wait()
    finally:
        await hasty.close()
        server.close()
    assert answer == Answer(told=False, trouble="timeout")
