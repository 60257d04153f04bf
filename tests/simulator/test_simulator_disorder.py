"""Pushes that come twice, late or out of order, the pause after many failures, and pushes as they stand."""

import httpx
import pytest
from simulator_fakes import World, text_reply


async def say_together(w: World, openid: str, *texts: str) -> None:
    """Write several messages without waiting in between."""
    for text in texts:
        await w.api.post(f"/phones/{openid}/messages", json={"type": "text", "text": text})
    await w.platform.settle()


@pytest.mark.wechat("3.s8")
async def test_a_held_push_is_overtaken_by_the_next(w: World) -> None:
    openid = await w.phone()
    w.switches.reorder = 1
    await w.api.post(f"/phones/{openid}/messages", json={"type": "text", "text": "一"})
    w.switches.reorder = 0
    await say_together(w, openid, "二")
    assert [push["Content"] for push in w.gateway.pushed()] == ["二", "一"]


async def test_a_held_push_that_nothing_overtakes_goes_in_the_end(w: World) -> None:
    openid = await w.phone()
    w.switches.reorder, w.switches.reorder_wait_s = 1, 0.05
    await say_together(w, openid, "一")
    assert [push["Content"] for push in w.gateway.pushed()] == ["一"]


@pytest.mark.wechat("3.s8")
async def test_a_delayed_push_keeps_the_time_at_which_it_was_written(w: World) -> None:
    openid = await w.phone()
    written = int(w.clock.now().timestamp())
    w.switches.delay, w.switches.delay_s = 1, 60
    await say_together(w, openid, "一")
    assert 0 < w.clock.slept[0] <= 60
    (push,) = w.gateway.pushed()
    assert push["CreateTime"] == str(written)


@pytest.mark.wechat("3.s8")
async def test_the_same_seed_brings_the_same_disorder(w: World) -> None:
    openid = await w.phone()

    async def run(seed: int) -> list[int]:
        await w.api.put("/switches", json={"seed": seed, "duplicate": 0.5})
        copies = []
        for _ in range(20):
            w.gateway.requests.clear()
            await w.say(openid)
            copies.append(len(w.gateway.requests))
        return copies

    first = await run(7)
    assert set(first) == {1, 2}
    assert await run(7) == first
    assert await run(8) != first


@pytest.mark.wechat("3.s6")
async def test_an_event_that_fails_shows_a_prompt_unless_switched_off(w: World) -> None:
    openid = await w.phone()
    w.gateway.answers = [(500, "")] * 6
    await w.act(openid, "click", "k")
    w.switches.prompt_on_events = False
    await w.act(openid, "click", "k")
    assert [bubble["from"] for bubble in await w.chat(openid)] == ["platform"]


@pytest.mark.wechat("3.s7")
async def test_many_failures_stop_all_pushes_of_the_account_for_a_while(w: World) -> None:
    w.switches.markfail_after, w.switches.deliveries = 3, 1
    here, elsewhere = await w.phone(), await w.phone("cd")
    w.gateway.answers = [(500, "")] * 3
    for _ in range(3):
        await w.say(here)
    w.gateway.requests.clear()
    await w.say(here)
    assert w.gateway.requests == []
    await w.say(elsewhere)
    assert len(w.gateway.requests) == 1
    entry = (await w.api.get("/ledger")).json()["phones"][here]["sent"][-1]
    assert (entry["end"], entry["reason"], entry["deliveries"]) == ("failed", "paused", [])
    w.clock.pass_(seconds=60)
    await w.say(here)
    assert len(w.gateway.requests) == 2


async def test_a_success_between_failures_begins_the_count_anew(w: World) -> None:
    w.switches.markfail_after, w.switches.deliveries = 2, 1
    openid = await w.phone()
    w.gateway.answers = [(500, ""), (200, ""), (500, ""), (200, "")]
    for _ in range(4):
        await w.say(openid)
    assert len(w.gateway.requests) == 4


@pytest.mark.wechat("2.s8")
async def test_any_document_can_be_pushed_as_it_stands(w: World) -> None:
    openid = await w.phone()
    document = f"<xml><FromUserName>{openid}</FromUserName><MsgType>event</MsgType><Event>brand_new</Event></xml>"
    w.gateway.answers = [(200, text_reply(openid, "好"))]
    answer = await w.api.post("/accounts/bj/raw", content=document.encode())
    assert answer.status_code == 202
    await w.platform.settle()
    (request,) = w.gateway.requests
    assert request.content.decode() == document
    assert request.url.params["openid"] == openid
    assert [bubble["text"] for bubble in await w.chat(openid)] == ["好"]


@pytest.mark.parametrize("document", ["<xml><not closed", "", "{}", "<!DOCTYPE x><xml/>"])
async def test_what_is_no_xml_is_pushed_all_the_same(w: World, document: str) -> None:
    answer = await w.api.post("/accounts/bj/raw?openid=oabc", content=document)
    assert answer.status_code == 202
    await w.platform.settle()
    assert w.gateway.requests[0].content.decode() == document


async def test_a_raw_push_is_tried_again_like_any_other(w: World) -> None:
    w.gateway.answers = [httpx.ConnectError("refused"), (500, "")]
    await w.api.post("/accounts/bj/raw", content=b"<xml/>")
    await w.platform.settle()
    assert len(w.gateway.requests) == 3
    assert (await w.api.post("/accounts/bj/raw", content=b"\xff")).status_code == 422
    assert (await w.api.post("/accounts/nowhere/raw", content=b"<xml/>")).status_code == 404
