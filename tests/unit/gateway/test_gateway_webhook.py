"""The webhook from end to end: verify, store, wait, answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import httpx
import pytest
from prometheus_client import REGISTRY
from wechat_platform import (
    ACCOUNTS,
    OPENID,
    ORIGINAL_ID,
    SAFE,
    ClearSealer,
    House,
    SetClock,
    fixture,
    house,
    opened,
    push,
    push_and_hang_up,
)

from bot.conversation.accounts import Account
from bot.conversation.content import Text
from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import Slot
from bot.gateway.app import create_gateway
from bot.gateway.ports import GatewayPorts, Timing
from bot.status import status_routes
from bot.triage import Rules
from simulator.crypto import sign
from tests.doubles.memory_inbox import MemoryInbox

PLAIN, COMPATIBLE, SAFE_MODE = ACCOUNTS.values()
KEY = "safe:24000000000000001"


def counted(account: str, outcome: str) -> float:
    labels = {"account": account, "outcome": outcome}
    return REGISTRY.get_sample_value("niangjia_gateway_requests_total", labels) or 0.0


async def work(home: House, text: str) -> str:
    """What a worker does with the next message; returns its key."""
    return await home.work(Slot(Text(text)))


@pytest.mark.wechat("1.6", "1.15", "1.21", "4.1", "4.2")
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
async def test_the_reply_goes_back_in_the_same_request(home: House, account: Account) -> None:
    answer, key = await asyncio.gather(home.push(account, fixture("text")), work(home, "可以退款。\n请准备订单号。"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    reply = opened(account, answer.content)
    assert {child.tag: child.text for child in reply} == {
        "MsgType": "text",
        "FromUserName": ORIGINAL_ID,
        "ToUserName": OPENID,
        "CreateTime": "1790000001",
        "Content": "可以退款。\n请准备订单号。",
    }
    assert await home.inbox.next_confirmed(0) == key


@pytest.mark.wechat("1.16", "3.9")
async def test_nothing_to_say_is_success(home: House) -> None:
    answer, _ = await asyncio.gather(home.push(SAFE_MODE, fixture("text")), home.work(Slot(None)))
    assert (answer.status_code, answer.text) == (200, "success")
    assert await home.inbox.next_confirmed(0) is None


@pytest.mark.wechat("2.21", "3.9")
async def test_an_unfollowing_is_stored_and_nothing_awaited(home: House) -> None:
    answer = await home.push(SAFE_MODE, fixture("unsubscribe"))
    assert (answer.status_code, answer.text) == (200, "success")
    assert len(home.inbox.appended) == 1


@pytest.mark.wechat("2.26", "3.9")
async def test_an_event_of_the_platform_is_not_stored(home: House) -> None:
    before = counted("safe", "ignored")
    answer = await home.push(SAFE_MODE, fixture("view"))
    assert (answer.status_code, answer.text) == (200, "success")
    assert await home.inbox.depth() == 0
    assert counted("safe", "ignored") == before + 1


@pytest.mark.wechat("3.2", "3.5")
async def test_three_requests_serve_one_message(home: House) -> None:
    first = await home.push(SAFE_MODE, fixture("text"))
    second = await home.push(SAFE_MODE, fixture("text"))
    assert first.status_code == second.status_code == 503
    third, key = await asyncio.gather(home.push(SAFE_MODE, fixture("text")), work(home, "来得及"))
    assert opened(SAFE_MODE, third.content).findtext("Content") == "来得及"
    assert len(home.inbox.appended) == 1
    assert await home.inbox.next_confirmed(0) == key


async def test_early_requests_are_held_until_the_platform_gives_up(home: House) -> None:
    started = time.monotonic()
    await home.push(SAFE_MODE, fixture("text"))
    assert time.monotonic() - started >= 0.2


@pytest.mark.wechat("3.3", "3.10")
async def test_the_third_request_ends_the_wait(home: House) -> None:
    for _ in range(2):
        await home.push(SAFE_MODE, fixture("text"))
    third = await home.push(SAFE_MODE, fixture("text"))
    assert (third.status_code, third.text) == (200, "success")
    assert not await home.inbox.offer_reply(KEY, Slot(Text("太晚了")))


@pytest.mark.wechat("3.3", "3.10")
async def test_a_late_request_ends_the_wait_though_an_earlier_one_never_reached_us(home: House) -> None:
    await home.push(SAFE_MODE, fixture("text"))
    home.clock.move(10)
    late = await home.push(SAFE_MODE, fixture("text"))
    assert (late.status_code, late.text) == (200, "success")
    assert not await home.inbox.offer_reply(KEY, Slot(Text("太晚了")))


async def test_a_reply_found_too_late_to_be_seen_is_not_counted_as_shown(rules: Rules) -> None:
    late = house(rules, timing=Timing(answer_s=0.3, show_s=0.0, hold_s=0.01))
    await late.inbox.attend("worker")
    answer = await late.say(SAFE_MODE, fixture("text"), Text("您好"))
    assert answer.status_code == 503
    assert await late.inbox.next_confirmed(0) is None
    assert not await late.inbox.withdraw_reply(KEY), "the courier may send it"


@pytest.mark.wechat("3.2")
async def test_a_reply_that_came_between_two_requests_goes_with_the_next(home: House) -> None:
    await home.push(SAFE_MODE, fixture("text"))
    await work(home, "刚好")
    second = await home.push(SAFE_MODE, fixture("text"))
    assert opened(SAFE_MODE, second.content).findtext("Content") == "刚好"


@pytest.mark.wechat("3.2", "3.5")
async def test_a_message_delivered_twice_at_once_is_stored_once_and_answered_alike(home: House) -> None:
    one, two, _ = await asyncio.gather(
        home.push(SAFE_MODE, fixture("text")), home.push(SAFE_MODE, fixture("text")), work(home, "一样")
    )
    assert {opened(SAFE_MODE, answer.content).findtext("Content") for answer in (one, two)} == {"一样"}
    assert len(home.inbox.appended) == 1
    assert await home.inbox.next_confirmed(0) is not None
    assert await home.inbox.next_confirmed(0) is None


@pytest.mark.wechat("3.8")
async def test_a_platform_that_hung_up_gets_no_reply_and_none_is_confirmed(home: House) -> None:
    before = counted("safe", "gone")
    answers = await push_and_hang_up(home, SAFE_MODE, push(SAFE_MODE, fixture("text")), after_s=0.02)
    assert answers[0]["status"] == 503
    assert counted("safe", "gone") == before + 1
    await work(home, "还在")
    assert await home.inbox.next_confirmed(0) is None
    retry = await home.push(SAFE_MODE, fixture("text"))
    assert opened(SAFE_MODE, retry.content).findtext("Content") == "还在"


@pytest.mark.wechat("3.3")
async def test_a_third_request_that_hangs_up_ends_the_wait(home: House) -> None:
    for _ in range(3):
        await push_and_hang_up(home, SAFE_MODE, push(SAFE_MODE, fixture("text")), after_s=0.01)
    assert not await home.inbox.offer_reply(KEY, Slot(Text("太晚了")))


@pytest.mark.wechat("3.7")
async def test_a_retry_joins_whether_or_not_it_is_signed_anew(home: House) -> None:
    first, again = push(SAFE_MODE, fixture("text")), push(SAFE_MODE, fixture("text"), nonce="99")
    for request in (first, first):
        assert (await home.post(SAFE_MODE, request)).status_code == 503
    third, _ = await asyncio.gather(home.post(SAFE_MODE, again), work(home, "在这里"))
    assert opened(SAFE_MODE, third.content, nonce="99").findtext("Content") == "在这里"
    assert len(home.inbox.appended) == 1


@pytest.mark.wechat("3.1", "3.10")
async def test_without_a_worker_the_platform_need_not_wait(home: House) -> None:
    await home.inbox.depart("worker")
    before = counted("safe", "unattended")
    answer = await home.push(SAFE_MODE, fixture("text"))
    assert (answer.status_code, answer.text) == (200, "success")
    assert counted("safe", "unattended") == before + 1
    assert len(home.inbox.appended) == 1
    assert not await home.inbox.offer_reply(KEY, Slot(Text("以后再发")))


async def test_without_a_worker_a_reply_that_is_ready_still_goes(home: House) -> None:
    await home.push(SAFE_MODE, fixture("text"))
    await work(home, "刚好")
    await home.inbox.depart("worker")
    retry = await home.push(SAFE_MODE, fixture("text"))
    assert opened(SAFE_MODE, retry.content).findtext("Content") == "刚好"


async def test_without_a_worker_an_account_without_customer_service_waits(rules: Rules) -> None:
    poor = replace(SAFE, customer_service=False)
    home = house(rules, poor)
    assert (await home.push(poor, fixture("text"))).status_code == 503
    answer = await home.say(poor, fixture("text"), Text("还来得及"))
    assert opened(poor, answer.content).findtext("Content") == "还来得及"


@pytest.mark.wechat("3.11")
async def test_without_redis_the_platform_must_ask_again(home: House) -> None:
    home.inbox.down = True
    assert (await home.push(SAFE_MODE, fixture("text"))).status_code == 503
    home.inbox.down = False
    await home.say(SAFE_MODE, fixture("text"), None)
    assert [inbound.content for inbound in home.inbox.appended] == [Text("  孩子偷偷充了三千块游戏，能退吗？\n")]


class LameInbox(MemoryInbox):
    """Redis goes away just when the reply has gone over the wire, and comes back."""

    refusals = 1

    async def confirm_reply(self, key: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise RedisUnavailable("ConnectionError")
        await super().confirm_reply(key)


async def test_what_was_shown_is_confirmed_although_redis_was_away(rules: Rules) -> None:
    inbox = LameInbox(SetClock())
    await inbox.offer_reply(KEY, Slot(Text("在")))
    app = create_gateway(GatewayPorts(inbox, ClearSealer(), rules, ACCOUNTS, SetClock()))
    request = push(SAFE_MODE, fixture("text"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        answer = await client.post("/wechat/safe", params=request.query, content=request.body)
    assert opened(SAFE_MODE, answer.content).findtext("Content") == "在"
    assert await inbox.next_confirmed(0) == KEY


async def test_redis_lost_during_the_wait_is_no_fault(home: House) -> None:
    async def lose() -> None:
        await asyncio.sleep(0.02)
        home.inbox.down = True

    answer, _ = await asyncio.gather(home.push(SAFE_MODE, fixture("text")), lose())
    assert answer.status_code == 503


@pytest.mark.wechat("3.1")
async def test_the_real_waits_stay_inside_the_platforms_five_seconds() -> None:
    assert Timing().answer_s < 5 < Timing().hold_s


@pytest.mark.wechat("1.1", "1.2")
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
async def test_the_address_is_verified_in_plain_text(home: House, account: Account) -> None:
    query = {"signature": sign(account.token, "1790000001", "7"), "timestamp": "1790000001", "nonce": "7"}
    answer = await home.platform.get(f"/wechat/{account.id}", params=query | {"echostr": "<b>4375</b>"})
    assert (answer.status_code, answer.text) == (200, "<b>4375</b>")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.wechat("1.3")
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"signature": "0" * 40}, 403),
        ({"signature": "é"}, 403),
        ({"signature": ""}, 400),
        ({"echostr": ""}, 400),
        ({"nonce": "8"}, 403),
        ({"timestamp": "1790000002"}, 403),
        ({"timestamp": "now"}, 400),
        ({"timestamp": "9" * 5000}, 400),
    ],
)
async def test_an_address_is_not_verified_for_a_stranger(home: House, change: dict[str, str], status: int) -> None:
    query = {"signature": sign(SAFE.token, "1790000001", "7"), "timestamp": "1790000001", "nonce": "7", "echostr": "1"}
    answer = await home.platform.get("/wechat/safe", params=query | change)
    assert answer.status_code == status
    assert "4375" not in answer.text


@pytest.mark.wechat("1.13")
async def test_an_old_verification_is_stale(home: House) -> None:
    query = {"signature": sign(SAFE.token, "1790000001", "7"), "timestamp": "1790000001", "nonce": "7", "echostr": "1"}
    home.clock.move(299)
    assert (await home.platform.get("/wechat/safe", params=query)).status_code == 200
    home.clock.move(2)
    assert (await home.platform.get("/wechat/safe", params=query)).status_code == 403


async def test_the_pages_beside_the_webhook_are_those_it_was_given(rules: Rules) -> None:
    ports = GatewayPorts(MemoryInbox(), ClearSealer(), rules, ACCOUNTS, SetClock())
    app = create_gateway(ports, status_routes({}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        assert (await client.get("/healthz")).text == "ok"
        assert (await client.get("/metrics")).status_code == 404


class BrokenSealer(ClearSealer):
    """Fails as a library might: quoting what it was given."""

    def mailbox(self, account_id: str, openid: str) -> str:
        raise ValueError(f"cannot digest {openid}")


async def test_a_fault_of_ours_is_told_without_her_words(rules: Rules, capsys: pytest.CaptureFixture[str]) -> None:
    app = create_gateway(GatewayPorts(MemoryInbox(), BrokenSealer(), rules, ACCOUNTS, SetClock()))
    request = push(SAFE_MODE, fixture("text"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        answer = await client.post("/wechat/safe", params=request.query, content=request.body)
    assert (answer.status_code, answer.text) == (500, "")
    written = "".join(capsys.readouterr())
    assert "ValueError" in written
    assert OPENID not in written
    assert "退" not in written
