"""What is pushed for each thing a person can write or do."""

from typing import Any
from xml.etree.ElementTree import Element

import pytest
from simulator_fakes import PNG, World

from simulator import markup

AMR = b"#!AMR\n" + b"\x7c" * 200


def pushed(w: World, place: int = -1) -> Element:
    """A push as a document."""
    return markup.read(w.gateway.requests[place].content)


def leaves(root: Element) -> dict[str, str]:
    """All fields that hold words, wherever they stand."""
    return {each.tag: each.text or "" for each in root.iter() if not len(each)}


async def write(w: World, openid: str, **message: Any) -> dict[str, str]:
    """Send a message; the fields of its push."""
    answer = await w.api.post(f"/phones/{openid}/messages", json=message)
    assert answer.status_code == 202, answer.text
    await w.platform.settle()
    fields = leaves(pushed(w))
    assert fields["MsgId"] == answer.json()["msg_id"]
    return fields


async def do(w: World, openid: str, **gesture: Any) -> dict[str, str]:
    """Do something; the fields of its push."""
    answer = await w.api.post(f"/phones/{openid}/events", json=gesture)
    assert answer.status_code == 202, answer.text
    await w.platform.settle()
    fields = leaves(pushed(w))
    assert fields["MsgType"] == "event"
    assert "MsgId" not in fields
    return fields


@pytest.mark.wechat("2.s1", "2.s3")
@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            {"type": "link", "title": "t", "description": "d", "url": "https://a.cn"},
            {"Title": "t", "Url": "https://a.cn"},
        ),
        ({"type": "file", "title": "证据.pdf", "size": 7}, {"Title": "证据.pdf", "FileTotalLen": "7"}),
        ({"type": "text", "text": "是", "bizmsgmenuid": "101"}, {"Content": "是", "bizmsgmenuid": "101"}),
        ({"type": "text", "text": "问", "msg_data_id": "9", "idx": 2}, {"MsgDataId": "9", "Idx": "2"}),
        ({"type": "location", "latitude": 1, "longitude": 2, "label": "家"}, {"Location_X": "1.000000", "Label": "家"}),
    ],
)
async def test_messages_of_words(w: World, message: dict[str, Any], expected: dict[str, str]) -> None:
    openid = await w.phone()
    fields = await write(w, openid, **message)
    assert fields["MsgType"] == message["type"]
    assert fields.items() >= expected.items()
    assert len(await w.chat(openid)) == 1


@pytest.mark.wechat("2.s1", "7.s1")
@pytest.mark.parametrize("kind", ["video", "shortvideo"])
async def test_a_video_has_a_first_picture_and_is_downloaded_by_its_address(w: World, kind: str) -> None:
    fields = await write(w, await w.phone(), type=kind)
    token = await w.token()
    thumb = await w.api.get("/cgi-bin/media/get", params={"access_token": token, "media_id": fields["ThumbMediaId"]})
    assert thumb.headers["content-type"] == "image/jpeg"
    video = await w.api.get("/cgi-bin/media/get", params={"access_token": token, "media_id": fields["MediaId"]})
    assert (await w.api.get(video.json()["video_url"])).headers["content-type"] == "video/mp4"


async def test_a_picture_without_a_file_is_any_picture(w: World) -> None:
    fields = await write(w, await w.phone(), type="image")
    assert (await w.api.get(fields["PicUrl"])).headers["content-type"] == "image/png"


@pytest.mark.wechat("2.s2")
@pytest.mark.parametrize(("switch", "expected"), [("absent", None), ("empty", ""), ("filled", "我怕")])
async def test_what_was_spoken_is_absent_empty_or_filled(w: World, switch: str, expected: str | None) -> None:
    await w.api.put("/switches", json={"recognition": switch})
    openid = await w.phone()
    fields = await write(w, openid, type="voice", seconds=4, speech="我怕")
    assert fields.get("Recognition") == expected
    assert fields["MediaId"] != fields["MediaId16K"]
    token = await w.token()
    for name in ("MediaId", "MediaId16K"):
        query = {"access_token": token, "media_id": fields[name]}
        voice = await w.api.get("/cgi-bin/media/get", params=query)
        assert voice.content.startswith(b"#!AMR")
        assert "attachment" in voice.headers["content-disposition"]
    (bubble,) = await w.chat(openid)
    assert bubble["detail"] | {"media_id": ""} == {"media_id": "", "seconds": 4, "speech": "我怕"}


async def test_a_recording_of_her_own_plays_as_long_as_it_is(w: World) -> None:
    openid = await w.phone()
    up = await w.api.post(f"/phones/{openid}/media?type=voice", files={"media": ("a.amr", AMR)})
    await write(w, openid, type="voice", media_id=up.json()["media_id"])
    assert (await w.chat(openid))[0]["detail"]["seconds"] == 4


async def test_a_file_of_another_kind_is_not_sent(w: World) -> None:
    openid = await w.phone()
    up = await w.api.post(f"/phones/{openid}/media?type=image", files={"media": ("a.png", PNG)})
    answer = await w.api.post(f"/phones/{openid}/messages", json={"type": "video", **up.json()})
    assert answer.json()["errcode"] == 40004
    assert await w.chat(openid) == []


