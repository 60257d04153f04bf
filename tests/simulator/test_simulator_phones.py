"""The phones' API, the pages, the switches and the accounts file."""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from pydantic import ValidationError
from simulator_fakes import PNG, World, account

from simulator.accounts import read_accounts
from simulator.app import create_app
from simulator.switches import Switches

ACCOUNTS = """
accounts:
  - {id: bj, name: 北京, region: 110000, app_id: wx1, app_secret: s, token: t, encoding_aes_key: KEY, mode: safe,
     customer_service: false, api_base: "http://127.0.0.1:8082"}
"""


async def test_a_phone_tells_who_it_is(w: World) -> None:
    answer = await w.api.post("/phones", json={"account": "bj", "name": "小李"})
    openid = answer.json()["openid"]
    assert answer.status_code == 201
    assert len(openid) == 28
    assert openid.startswith("o")
    phone = (await w.api.get(f"/phones/{openid}")).json()
    assert (phone["account"], phone["name"], phone["following"]) == ("bj", "小李", True)


@pytest.mark.wechat("2.s1")
async def test_each_kind_of_message_is_pushed(w: World) -> None:
    openid = await w.phone()
    up = await w.api.post(f"/phones/{openid}/media?type=image", files={"media": ("a.png", PNG)})
    media_id = up.json()["media_id"]
    up = await w.api.post(f"/phones/{openid}/media?type=voice", files={"media": ("a.amr", b"#!AMR\nxx")})
    messages = f"/phones/{openid}/messages"
    place = {"type": "location", "latitude": 39.9, "longitude": 116.4, "label": "家"}
    await w.api.post(messages, json={"type": "image", "media_id": media_id})
    await w.api.post(messages, json={"type": "voice", "media_id": up.json()["media_id"]})
    await w.api.post(messages, json=place)
    await w.platform.settle()
    image, voice, location = w.gateway.pushed()
    assert image["PicUrl"] == f"http://platform/files/{media_id}"
    assert (await w.api.get(image["PicUrl"])).content == PNG
    assert voice["Format"] == "amr"
    assert "Recognition" not in voice
    assert (location["Location_X"], location["Location_Y"]) == ("39.900000", "116.400000")
    assert [bubble["type"] for bubble in await w.chat(openid)] == ["image", "voice", "location"]


@pytest.mark.wechat("2.s4")
async def test_a_scan_follows_first_and_scans_then(w: World) -> None:
    openid = await w.phone()
    await w.act(openid, "unsubscribe")
    await w.act(openid, "scan", "poster7")
    await w.act(openid, "scan", "poster7")
    _, follow, scan = w.gateway.pushed()
    assert (follow["Event"], follow["EventKey"]) == ("subscribe", "qrscene_poster7")
    assert (scan["Event"], scan["EventKey"]) == ("SCAN", "poster7")
    assert scan["Ticket"]


async def test_a_stranger_cannot_write(w: World) -> None:
    openid = await w.phone()
    await w.act(openid, "unsubscribe")
    for path, body in [("messages", {"type": "text", "text": "x"}), ("events", {"type": "click", "key": "k"})]:
        assert (await w.api.post(f"/phones/{openid}/{path}", json=body)).status_code == 409
    await w.act(openid, "subscribe")
    await w.say(openid)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/phones", {"account": "nowhere"}, 404),
        ("/phones", {}, 422),
        ("/phones/o-nobody/messages", {"type": "text", "text": "x"}, 404),
        ("/phones/@/messages", {"type": "text", "text": ""}, 422),
        ("/phones/@/messages", {"type": "dance"}, 422),
        ("/phones/@/events", {"type": "click"}, 422),
        ("/phones/@/events", {"type": "dance"}, 422),
    ],
)
async def test_what_no_phone_can_do_is_refused(w: World, path: str, body: dict[str, Any], status: int) -> None:
    openid = await w.phone()
    assert (await w.api.post(path.replace("@", openid), json=body)).status_code == status


async def test_switches_change_one_by_one_and_are_checked(w: World) -> None:
    await w.api.put("/switches", json={"deliveries": 4})
    changed = (await w.api.put("/switches", json={"duplicate": True})).json()
    assert (changed["deliveries"], changed["duplicate"]) == (4, True)
    for wrong in ({"deliveries": 0}, {"retry_after_s": "soon"}, {"unknown": 1}):
        assert (await w.api.put("/switches", json=wrong)).status_code == 422
    assert (await w.api.get("/switches")).json() == changed


async def test_pages_come_with_a_strict_policy_and_show_words_as_words(w: World) -> None:
    openid = await w.phone()
    await w.say(openid, "<script>alert(1)</script>")
    for path in ("/", f"/phone/{openid}"):
        page = await w.api.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "<script>" not in page.text
        assert "style=" not in page.text
        assert " onclick" not in page.text
        assert "bj妇联" in page.text
    assert (await w.api.get("/phone/o-nobody")).status_code == 404
    for asset in ("phone.js", "bubble.js", "words.js", "moments.js", "index.js", "phone.css", "icon.svg"):
        assert (await w.api.get(f"/static/{asset}")).status_code == 200


async def test_health(w: World) -> None:
    assert (await w.api.get("/healthz")).status_code == 200
    assert (await w.api.get("/readyz")).json() == {"gateway": "up"}
    w.gateway.answers = [httpx.ConnectError("refused")]
    down = await w.api.get("/readyz")
    assert (down.status_code, down.json()) == (503, {"gateway": "down"})


async def test_new_bubbles_come_by_sse_and_old_ones_after_a_gap() -> None:
    async def silent(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    app = create_app([account("bj")], "http://gateway", transport=httpx.MockTransport(silent))
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as api:
        openid = (await api.post("/phones", json={"account": "bj"})).json()["openid"]
        for text in ("一", "二"):
            await api.post(f"/phones/{openid}/messages", json={"type": "text", "text": text})
        first = (await api.get(f"/phones/{openid}/chat")).json()[0]["id"]
        headers = {"Last-Event-ID": first}
        async with api.stream("GET", f"/phones/{openid}/events", headers=headers) as stream:
            lines = stream.aiter_lines()
            assert (await next_bubble(lines))["text"] == "二"
            await api.post(f"/phones/{openid}/messages", json={"type": "text", "text": "三"})
            assert (await next_bubble(lines))["text"] == "三"
    server.should_exit = True
    await serving


async def next_bubble(lines: Any) -> dict[str, Any]:
    """The data of the next event `bubble`."""
    name = ""
    async with asyncio.timeout(30):
        async for line in lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: ") and name == "bubble":
                bubble: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return bubble
    raise AssertionError("the stream ended")


def test_accounts_are_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "accounts.yml"
    path.write_text(ACCOUNTS.replace("KEY", "k" * 43))
    (read,) = read_accounts(path)
    assert (read.id, read.region, read.mode, read.customer_service) == ("bj", "110000", "safe", False)
    assert "k" * 43 not in repr(read)
    path.write_text(ACCOUNTS.replace("KEY", "tooshortsecret"))
    with pytest.raises(ValidationError) as wrong:
        read_accounts(path)
    assert "tooshortsecret" not in str(wrong.value)


def test_every_switch_is_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
    assert [name for name in Switches.model_fields if f"`{name}`" not in page] == []
