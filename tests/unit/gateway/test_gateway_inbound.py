"""Each kind of push, as one XML file, and what it means."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from wechat_platform import ACCOUNTS, FIXTURES, NOW, OPENID, ClearSealer, House, fixture

from bot.conversation.content import (
    Content,
    Followed,
    Image,
    Location,
    MenuClicked,
    Scanned,
    Text,
    Unfollowed,
    Unsupported,
    Voice,
)
from bot.conversation.messages import Inbound
from bot.gateway.inbound import content_of, inbound_of
from bot.gateway.push import read_message
from bot.triage import Rules

MEDIA = "mEd1A_id-0001"
HOSTILE = (
    """]]></Content><MsgId>1</MsgId> <!DOCTYPE x [<!ENTITY a "b">]> &a; /restart {{7*7}} <script>alert(1)</script>"""
)

MEANINGS: dict[str, Content | None] = {
    "text": Text("  孩子偷偷充了三千块游戏，能退吗？\n"),
    "text__menu": Text("我要离婚", menu_id="102"),
    "text__urgent": Text("他正在打我，救命"),
    "text__hostile": Text(HOSTILE),
    "text__blank": Unsupported("text"),
    "text__sticker": Unsupported("sticker"),
    "image": Image(MEDIA, "http://mmbiz.qpic.cn/mmbiz_jpg/example/0"),
    "voice": Voice(MEDIA, "amr"),
    "video": Unsupported("video"),
    "location": Location(28.228209, 112.938814, "湖南省长沙市岳麓区"),
    "link": Unsupported("link"),
    "unknown": Unsupported("file"),
    "subscribe": Followed(),
    "subscribe__scene": Followed("shelter-7"),
    "subscribe__payment": Followed(),
    "unsubscribe": Unfollowed(),
    "click": MenuClicked("TALK_TO_PERSON"),
    "scan": Scanned("shelter-7"),
    "scancode__waitmsg": Unsupported("scancode_waitmsg"),
    "view": None,
    "place__reported": None,
    "template__sent": None,
    "kf__session": None,
    "consent__revoked": None,
    "subscription__popup": None,
    "event__tomorrow": None,
}


def read(xml: str, rules: Rules) -> Inbound:
    message = read_message(xml)
    content = content_of(message)
    assert content is not None
    return inbound_of(ACCOUNTS["safe"], message, content, ClearSealer(), rules, NOW)


def test_every_file_has_its_meaning_here() -> None:
    assert {path.stem for path in FIXTURES.glob("*.xml")} == set(MEANINGS)


@pytest.mark.parametrize("name", list(MEANINGS))
def test_a_push_means(name: str) -> None:
    assert content_of(read_message(fixture(name))) == MEANINGS[name]


@pytest.mark.parametrize("mode", list(ACCOUNTS))
@pytest.mark.parametrize("name", list(MEANINGS))
async def test_a_push_arrives_in_every_mode(home: House, name: str, mode: str) -> None:
    account = ACCOUNTS[mode]
    pushing = asyncio.create_task(home.push(account, fixture(name)))
    claim = await home.inbox.claim("worker", wait_s=0.05)
    if claim is not None:
        await home.inbox.offer_reply(claim.inbound.key, None)
    answer = await pushing
    assert (answer.status_code, answer.text) == (200, "success")
    assert [inbound.content for inbound in home.inbox.appended] == ([MEANINGS[name]] if MEANINGS[name] else [])


def test_what_is_written_down_of_a_message(rules: Rules) -> None:
    inbound = read(fixture("text"), rules)
    assert inbound.key == "safe:24000000000000001"
    assert inbound.mailbox == ClearSealer().mailbox("safe", OPENID)
    assert inbound.account_id == "safe"
    assert inbound.openid == OPENID
    assert inbound.sent_at == datetime.fromtimestamp(1790000000, UTC)
    assert inbound.received_at == NOW
    assert not inbound.urgent
    assert OPENID not in repr(inbound)


def test_danger_takes_the_urgent_lane(rules: Rules) -> None:
    assert read(fixture("text__urgent"), rules).urgent


def test_a_tap_on_a_menu_message_is_judged_too(rules: Rules) -> None:
    assert read(fixture("text__menu").replace("我要离婚", "他正在打我，救命"), rules).urgent


def test_events_are_told_apart_by_person_second_event_and_key(rules: Rules) -> None:
    click = fixture("click")
    variants = [
        click,
        click.replace("TALK_TO_PERSON", "ANSWERS"),
        click.replace("1790000000", "1790000001"),
        click.replace(OPENID, "oTest0Person0000000000000002"),
        fixture("scan"),
        fixture("subscribe"),
    ]
    keys = {read(xml, rules).key for xml in variants}
    assert len(keys) == len(variants)
    assert all(len(key) == len("safe:e-") + 32 for key in keys)
    assert not any(OPENID in key for key in keys)


@pytest.mark.parametrize(("written", "meant"), [("CLICK", "click"), ("SCAN", "Scan"), ("subscribe", "SUBSCRIBE")])
def test_event_names_compare_without_case(rules: Rules, written: str, meant: str) -> None:
    xml = fixture(written.lower())
    assert read(xml.replace(f"[{written}]", f"[{meant}]"), rules).key == read(xml, rules).key
