"""Whom an account may reach, and by what besides customer-service messages: templates, subscriptions, QR codes."""

from typing import Any

import pytest
from simulator_fakes import World

from simulator import markup

TEMPLATE = {
    "template_id": "T",
    "url": "https://a.cn",
    "data": {"事项": {"value": "回访" * 20}, "first": {"value": "x"}},
}


async def talking(w: World) -> str:
    """A phone that has just written."""
    openid = await w.phone()
    await w.say(openid)
    return openid


def last_push(w: World) -> dict[str, str]:
    """All fields of the last push that hold words."""
    root = markup.read(w.gateway.requests[-1].content)
    return {each.tag: each.text or "" for each in root.iter() if not len(each)}


@pytest.mark.wechat("5.s8")
@pytest.mark.parametrize(
    ("trait", "errcode"), [({"blacklisted": True}, 43019), ({"receives": False}, 48002), ({"protected": True}, 70000)]
)
async def test_some_people_cannot_be_written_to(w: World, trait: dict[str, bool], errcode: int) -> None:
    openid = await talking(w)
    changed = await w.api.patch(f"/phones/{openid}", json=trait)
    assert changed.json().items() >= trait.items()
    assert await w.send(openid) == errcode
    await w.api.patch(f"/phones/{openid}", json={name: not value for name, value in trait.items()})
    assert await w.send(openid) == 0
    assert (await w.api.patch(f"/phones/{openid}", json={"mood": True})).status_code == 422


@pytest.mark.wechat("5.s11")
async def test_menu_messages_and_typing_may_be_refused(w: World) -> None:
    openid = await talking(w)
    await w.api.put("/switches", json={"refuse_msgmenu": True, "refuse_typing": True})
    menu = {"touser": openid, "msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "是"}]}}
    assert (await w.call("message/custom/send", menu))["errcode"] == 40200
    assert (await w.call("message/custom/typing", {"touser": openid, "command": "Typing"}))["errcode"] == 40200
    assert await w.send(openid) == 0


@pytest.mark.wechat("8.s3")
async def test_a_template_message_needs_no_window_and_tells_that_it_arrived(w: World) -> None:
    openid = await w.phone()
    answer = await w.call("message/template/send", {"touser": openid, **TEMPLATE})
    assert answer["errcode"] == 0
    await w.platform.settle()
    push = last_push(w)
    assert (push["Event"], push["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
    assert push["MsgID"] == str(answer["msgid"])
    (bubble,) = await w.chat(openid)
    assert (bubble["type"], bubble["via"]) == ("template", "template")
    assert bubble["detail"]["rows"] == [{"name": "事项", "value": "回访" * 10}]


@pytest.mark.wechat("8.s3")
async def test_a_template_message_to_who_wants_none_fails_later(w: World) -> None:
    openid = await w.phone()
    await w.api.patch(f"/phones/{openid}", json={"receives": False})
    assert (await w.call("message/template/send", {"touser": openid, **TEMPLATE}))["errcode"] == 0
    await w.platform.settle()
    assert last_push(w)["Status"] == "failed:user block"
    assert await w.chat(openid) == []


@pytest.mark.parametrize(
    ("change", "errcode"), [({"template_id": ""}, 40037), ({"data": "x"}, 47001), ({"touser": "o-nobody"}, 40003)]
)
async def test_a_wrong_template_message_is_refused(w: World, change: dict[str, Any], errcode: int) -> None:
    openid = await w.phone()
    assert (await w.call("message/template/send", {"touser": openid, **TEMPLATE, **change}))["errcode"] == errcode
    await w.act(openid, "unsubscribe")
    assert (await w.call("message/template/send", {"touser": openid, **TEMPLATE}))["errcode"] == 43004


@pytest.mark.wechat("2.s6", "8.s4")
async def test_each_consent_allows_one_subscription_message(w: World) -> None:
    openid = await w.phone()

    async def consent(status: str) -> None:
        body = {"type": "subscribe_msg_popup", "template_id": "T", "status": status}
        await w.api.post(f"/phones/{openid}/events", json=body)

    async def send() -> int:
        return int((await w.call("message/subscribe/bizsend", {"touser": openid, **TEMPLATE}))["errcode"])

    assert await send() == 43101
    await consent("reject")
    assert await send() == 43101
    await consent("accept")
    await consent("accept")
    assert (await w.api.get(f"/phones/{openid}")).json()["consents"] == {"T": 2}
    assert await send() == 0
    await w.platform.settle()
    push = last_push(w)
    assert (push["Event"], push["ErrorCode"], push["TemplateId"]) == ("subscribe_msg_sent_event", "0", "T")
    await w.api.post(f"/phones/{openid}/events", json={"type": "subscribe_msg_change", "template_id": "T"})
    assert await send() == 43101


@pytest.mark.wechat("8.s2")
async def test_a_code_is_created_shown_scanned_and_dies(w: World) -> None:
    scene = {"action_info": {"scene": {"scene_str": "poster7"}}}
    made = await w.call("qrcode/create", {"action_name": "QR_STR_SCENE", "expire_seconds": 60, **scene})
    assert (made["expire_seconds"], made["url"].startswith("http://weixin.qq.com/q/")) == (60, True)
    query = {"ticket": made["ticket"]}
    assert (await w.api.get("/cgi-bin/showqrcode", params=query)).content.startswith(b"\x89PNG")
    openid = await w.phone()
    scan = {"type": "scan", "ticket": made["ticket"]}
    assert (await w.api.post(f"/phones/{openid}/events", json=scan)).status_code == 202
    await w.platform.settle()
    push = last_push(w)
    assert (push["Event"], push["EventKey"], push["Ticket"]) == ("SCAN", "poster7", made["ticket"])
    w.clock.pass_(seconds=60)
    assert (await w.api.post(f"/phones/{openid}/events", json=scan)).json()["errcode"] == 40053
    assert (await w.api.get("/cgi-bin/showqrcode", params=query)).status_code == 404


@pytest.mark.wechat("8.s2")
@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"action_name": "QR_DANCE"}, 40052),
        ({"action_name": "QR_SCENE"}, 40053),
        ({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}}, 40053),
        ({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}}, 40053),
        ({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}}, 40053),
        (
            {"action_name": "QR_SCENE", "expire_seconds": 2_592_001, "action_info": {"scene": {"scene_id": 1}}},
            40053,
        ),
    ],
)
async def test_a_wrong_code_is_refused(w: World, body: dict[str, Any], errcode: int) -> None:
    assert (await w.call("qrcode/create", body))["errcode"] == errcode


