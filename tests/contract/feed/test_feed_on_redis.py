"""What only the feed on Redis can promise: bounded memory, patience, and a clear refusal."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from bot.conversation.errors import NotFound, RedisUnavailable
from bot.feed import RedisFeed
from bot.feed.redis import BLOCK_S, STREAM
from tests.contract.feed.reading import an_event, browsing
from tests.processes.redis_server import RedisServer

pytestmark = pytest.mark.process


async def test_an_id_that_was_trimmed_away_is_not_found(redis: Redis) -> None:
    feed = RedisFeed(redis)
    await feed.publish(an_event("c1"), an_event("c2"))
    ((first, _), _) = await redis.xrange(STREAM)
    await redis.xtrim(STREAM, maxlen=1, approximate=False)
    with pytest.raises(NotFound):
        await anext(feed.follow(first.decode(), 0.1))


async def test_after_flushall_a_browser_loads_afresh_and_goes_on(redis: Redis) -> None:
    feed = RedisFeed(redis)
    await feed.publish(an_event("c1"))
    ((first, _),) = await redis.xrange(STREAM)
    await redis.flushall()
    with pytest.raises(NotFound):
        await anext(feed.follow(first.decode(), 0.1))
    async with browsing(feed) as browser:
        await browser.heartbeat()
        await feed.publish(an_event("c2"))
        assert await browser.conversations(1) == ["c2"]


async def test_a_heartbeat_may_be_longer_than_the_clients_patience(redis_server: RedisServer) -> None:
    patience_s = 3.0  # well above, for a slow day
    async with Redis.from_url(f"unix://{redis_server.socket}", socket_timeout=patience_s) as redis:
        assert patience_s > BLOCK_S
        assert await anext(RedisFeed(redis).follow(None, heartbeat_s=3.5)) is None


async def test_a_browser_and_a_publisher_are_told_that_redis_is_away(mortal_server: RedisServer) -> None:
    async with mortal_server.client() as redis:
        feed = RedisFeed(redis)
        events = feed.follow(None, 60)
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.1)
        mortal_server.kill()
        with pytest.raises(RedisUnavailable):
            await waiting
        with pytest.raises(RedisUnavailable):
            await feed.publish(an_event("c1"))
        with pytest.raises(RedisUnavailable):
            await anext(feed.follow("1-1", 5))


async def test_an_event_of_a_newer_version_is_passed_over(redis: Redis) -> None:
    feed = RedisFeed(redis)
    await feed.publish(an_event("c0"))
    ((first, _),) = await redis.xrange(STREAM)
    async with browsing(feed) as browser:
        await browser.heartbeat()
        await redis.xadd(STREAM, {"kind": "something.new", "account_id": "hunan"})
        await redis.xadd(STREAM, {"kind": b"\xff"})
        await feed.publish(an_event("c1"))
        assert await browser.conversations(1) == ["c1"]
    async with browsing(feed, first.decode()) as late:
        assert await late.conversations(1) == ["c1"]
