"""What every keeper of tries promises: free ones, then pauses that double, and half an hour until all is forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.conversation.desk_ports import Limit, Tries
from bot.conversation.errors import RedisUnavailable
from bot.queue import RedisTries
from bot.queue.tries import FORGOTTEN_MS, TRIES
from tests.doubles.clock import SettableClock
from tests.doubles.memory_tries import MemoryTries
from tests.processes.redis_server import RedisServer

THREE = Limit(free=3, longest_s=10)
MANY = Limit(free=100, longest_s=10)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.process)])
async def tries(request: pytest.FixtureRequest, clock: SettableClock) -> AsyncIterator[Tries]:
    """Tries of each kind, of which there was none yet."""
    if request.param == "memory":
        yield MemoryTries(clock)
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with server.client() as redis:
        await redis.flushall()
        yield RedisTries(redis, clock)


def let_pass(clock: SettableClock, seconds: float) -> None:
    clock.advance(timedelta(seconds=seconds))


async def test_after_the_free_tries_each_pause_is_twice_as_long_up_to_the_longest(
    tries: Tries, clock: SettableClock
) -> None:
    limits = {"li": THREE}
    assert [await tries.begin(limits) for _ in range(3)] == [0, 0, 0]
    for pause in (2, 4, 8, 10, 10):
        assert await tries.begin(limits) == pause
        let_pass(clock, pause - 0.5)
        assert await tries.begin(limits) == 1, "what was not let through does not count"
        let_pass(clock, 0.5)
        assert await tries.begin(limits) == 0


async def test_the_longest_pause_of_all_names_counts_and_no_name_is_charged_meanwhile(tries: Tries) -> None:
    for _ in range(3):
        assert await tries.begin({"li": THREE}) == 0
    for _ in range(10):
        assert await tries.begin({"wang": THREE, "li": THREE}) == 2
    assert [await tries.begin({"wang": THREE}) for _ in range(4)] == [0, 0, 0, 2]


async def test_the_right_one_gives_its_name_a_new_beginning_and_takes_itself_back_elsewhere(tries: Tries) -> None:
    for _ in range(3):
        assert await tries.begin({"pair": THREE, "address": MANY}) == 0
    await tries.succeed("pair", ["address", "never tried"])
    assert [await tries.begin({"pair": THREE}) for _ in range(4)] == [0, 0, 0, 2]
    assert [await tries.begin({"address": THREE}) for _ in range(2)] == [0, 2], "two of the three were left"
    assert [await tries.begin({"never tried": THREE}) for _ in range(4)] == [0, 0, 0, 2], "it owes nothing"


async def test_half_an_hour_after_the_last_try_all_is_forgotten(tries: Tries, clock: SettableClock) -> None:
    limits = {"li": Limit(free=3, longest_s=86_400)}
    for pause in (0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024):
        let_pass(clock, pause)
        assert await tries.begin(limits) == 0
    let_pass(clock, 1799)
    assert await tries.begin(limits) > 0
    let_pass(clock, 1)
    assert [await tries.begin(limits) for _ in range(4)] == [0, 0, 0, 2]


async def test_a_clock_that_was_set_back_makes_no_pause_longer(tries: Tries, clock: SettableClock) -> None:
    for _ in range(3):
        await tries.begin({"li": THREE})
    let_pass(clock, -3600)
    assert await tries.begin({"li": THREE}) == 2


@pytest.mark.process
async def test_another_desk_and_a_redis_that_starts_anew_know_what_was_tried(
    mortal_server: RedisServer, clock: SettableClock
) -> None:
    async with mortal_server.client() as redis:
        assert [await RedisTries(redis, clock).begin({"li": THREE}) for _ in range(3)] == [0, 0, 0]
    async with mortal_server.client() as redis:
        assert await RedisTries(redis, clock).begin({"li": THREE}) == 2
    mortal_server.kill()
    async with mortal_server.client() as redis:
        for refused in (RedisTries(redis, clock).begin({"li": THREE}), RedisTries(redis, clock).succeed("li", ())):
            with pytest.raises(RedisUnavailable):
                await refused
    mortal_server.start()
    async with mortal_server.client() as redis:
        assert await RedisTries(redis, clock).begin({"li": THREE}) == 2
        assert 0 < await redis.pttl(f"{TRIES}:li") <= FORGOTTEN_MS, "what nobody tries again goes by itself"


async def test_without_redis_the_double_says_so_too(clock: SettableClock) -> None:
    memory = MemoryTries(clock)
    memory.available = False
    for refused in (memory.begin({"li": THREE}), memory.succeed("li", ())):
        with pytest.raises(RedisUnavailable):
            await refused
