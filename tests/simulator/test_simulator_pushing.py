"""Pushes: what they carry, when they are tried again, and what an answer makes of the chat."""

import asyncio
import time

import httpx
import pytest
from simulator_fakes import HELD, LATE, PATIENCE_S, World, text_reply

from simulator.crypto import sign
from simulator.pushing import in_time

FAILURE = "该公众号提供的服务出现故障，请稍后再试"


@pytest.mark.wechat("1.s2", "2.s9")
async def test_a_message_carries_what_the_platform_documents(w: World) -> None:
    openid = await w.phone()
    number = await w.say(openid, "你好")
    (request,) = w.gateway.requests
    query = request.url.params
    assert request.url.path == "/wechat/bj"
    assert query["openid"] == openid
    assert query["signature"] == sign("bjtoken", query["timestamp"], query["nonce"])
    assert "encrypt_type" not in query
    (pushed,) = w.gateway.pushed()
    assert pushed["FromUserName"] == openid
    assert pushed["ToUserName"].startswith("gh_")
    assert pushed["CreateTime"] == str(int(w.clock.now().timestamp()))
    assert pushed["MsgId"] == number
    assert 2**53 < int(number) < 2**63


@pytest.mark.wechat("2.s4", "2.s9")
async def test_an_event_has_no_msgid(w: World) -> None:
    await w.act(await w.phone(), "subscribe")
    (pushed,) = w.gateway.pushed()
    assert (pushed["MsgType"], pushed["Event"]) == ("event", "subscribe")
    assert "MsgId" not in pushed


async def test_a_passive_reply_is_shown_with_the_message_it_answers(w: World) -> None:
    openid = await w.phone()
    w.gateway.answers = [(200, text_reply(openid, "您现在安全吗？"))]
    number = await w.say(openid)
    mine, theirs = await w.chat(openid)
    assert (mine["from"], mine["id"], mine["text"]) == ("me", number, "你好")
    assert (theirs["from"], theirs["via"], theirs["reply_to"]) == ("account", "passive", number)
    assert theirs["text"] == "您现在安全吗？"
    assert mine["delivery"] == {"attempt": 1, "state": "answered"}


@pytest.mark.wechat("3.s4")
@pytest.mark.parametrize("body", ["", "success"])
async def test_an_empty_answer_ends_it_silently(w: World, body: str) -> None:
    openid = await w.phone()
    w.gateway.answers = [(200, body)]
    await w.say(openid)
    assert len(w.gateway.requests) == 1
    assert [bubble["from"] for bubble in await w.chat(openid)] == ["me"]


@pytest.mark.wechat("3.s1", "3.s3", "3.s4")
@pytest.mark.parametrize("trouble", [LATE, (500, ""), (404, ""), (302, ""), httpx.ConnectError("refused")])
async def test_trouble_is_tried_again_and_a_later_answer_counts(w: World, trouble: object) -> None:
    openid = await w.phone()
    w.gateway.answers = [trouble, trouble, (200, text_reply(openid, "第三次"))]
    await w.say(openid)
    assert [bubble["text"] for bubble in await w.chat(openid)] == ["你好", "第三次"]
    first, second, third = w.gateway.pushed()
    assert first == second == third


async def test_who_is_not_answered_in_time_is_not_waited_for(w: World) -> None:
    w.switches.retry_after_s, w.switches.deliveries = 0.02, 2
    w.gateway.answers = [HELD, HELD]
    openid = await w.phone()
    await w.say(openid)
    assert (await w.chat(openid))[0]["delivery"] == {"attempt": 2, "state": "failed"}


