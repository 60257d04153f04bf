"""Our side of the API against the simulator, which was written from the platform's pages and knows nothing of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from wechat_api import NOTICE

from bot.conversation.accounts import Account, EncryptionMode
from bot.conversation.content import Card, Choices, Picture, Sound, Text
from bot.conversation.errors import NotFound, PlatformUnavailable
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult, Uploaded
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from bot.gateway.downloads import WeChatMedia
from bot.gateway.menus import Button, Click, View, fetch_menu, push_menu
from simulator.accounts import Account as ServedAccount
from simulator.app import create_app
from simulator.platform import Platform
from simulator.switches import Switches
from tests.doubles.clock import SettableClock
from tests.doubles.memory_tokens import MemoryTokenShelf

SENT, PENDING, HELD, REFUSED = (
    DeliveryStatus.SENT,
    DeliveryStatus.PENDING,
    DeliveryStatus.HELD,
    DeliveryStatus.REFUSED,
)
JPG = b"\xff\xd8\xff\xe0" + bytes(64)
AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
CHOICES = Choices("您想问哪一个？", (("1", "离婚"), ("2", "抚养费")), "回复数字就行。")
HUNAN = Account(
    id="hunan",
    name="湖南妇联12338",
    region="430000",
    app_id="wxhunan",
    app_secret="secret-of-hunan",
    token="tokenOfHunan",
    encoding_aes_key="",
    mode=EncryptionMode.PLAIN,
    follow_up_template=NOTICE,
    follow_up_fields=(("thing2", "您关注的事项有新进展"),),
    api_base="http://platform",
)
SERVED = ServedAccount.model_validate(
    {name: getattr(HUNAN, name) for name in ("id", "name", "app_id", "app_secret", "token")} | {"mode": "plain"}
)


class Clock(SettableClock):
    """The time of both sides; to wait takes none."""

    def pass_(self, **span: float) -> None:
        self.advance(timedelta(**span))

    async def sleep(self, seconds: float) -> None:
        self.pass_(seconds=seconds)
        await asyncio.sleep(0)


@dataclass
class World:
    """WeChat with one account, one person who follows it, and processes of ours."""

    phones: httpx.AsyncClient
    clock: Clock
    platform: Platform
    shelf: MemoryTokenShelf
    stack: AsyncExitStack
    openid: str = ""

    async def process(self) -> WeChatApi:
        """One more process of ours."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(_app()))
        await self.stack.enter_async_context(client)
        return WeChatApi({"hunan": HUNAN}, self.shelf, self.clock, client)

    async def says(self, text: str = "在吗") -> None:
        """She writes, which opens the window."""
        answer = await self.phones.post(f"/phones/{self.openid}/messages", json={"type": "text", "text": text})
        assert answer.status_code == 202, answer.text
        await self.platform.settle()

    async def sends(self, kind: str, data: bytes) -> str:
        """She has a file at the platform; its id."""
        files = {"media": ("x", data, "application/octet-stream")}
        answer = await self.phones.post(f"/phones/{self.openid}/media", params={"type": kind}, files=files)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["media_id"])

    async def does(self, **gesture: Any) -> None:
        """She taps, follows and the like."""
        answer = await self.phones.post(f"/phones/{self.openid}/events", json=gesture)
        assert answer.status_code == 202, answer.text
        await self.platform.settle()

    async def sees(self) -> dict[str, Any]:
        """The last bubble on her phone."""
        bubbles: list[dict[str, Any]] = (await self.phones.get(f"/phones/{self.openid}/chat")).json()
        return bubbles[-1]

    async def set(self, path: str, **changes: Any) -> None:
        """Change how the platform, the account or the person behaves."""
        method = "PATCH" if path.startswith("/phones") else "PUT"
        answer = await self.phones.request(method, path, json=changes)
        assert answer.status_code == 200, answer.text


@cache
def _app() -> FastAPI:
    # one for all tests, as its routes cost more than a test; its whole state is the platform
    return create_app([SERVED], "http://gateway")


async def _success(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text="success")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """She follows the account and has just written."""
    async with AsyncExitStack() as stack:
        clock, app = Clock(), _app()
        gateway = await stack.enter_async_context(httpx.AsyncClient(transport=httpx.MockTransport(_success)))
        app.state.platform = Platform([SERVED], gateway, "http://gateway", Switches(), clock)
        stack.push_async_callback(app.state.platform.close)
        phones = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://platform")
        await stack.enter_async_context(phones)
        made = World(phones, clock, app.state.platform, MemoryTokenShelf(clock), stack)
        made.openid = (await phones.post("/phones", json={"account": "hunan"})).json()["openid"]
        await made.says()
        yield made


@pytest.mark.wechat("5.2", "5.13")
async def test_words_arrive_under_the_platforms_label(world: World) -> None:
    sender = WeChatSender(await world.process())
    assert await sender.send("hunan", world.openid, Text("您好：“退款”😊\n二"), by_assistant=True) == SendResult(
        SENT, 0
    )
    bubble = await world.sees()
    assert (bubble["text"], bubble["ai"], bubble["via"]) == ("您好：“退款”😊\n二", True, "customer_service")
    assert await sender.send("hunan", world.openid, Text("我是工作人员")) == SendResult(SENT, 0)
    assert (await world.sees())["ai"] is False


