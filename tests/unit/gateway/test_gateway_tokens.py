"""The access token: one request for all who need it, early renewal, and no loop when it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from wechat_api import Platform, calling
from wechat_platform import OPENID, SAFE

from bot.conversation.content import Text
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import HeldToken, SendResult
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from tests.doubles.clock import SettableClock
from tests.doubles.memory_tokens import MemoryTokenShelf

SENT, PENDING = DeliveryStatus.SENT, DeliveryStatus.PENDING
SEND = "message/custom/send"


async def send(api: WeChatApi, account_id: str = "hunan") -> SendResult:
    return await WeChatSender(api).send(account_id, OPENID, Text("x"))


class Processes:
    """Several processes of ours beside one platform, with one clock and one shelf."""

    def __init__(self, stack: AsyncExitStack, platform: Platform | None = None) -> None:
        self.platform = platform or Platform()
        self.clock = SettableClock()
        self.shelf = MemoryTokenShelf(self.clock)
        self._stack = stack

    async def start(self) -> WeChatApi:
        """One more process, which has seen no token yet."""
        return await self._stack.enter_async_context(calling(self.platform, self.clock, self.shelf))

    def pass_(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def token(self, token: str) -> HeldToken:
        """One that lasts for almost two hours."""
        return HeldToken(token, self.clock.now() + timedelta(seconds=7000))

    @property
    def fetched(self) -> int:
        """How many tokens were asked for."""
        return len(self.platform.asked("stable_token"))


@pytest.fixture
async def house() -> AsyncIterator[Processes]:
    async with AsyncExitStack() as stack:
        yield Processes(stack)


@pytest.mark.wechat("6.1")
async def test_the_token_is_asked_for_as_the_platform_wants_it(house: Processes) -> None:
    await send(await house.start())
    [request] = house.platform.asked("stable_token")
    assert request.method == "POST"
    assert house.platform.bodies("stable_token") == [
        {
            "grant_type": "client_credential",
            "appid": SAFE.app_id,
            "secret": SAFE.app_secret,
            "force_refresh": False,
        }
    ]


@pytest.mark.wechat("6.3")
async def test_a_hundred_cold_callers_of_several_processes_ask_for_one_token(house: Processes) -> None:
    processes = [await house.start() for _ in range(5)]
    results = await asyncio.gather(*(send(processes[number % 5]) for number in range(100)))
    assert {result.status for result in results} == {SENT}
    assert house.fetched == 1
    assert set(house.platform.tokens(SEND)) == {"token-1"}


async def test_each_account_has_its_own(house: Processes) -> None:
    api = await house.start()
    await asyncio.gather(*(send(api, name) for name in ("hunan", "changsha") * 5))
    assert sorted(str(body["appid"]) for body in house.platform.bodies("stable_token")) == [SAFE.app_id, "wxchangsha"]


async def test_a_process_that_starts_later_reads_the_shelf(house: Processes) -> None:
    await send(await house.start())
    house.pass_(6000)
    await send(await house.start())
    assert house.fetched == 1


@pytest.mark.wechat("6.4")
async def test_a_process_looks_at_the_shelf_once_a_minute(house: Processes) -> None:
    first, second = await house.start(), await house.start()
    await send(first)
    await send(second)
    await house.shelf.put(SAFE.app_id, house.token("token-2"))
    house.pass_(59)
    await send(second)
    assert house.platform.tokens(SEND)[-1] == "token-1"
    house.pass_(2)
    await send(second)
    assert house.platform.tokens(SEND)[-1] == "token-2"


@pytest.mark.wechat("6.5")
async def test_the_next_token_is_fetched_five_minutes_before_the_end(house: Processes) -> None:
    api = await house.start()
    await send(api)
    house.pass_(6899)
    await send(api)
    assert house.fetched == 1
    house.platform.number = 2
    house.pass_(61)
    await send(api)
    assert house.fetched == 2
    assert house.platform.tokens(SEND)[-1] == "token-2"


@pytest.mark.wechat("6.5")
async def test_the_old_token_is_used_while_the_next_cannot_be_had(house: Processes) -> None:
    api = await house.start()
    await send(api)
    house.pass_(6900)
    for answer in ({"errcode": -1}, {"errcode": 40164}, {"access_token": ""}):
        house.platform.token_answer = answer
        house.pass_(61)
        assert (await send(api)).status is SENT
    house.pass_(100)
    assert (await send(api)).status is PENDING
    assert set(house.platform.tokens(SEND)) == {"token-1"}


@pytest.mark.wechat("6.5")
async def test_nobody_waits_for_the_next_token_while_the_old_one_holds() -> None:
    hold = asyncio.Event()

    class Slow(Platform):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/cgi-bin/stable_token" and self.asked("stable_token"):
                await hold.wait()
            return await super().__call__(request)

    async with AsyncExitStack() as stack:
        house = Processes(stack, Slow())
        api = await house.start()
        await send(api)
        house.pass_(6960)
        renewing = asyncio.create_task(send(api))
        await asyncio.sleep(0)
        assert (await asyncio.wait_for(send(api), 10)).status is SENT
        assert not renewing.done()
        hold.set()
        assert (await renewing).status is SENT
    assert house.fetched == 2


async def test_a_token_that_has_little_left_is_not_fetched_for_every_message() -> None:
    async with AsyncExitStack() as stack:
        house = Processes(stack, Platform(lifetime_s=200))
        api = await house.start()
        for _ in range(5):
            await send(api)
            house.pass_(5)
        assert house.fetched == 1


@pytest.mark.wechat("5.52", "6.6")
@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_message_sent(house: Processes, errcode: int) -> None:
    house.platform.errcodes = [errcode]
    assert (await send(await house.start())).status is SENT
    assert house.platform.forced() == [False, False, True]
    assert house.platform.tokens(SEND) == ["token-1", "token-2"]


@pytest.mark.wechat("6.6")
async def test_what_another_process_has_renewed_is_read_from_the_shelf(house: Processes) -> None:
    first, second = await house.start(), await house.start()
    await send(first)
    await send(second)
    house.platform.errcodes = [42001]
    await send(first)
    house.platform.errcodes = [42001]
    asked = house.fetched
    assert (await send(second)).status is SENT
    assert house.fetched == asked
    assert house.platform.tokens(SEND)[-1] == "token-2"


async def test_nothing_is_forced_when_the_platform_has_another_token(house: Processes) -> None:
    api = await house.start()
    await send(api)
    house.platform.number, house.platform.errcodes = 7, [40001]
    assert (await send(api)).status is SENT
    assert not any(house.platform.forced())
    assert house.platform.tokens(SEND)[-1] == "token-7"


@pytest.mark.wechat("5.52", "6.6")
async def test_a_token_that_stays_refused_ends_after_one_more_try(house: Processes) -> None:
    house.platform.errcodes = [40001] * 10
    assert await send(await house.start()) == SendResult(PENDING, 40001)
    assert len(house.platform.asked(SEND)) == 2


@pytest.mark.wechat("6.7")
async def test_the_ration_of_forced_renewals_is_kept(house: Processes) -> None:
    api = await house.start()
    house.platform.errcodes = [40001] * 1000
    for _ in range(10):
        assert await send(api) == SendResult(PENDING, 40001)
        house.pass_(2)
    assert house.platform.forced().count(True) == 1


async def test_a_token_that_cannot_be_renewed_is_not_tried_twice(house: Processes) -> None:
    api = await house.start()
    await house.shelf.may_force(SAFE.app_id)
    house.platform.errcodes = [40001]
    assert await send(api) == SendResult(PENDING, 40001)
    assert len(house.platform.asked(SEND)) == 1


async def test_a_hundred_callers_with_a_refused_token_force_one(house: Processes) -> None:
    processes = [await house.start() for _ in range(4)]
    house.platform.ended = {"token-1"}
    results = await asyncio.gather(*(send(processes[number % 4]) for number in range(100)))
    assert {result.status for result in results} == {SENT}
    assert house.platform.forced() == [False, False, True]


async def test_an_account_that_moves_to_another_app_id_leaves_its_token_behind(house: Processes) -> None:
    await house.shelf.put("hunan", house.token("token-2"))
    await send(await house.start())
    assert house.fetched == 1


async def test_without_the_shelf_every_process_asks_for_itself(
    house: Processes, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    house.shelf.down = True
    processes = [await house.start() for _ in range(2)]
    for api in processes:
        for _ in range(3):
            assert (await send(api)).status is SENT
    assert house.fetched == 2
    house.pass_(61)
    assert (await send(processes[0])).status is SENT
    assert house.fetched == 2
    assert "token shelf away" in caplog.text + "".join(capsys.readouterr())


async def test_without_the_shelf_a_refused_token_is_still_renewed(house: Processes) -> None:
    house.shelf.down = True
    house.platform.errcodes = [42001]
    assert (await send(await house.start())).status is SENT
    assert house.platform.forced() == [False, False, True]


async def test_the_shelf_may_go_away_in_the_middle(house: Processes) -> None:
    api = await house.start()
    await send(api)
    house.shelf.down = True
    house.pass_(6960)
    house.platform.number = 2
    assert (await send(api)).status is SENT
    house.shelf.down = False
    house.pass_(61)
    assert (await send(api)).status is SENT
    assert house.platform.tokens(SEND) == ["token-1", "token-2", "token-2"]
