"""The feeds under contract."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.conversation.ports import Feed
from bot.feed import RedisFeed
from tests.doubles.memory_feed import MemoryFeed
from tests.processes.redis_server import RedisServer


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.process)])
async def feed(request: pytest.FixtureRequest) -> AsyncIterator[Feed]:
    """An empty feed of each kind."""
    if request.param == "memory":
        yield MemoryFeed()
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with server.client() as redis:
        await redis.flushall()
        yield RedisFeed(redis)