@pytest.mark.wechat("5.2")
async def test_the_longest_text_arrives_whole(world: World) -> None:
    text = "字" * 682 + "x"
    assert (await WeChatSender(await world.process()).send("hunan", world.openid, Text(text))).status is SENT
    assert (await world.sees())["text"] == text


@pytest.mark.wechat("5.3", "5.4", "7.1", "7.2")
@pytest.mark.parametrize(
    ("kind", "content", "data"),
    [(MediaKind.IMAGE, Picture("ours"), JPG), (MediaKind.VOICE, Sound("ours"), AMR)],
    ids=["image", "voice"],
)
async def test_a_file_is_uploaded_sent_and_dies_after_three_days(
    world: World, kind: MediaKind, content: Picture | Sound, data: bytes
) -> None:
    sender = WeChatSender(await world.process())
    uploaded = await sender.upload("hunan", kind, Body("", data))
    assert isinstance(uploaded, Uploaded)
    sent = await sender.send("hunan", world.openid, content, uploaded_id=uploaded.platform_id)
    assert sent == SendResult(SENT, 0)
    assert (await world.sees())["type"] == kind.value
    world.clock.set(uploaded.until)
    await world.says()
    assert (await sender.send("hunan", world.openid, content, uploaded_id=uploaded.platform_id)).status is SENT
    world.clock.pass_(hours=3)
    late = await sender.send("hunan", world.openid, content, uploaded_id=uploaded.platform_id)
    assert late == SendResult(PENDING, 40007, upload_expired=True)


@pytest.mark.wechat("5.7")
async def test_a_page_arrives_as_a_card(world: World) -> None:
    card = Card("法律援助", "https://x.test/a", "说明", "https://x.test/p.jpg")
    assert (await WeChatSender(await world.process()).send("hunan", world.openid, card)).status is SENT
    assert (await world.sees())["type"] == "news"


@pytest.mark.wechat("5.9", "5.10")
async def test_choices_arrive_as_a_menu_or_as_text(world: World) -> None:
    sender = WeChatSender(await world.process())
    assert (await sender.send("hunan", world.openid, CHOICES)).status is SENT
    assert (await world.sees())["type"] == "msgmenu"
    await world.set("/switches", refuse_msgmenu=True)
    assert (await sender.send("hunan", world.openid, CHOICES, by_assistant=True)).status is SENT
    bubble = await world.sees()
    assert (bubble["type"], bubble["text"], bubble["ai"]) == ("text", CHOICES.text, True)


@pytest.mark.wechat("5.69", "5.70")
async def test_the_sixth_message_of_a_window_is_held(world: World) -> None:
    sender = WeChatSender(await world.process())
    results = [await sender.send("hunan", world.openid, Text("x")) for _ in range(6)]
    assert [result.status for result in results] == [SENT] * 5 + [HELD]
    assert results[-1] == SendResult(HELD, 45047, window_over=True)
    world.clock.pass_(hours=48)
    assert await sender.send("hunan", world.openid, Text("x")) == SendResult(HELD, 45015, window_over=True)


@pytest.mark.wechat("5.61")
async def test_whoever_left_is_marked(world: World) -> None:
    await world.does(type="unsubscribe")
    result = await WeChatSender(await world.process()).send("hunan", world.openid, Text("x"))
    assert result == SendResult(REFUSED, 43004, unfollowed=True)


@pytest.mark.wechat("5.62", "5.76")
@pytest.mark.parametrize(
    ("trait", "result"),
    [
        ({"blacklisted": True}, SendResult(REFUSED, 43019, unreachable=True)),
        ({"receives": False}, SendResult(REFUSED, 48002, unreachable=True)),
        ({"protected": True}, SendResult(REFUSED, 70000)),
    ],
)
async def test_whoever_cannot_be_reached_is_told_of(world: World, trait: dict[str, bool], result: SendResult) -> None:
    await world.set(f"/phones/{world.openid}", **trait)
    assert await WeChatSender(await world.process()).send("hunan", world.openid, Text("x")) == result


@pytest.mark.wechat("5.59", "5.60", "5.71", "5.74", "5.78", "6.9", "9.4")
@pytest.mark.parametrize(
    ("condition", "errcode"),
    [
        ({"kind": "unverified_service"}, 48001),
        ({"allowed_ips": ["192.0.2.1"]}, 40164),
        ({"trouble": "secret_frozen"}, 40243),
        ({"trouble": "unconfirmed_ip"}, 89503),
        ({"trouble": "token_forbidden"}, 50004),
        ({"trouble": "limited"}, 50002),
        ({"trouble": "frozen"}, 50007),
    ],
)
async def test_an_account_in_trouble_is_at_fault(world: World, condition: dict[str, Any], errcode: int) -> None:
    await world.set("/accounts/hunan/condition", **condition)
    result = await WeChatSender(await world.process()).send("hunan", world.openid, Text("x"))
    assert result == SendResult(PENDING, errcode, account_fault=True)


