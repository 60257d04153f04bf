"""The inboxes under contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.conversation.clock import SystemClock
from bot.conversation.ports import Inbox
from bot.inbox import RedisInbox, keys
from bot.store.encryption import FernetSealer
from tests.doubles.memory_inbox import MemoryInbox
from tests.processes.redis_server import RedisServer

LEASE_S = 60.0
"""Longer than any test; what runs out in a test is made to (`pass_s`)."""

PATIENCE_S = 60.0
"""A waiter that is not woken looks again only after this, so that no test passes by luck."""


@dataclass(frozen=True)
class Candidate:
    """An inbox, a way to let time pass for what is held in it and what rests, and whether it hears of replies yet."""

    inbox: Inbox
    pass_s: Callable[[float], Awaitable[None]]
    hears: Callable[[], Awaitable[bool]]


class _Ahead(SystemClock):
    """Goes on like any clock, and is put forward by a test."""

    by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.process)])
async def candidate(request: pytest.FixtureRequest, sealer: FernetSealer) -> AsyncIterator[Candidate]:
    """An empty inbox of each kind."""
    if request.param == "memory":
        yield _in_memory()
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with server.client() as redis:
        await redis.flushall()
        inbox = RedisInbox(redis, sealer, LEASE_S, recheck_s=PATIENCE_S)

        async def hears() -> bool:
            ((_, listeners),) = await redis.pubsub_numsub(keys.OFFERS)
            return int(listeners) > 0

        yield Candidate(inbox, _ageing(redis), hears)
        await inbox.close()


@pytest.fixture
def inbox(candidate: Candidate) -> Inbox:
    """An empty inbox of each kind."""
    return candidate.inbox


def _in_memory() -> Candidate:
    clock = _Ahead()

    async def pass_s(seconds: float) -> None:
        clock.by += timedelta(seconds=seconds)

    async def hears() -> bool:
        return True

    return Candidate(MemoryInbox(clock, LEASE_S), pass_s, hears)


def _ageing(redis: Redis) -> Callable[[float], Awaitable[None]]:
    async def pass_s(seconds: float) -> None:
        """As if so much more time had passed: every lease and every rest ends so much sooner."""
        for key in (keys.HELD, keys.DELAYED):
            for mailbox in await redis.zrange(key, 0, -1):
                await redis.zincrby(key, -seconds * 1000, mailbox)

    return pass_s
