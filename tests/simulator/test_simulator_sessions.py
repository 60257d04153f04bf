"""Human sessions at the account's own desk: from the transfer to the return after half an hour."""

import pytest
from simulator_fakes import World, reply

from simulator import markup


async def transfer(w: World, openid: str, **info: object) -> None:
    """Write, and be handed to an agent for it."""
    w.gateway.answers = [(200, markup.write(reply(openid, "transfer_customer_service", **info)))]
    await w.say(openid, "我要人工")


async def agent(w: World, openid: str) -> str | None:
    """Who speaks with her now."""
    name: str | None = (await w.api.get(f"/phones/{openid}")).json()["agent"]
    return name


def events(w: World) -> list[str]:
    """The names of the events pushed, in order."""
    return [push["Event"] for push in w.gateway.pushed() if push["MsgType"] == "event"]


@pytest.mark.wechat("4.s3", "4.s4")
async def test_while_an_agent_speaks_with_her_nothing_she_writes_is_pushed(w: World) -> None:
    openid = await w.phone()
    await transfer(w, openid)
    assert events(w) == ["kf_create_session"]
    w.gateway.requests.clear()
    await w.say(openid, "听得到吗")
    spoken = await w.api.post(f"/phones/{openid}/agent/messages", json={"text": "听得到"})
    assert spoken.status_code == 202
    assert w.gateway.requests == []
    assert [bubble["via"] for bubble in await w.chat(openid)] == [None, None, "agent"]
    entry = (await w.api.get("/ledger")).json()["phones"][openid]["sent"][-1]
    assert (entry["end"], entry["deliveries"]) == ("agent", [])
    assert (await w.api.delete(f"/phones/{openid}/agent")).status_code == 204
    await w.say(openid, "再问一句")
    assert events(w) == ["kf_close_session"]
    assert w.gateway.pushed()[-1]["Content"] == "再问一句"


@pytest.mark.wechat("4.s4")
async def test_she_comes_back_after_half_an_hour_of_silence(w: World) -> None:
    openid = await w.phone()
    await transfer(w, openid)
    w.clock.pass_(minutes=29)
    await w.say(openid, "还在吗")
    w.clock.pass_(minutes=29)
    assert await agent(w, openid)
    w.clock.pass_(minutes=1)
    await w.say(openid, "有人吗")
    assert w.gateway.pushed()[-1]["Content"] == "有人吗"
    assert events(w) == ["kf_create_session", "kf_close_session"]


@pytest.mark.parametrize(("info", "expected"), [({}, None), ({"TransInfo": {"KfAccount": "li@bj"}}, "li@bj")])
async def test_while_the_desk_is_full_only_a_named_agent_binds_her(
    w: World, info: dict[str, object], expected: str | None
) -> None:
    await w.api.put("/switches", json={"agents": "queueing"})
    openid = await w.phone()
    await transfer(w, openid, **info)
    assert await agent(w, openid) == expected


async def test_an_agent_may_take_her_over_from_another(w: World) -> None:
    openid = await w.phone()
    for name in ("li@bj", "wang@bj", "wang@bj"):
        await w.api.put(f"/phones/{openid}/agent", json={"kf_account": name})
    await w.platform.settle()
    switch = w.gateway.pushed()[-1]
    assert events(w) == ["kf_create_session", "kf_switch_session"]
    assert (switch["FromKfAccount"], switch["ToKfAccount"]) == ("li@bj", "wang@bj")


async def test_nobody_speaks_without_a_session(w: World) -> None:
    openid = await w.phone()
    assert (await w.api.post(f"/phones/{openid}/agent/messages", json={"text": "喂"})).status_code == 409
    assert (await w.api.delete(f"/phones/{openid}/agent")).status_code == 204
    assert w.gateway.requests == []
