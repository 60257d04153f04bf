"""The API client against a platform of our own: every number, every kind of trouble, and the token."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx
import pytest
from prometheus_client import REGISTRY
from wechat_platform import OPENID, SAFE, SetClock

from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.gateway.client import WeChatSender
from bot.gateway.errcodes import REACTIONS

SENT, PENDING, HELD, REFUSED = (
    DeliveryStatus.SENT,
    DeliveryStatus.PENDING,
    DeliveryStatus.HELD,
    DeliveryStatus.REFUSED,
)
ACCOUNTS = {"hunan": SAFE, "poor": replace(SAFE, id="poor", customer_service=False)}


@dataclass
class Platform:
    """Gives tokens and takes messages; `errcodes` are the answers to come, then 0."""

    lifetime_s: int = 7200
    errcodes: list[int] = field(default_factory=list)
    token_answer: dict[str, object] | None = None
    number: int = 1
    requests: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        if request.url.path == "/cgi-bin/stable_token":
            return self._token(json.loads(request.content))
        errcode = self.errcodes.pop(0) if self.errcodes else 0
        return httpx.Response(200, json={"errcode": errcode, "errmsg": "rid: 1-2-3"})

    def _token(self, asked: dict[str, object]) -> httpx.Response:
        if asked["force_refresh"]:
            self.number += 1
        answer = {"access_token": f"token-{self.number}", "expires_in": self.lifetime_s}
        return httpx.Response(200, json=self.token_answer or answer)

    def asked(self, path: str) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path == f"/cgi-bin/{path}"]


@asynccontextmanager
async def sending(
    platform: Callable[[httpx.Request], object], clock: SetClock | None = None
) -> AsyncIterator[WeChatSender]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as client:
        yield WeChatSender(ACCOUNTS, clock or SetClock(), client)


async def test_a_text_goes_out_as_the_platform_wants_it() -> None:
    platform = Platform()
    async with sending(platform) as sender:
        assert await sender.send_text("hunan", OPENID, "您好\x00：“退款”") == SendResult(SENT, 0)
    [request] = platform.asked("message/custom/send")
    assert str(request.url) == "https://api.test/cgi-bin/message/custom/send?access_token=token-1"
    assert "您好：“退款”" in request.content.decode()
    assert json.loads(request.content) == {"touser": OPENID, "msgtype": "text", "text": {"content": "您好：“退款”"}}


async def test_the_token_is_asked_for_as_the_platform_wants_it() -> None:
    platform = Platform()
    async with sending(platform) as sender:
        await sender.send_text("hunan", OPENID, "x")
    [request] = platform.asked("stable_token")
    assert request.method == "POST"
    assert json.loads(request.content) == {
        "grant_type": "client_credential",
        "appid": SAFE.app_id,
        "secret": SAFE.app_secret,
        "force_refresh": False,
    }


@pytest.mark.parametrize("errcode", sorted(REACTIONS))
async def test_every_number_has_its_result(errcode: int) -> None:
    platform = Platform(errcodes=[errcode, errcode])
    async with sending(platform) as sender:
        result = await sender.send_text("hunan", OPENID, "x")
    reaction = REACTIONS[errcode]
    assert result == SendResult(reaction.status, errcode, reaction.unfollowed, errcode in (45015, 45047))


def test_the_reactions_are_those_of_the_reference() -> None:
    """Each line pins what the column "reaction" of wechat.md section 5 asks for."""
    by_status = {
        SENT: {0},
        PENDING: {-1, 40001, 40014, 42001, 45011},
        REFUSED: {
            *(40003, 43004, 50005),
            *(43019, 43101, 48002, 70000, 87014),
            *(40004, 40007, 40008, 40033, 44004, 45002, 45008, 45072, 45080, 45081),
        },
        HELD: {
            *(45015, 45047),
            *(40002, 40013, 40125, 40164, 40200, 40243, 41001, 41002, 41004, 45009, 48001, 48004, 48006),
            *(50002, 50004, 50007, 61004, 61024, 89501, 89503, 89506, 89507),
        },
    }
    assert {status: {code for code, r in REACTIONS.items() if r.status is status} for status in by_status} == by_status
    assert {code for code, reaction in REACTIONS.items() if reaction.unfollowed} == {40003, 43004, 50005}


async def test_a_number_that_nobody_knows_is_tried_again() -> None:
    async with sending(Platform(errcodes=[99999])) as sender:
        assert await sender.send_text("hunan", OPENID, "x") == SendResult(PENDING, 99999)


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_message_sent(errcode: int) -> None:
    platform = Platform(errcodes=[errcode])
    async with sending(platform) as sender:
        assert (await sender.send_text("hunan", OPENID, "x")).status is SENT
    forced = [json.loads(request.content)["force_refresh"] for request in platform.asked("stable_token")]
    assert forced == [False, False, True]
    used = [request.url.params["access_token"] for request in platform.asked("message/custom/send")]
    assert used == ["token-1", "token-2"]


async def test_a_token_that_stays_refused_ends_after_one_more_try() -> None:
    platform = Platform(errcodes=[40001] * 10)
    async with sending(platform) as sender:
        assert await sender.send_text("hunan", OPENID, "x") == SendResult(PENDING, 40001)
    assert len(platform.asked("message/custom/send")) == 2


async def test_nothing_is_forced_when_another_process_has_renewed() -> None:
    platform = Platform()
    async with sending(platform) as sender:
        await sender.send_text("hunan", OPENID, "x")
        platform.number, platform.errcodes = 7, [40001]
        assert (await sender.send_text("hunan", OPENID, "x")).status is SENT
    assert not any(json.loads(request.content)["force_refresh"] for request in platform.asked("stable_token"))
    assert platform.requests[-1].url.params["access_token"] == "token-7"


async def test_a_hundred_cold_callers_ask_for_one_token() -> None:
    platform = Platform()
    async with sending(platform) as sender:
        results = await asyncio.gather(*(sender.send_text("hunan", OPENID, "x") for _ in range(100)))
    assert {result.status for result in results} == {SENT}
    assert len(platform.asked("stable_token")) == 1
    assert len(platform.asked("message/custom/send")) == 100


async def test_a_hundred_callers_with_a_refused_token_force_one() -> None:
    platform = Platform(errcodes=[42001] * 100)
    async with sending(platform) as sender:
        results = await asyncio.gather(*(sender.send_text("hunan", OPENID, "x") for _ in range(100)))
    assert {result.status for result in results} == {SENT}
    forced = [json.loads(request.content)["force_refresh"] for request in platform.asked("stable_token")]
    assert forced.count(True) == 1


@pytest.mark.parametrize(("lifetime_s", "holds_s"), [(7200, 7139), (345, 284), (20, 9)])
async def test_a_token_is_used_until_shortly_before_its_end(lifetime_s: int, holds_s: int) -> None:
    platform, clock = Platform(lifetime_s=lifetime_s), SetClock()
    async with sending(platform, clock) as sender:
        await sender.send_text("hunan", OPENID, "x")
        clock.move(holds_s)
        await sender.send_text("hunan", OPENID, "x")
        assert len(platform.asked("stable_token")) == 1
        clock.move(2)
        await sender.send_text("hunan", OPENID, "x")
        assert len(platform.asked("stable_token")) == 2


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"errcode": 40001, "errmsg": "invalid credential"}, SendResult(HELD, 40001)),
        ({"errcode": 40164, "errmsg": "invalid ip"}, SendResult(HELD, 40164)),
        ({"errcode": -1, "errmsg": "system error"}, SendResult(PENDING, -1)),
        ({"access_token": "", "expires_in": 7200}, SendResult(PENDING)),
        ({"access_token": "x"}, SendResult(PENDING)),
        ({"access_token": "x", "expires_in": "soon"}, SendResult(PENDING)),
    ],
)
async def test_without_a_token_nothing_is_sent(answer: dict[str, object], result: SendResult) -> None:
    platform = Platform(token_answer=answer)
    async with sending(platform) as sender:
        assert await sender.send_text("hunan", OPENID, "x") == result
    assert platform.asked("message/custom/send") == []


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("no route"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("half an answer"),
        httpx.Response(500, json={"errcode": 0}),
        httpx.Response(502, text="<html>"),
        httpx.Response(302, headers={"location": "https://elsewhere.test"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"errcode": "0"}),
    ],
)
async def test_trouble_on_the_way_is_tried_again(trouble: Exception | httpx.Response) -> None:
    tokens = Platform()

    async def platform(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/stable_token":
            return await tokens(request)
        if isinstance(trouble, Exception):
            raise trouble
        return trouble

    async with sending(platform) as sender:
        assert await sender.send_text("hunan", OPENID, "x") == SendResult(PENDING)


@pytest.mark.parametrize("account_id", ["poor", "unheard-of"])
async def test_an_account_that_may_not_send_makes_no_call(account_id: str) -> None:
    platform = Platform()
    async with sending(platform) as sender:
        assert await sender.send_text(account_id, OPENID, "x") == SendResult(HELD)
    assert platform.requests == []


async def test_sends_are_counted_by_result() -> None:
    labels = {"account": "hunan", "status": "held", "errcode": "45047"}
    before = REGISTRY.get_sample_value("niangjia_gateway_sends_total", labels) or 0.0
    async with sending(Platform(errcodes=[45047])) as sender:
        await sender.send_text("hunan", OPENID, "x")
    assert REGISTRY.get_sample_value("niangjia_gateway_sends_total", labels) == before + 1


async def test_neither_words_nor_person_nor_token_are_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for errcodes in ([0], [40003], [40164], [40001, 40001]):
        async with sending(Platform(errcodes=list(errcodes))) as sender:
            await sender.send_text("hunan", OPENID, "她说的话")
    written = caplog.text + "".join(capsys.readouterr())
    assert "40164" in written
    assert not re.search(f"她说的话|{OPENID}|token-1|{SAFE.app_secret}", written)


async def test_a_sender_closes_only_its_own_connections() -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(Platform())) as shared:
        await WeChatSender(ACCOUNTS, SetClock(), shared).close()
        assert not shared.is_closed
    await WeChatSender(ACCOUNTS, SetClock()).close()
