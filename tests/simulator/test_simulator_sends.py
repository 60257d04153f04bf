"""Customer-service messages: what is shown, and every errcode."""

import json
from typing import Any

import pytest
from simulator_fakes import JPEG, PNG, World, text_reply

SEND = "message/custom/send"


async def talking(w: World, account_id: str = "bj") -> str:
    """A phone that has just written."""
    openid = await w.phone(account_id)
    await w.say(openid)
    return openid


@pytest.mark.wechat("5.s1")
async def test_a_text_is_shown(w: World) -> None:
    openid = await talking(w)
    body = {"touser": openid, "msgtype": "text", "text": {"content": "在的"}, "aimsgcontext": {"is_ai_msg": 1}}
    assert await w.call(SEND, body) == {"errcode": 0, "errmsg": "ok"}
    bubble = (await w.chat(openid))[-1]
    assert (bubble["from"], bubble["via"], bubble["reply_to"]) == ("account", "customer_service", None)
    assert (bubble["text"], bubble["ai"]) == ("在的", True)


@pytest.mark.wechat("5.s1")
@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("image", {"media_id": "@"}, "[图片]"),
        ("voice", {"media_id": "@"}, "[语音]"),
        ("video", {"media_id": "@", "thumb_media_id": "@", "title": "讲座"}, "[视频] 讲座"),
        ("music", {"title": "歌", "description": "d", "musicurl": "u", "thumb_media_id": "@"}, "[音乐] 歌"),
        ("news", {"articles": [{"title": "保护令", "url": "https://a.cn"}]}, "[图文] 保护令"),
        ("msgmenu", {"head_content": "选", "list": [{"id": "1", "content": "是"}]}, "选\n是"),
        ("mpnews", {"media_id": "permanent"}, "[图文]"),
        ("mpnewsarticle", {"article_id": "a"}, "[图文]"),
        ("wxcard", {"card_id": "c"}, "[卡券]"),
        ("miniprogrampage", {"title": "预约", "appid": "a", "pagepath": "p", "thumb_media_id": "t"}, "[小程序] 预约"),
    ],
)
async def test_other_types_are_shown(w: World, kind: str, fields: dict[str, Any], text: str) -> None:
    openid = await talking(w)
    media_id = w.platform.media.add("bj", "image", PNG).id
    filled = json.loads(json.dumps(fields).replace("@", media_id))
    assert (await w.call(SEND, {"touser": openid, "msgtype": kind, kind: filled}))["errcode"] == 0
    assert (await w.chat(openid))[-1]["text"] == text


@pytest.mark.wechat("5.s2")
@pytest.mark.parametrize(
    ("errcode", "change"),
    [
        (40003, {"touser": "o-nobody"}),
        (40003, {"touser": None}),
        (40008, {"msgtype": "hologram"}),
        (40008, {"msgtype": None}),
        (47001, {"text": "words"}),
        (44004, {"text": {"content": ""}}),
        (44004, {"text": {}}),
        (45002, {"text": {"content": "字" * 683}}),
        (40007, {"msgtype": "image", "image": {"media_id": "unknown"}}),
        (40007, {"msgtype": "video", "video": {"media_id": "unknown"}}),
        (40035, {"msgtype": "msgmenu", "msgmenu": {"list": [{"id": 1}]}}),
        (40035, {"msgtype": "music", "music": {"title": "t"}}),
        (44003, {"msgtype": "news", "news": {"articles": []}}),
        (45008, {"msgtype": "news", "news": {"articles": [{"title": "a"}, {"title": "b"}]}}),
    ],
)
async def test_a_wrong_body_is_refused_and_costs_nothing(w: World, errcode: int, change: dict[str, Any]) -> None:
    openid = await talking(w)
    body = {"touser": openid, "msgtype": "text", "text": {"content": "x"}, **change}
    answer = await w.call(SEND, body)
    assert answer["errcode"] == errcode
    assert "rid: " in answer["errmsg"]
    assert (await w.api.get(f"/phones/{openid}")).json()["windows"][0]["left"] == 5
    assert len(await w.chat(openid)) == 1


@pytest.mark.wechat("5.s3")
async def test_words_must_not_be_escaped(w: World) -> None:
    openid = await talking(w)
    body = {"touser": openid, "msgtype": "text", "text": {"content": "在的"}}
    assert (await w.call(SEND, json.dumps(body).encode()))["errcode"] == 40033
    body["text"] = {"content": "a\x01\nb"}
    assert (await w.call(SEND, body))["errcode"] == 0


@pytest.mark.wechat("5.s2")
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
async def test_what_is_no_json_object_is_refused(w: World, body: bytes) -> None:
    assert (await w.call(SEND, body))["errcode"] == 47001


