"""One connection reads the stream for all who follow it in a process; nobody misses anything for it."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from bot.conversation.errors import NotFound
from bot.feed import RedisFeed
from bot.feed.tail import AHEAD, Follower
from tests.contract.feed.reading import an_event, browsing

pytestmark = pytest.mark.process


async def blocked(redis: Redis) -> int:
    """How many connections wait for events."""
    return int((await redis.info("clients"))["blocked_clients"])


async def test_fifty_browsers_need_one_connection_and_none_stays(redis: Redis) -> None:
    feed = RedisFeed(redis)
    opened = [browsing(feed) for _ in range(50)]
    browsers = [await one.__aenter__() for one in opened]
    for browser in browsers:
        await browser.heartbeat()
    assert await blocked(redis) == 1
    await feed.publish(*(an_event(f"c{number}") for number in range(30)))
    for browser in browsers:
        assert await browser.conversations(30) == [f"c{number}" for number in range(30)]
    for one in opened:
        await one.__aexit__(None, None, None)
    async with asyncio.timeout(30):
        while await blocked(redis):  # noqa: ASYNC110 - Redis gives no event
            await asyncio.sleep(0.05)


async def test_who_joins_while_events_pour_in_gets_each_once_and_in_order(redis: Redis) -> None:
    feed = RedisFeed(redis)
    await feed.publish(an_event("first"))
    ((first, _),) = await redis.xrange("niangjia:{feed}:events", count=1)

    async def pour() -> None:
        for number in range(300):
            await feed.publish(an_event(f"c{number}"))

    async with browsing(feed) as early:
        await early.heartbeat()
        pouring = asyncio.create_task(pour())
        for _ in range(5):
            async with browsing(feed, first.decode()) as late:
                assert await late.conversations(300) == [f"c{number}" for number in range(300)]
        await pouring
        assert await early.conversations(300) == [f"c{number}" for number in range(300)]


async def test_who_does_not_keep_up_must_load_afresh() -> None:
    slow = Follower()
    slow.give([(b"%d-0" % number, an_event("c")) for number in range(AHEAD)])
    assert await slow.next(0.1) is not None
    slow.give([(b"9-0", an_event("c")), (b"9-1", an_event("c"))])
    with pytest.raises(NotFound):
        await slow.next(0.1)
