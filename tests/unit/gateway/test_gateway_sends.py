"""What is sent to a person, as the platform wants it, and what is told of it."""

from __future__ import annotations

import asyncio
import json
import logging
import re

import httpx
import pytest
from prometheus_client import REGISTRY
from wechat_api import ACCOUNTS, NOTICE, TROUBLES, Platform, calling, failing
from wechat_platform import OPENID, SAFE

from bot.conversation.content import Card, Choices, Outgoing, Picture, Sound, Text
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from tests.doubles.clock import SettableClock
from tests.doubles.memory_tokens import MemoryTokenShelf

SENT, PENDING, HELD, REFUSED = (
    DeliveryStatus.SENT,
    DeliveryStatus.PENDING,
    DeliveryStatus.HELD,
    DeliveryStatus.REFUSED,
)
SEND, TYPING, BIZSEND = "message/custom/send", "message/custom/typing", "message/subscribe/bizsend"
CHOICES = Choices("您想问哪一个？", (("1", "离婚"), ("2", "抚养费")), "回复数字就行。")


@pytest.mark.wechat("5.1", "5.2", "5.3", "5.4", "5.7", "5.9", "5.58")
@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (Text("您好\x00：“退款”"), {"msgtype": "text", "text": {"content": "您好：“退款”"}}),
        (Picture("ours"), {"msgtype": "image", "image": {"media_id": "m-1"}}),
        (Sound("ours"), {"msgtype": "voice", "voice": {"media_id": "m-1"}}),
        (
            Card("标题", "https://x.test/a?b=1&c=2", "说明", "https://x.test/p.jpg"),
            {
                "msgtype": "news",
                "news": {
                    "articles": [
                        {
                            "title": "标题",
                            "description": "说明",
                            "url": "https://x.test/a?b=1&c=2",
                            "picurl": "https://x.test/p.jpg",
                        }
                    ]
                },
            },
        ),
        (
            CHOICES,
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "您想问哪一个？",
                    "list": [{"id": "1", "content": "离婚"}, {"id": "2", "content": "抚养费"}],
                    "tail_content": "回复数字就行。",
                },
            },
        ),
        (
            Choices("问哪个？", (("1", "离婚"),)),
            {"msgtype": "msgmenu", "msgmenu": {"head_content": "问哪个？", "list": [{"id": "1", "content": "离婚"}]}},
        ),
    ],
)
async def test_each_kind_goes_out_as_the_platform_wants_it(content: Outgoing, fields: dict[str, object]) -> None:
    platform = Platform()
    async with calling(platform) as api:
        result = await WeChatSender(api).send("hunan", OPENID, content, uploaded_id="m-1")
    assert result == SendResult(SENT, 0)
    [request] = platform.asked(SEND)
    assert str(request.url) == "https://api.test/cgi-bin/message/custom/send?access_token=token-1"
    assert b"\\u" not in request.content
    assert json.loads(request.content) == {"touser": OPENID, **fields}


@pytest.mark.wechat("5.13")
@pytest.mark.parametrize("content", [Text("x"), CHOICES])
async def test_the_assistants_words_carry_the_platforms_label(content: Outgoing) -> None:
    platform = Platform()
    async with calling(platform) as api:
        await WeChatSender(api).send("hunan", OPENID, content, by_assistant=True)
    [body] = platform.bodies(SEND)
    assert body["aimsgcontext"] == {"is_ai_msg": 1}


@pytest.mark.parametrize("content", [Picture("ours"), Sound("ours")])
async def test_a_file_that_is_not_at_the_platform_must_be_uploaded_first(content: Outgoing) -> None:
    platform = Platform()
    async with calling(platform) as api:
        result = await WeChatSender(api).send("hunan", OPENID, content)
    assert result == SendResult(PENDING, upload_expired=True)
    assert platform.requests == []


@pytest.mark.wechat("5.10")
async def test_choices_go_as_text_where_the_account_knows_no_menus_and_it_is_asked_once() -> None:
    platform = Platform(errcodes=[40200])
    async with calling(platform) as api:
        sender = WeChatSender(api)
        for _ in range(2):
            assert await sender.send("hunan", OPENID, CHOICES, by_assistant=True) == SendResult(SENT, 0)
        assert await sender.send("changsha", OPENID, CHOICES) == SendResult(SENT, 0)
    bodies = platform.bodies(SEND)
    assert [body["msgtype"] for body in bodies] == ["msgmenu", "text", "text", "msgmenu"]
    assert bodies[1]["text"] == {"content": "您想问哪一个？\n1. 离婚\n2. 抚养费\n回复数字就行。"}
    assert bodies[1]["aimsgcontext"] == {"is_ai_msg": 1}


async def test_an_account_that_takes_no_text_either_is_at_fault() -> None:
    platform = Platform(errcodes=[40200, 40200])
    async with calling(platform) as api:
        result = await WeChatSender(api).send("hunan", OPENID, CHOICES)
    assert result == SendResult(PENDING, 40200, account_fault=True)