PLACE = {"latitude": 39.9, "longitude": 116.4}


@pytest.mark.wechat("2.s4", "2.s5", "2.s6")
@pytest.mark.parametrize(
    ("gesture", "event", "expected"),
    [
        ({"type": "click", "key": "k"}, "CLICK", {"EventKey": "k"}),
        ({"type": "view", "key": "https://a.cn", "menu_id": "7"}, "VIEW", {"EventKey": "https://a.cn", "MenuId": "7"}),
        ({"type": "view_miniprogram", "key": "pages/a"}, "view_miniprogram", {"EventKey": "pages/a"}),
        ({"type": "location", **PLACE}, "LOCATION", {"Latitude": "39.900000", "Precision": "65.000000"}),
        ({"type": "scancode_push", "key": "k", "result": "r"}, "scancode_push", {"ScanResult": "r"}),
        ({"type": "scancode_waitmsg", "key": "k", "result": "r"}, "scancode_waitmsg", {"ScanType": "qrcode"}),
        ({"type": "subscribe_msg_popup", "template_id": "T"}, "subscribe_msg_popup_event", {"PopupScene": "1"}),
        ({"type": "subscribe_msg_change", "template_id": "T"}, "subscribe_msg_change_event", {"TemplateId": "T"}),
    ],
)
async def test_events_of_a_person(w: World, gesture: dict[str, Any], event: str, expected: dict[str, str]) -> None:
    openid = await w.phone()
    fields = await do(w, openid, **gesture)
    assert (fields["Event"], fields["FromUserName"]) == (event, openid)
    assert fields.items() >= expected.items()


@pytest.mark.wechat("2.s5")
@pytest.mark.parametrize("kind", ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"])
async def test_pictures_from_the_menu_come_as_messages_after_the_event(w: World, kind: str) -> None:
    openid = await w.phone()
    await w.api.post(f"/phones/{openid}/events", json={"type": kind, "key": "k"})
    await w.platform.settle()
    event, image = leaves(pushed(w, 0)), leaves(pushed(w, 1))
    assert (event["Event"], event["Count"], len(event["PicMd5Sum"])) == (kind, "1", 32)
    assert image["MsgType"] == "image"


@pytest.mark.wechat("2.s5")
async def test_a_place_from_the_menu_comes_as_a_message_after_the_event(w: World) -> None:
    openid = await w.phone()
    gesture = {"type": "location_select", "key": "k", "label": "家", **PLACE}
    await w.api.post(f"/phones/{openid}/events", json=gesture)
    await w.platform.settle()
    event, place = leaves(pushed(w, 0)), leaves(pushed(w, 1))
    assert (event["Event"], event["Location_X"], event["Poiname"]) == ("location_select", "39.900000", "")
    assert (place["MsgType"], place["Label"]) == ("location", "家")


@pytest.mark.wechat("2.s7")
@pytest.mark.parametrize(
    "event", ["user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"]
)
async def test_the_privacy_events_come_from_the_platform_and_name_the_person_inside(w: World, event: str) -> None:
    openid = await w.phone()
    fields = await do(w, openid, type=event, revoke_info="206")
    assert fields["FromUserName"] != openid
    assert (fields["OpenID"], fields["AppID"], fields["RevokeInfo"]) == (openid, "wxbj", "206")
    assert "OpenID" not in await do(w, openid, type=event, with_openid=False)


@pytest.mark.wechat("2.s4", "5.s12")
async def test_who_pays_may_follow_by_it(w: World) -> None:
    openid = await w.phone()
    await do(w, openid, type="unsubscribe")
    assert (await do(w, openid, type="pay"))["EventKey"].startswith("last_trade_no_")
    assert [await w.send(openid) for _ in range(9)] == [0] * 9


@pytest.mark.wechat("2.s8")
@pytest.mark.parametrize(
    "event",
    [
        {"Event": "qualification_verify_success", "ExpiredTime": 1800000000},
        {"Event": "qualification_verify_fail", "FailTime": 1800000000, "FailReason": "材料不全"},
        {"Event": "annual_renew", "ExpiredTime": 1800000000},
        {"Event": "verify_expired", "ExpiredTime": 1800000000},
        {"Event": "debug_demo", "debug_str": "hello"},
    ],
)
async def test_events_about_the_account(w: World, event: dict[str, Any]) -> None:
    assert (await w.api.post("/accounts/bj/events", json=event)).status_code == 202
    await w.platform.settle()
    fields = leaves(pushed(w))
    assert fields.items() >= {name: str(value) for name, value in event.items()}.items()
    assert fields["FromUserName"] not in w.platform.people


@pytest.mark.parametrize("event", [{}, {"Event": 7}, {"Event": "x", "List": [1]}])
async def test_an_event_about_the_account_needs_a_name_and_plain_fields(w: World, event: dict[str, Any]) -> None:
    assert (await w.api.post("/accounts/bj/events", json=event)).status_code == 422