@pytest.mark.wechat("5.67", "5.68")
async def test_used_up_calls_of_the_day_are_the_accounts_fault_and_of_the_minute_pass(world: World) -> None:
    sender = WeChatSender(await world.process())
    await world.set("/switches", minute_quotas={"message/custom/send": 1})
    assert (await sender.send("hunan", world.openid, Text("x"))).status is SENT
    assert await sender.send("hunan", world.openid, Text("x")) == SendResult(PENDING, 45011)
    await world.set("/switches", daily_quotas={"message/custom/send": 1}, minute_quotas={})
    fault = SendResult(PENDING, 45009, account_fault=True)
    assert await sender.send("hunan", world.openid, Text("x")) == fault


@pytest.mark.wechat("5.51")
@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"errcode": -1}])
async def test_trouble_of_the_platform_passes(world: World, fault: dict[str, Any]) -> None:
    sender = WeChatSender(await world.process())
    await world.set("/switches", fail_calls=[{"path": "message/custom/send", **fault}])
    assert (await sender.send("hunan", world.openid, Text("x"))).status is PENDING
    assert (await sender.send("hunan", world.openid, Text("x"))).status is SENT


@pytest.mark.wechat("5.40", "5.41")
async def test_typing_is_shown_once_in_a_while(world: World) -> None:
    sender = WeChatSender(await world.process())
    await sender.typing("hunan", world.openid)
    await sender.typing("hunan", world.openid)
    counts = (await world.phones.get("/counts")).json()
    assert {"45081": 1, "0": 1}.items() <= counts["calls"]["message/custom/typing"].items()


@pytest.mark.wechat("8.10", "8.12")
async def test_a_reminder_uses_up_one_consent(world: World) -> None:
    sender = WeChatSender(await world.process())
    assert await sender.remind("hunan", world.openid, NOTICE) == SendResult(REFUSED, 43101)
    await world.does(type="subscribe_msg_popup", template_id=NOTICE)
    assert await sender.remind("hunan", world.openid, NOTICE) == SendResult(SENT, 0)
    assert "您关注的事项有新进展" in str(await world.sees())
    assert await sender.remind("hunan", world.openid, NOTICE) == SendResult(REFUSED, 43101)


@pytest.mark.wechat("7.6", "7.7")
@pytest.mark.parametrize(
    ("kind", "data", "content_type"),
    [("image", JPG, "image/jpeg"), ("voice", AMR, "audio/amr"), ("video", MP4, "video/mp4")],
    ids=["image", "voice", "video"],
)
async def test_what_she_sends_is_fetched_whole_and_dies_after_three_days(
    world: World, kind: str, data: bytes, content_type: str
) -> None:
    media = WeChatMedia(await world.process())
    platform_id = await world.sends(kind, data)
    assert await media.download("hunan", platform_id) == Body(content_type, data)
    world.clock.pass_(days=3)
    with pytest.raises(NotFound):
        await media.download("hunan", platform_id)


async def test_a_file_that_cannot_be_fetched_now_may_be_later(world: World) -> None:
    media = WeChatMedia(await world.process())
    platform_id = await world.sends("image", JPG)
    await world.set("/switches", fail_calls=[{"path": "media/get", "status": 502}])
    with pytest.raises(PlatformUnavailable):
        await media.download("hunan", platform_id)
    assert (await media.download("hunan", platform_id)).data == JPG


@pytest.mark.wechat("6.3", "6.5")
async def test_several_processes_live_by_one_token_for_half_a_day(world: World) -> None:
    senders = [WeChatSender(await world.process()) for _ in range(3)]
    for _ in range(12 * 4):
        world.clock.pass_(minutes=15)
        await world.says()
        results = await asyncio.gather(*(sender.send("hunan", world.openid, Text("x")) for sender in senders))
        assert {result.status for result in results} == {SENT}
    calls = (await world.phones.get("/counts")).json()["calls"]
    assert set(calls["message/custom/send"]) == {"0"}
    assert calls["stable_token"]["0"] <= 7


@pytest.mark.wechat("6.6")
async def test_a_token_that_somebody_else_has_ended_is_replaced_without_force(world: World) -> None:
    sender = WeChatSender(await world.process())
    assert (await sender.send("hunan", world.openid, Text("x"))).status is SENT
    credentials = {"grant_type": "client_credential", "appid": HUNAN.app_id, "secret": HUNAN.app_secret}
    await world.phones.post("/cgi-bin/stable_token", json={**credentials, "force_refresh": True})
    assert (await sender.send("hunan", world.openid, Text("x"))).status is SENT
    assert await world.shelf.may_force(HUNAN.app_id)


@pytest.mark.wechat("8.3")
async def test_a_menu_is_pushed_and_read_back(world: World) -> None:
    api = await world.process()
    assert await fetch_menu(api, HUNAN) == ()
    menu = (
        Button(
            "常见问题",
            items=(Button("怎么办离婚", Click("divorce/by_agreement")), Button("网站", View("http://x.test"))),
        ),
        Button("我要找人", Click("human")),
    )
    await push_menu(api, HUNAN, menu)
    assert await fetch_menu(api, HUNAN) == menu