@pytest.mark.parametrize("trouble", TROUBLES, ids=repr)
async def test_trouble_on_the_way_is_tried_again(trouble: Exception | httpx.Response) -> None:
    async with calling(failing(trouble)) as api:
        sender = WeChatSender(api)
        assert await sender.send("hunan", OPENID, Text("x")) == SendResult(PENDING)
        assert await sender.remind("hunan", OPENID, NOTICE) == SendResult(PENDING)
        assert await sender.upload("hunan", MediaKind.IMAGE, Body("image/png", b"\x89PNG\r\n\x1a\n")) == SendResult(
            PENDING
        )
        await sender.typing("hunan", OPENID)


async def test_a_platform_that_never_answers_is_given_up() -> None:
    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with calling(silent) as api:
        sender = WeChatSender(api, total_s=0.02)
        assert await sender.send("hunan", OPENID, Text("x")) == SendResult(PENDING)
        await sender.typing("hunan", OPENID)


@pytest.mark.wechat("9.1")
@pytest.mark.parametrize("account_id", ["poor", "unheard-of"])
async def test_an_account_that_may_not_send_makes_no_call(account_id: str) -> None:
    platform = Platform()
    async with calling(platform) as api:
        sender = WeChatSender(api)
        assert await sender.send(account_id, OPENID, Text("x")) == SendResult(HELD)
        assert await sender.remind(account_id, OPENID, NOTICE) == SendResult(REFUSED)
        await sender.typing(account_id, OPENID)
    assert platform.requests == []


@pytest.mark.wechat("5.40")
async def test_she_is_shown_that_somebody_writes() -> None:
    platform = Platform()
    async with calling(platform) as api:
        await WeChatSender(api).typing("hunan", OPENID)
    assert platform.bodies(TYPING) == [{"touser": OPENID, "command": "Typing"}]


@pytest.mark.wechat("5.41")
@pytest.mark.parametrize(("errcode", "told"), [(45080, False), (45081, False), (40200, False), (48001, True)])
async def test_trouble_with_typing_is_only_logged(
    errcode: int, told: bool, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with calling(Platform(errcodes=[errcode])) as api:
        await WeChatSender(api).typing("hunan", OPENID)
    assert (str(errcode) in caplog.text + "".join(capsys.readouterr())) is told


@pytest.mark.wechat("8.10")
async def test_a_reminder_says_the_accounts_fixed_words_and_nothing_else() -> None:
    platform = Platform()
    async with calling(platform) as api:
        assert await WeChatSender(api).remind("hunan", OPENID, NOTICE) == SendResult(SENT, 0)
    [body] = platform.bodies(BIZSEND)
    assert body == {
        "touser": OPENID,
        "template_id": NOTICE,
        "data": {"thing2": {"value": "您关注的事项有新进展"}, "phrase3": {"value": "待查看"}},
    }


@pytest.mark.wechat("5.63")
async def test_a_reminder_without_consent_is_refused() -> None:
    async with calling(Platform(errcodes=[43101])) as api:
        assert await WeChatSender(api).remind("hunan", OPENID, NOTICE) == SendResult(REFUSED, 43101)


@pytest.mark.parametrize(("account_id", "template_id"), [("hunan", "an older template"), ("changsha", NOTICE)])
async def test_a_consent_for_what_the_account_no_longer_sends_is_of_no_use(account_id: str, template_id: str) -> None:
    platform = Platform()
    async with calling(platform) as api:
        assert await WeChatSender(api).remind(account_id, OPENID, template_id) == SendResult(REFUSED)
    assert platform.requests == []


async def test_sends_are_counted_by_result() -> None:
    labels = {"account": "hunan", "status": "held", "errcode": "45047"}
    before = REGISTRY.get_sample_value("niangjia_gateway_sends_total", labels) or 0.0
    async with calling(Platform(errcodes=[45047])) as api:
        await WeChatSender(api).send("hunan", OPENID, Text("x"))
    assert REGISTRY.get_sample_value("niangjia_gateway_sends_total", labels) == before + 1


async def test_neither_words_nor_person_nor_token_are_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for errcodes in ([0], [40003], [40164], [40001, 40001]):
        async with calling(Platform(errcodes=list(errcodes))) as api:
            sender = WeChatSender(api)
            await sender.send("hunan", OPENID, Text("她说的话"))
            await sender.typing("hunan", OPENID)
            await sender.remind("hunan", OPENID, NOTICE)
    written = caplog.text + "".join(capsys.readouterr())
    assert "40164" in written
    assert not re.search(f"她说的话|{OPENID}|token-1|{SAFE.app_secret}", written)


async def test_an_api_closes_only_its_own_connections() -> None:
    shelf, clock = MemoryTokenShelf(), SettableClock()
    async with httpx.AsyncClient(transport=httpx.MockTransport(Platform())) as shared:
        await WeChatApi(ACCOUNTS, shelf, clock, shared).close()
        assert not shared.is_closed
    own = WeChatApi(ACCOUNTS, shelf, clock)
    await own.close()
    assert own.client.is_closed
