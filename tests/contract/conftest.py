"""A Redis for the contracts of the rooms that hold one, and a sealer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from bot.store.encryption import FernetSealer
from tests.processes.redis_server import RedisServer, running_redis


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One running server for all tests that only read and write."""
    with running_redis() as server:
        yield server


@pytest.fixture
def mortal_server() -> Iterator[RedisServer]:
    """A server for one test alone, which may kill it."""
    with running_redis() as server:
        yield server


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    """A client of an empty Redis."""
    async with redis_server.client() as client:
        await client.flushall()
        yield client


@pytest.fixture
def sealer() -> FernetSealer:
    """A sealer with one key."""
    return FernetSealer(["A" * 43 + "="], "index secret")