@pytest.mark.wechat("3.s2", "3.s5")
@pytest.mark.parametrize("deliveries", [1, 3, 4])
async def test_after_all_deliveries_the_platform_says_so_once(w: World, deliveries: int) -> None:
    w.switches.deliveries = deliveries
    openid = await w.phone()
    w.gateway.answers = [(500, "")] * 9
    number = await w.say(openid)
    assert len(w.gateway.requests) == deliveries
    mine, notice = await w.chat(openid)
    assert mine["delivery"] == {"attempt": deliveries, "state": "failed"}
    assert (notice["from"], notice["text"], notice["reply_to"]) == ("platform", FAILURE, number)


@pytest.mark.wechat("3.s1")
async def test_a_quick_refusal_waits_out_the_five_seconds(w: World) -> None:
    w.switches.retry_after_s = 5
    w.gateway.answers = [(500, ""), (500, "")]
    await w.say(await w.phone())
    assert w.clock.slept == [5, 5]


@pytest.mark.wechat("3.s3")
async def test_each_try_has_its_own_nonce_unless_switched_off(w: World) -> None:
    w.gateway.answers = [(500, ""), (500, "")]
    await w.say(await w.phone())
    assert len({request.url.params["nonce"] for request in w.gateway.requests}) == 3
    w.gateway.requests.clear()
    w.switches.fresh_nonce = False
    w.gateway.answers = [(500, ""), (500, "")]
    await w.say(await w.phone())
    assert len({str(request.url) for request in w.gateway.requests}) == 1


@pytest.mark.wechat("3.s8")
async def test_a_duplicate_is_pushed_twice_and_answered_once(w: World) -> None:
    w.switches.duplicate = True
    openid = await w.phone()
    w.gateway.answers = [(200, text_reply(openid, "一")), (200, text_reply(openid, "二"))]
    await w.say(openid)
    one, two = w.gateway.pushed()
    assert one["MsgId"] == two["MsgId"]
    assert len(await w.chat(openid)) == 2


@pytest.mark.wechat("2.s4", "5.s8")
async def test_who_unfollowed_sees_nothing_more(w: World) -> None:
    openid = await w.phone()
    w.gateway.answers = [(200, text_reply(openid, "再见"))]
    await w.act(openid, "unsubscribe")
    w.gateway.answers = [(500, "")] * 3
    await w.act(openid, "unsubscribe")
    assert await w.chat(openid) == []


@pytest.mark.wechat("2.s9")
async def test_numbers_never_repeat(w: World) -> None:
    openid = await w.phone()
    numbers = [int(await w.say(openid)) for _ in range(5)]
    assert numbers == sorted(set(numbers))


@pytest.mark.wechat("1.s1")
async def test_the_address_is_verified_by_its_echo(w: World) -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        query = request.url.params
        good = query["signature"] == sign("bjtoken", query["timestamp"], query["nonce"])
        return httpx.Response(200 if good else 403, text=query["echostr"])

    async def verified(account_id: str) -> bool:
        answer = await w.api.post(f"/accounts/{account_id}/verification")
        return bool(answer.json()["verified"])

    w.gateway.answers = [echo, echo, (200, "something else"), httpx.ConnectError("refused")]
    assert await verified("bj")
    assert not await verified("cd")
    assert not await verified("bj")
    assert not await verified("bj")


async def test_an_answer_that_lay_in_the_socket_while_the_platform_itself_was_late_counts() -> None:
    come = asyncio.Event()

    async def answering() -> httpx.Response:
        await come.wait()
        for _ in range(5):  # reads it piece by piece
            await asyncio.sleep(0)
        return httpx.Response(200)

    def stall() -> None:
        come.set()
        time.sleep(0.3)

    asyncio.get_running_loop().call_later(0.05, stall)
    assert (await in_time(answering(), 0.2)).status_code == 200


async def test_an_answer_that_is_not_there_in_time_is_waited_for_no_longer() -> None:
    left = False

    async def answering() -> httpx.Response:
        nonlocal left
        try:
            await asyncio.sleep(2 * PATIENCE_S)
        finally:
            left = True
        return httpx.Response(200)

    with pytest.raises(TimeoutError):
        await in_time(answering(), 0.01)
    assert left
