"""The ledger and the counts: what was sent, how it was pushed, how it ended, what was shown."""

import asyncio
from typing import Any

import httpx
from simulator_fakes import HELD, LATE, World, text_reply

from simulator import people


async def ledger(w: World, openid: str) -> dict[str, Any]:
    """What the ledger says of one phone."""
    answer = await w.api.get("/ledger", params={"openid": openid})
    found: dict[str, Any] = answer.json()["phones"][openid]
    return found


async def test_each_message_tells_its_deliveries_and_how_it_ended(w: World) -> None:
    openid = await w.phone()
    w.gateway.answers = [(500, ""), LATE, (200, text_reply(openid, "在"))]
    first = await w.say(openid)
    await w.act(openid, "click", "k")
    told = await ledger(w, openid)
    message, click = told["sent"]
    assert (message["msg_id"], message["sequence"], message["kind"], message["end"]) == (first, 1, "text", "answered")
    assert [delivery["result"] for delivery in message["deliveries"]] == ["http 500", "timeout", "taken"]
    assert [delivery["attempt"] for delivery in message["deliveries"]] == [1, 2, 3]
    assert (click["sequence"], click["kind"], click["end"]) == (2, "event CLICK", "silent")
    (bubble,) = told["bubbles"]
    assert (bubble["text"], bubble["via"], bubble["reply_to"]) == ("在", "passive", first)
    assert bubble["acknowledged"] is None
    assert told["dropped"] == 0


async def test_a_failure_tells_why_and_whether_she_saw_it(w: World) -> None:
    openid = await w.phone()
    w.gateway.answers = [httpx.ConnectError("refused")] * 3 + [(200, "nonsense")]
    await w.say(openid)
    await w.say(openid)
    lost, malformed = (await ledger(w, openid))["sent"]
    assert (lost["end"], lost["reason"], lost["prompted"]) == ("failed", "no answer", True)
    assert [delivery["result"] for delivery in lost["deliveries"]] == ["unreachable"] * 3
    assert (malformed["end"], malformed["reason"]) == ("failed", "not XML")


async def test_counts_add_up(w: World) -> None:
    openid = await w.phone()
    w.gateway.answers = [(200, text_reply(openid)), (500, ""), (500, ""), (500, "")]
    for _ in range(3):
        await w.say(openid)
    token = await w.token()
    assert [await w.send(openid, token=token), await w.send("o-nobody", token=token)] == [0, 40003]
    counts = (await w.api.get("/counts")).json()
    assert counts["sent"] == {"message": 3}
    assert counts["deliveries"] == {"taken": 2, "http 500": 3}
    assert counts["ends"] == {"answered": 1, "failed": 1, "silent": 1}
    assert counts["prompts"] == 1
    assert counts["replies"] == {"passive": 1, "customer_service": 1}
    assert counts["calls"]["message/custom/send"] == {"0": 1, "40003": 1}
    assert counts["phones"][openid] == {"sent": 3, "open": 0, "bubbles": 6}
    assert counts["pending"] == 0


async def test_what_is_on_its_way_is_open(w: World) -> None:
    openid = await w.phone()
    w.gateway.answers = [HELD]
    await w.api.post(f"/phones/{openid}/messages", json={"type": "text", "text": "x"})
    async with asyncio.timeout(20):
        while not w.gateway.requests:  # noqa: ASYNC110 - the gateway gives no event
            await asyncio.sleep(0)
    counts = (await w.api.get("/counts")).json()
    assert (counts["pending"], counts["phones"][openid]["open"]) == (1, 1)
    (entry,) = (await ledger(w, openid))["sent"]
    assert (entry["end"], entry["deliveries"][0]["result"]) == (None, None)


async def test_the_ledger_knows_its_phones_only(w: World) -> None:
    one, two = await w.phone(), await w.phone()
    assert set((await w.api.get("/ledger")).json()["phones"]) == {one, two}
    assert (await w.api.get("/ledger", params={"openid": "o-nobody"})).status_code == 404


async def test_a_phone_keeps_a_bounded_past_and_says_how_much_it_forgot(w: World) -> None:
    openid = await w.phone()
    person = w.platform.people[openid]
    for _ in range(people.KEPT + 7):
        person.enter(w.platform.next_number(), "text", w.clock.now())
    told = await ledger(w, openid)
    assert (len(told["sent"]), told["dropped"]) == (people.KEPT, 7)
    assert told["sent"][0]["sequence"] == 8