@pytest.mark.wechat("5.s8")
async def test_the_person_of_another_account_is_unknown(w: World) -> None:
    assert await w.send(await talking(w, "cd")) == 40003


@pytest.mark.wechat("9.s1")
async def test_an_account_without_the_right_is_refused(w: World) -> None:
    openid = await talking(w, "small")
    assert await w.send(openid, token=await w.token("small")) == 48001


@pytest.mark.wechat("5.s8")
async def test_who_unfollowed_cannot_be_reached(w: World) -> None:
    openid = await talking(w)
    await w.act(openid, "unsubscribe")
    assert await w.send(openid) == 43004


@pytest.mark.wechat("5.s4")
async def test_five_in_48_hours_for_a_message(w: World) -> None:
    openid = await talking(w)
    assert [await w.send(openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    await w.say(openid)
    w.clock.pass_(hours=47, minutes=59)
    assert await w.send(openid) == 0
    w.clock.pass_(minutes=2)
    assert await w.send(openid) == 45015


@pytest.mark.wechat("5.s5")
@pytest.mark.parametrize(("kind", "key"), [("click", "k"), ("subscribe", None), ("scan", "7")])
async def test_three_in_a_minute_for_a_gesture(w: World, kind: str, key: str | None) -> None:
    openid = await w.phone()
    assert await w.send(openid) == 45015
    await w.act(openid, kind, key)
    assert [await w.send(openid) for _ in range(4)] == [0, 0, 0, 45047]
    w.clock.pass_(seconds=61)
    assert await w.send(openid) == 45015


@pytest.mark.wechat("2.s3", "5.s6")
async def test_a_tapped_menu_item_counts_as_a_click_though_it_is_a_text(w: World) -> None:
    openid = await w.phone()
    await w.say(openid, "是", bizmsgmenuid="101")
    assert w.gateway.pushed()[0]["bizmsgmenuid"] == "101"
    assert [await w.send(openid) for _ in range(4)] == [0, 0, 0, 45047]


@pytest.mark.wechat("5.s5")
async def test_opening_a_page_allows_nothing(w: World) -> None:
    openid = await w.phone()
    await w.act(openid, "view", "https://a.cn")
    assert await w.send(openid) == 45015


@pytest.mark.wechat("5.s7")
async def test_the_newest_event_decides_unless_any_may(w: World) -> None:
    openid = await talking(w)
    await w.act(openid, "click", "k")
    w.clock.pass_(seconds=61)
    assert await w.send(openid) == 45015
    w.switches.window_rule = "any"
    await w.say(openid)
    await w.act(openid, "click", "k")
    assert [await w.send(openid) for _ in range(9)] == [0] * 8 + [45047]


async def test_a_passive_reply_costs_nothing(w: World) -> None:
    openid = await talking(w)
    assert (await w.api.get(f"/phones/{openid}")).json()["windows"][0]["left"] == 5


async def test_switches_fail_slow_and_down(w: World) -> None:
    openid = await talking(w)
    await w.api.put("/switches", json={"fail_sends": [45047, -1, 0], "slow_sends_s": 6})
    assert [await w.send(openid) for _ in range(4)] == [45047, -1, 0, 0]
    assert w.clock.slept[-2:] == [6, 6]
    await w.api.put("/switches", json={"down": True})
    assert (await w.api.post("/cgi-bin/message/custom/send")).status_code == 503
    assert (await w.api.get("/cgi-bin/token")).status_code == 503


@pytest.mark.wechat("5.s9")
async def test_typing(w: World) -> None:
    openid = await talking(w)
    typing = {"touser": openid, "command": "Typing"}

    async def type_(**change: Any) -> int:
        return int((await w.call("message/custom/typing", typing | change))["errcode"])

    assert await type_(command="Dancing") == 45072
    assert await type_(touser="o-nobody") == 40003
    assert await type_() == 0
    assert await type_() == 45081
    assert await type_(command="CancelTyping") == 0
    assert await type_() == 0
    await w.send(openid)
    assert await type_() == 0
    w.clock.pass_(seconds=31)
    assert await type_() == 45080
    w.clock.pass_(hours=48)
    assert await type_() == 45015


@pytest.mark.wechat("7.s1", "7.s2", "7.s3")
async def test_media_goes_up_and_down(w: World) -> None:
    token = await w.token()

    async def upload(kind: str, content: bytes) -> dict[str, Any]:
        query = {"access_token": token, "type": kind}
        answer = await w.api.post("/cgi-bin/media/upload", params=query, files={"media": ("a.bin", content)})
        result: dict[str, Any] = answer.json()
        return result

    media_id = (await upload("image", PNG))["media_id"]
    query = {"access_token": token, "media_id": media_id}
    down = await w.api.get("/cgi-bin/media/get", params=query)
    assert (down.content, down.headers["content-type"]) == (PNG, "image/png")
    assert "attachment" in down.headers["content-disposition"]
    assert "thumb_media_id" in await upload("thumb", JPEG)
    video = (await upload("video", b"\0\0\0\x18ftypisom" + b"\0" * 9))["media_id"]
    found = await w.api.get("/cgi-bin/media/get", params=query | {"media_id": video})
    assert found.json()["video_url"].endswith(video)
    for kind, content, errcode in [
        ("hologram", PNG, 40004),
        ("image", b"GARBAGE", 40005),
        ("image", b"", 41005),
        ("thumb", JPEG + b"\0" * 65536, 40012),
        ("voice", b"#!AMR\n" + b"\0" * (2 << 20), 40010),
    ]:
        assert (await upload(kind, content))["errcode"] == errcode
    w.clock.pass_(days=3)
    query["access_token"] = await w.token()
    assert (await w.api.get("/cgi-bin/media/get", params=query)).json()["errcode"] == 40007


@pytest.mark.wechat("8.s1")
async def test_a_menu_is_kept_checked_and_deleted(w: World) -> None:
    token = await w.token()
    button = {"type": "click", "name": "求助", "key": "help"}
    assert (await w.call("menu/create", {"button": [button]}, token))["errcode"] == 0
    read = await w.api.get("/cgi-bin/menu/get", params={"access_token": token})
    assert read.json() == {"menu": {"button": [button]}}
    for wrong, errcode in [
        ([], 40016),
        ([button] * 4, 40016),
        ([{"name": "子", "sub_button": [button] * 6}], 40023),
        ([button | {"name": "六个汉字长了"}], 40018),
        ([button | {"type": "dance"}], 40017),
        ([button | {"key": ""}], 40019),
        ([{"name": "页", "type": "view"}], 40020),
        ([{"name": "子", "sub_button": [button | {"name": "长" * 21}]}], 40025),
        ("none", 47001),
    ]:
        assert (await w.call("menu/create", {"button": wrong}, token))["errcode"] == errcode
    await w.api.get("/cgi-bin/menu/delete", params={"access_token": token})
    assert (await w.api.get("/cgi-bin/menu/get", params={"access_token": token})).json()["errcode"] == 46003


@pytest.mark.wechat("5.s7")
async def test_what_is_left_may_add_up(w: World) -> None:
    w.switches.window_count = "add"
    openid = await talking(w)
    await w.say(openid)
    assert [await w.send(openid) for _ in range(11)] == [0] * 10 + [45047]
    w.clock.pass_(hours=49)
    await w.say(openid)
    assert [await w.send(openid) for _ in range(6)] == [0] * 5 + [45047]


@pytest.mark.wechat("5.s7")
async def test_a_passive_reply_may_count(w: World) -> None:
    w.switches.passive_counts = True
    openid = await w.phone()
    w.gateway.answers = [(200, text_reply(openid))]
    await w.say(openid)
    assert [await w.send(openid) for _ in range(5)] == [0] * 4 + [45047]


@pytest.mark.parametrize(("limit", "errcode"), [(2047, 45002), (2048, 0)])
async def test_the_longest_text_is_a_switch(w: World, limit: int, errcode: int) -> None:
    openid = await talking(w)
    await w.api.put("/switches", json={"text_limit_bytes": limit})
    assert await w.send(openid, "x" * 2048) == errcode
    assert await w.send(openid, "x" * 2047) == 0


@pytest.mark.wechat("7.s2")
async def test_the_largest_picture_is_a_switch(w: World) -> None:
    query = {"access_token": await w.token(), "type": "image"}
    picture = {"media": ("a.png", PNG + b"\0" * (2 << 20))}
    assert (await w.api.post("/cgi-bin/media/upload", params=query, files=picture)).json()["media_id"]
    await w.api.put("/switches", json={"image_limit_mb": 2})
    assert (await w.api.post("/cgi-bin/media/upload", params=query, files=picture)).json()["errcode"] == 40009


@pytest.mark.wechat("7.s2")
async def test_a_voice_message_lasts_a_minute_at_most(w: World) -> None:
    query = {"access_token": await w.token(), "type": "voice"}
    for seconds, errcode in ((60, None), (61, 45007)):
        voice = {"media": ("a.amr", b"#!AMR\n" + b"\x7c" * 50 * seconds)}
        answer = await w.api.post("/cgi-bin/media/upload", params=query, files=voice)
        assert answer.json().get("errcode") == errcode


async def test_old_files_make_room(w: World) -> None:
    for _ in range(30):
        w.platform.media.add("bj", "image", PNG + b"\0" * (9 << 20))
    assert sum(len(media.content) for media in w.platform.media.kept()) <= 256 << 20
