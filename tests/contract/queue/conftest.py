"""The queues under contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.conversation.ports import Queue
from bot.queue import RedisQueue
from bot.queue.redis import PRESENCE, PRESENCE_MS
from tests.doubles.clock import SettableClock
from tests.doubles.memory_queue import MemoryQueue
from tests.processes.redis_server import RedisServer


@dataclass(frozen=True)
class Candidate:
    """A queue, and a way to let a minute pass for those present."""

    queue: Queue
    pass_minute: Callable[[], Awaitable[None]]


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.process)])
async def candidate(request: pytest.FixtureRequest) -> AsyncIterator[Candidate]:
    """An empty queue of each kind."""
    if request.param == "memory":
        yield _in_memory()
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with server.client() as redis:
        await redis.flushall()
        yield _on_redis(redis)


@pytest.fixture
def queue(candidate: Candidate) -> Queue:
    """An empty queue of each kind."""
    return candidate.queue


def _in_memory() -> Candidate:
    clock = SettableClock()

    async def pass_minute() -> None:
        clock.advance(timedelta(minutes=1))

    return Candidate(MemoryQueue(clock), pass_minute)


def _on_redis(redis: Redis) -> Candidate:
    async def pass_minute() -> None:
        for staff_id in await redis.zrange(PRESENCE, 0, -1):
            await redis.zincrby(PRESENCE, -PRESENCE_MS, staff_id)

    return Candidate(RedisQueue(redis), pass_minute)