@pytest.mark.wechat("8.s2")
async def test_a_permanent_code_has_no_end_and_a_short_one_thirty_seconds(w: World) -> None:
    scene = {"action_info": {"scene": {"scene_id": 7}}}
    assert "expire_seconds" not in await w.call("qrcode/create", {"action_name": "QR_LIMIT_SCENE", **scene})
    assert (await w.call("qrcode/create", {"action_name": "QR_SCENE", **scene}))["expire_seconds"] == 30


@pytest.mark.wechat("8.s5")
async def test_of_a_follower_the_platform_tells_neither_name_nor_picture(w: World) -> None:
    openid = await w.phone()
    query = {"access_token": await w.token(), "openid": openid}
    info = (await w.api.get("/cgi-bin/user/info", params=query)).json()
    assert (info["subscribe"], info["nickname"], info["headimgurl"]) == (1, "", "")
    await w.act(openid, "unsubscribe")
    assert (await w.api.get("/cgi-bin/user/info", params=query)).json() == {"subscribe": 0, "openid": openid}
    await w.act(openid, "scan", "17")
    again = (await w.api.get("/cgi-bin/user/info", params=query)).json()
    assert (again["subscribe_scene"], again["qr_scene"]) == ("ADD_SCENE_QR_CODE", 17)
    query["openid"] = "o-nobody"
    assert (await w.api.get("/cgi-bin/user/info", params=query)).json()["errcode"] == 40003


@pytest.mark.wechat("3.s9")
async def test_the_platform_tells_its_addresses_and_checks_ours(w: World) -> None:
    token = await w.token()
    for path in ("getcallbackip", "get_api_domain_ip"):
        answer = (await w.api.get(f"/cgi-bin/{path}", params={"access_token": token})).json()
        assert answer["ip_list"]
    checked = await w.call("callback/check", {"action": "all", "check_operator": "DEFAULT"}, token)
    assert set(checked) == {"dns", "ping"}
    assert set(await w.call("callback/check", {"action": "dns"}, token)) == {"dns"}
    assert (await w.call("callback/check", {"action": "sing"}, token))["errcode"] == 40202
    assert (await w.call("callback/check", {"action": "all", "check_operator": "X"}, token))["errcode"] == 40203
