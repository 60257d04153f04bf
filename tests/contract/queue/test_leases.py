"""What every keeper of leases promises: who is silent for a minute is gone, unless nobody could have heard her."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.conversation.desk_ports import Leases
from bot.conversation.errors import RedisUnavailable
from bot.queue import RedisLeases
from bot.queue.leases import BREAK_MS, HEARD, LEASES, WATCHED
from tests.doubles.clock import SettableClock
from tests.doubles.memory_leases import MemoryLeases
from tests.processes.redis_server import RedisServer

BOTH = ("li", "wang")


@dataclass(frozen=True)
class Candidate:
    """Leases, and ways to let time pass and to lose what is kept."""

    leases: Leases
    pass_s: Callable[[float], Awaitable[None]]
    forget: Callable[[], Awaitable[None]]

    async def live(self, seconds: int, *staying: str, watched: bool = True, heard: bool = True) -> None:
        """So many seconds pass, in which these tell of themselves."""
        for _ in range(0, seconds, 5):
            await self.pass_s(5)
            if heard:
                await self.leases.hear()
            if watched:
                await self.leases.gone(())
            for staff_id in staying:
                await self.leases.stay(staff_id)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.process)])
async def candidate(request: pytest.FixtureRequest) -> AsyncIterator[Candidate]:
    """Leases of each kind, of which nothing was heard yet."""
    if request.param == "memory":
        yield _in_memory()
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with server.client() as redis:
        await redis.flushall()
        yield _on_redis(redis)


def _in_memory() -> Candidate:
    clock = SettableClock()
    leases = MemoryLeases(clock)

    async def pass_s(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    async def forget() -> None:
        leases.forget()

    return Candidate(leases, pass_s, forget)


def _on_redis(redis: Redis) -> Candidate:
    async def pass_s(seconds: float) -> None:
        """As if so much more time had passed: everything that is kept becomes so much older."""
        for staff_id in await redis.zrange(LEASES, 0, -1):
            await redis.zincrby(LEASES, -seconds * 1000, staff_id)
        for key in (WATCHED, HEARD):
            since, left = await redis.get(key), await redis.pttl(key)
            if since is not None and left > seconds * 1000:
                await redis.set(key, int(since) - int(seconds * 1000), px=left - int(seconds * 1000))
            else:
                await redis.delete(key)

    async def forget() -> None:
        await redis.flushall()

    return Candidate(RedisLeases(redis), pass_s, forget)


async def test_who_is_silent_for_a_minute_is_gone(candidate: Candidate) -> None:
    leases = candidate.leases
    await leases.stay("wang")
    await candidate.live(50, "li")
    assert await leases.gone(BOTH) == frozenset()
    await candidate.live(15, "li")
    assert await leases.gone(BOTH) == {"wang"}
    assert await leases.gone(["li"]) == frozenset()
    await leases.stay("wang")
    assert await leases.gone(BOTH) == frozenset()


async def test_of_whom_there_was_never_word_is_gone_a_minute_after_watching_began(candidate: Candidate) -> None:
    assert await candidate.leases.gone(BOTH) == frozenset()
    await candidate.live(55)
    assert await candidate.leases.gone(BOTH) == frozenset()
    await candidate.live(10)
    assert await candidate.leases.gone(BOTH) == set(BOTH)


async def test_nobody_is_gone_for_a_minute_after_everything_was_forgotten(candidate: Candidate) -> None:
    await candidate.live(120, *BOTH)
    await candidate.forget()
    assert await candidate.leases.gone(BOTH) == frozenset()
    await candidate.live(50)
    assert await candidate.leases.gone(BOTH) == frozenset()
    await candidate.live(15, "li")
    assert await candidate.leases.gone(BOTH) == {"wang"}


@pytest.mark.parametrize("away", ["watched", "heard"])
async def test_nobody_is_gone_for_a_minute_after_nobody_could_hear(candidate: Candidate, away: str) -> None:
    await candidate.live(120, *BOTH)
    await candidate.live(90, **{away: False})
    assert await candidate.leases.gone(BOTH) == frozenset()
    await candidate.live(55)
    assert await candidate.leases.gone(BOTH) == frozenset()
    await candidate.live(15, "wang")
    assert await candidate.leases.gone(BOTH) == {"li"}


async def test_a_short_break_in_watching_changes_nothing(candidate: Candidate) -> None:
    await candidate.live(120, *BOTH)
    await candidate.live(60, "li")
    await candidate.pass_s(BREAK_MS / 1000 - 3)
    await candidate.leases.hear()
    assert await candidate.leases.gone(BOTH) == {"wang"}


@pytest.mark.process
async def test_every_call_says_that_redis_is_away(mortal_server: RedisServer) -> None:
    async with mortal_server.client() as redis:
        leases = RedisLeases(redis)
        mortal_server.kill()
        for call in (leases.hear, lambda: leases.stay("li"), lambda: leases.gone(BOTH)):
            with pytest.raises(RedisUnavailable):
                await call()


async def test_a_clock_that_was_set_back_keeps_nobodys_conversations_for_ever(candidate: Candidate) -> None:
    await candidate.live(120, *BOTH)
    await candidate.pass_s(-3600)
    await candidate.live(70, "li")
    assert await candidate.leases.gone(BOTH) == {"wang"}
