"""Calls that go wrong on demand: with an errcode, an error status, late, or with no answer at all."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from simulator_fakes import FakeGateway, World, account
from simulator_server import served

from simulator.app import create_app

SEND = "message/custom/send"


async def talking(w: World) -> str:
    """A phone that has just written."""
    openid = await w.phone()
    await w.say(openid)
    return openid


async def spoil(w: World, *faults: dict[str, Any]) -> None:
    """Set the switch."""
    assert (await w.api.put("/switches", json={"fail_calls": list(faults)})).status_code == 200


@pytest.mark.wechat("5.s10")
async def test_any_errcode_on_any_path_as_often_as_said(w: World) -> None:
    openid, token = await talking(w), await w.token()
    await spoil(w, {"path": SEND, "errcode": 45009, "times": 2}, {"path": "menu/get", "errcode": -1})
    assert [await w.send(openid, token=token) for _ in range(3)] == [45009, 45009, 0]
    answer = await w.api.get("/cgi-bin/menu/get", params={"access_token": token})
    assert answer.json()["errcode"] == -1
    assert "rid: " in answer.json()["errmsg"]
    assert (await w.api.get("/switches")).json()["fail_calls"] == []


@pytest.mark.wechat("5.s10")
async def test_a_star_means_every_path_for_as_long_as_it_stands(w: World) -> None:
    await spoil(w, {"path": "*", "status": 500, "times": None})
    assert (await w.api.get("/cgi-bin/token")).status_code == 500
    assert (await w.api.post("/cgi-bin/stable_token")).status_code == 500
    await spoil(w)
    assert await w.token()


async def test_a_spoiled_call_is_carried_out_only_when_taken(w: World) -> None:
    openid, token = await talking(w), await w.token()
    await spoil(w, {"path": SEND, "errcode": -1}, {"path": SEND, "errcode": -1, "taken": True})
    assert await w.send(openid, "没有到", token) == -1
    assert await w.send(openid, "到了", token) == -1
    assert [bubble["text"] for bubble in await w.chat(openid)] == ["你好", "到了"]


@pytest.mark.wechat("5.s10")
@pytest.mark.parametrize(("taken", "shown_before_the_wait"), [(False, False), (True, True)])
async def test_a_slow_call_is_carried_out_after_the_wait_or_before(
    w: World, taken: bool, shown_before_the_wait: bool
) -> None:
    openid, token = await talking(w), await w.token()
    began = w.clock.now().isoformat()
    await spoil(w, {"path": SEND, "delay_s": 7, "taken": taken})
    assert await w.send(openid, token=token) == 0
    shown = (await w.chat(openid))[-1]
    assert w.clock.slept[-2 if not taken else -1] == 7
    assert (shown["at"] == began) is shown_before_the_wait


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": SEND},
        {"path": SEND, "errcode": 1, "status": 500},
        {"path": SEND, "status": 200},
        {"path": "", "errcode": 1},
        {"path": SEND, "errcode": 1, "times": 0},
        {"path": SEND, "drop": "softly"},
    ],
)
async def test_a_fault_says_exactly_one_thing(w: World, wrong: dict[str, Any]) -> None:
    assert (await w.api.put("/switches", json={"fail_calls": [wrong]})).status_code == 422


@dataclass
class Line:
    """A client of a served platform, with a phone that has just written and a token."""

    api: httpx.AsyncClient
    openid: str
    token: str

    async def send(self, patience_s: float = 30) -> httpx.Response:
        body = {"touser": self.openid, "msgtype": "text", "text": {"content": "hello"}}
        query = {"access_token": self.token}
        patience = httpx.Timeout(30, read=patience_s)
        return await self.api.post(f"/cgi-bin/{SEND}", params=query, json=body, timeout=patience)

    async def ledger(self) -> list[dict[str, Any]]:
        phones = (await self.api.get("/ledger")).json()["phones"]
        bubbles: list[dict[str, Any]] = phones[self.openid]["bubbles"]
        return bubbles


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """A platform on a real socket."""
    app = create_app([account("bj")], "http://gateway", transport=httpx.MockTransport(FakeGateway()))
    async with served(app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as api:
        openid = (await api.post("/phones", json={"account": "bj"})).json()["openid"]
        await api.post(f"/phones/{openid}/messages", json={"type": "text", "text": "x"})
        query = {"grant_type": "client_credential", "appid": "wxbj", "secret": "bj-secret"}
        token = (await api.get("/cgi-bin/token", params=query)).json()["access_token"]
        yield Line(api, openid, token)


@pytest.mark.wechat("5.s10")
async def test_a_call_may_get_no_answer_at_all(line: Line) -> None:
    faults = [{"path": SEND, "drop": "hang"}, {"path": SEND, "drop": "close", "taken": True}]
    await line.api.put("/switches", json={"fail_calls": faults})
    with pytest.raises(httpx.ReadTimeout):
        await line.send(patience_s=0.2)
    assert await line.ledger() == []
    with pytest.raises(httpx.RemoteProtocolError):
        await line.send()
    assert (await line.send()).json()["errcode"] == 0
    assert [bubble["acknowledged"] for bubble in await line.ledger()] == [False, True]
    counts = (await line.api.get("/counts")).json()
    assert counts["calls"][SEND] == {"hang": 1, "close": 1, "0": 1}
    assert counts["unacknowledged"] == 1


async def test_a_sender_who_did_not_wait_was_not_told(line: Line) -> None:
    await line.api.put("/switches", json={"slow_sends_s": 0.5})
    with pytest.raises(httpx.ReadTimeout):
        await line.send(patience_s=0.1)
    async with asyncio.timeout(20):
        while (shown := await line.ledger())[0]["acknowledged"] is None:  # noqa: ASYNC110 - another side
            await asyncio.sleep(0.02)
    assert shown[0]["acknowledged"] is False
