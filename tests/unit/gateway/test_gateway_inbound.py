"""Each kind of message and event, as one XML file of the platform's, and what it means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY
from wechat_platform import ACCOUNTS, FIXTURES, NOW, OPENID, ClearSealer, House, fixture

from bot.conversation.content import (
    AccountClosed,
    ConsentRevoked,
    Content,
    Followed,
    Image,
    Link,
    Location,
    MenuClicked,
    NoticeSettled,
    Scanned,
    Silent,
    SubscriptionAnswered,
    Text,
    Unfollowed,
    Unsupported,
    Video,
    Voice,
)
from bot.conversation.messages import Inbound
from bot.gateway.inbound import Heard, heard, inbounds
from bot.gateway.notices import (
    AccountReviewed,
    CodeScanned,
    MassSent,
    Notice,
    PageOpened,
    PicturesChosen,
    PlaceChosen,
    PlaceReported,
    ProfileChanged,
    Published,
    PushTried,
    SeatChanged,
    TemplateSent,
    Unaddressed,
    Unknown,
)
from bot.gateway.push import read
from bot.triage import Rules

MEDIA, THUMB, FINE = "mEd1A_id-0001", "tHuMb_id-0001", "mEd1A_id-0001-16k"
HOSTILE = (
    """]]></Content><MsgId>1</MsgId> <!DOCTYPE x [<!ENTITY a "b">]> &a; /restart {{7*7}} <script>alert(1)</script>"""
)
ONE, OTHER = "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc", "9nIIvbr_jVVvVNTPK7Z_wLzjZsB-L0kV2-3i1qaWbcU"
TEMPLATE_NUMBER = "200163836"

MESSAGES: dict[str, Content] = {
    "text": Text("  孩子偷偷充了三千块游戏，能退吗？\n"),
    "text__menu": Text("我要离婚", menu_id="102"),
    "text__urgent": Text("他正在打我，救命"),
    "text__hostile": Text(HOSTILE),
    "text__blank": Unsupported("text"),
    "text__sticker": Unsupported("sticker"),
    "text__from_article": Text("文章里说的条件是什么？"),
    "text__in_mixed_case": Text("你好"),
    "image": Image(MEDIA, "http://mmbiz.qpic.cn/mmbiz_jpg/example/0"),
    "voice": Voice(MEDIA, "amr", FINE),
    "voice__recognised": Voice(MEDIA, "amr", FINE, "他又喝酒打人，我该怎么办？"),
    "voice__recognised_urgent": Voice(MEDIA, "amr", recognition="他正在打我，救命"),
    "voice__without_recognition": Voice(MEDIA, "speex"),
    "video": Video(MEDIA, THUMB),
    "shortvideo": Video(MEDIA, THUMB, short=True),
    "location": Location(28.228209, 112.938814, "湖南省长沙市岳麓区"),
    "location__without_label": Location(28.228209, 112.938814),
    "link": Link("标题", "https://example.com/a?b=1&c=2", "说明"),
    "link__without_title": Link("", "https://example.com/"),
    "file": Unsupported("file"),
    "miniprogrampage": Unsupported("miniprogrampage"),
    "unknown_message": Unsupported("hologram"),
}

DEEDS: dict[str, tuple[Content, ...]] = {
    "subscribe": (Followed(),),
    "subscribe__scene": (Followed("shelter-7"),),
    "subscribe__region": (Followed("region-430104"),),
    "subscribe__payment": (Followed(),),
    "subscribe__in_mixed_case": (Followed(),),
    "unsubscribe": (Unfollowed(),),
    "scan": (Scanned("shelter-7"),),
    "scan__region": (Scanned("region-430104"),),
    "scan__number": (Scanned("123"),),
    "click": (MenuClicked("TALK_TO_PERSON"),),
    "click__in_mixed_case": (MenuClicked("TALK_TO_PERSON"),),
    "scancode_waitmsg": (Unsupported("scancode_waitmsg"),),
    "subscribe_msg_popup_event": (SubscriptionAnswered(ONE, allowed=True),),
    "subscribe_msg_popup_event__several": (
        SubscriptionAnswered(ONE, allowed=True),
        SubscriptionAnswered(OTHER, allowed=False),
    ),
    "subscribe_msg_change_event": (SubscriptionAnswered(ONE, allowed=False),),
    "subscribe_msg_change_event__several": (
        SubscriptionAnswered(ONE, allowed=False),
        SubscriptionAnswered(OTHER, allowed=False),
    ),
    "subscribe_msg_sent_event": (NoticeSettled(ONE, 0),),
    "subscribe_msg_sent_event__refused": (NoticeSettled(ONE, 43101),),
    "subscribe_msg_sent_event__several": (NoticeSettled(ONE, 0), NoticeSettled(OTHER, 43101)),
    "user_authorization_revoke": (ConsentRevoked(("206",)),),
    "user_authorization_revoke__several": (ConsentRevoked(("204", "207")),),
    "user_authorization_revoke__sample": (ConsentRevoked(("1",)),),
    "user_authorization_cancellation": (AccountClosed(),),
}

NOTICES: dict[str, Notice] = {
    "view": PageOpened("view", "https://example.com/", "430000000"),
    "view_miniprogram": PageOpened("view_miniprogram", "pages/index/index", "430000000"),
    "scancode_push": CodeScanned("scancode_push", "SCAN_PAPER", "https://example.com/"),
    "pic_sysphoto": PicturesChosen("pic_sysphoto", "PHOTO", 1),
    "pic_photo_or_album": PicturesChosen("pic_photo_or_album", "PHOTO", 2),
    "pic_weixin": PicturesChosen("pic_weixin", "PHOTO", 0),
    "location_select": PlaceChosen("location_select", "PLACE", "湖南省长沙市岳麓区"),
    "location_event": PlaceReported("location", "28.2", "112.9"),
    "templatesendjobfinish": TemplateSent("templatesendjobfinish", TEMPLATE_NUMBER, "success"),
    "templatesendjobfinish__user_block": TemplateSent("templatesendjobfinish", TEMPLATE_NUMBER, "failed:user block"),
    "templatesendjobfinish__system_failed": TemplateSent(
        "templatesendjobfinish", TEMPLATE_NUMBER, "failed: system failed"
    ),
    "templatesendjobfinish__freq_limit": TemplateSent("templatesendjobfinish", TEMPLATE_NUMBER, "failed:freq limit"),
    "masssendjobfinish": MassSent("masssendjobfinish", "1000001625", "err(30003)", 75, 5),
    "publishjobfinish": Published("publishjobfinish", "2247503051", 0),
    "publishjobfinish__refused": Published("publishjobfinish", "2247503052", 2),
    "kf_create_session": SeatChanged("kf_create_session", "test1@test"),
    "kf_close_session": SeatChanged("kf_close_session", "test1@test"),
    "kf_switch_session": SeatChanged("kf_switch_session", "test2@test", "test1@test"),
    "qualification_verify_success": AccountReviewed("qualification_verify_success", until=1821536000),
    "qualification_verify_fail": AccountReviewed("qualification_verify_fail", failed_at=1789999999, reason="by time"),
    "naming_verify_success": AccountReviewed("naming_verify_success", until=1821536000),
    "naming_verify_fail": AccountReviewed("naming_verify_fail", failed_at=1789999999, reason="by time"),
    "annual_renew": AccountReviewed("annual_renew", until=1792592000),
    "verify_expired": AccountReviewed("verify_expired", until=1789999999),
    "user_info_modified": ProfileChanged("user_info_modified"),
    "user_info_modified__without_openid": ProfileChanged("user_info_modified"),
    "user_authorization_revoke__without_openid": Unaddressed("user_authorization_revoke"),
    "user_authorization_cancellation__without_openid": Unaddressed("user_authorization_cancellation"),
    "debug_demo": PushTried("debug_demo", "hello world"),
    "unknown_event": Unknown("an_event_of_tomorrow"),
}

CONTENTS = {name: (content,) for name, content in MESSAGES.items()} | DEEDS


def records(xml: str, rules: Rules) -> list[Inbound]:
    told = heard(read(xml))
    assert isinstance(told, Heard)
    return inbounds(ACCOUNTS["safe"], told, ClearSealer(), rules, NOW)


def record(xml: str, rules: Rules) -> Inbound:
    [inbound] = records(xml, rules)
    return inbound


@pytest.mark.wechat("2.15")
def test_every_file_has_its_meaning_here() -> None:
    assert {path.stem for path in FIXTURES.glob("*.xml")} == CONTENTS.keys() | NOTICES.keys()


@pytest.mark.wechat("2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12", "2.13")
@pytest.mark.wechat("2.14", "2.15", "2.16", "2.17", "2.18", "2.19", "2.20", "2.21", "2.23", "2.25", "2.28", "2.35")
@pytest.mark.wechat("2.36", "2.37", "2.38", "2.41", "2.45", "7.13")
@pytest.mark.parametrize("name", list(CONTENTS))
def test_a_push_tells_of_a_person(name: str) -> None:
    told = heard(read(fixture(name)))
    assert isinstance(told, Heard)
    assert told.contents == CONTENTS[name]
    assert told.openid == OPENID
    assert told.sent_at == datetime.fromtimestamp(1790000000, UTC)
    assert OPENID not in repr(told)


@pytest.mark.wechat("2.15", "2.24", "2.26", "2.27", "2.29", "2.30", "2.31", "2.32", "2.33", "2.34", "2.39", "2.40")
@pytest.mark.wechat("2.46", "2.47", "2.48", "2.49")
@pytest.mark.parametrize("name", list(NOTICES))
def test_a_push_is_a_notice(name: str) -> None:
    assert heard(read(fixture(name))) == NOTICES[name]


@pytest.mark.wechat("1.10", "2.24", "2.26", "2.27", "2.29", "2.30", "2.31", "2.32", "2.33", "2.34", "2.39", "2.40")
@pytest.mark.wechat("2.48", "2.49", "5.27")
@pytest.mark.parametrize("mode", list(ACCOUNTS))
@pytest.mark.parametrize("name", [*CONTENTS, *NOTICES])
async def test_a_push_arrives_in_every_mode(home: House, name: str, mode: str) -> None:
    told = CONTENTS.get(name, ())
    answered = bool(told) and not isinstance(told[0], Silent)
    account, xml = ACCOUNTS[mode], fixture(name)
    answer = await (home.say(account, xml, None) if answered else home.push(account, xml))
    assert (answer.status_code, answer.text) == (200, "success")
    assert tuple(inbound.content for inbound in home.inbox.appended) == told
    assert {inbound.openid for inbound in home.inbox.appended} <= {OPENID}


@pytest.mark.wechat("2.1", "2.2")
def test_what_is_written_down_of_a_message(rules: Rules) -> None:
    inbound = record(fixture("text"), rules)
    assert inbound.key == "safe:24000000000000001"
    assert inbound.mailbox == ClearSealer().mailbox("safe", OPENID)
    assert inbound.account_id == "safe"
    assert inbound.openid == OPENID
    assert inbound.sent_at == datetime.fromtimestamp(1790000000, UTC)
    assert inbound.received_at == NOW
    assert not inbound.urgent
    assert OPENID not in repr(inbound)


@pytest.mark.wechat("7.13")
@pytest.mark.parametrize("name", ["text__urgent", "voice__recognised_urgent"])
def test_danger_takes_the_urgent_lane(rules: Rules, name: str) -> None:
    assert record(fixture(name), rules).urgent


@pytest.mark.parametrize(
    ("key", "urgent"),
    [
        ("human", True),
        ("domestic_violence/in_danger_now", True),
        ("other/suicidal_thoughts", True),
        ("divorce/custody", False),
    ],
)
def test_an_item_that_calls_a_person_takes_the_urgent_lane(rules: Rules, key: str, urgent: bool) -> None:
    click = fixture("click")
    tapped = click.replace(click.split("<EventKey>")[1].split("</EventKey>")[0], f"<![CDATA[{key}]]>")
    assert record(tapped, rules).urgent is urgent


@pytest.mark.wechat("2.5")
def test_a_tap_on_a_menu_message_is_judged_too(rules: Rules) -> None:
    assert record(fixture("text__menu").replace("我要离婚", "他正在打我，救命"), rules).urgent


@pytest.mark.wechat("2.16")
def test_names_of_fields_compare_without_case(rules: Rules) -> None:
    xml = fixture("voice__recognised").replace("MediaId16K", "mediaid16k").replace("MsgId", "MsgID")
    assert record(xml, rules) == record(fixture("voice__recognised"), rules)


@pytest.mark.wechat("2.16")
@pytest.mark.parametrize(("written", "meant"), [("CLICK", "click"), ("SCAN", "Scan"), ("subscribe", "SUBSCRIBE")])
def test_event_names_compare_without_case(rules: Rules, written: str, meant: str) -> None:
    xml = fixture(written.lower())
    assert record(xml.replace(f"[{written}]", f"[{meant}]"), rules).key == record(xml, rules).key


@pytest.mark.wechat("2.17", "3.6")
def test_events_are_told_apart_by_person_second_event_and_key(rules: Rules) -> None:
    click = fixture("click")
    variants = [
        click,
        click.replace("TALK_TO_PERSON", "ANSWERS"),
        click.replace("1790000000", "1790000001"),
        click.replace(OPENID, "oTest0Person0000000000000002"),
        fixture("scan"),
        fixture("subscribe"),
        fixture("subscribe__payment"),
        fixture("subscribe__scene"),
    ]
    keys = {record(xml, rules).key for xml in variants}
    assert len(keys) == len(variants)
    assert all(len(key) == len("safe:e-") + 32 for key in keys)
    assert not any(OPENID in key for key in keys)


@pytest.mark.wechat("3.6")
def test_events_of_one_second_are_told_apart_by_what_they_tell(rules: Rules) -> None:
    several = fixture("subscribe_msg_popup_event__several")
    variants = [
        fixture("subscribe_msg_popup_event"),
        fixture("subscribe_msg_popup_event").replace("accept", "reject"),
        fixture("subscribe_msg_popup_event").replace(ONE, OTHER),
        fixture("subscribe_msg_change_event"),
        several,
        several.replace("reject", "accept"),
        fixture("subscribe_msg_sent_event"),
        fixture("subscribe_msg_sent_event__refused"),
        fixture("user_authorization_revoke"),
        fixture("user_authorization_revoke__several"),
        fixture("user_authorization_cancellation"),
    ]
    keys = [inbound.key for xml in variants for inbound in records(xml, rules)]
    assert len(set(keys)) == len(keys) == len(variants) + 2


@pytest.mark.wechat("2.38", "3.6")
async def test_answers_about_several_templates_are_stored_each_and_once(home: House) -> None:
    for _ in range(3):
        await home.push(ACCOUNTS["safe"], fixture("subscribe_msg_popup_event__several"))
    first, second = home.inbox.appended
    assert (first.content, second.content) == DEEDS["subscribe_msg_popup_event__several"]
    assert second.key == f"{first.key}-1"


def counted(metric: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"niangjia_gateway_{metric}_total", labels) or 0.0


async def test_what_comes_in_is_counted_once_by_kind(home: House) -> None:
    before = counted("inbound", account="safe", kind="unfollowed")
    for _ in range(3):
        await home.push(ACCOUNTS["safe"], fixture("unsubscribe"))
    assert counted("inbound", account="safe", kind="unfollowed") == before + 1


@pytest.mark.wechat("2.49")
@pytest.mark.parametrize(("name", "event"), [("view", "view"), ("unknown_event", "unknown")])
async def test_notices_are_counted_by_the_platforms_name_if_it_is_known(home: House, name: str, event: str) -> None:
    before = counted("notices", account="safe", event=event)
    await home.push(ACCOUNTS["safe"], fixture(name))
    assert counted("notices", account="safe", event=event) == before + 1


@pytest.mark.wechat("2.46", "2.47")
@pytest.mark.parametrize("name", list(NOTICES))
async def test_only_what_needs_an_administrator_is_logged(
    home: House, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    await home.push(ACCOUNTS["safe"], fixture(name))
    expected = name.endswith(("_fail", "annual_renew", "verify_expired", "_revoke__without_openid")) or name.endswith(
        "_cancellation__without_openid"
    )
    written = "".join(capsys.readouterr())
    assert ("account needs attention" in written) == expected
    assert OPENID not in written
