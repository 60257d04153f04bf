"""The passive reply: every kind in every mode, whole or not at all."""

from __future__ import annotations

import asyncio
from xml.etree.ElementTree import Element

import pytest
from prometheus_client import REGISTRY
from wechat_platform import ACCOUNTS, OPENID, ORIGINAL_ID, House, fixture, opened

from bot.conversation.accounts import Account
from bot.conversation.content import Card, Choices, Outgoing, Picture, Sound, Text
from bot.conversation.messages import MAX_TEXT_BYTES
from bot.conversation.ports import Slot

PLAIN, COMPATIBLE, SAFE_MODE = ACCOUNTS.values()
KEY = "safe:24000000000000001"
ENVELOPE = {"FromUserName": ORIGINAL_ID, "ToUserName": OPENID, "CreateTime": "1790000001"}

in_every_mode = pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))


async def answered(home: House, account: Account, reply: Outgoing, uploaded_id: str | None = None) -> Element:
    """The reply as the platform reads it."""
    slot = Slot(reply, uploaded_id)
    answer, key = await asyncio.gather(home.push(account, fixture("text")), home.work(slot))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert await home.inbox.next_confirmed(0) == key
    return opened(account, answer.content)


def leaves(element: Element) -> dict[str, str | None]:
    return {child.tag: child.text for child in element if len(child) == 0}


@pytest.mark.wechat("4.1", "4.2")
@in_every_mode
async def test_words(home: House, account: Account) -> None:
    reply = await answered(home, account, Text("可以退款。\n请准备订单号。"))
    assert leaves(reply) == ENVELOPE | {"MsgType": "text", "Content": "可以退款。\n请准备订单号。"}


@pytest.mark.wechat("4.12")
@in_every_mode
async def test_choices_go_as_words_with_numbers(home: House, account: Account) -> None:
    choices = Choices("您想了解什么？", (("a", "人身安全保护令"), ("b", "离婚")), "回复数字就可以。")
    reply = await answered(home, account, choices)
    assert leaves(reply) == ENVELOPE | {
        "MsgType": "text",
        "Content": "您想了解什么？\n1. 人身安全保护令\n2. 离婚\n回复数字就可以。",
    }


@pytest.mark.wechat("4.3", "4.5")
@in_every_mode
@pytest.mark.parametrize(("content", "kind", "tag"), [(Picture("m"), "image", "Image"), (Sound("m"), "voice", "Voice")])
async def test_a_picture_or_sound_goes_by_its_uploaded_id(
    home: House, account: Account, content: Outgoing, kind: str, tag: str
) -> None:
    reply = await answered(home, account, content, "uPlOaded_id-1")
    assert leaves(reply) == ENVELOPE | {"MsgType": kind}
    assert reply.findtext(f"{tag}/MediaId") == "uPlOaded_id-1"


@pytest.mark.wechat("4.8")
@in_every_mode
async def test_a_card_goes_as_one_article(home: House, account: Account) -> None:
    card = Card("反家庭暴力法", "https://example.com/a?b=1&c=2", "全文", "https://example.com/p.jpg")
    reply = await answered(home, account, card)
    assert leaves(reply) == ENVELOPE | {"MsgType": "news", "ArticleCount": "1"}
    [article] = reply.findall("Articles/item")
    assert leaves(article) == {
        "Title": "反家庭暴力法",
        "Description": "全文",
        "PicUrl": "https://example.com/p.jpg",
        "Url": "https://example.com/a?b=1&c=2",
    }


HOSTILE = [
    ("]]></Content><MsgType>x", "]] ></Content><MsgType>x"),
    ("a\x00b\x0bc\ud800d", "abcd"),
    ('<a href="https://example.com/?a=1&b=2">看这里</a>', '<a href="https://example.com/?a=1&b=2">看这里</a>'),
    ("{nonce} {0} %s", "{nonce} {0} %s"),
]


@pytest.mark.wechat("4.15", "4.18")
@in_every_mode
@pytest.mark.parametrize(("said", "shown"), HOSTILE)
async def test_no_words_break_the_xml(home: House, account: Account, said: str, shown: str) -> None:
    assert leaves(await answered(home, account, Text(said)))["Content"] == shown


@pytest.mark.wechat("4.18")
@in_every_mode
@pytest.mark.parametrize(("said", "shown"), HOSTILE)
async def test_no_choice_breaks_the_xml(home: House, account: Account, said: str, shown: str) -> None:
    reply = await answered(home, account, Choices("问", (("1", said),)))
    assert leaves(reply)["Content"] == f"问\n1. {shown}"


@pytest.mark.wechat("4.18")
@in_every_mode
@pytest.mark.parametrize(("said", "shown"), HOSTILE)
async def test_no_card_breaks_the_xml(home: House, account: Account, said: str, shown: str) -> None:
    reply = await answered(home, account, Card(said, said, said, said))
    [article] = reply.findall("Articles/item")
    assert set(leaves(article).values()) == {shown}


@pytest.mark.wechat("4.18")
@in_every_mode
@pytest.mark.parametrize(("said", "shown"), HOSTILE)
async def test_no_uploaded_id_breaks_the_xml(home: House, account: Account, said: str, shown: str) -> None:
    assert (await answered(home, account, Picture("m"), said)).findtext("Image/MediaId") == shown


@pytest.mark.wechat("4.13")
async def test_the_longest_text_goes_whole(home: House) -> None:
    text = "救" * (MAX_TEXT_BYTES // 3) + "!" * (MAX_TEXT_BYTES % 3)
    assert len(text.encode()) == MAX_TEXT_BYTES
    assert leaves(await answered(home, SAFE_MODE, Text(text)))["Content"] == text


@pytest.mark.wechat("3.9", "4.14")
@in_every_mode
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (Text("a" * (MAX_TEXT_BYTES + 1)), "text_too_long"),
        (Text("救" * 700), "text_too_long"),
        (Text("]]>" * 600), "text_too_long"),
        (Choices("问", tuple((str(n), "长长的答案" * 10) for n in range(20))), "text_too_long"),
        (Text(" \x00\n"), "text_empty"),
        (Picture("m"), "not_uploaded"),
        (Sound("m"), "not_uploaded"),
    ],
)
async def test_what_cannot_be_shown_whole_is_left_to_the_courier(
    home: House, capsys: pytest.CaptureFixture[str], account: Account, content: Outgoing, reason: str
) -> None:
    labels = {"account": account.id, "outcome": "unfit"}
    before = REGISTRY.get_sample_value("niangjia_gateway_requests_total", labels) or 0.0
    answer = await home.say(account, fixture("text"), content)
    assert (answer.status_code, answer.text) == (200, "success")
    assert await home.inbox.next_confirmed(0) is None
    assert not await home.inbox.withdraw_reply(f"{account.id}:24000000000000001")
    assert REGISTRY.get_sample_value("niangjia_gateway_requests_total", labels) == before + 1
    written = "".join(capsys.readouterr())
    assert reason in written
    assert "长长的答案" not in written
