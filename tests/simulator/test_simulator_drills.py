"""Drills: she writes, waits for an operator, goes on; hints with each turn, and a list to look back on at the end."""

import asyncio
from typing import Any

import httpx
import pytest
from simulator_fakes import World, text_reply

from simulator.drill import read_drill, shipped_drills
from simulator.errors import BadScript

TWO_TURNS = """
title: 两问
about: 练习
turns:
  - {say: [在吗, {type: location, latitude: 28.2, longitude: 112.9}], hint: 先问安全}
  - {say: [他走了], hint: 再问伤情}
checks: [问了安全]
"""


async def until(w: World, number: int, **wanted: Any) -> dict[str, Any]:
    """The report, once it says this."""
    async with asyncio.timeout(30):
        while True:
            report: dict[str, Any] = (await w.api.get(f"/drills/{number}")).json()
            if all(report[name] == value for name, value in wanted.items()):
                return report
            await asyncio.sleep(0)


async def turns_written(w: World, number: int, count: int) -> dict[str, Any]:
    """The report, once she has written so many turns."""
    async with asyncio.timeout(30):
        while True:
            report: dict[str, Any] = (await w.api.get(f"/drills/{number}")).json()
            if len(report["turns"]) >= count:
                return report
            await asyncio.sleep(0)


def started(w: World) -> int:
    """A drill of two turns."""
    return w.coach.start(read_drill(TWO_TURNS), "http://platform", 1.0)


async def test_she_asks_for_a_person_and_goes_on_after_each_answer(w: World) -> None:
    number = started(w)
    report = await turns_written(w, number, 1)
    await w.platform.settle()
    assert [push.get("EventKey", push.get("Content")) for push in w.gateway.pushed()] == ["human", "在吗", None]
    assert (report["state"], report["checks"], report["of"]) == ("playing", [], 2)
    await w.send(report["openid"], "您现在安全吗", await w.token("lx"))
    report = await turns_written(w, number, 2)
    assert report["turns"][0] == {"said": ["在吗", "[location]"], "answered": ["您现在安全吗"], "hint": "先问安全"}
    await w.send(report["openid"], "有没有受伤", await w.token("lx"))
    report = await until(w, number, state="done")
    assert report["turns"][1]["answered"] == ["有没有受伤"]
    assert report["checks"] == ["问了安全"]


async def test_the_assistant_is_no_operator(w: World) -> None:
    def answers(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=text_reply(request.url.params["openid"], "我是智能助手"))

    w.gateway.answers = [answers] * 3
    number = started(w)
    report = await turns_written(w, number, 1)
    by_assistant = {"touser": report["openid"], "msgtype": "text", "text": {"content": "我是智能助手"}}
    await w.call("message/custom/send", {**by_assistant, "aimsgcontext": {"is_ai_msg": 1}}, await w.token("lx"))
    await w.platform.settle()
    for _ in range(50):
        await asyncio.sleep(0)
    report = (await w.api.get(f"/drills/{number}")).json()
    assert (report["state"], len(report["turns"]), report["turns"][0]["answered"]) == ("playing", 1, [])


async def test_it_is_stopped_and_ends_when_she_leaves(w: World) -> None:
    number = started(w)
    assert (await w.api.delete(f"/drills/{number}")).status_code == 204
    assert (await w.api.get(f"/drills/{number}")).json()["state"] == "stopped"
    number = started(w)
    drilling = w.coach.find(number)
    assert drilling is not None
    drilling.person.following = False
    assert (await until(w, number, state="stopped"))["checks"] == []


async def test_a_shipped_one_is_started_by_its_name_on_the_account_for_drills(w: World) -> None:
    number = (await w.api.post("/drills", json={"drill": "night"})).json()["id"]
    report = (await w.api.get(f"/drills/{number}")).json()
    assert (report["account"], report["title"]) == ("lx妇联", "夜里，他刚打完")
    assert (await w.api.post("/drills", json={"drill": "../night"})).status_code == 404
    assert (await w.api.get("/drills/99")).status_code == 404


async def test_without_an_account_for_drills_nobody_real_is_disturbed(w: World) -> None:
    del w.platform.accounts["lx"]
    assert (await w.api.post("/drills", json={"drill": "night"})).status_code == 409
    assert not w.platform.people


async def test_all_shipped_drills_can_be_read(w: World) -> None:
    listed = (await w.api.get("/drills")).json()
    assert [one["drill"] for one in listed] == sorted(shipped_drills())
    assert len(listed) >= 8
    for drill in shipped_drills().values():
        assert len(drill.turns) >= 4
        assert len(drill.checks) >= 5


@pytest.mark.parametrize("wrong", ["title: [", "title: 一", "title: 一\nabout: 二\nturns: []\nchecks: [三]\n"])
async def test_a_wrong_drill_is_refused(wrong: str) -> None:
    with pytest.raises(BadScript):
        read_drill(wrong)
