"""What only the queue on Redis can promise: what SQL knows is put back, nothing is lost by a crash."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot import handoff
from bot.conversation.errors import RedisUnavailable
from bot.conversation.handoffs import HandoffStatus, Lane, QueueEntry
from bot.conversation.levels import Level
from bot.conversation.ports import Hold, Queue
from bot.queue import RedisQueue
from bot.queue.redis import FRONTS, LANES
from tests.contract.queue.entries import ALL, LATER, an_entry
from tests.contract.store.entities import a_contact, a_conversation, a_handoff, keep
from tests.doubles.memory_store import MemoryUnits
from tests.processes.redis_server import RedisServer

pytestmark = pytest.mark.process


async def test_the_sweep_restores_the_queue_after_flushall(redis: Redis) -> None:
    queue, units = RedisQueue(redis), MemoryUnits()
    handoffs = []
    for level in (Level.HIGH, Level.CRITICAL, Level.HIGH):
        contact = a_contact()
        conversation = a_conversation(contact)
        handoffs.append(a_handoff(conversation, level=level))
        await keep(units, contact, conversation, handoffs[-1])
        await queue.put(QueueEntry.of(handoffs[-1]))
    before = await queue.entries()
    await redis.flushall()
    assert await queue.take(ALL, LATER) is None
    assert await handoff.sweep(units, queue) == 3
    assert await queue.entries() == before
    assert await handoff.sweep(units, queue) == 0


async def test_the_sweep_takes_out_what_is_over_and_corrects_what_changed(redis: Redis) -> None:
    queue, units = RedisQueue(redis), MemoryUnits()
    contact, other = a_contact(), a_contact()
    raised = a_handoff(a_conversation(contact), level=Level.CRITICAL)
    over = a_handoff(a_conversation(other), status=HandoffStatus.CLAIMED)
    for person, asked in ((contact, raised), (other, over)):
        await keep(units, person, a_conversation(person, id=asked.conversation_id), asked)
        await queue.put(QueueEntry.of(asked))
    await queue.put(an_entry(raised.id, Level.HIGH))
    await queue.put(an_entry("unknown"))
    assert await handoff.sweep(units, queue) == 3
    assert await queue.entries() == [QueueEntry.of(raised)]


async def test_what_an_earlier_version_left_in_redis_harms_nobody(redis: Redis) -> None:
    """Its entries knew neither skill nor person, and its lanes had other names; SQL has them all."""
    queue, units, contact = RedisQueue(redis), MemoryUnits(), a_contact()
    conversation = a_conversation(contact)
    asked = a_handoff(conversation)
    await keep(units, contact, conversation, asked)
    lane = "niangjia:{queue}:lane:430100:high:hunan"
    left = {"handoff_id": asked.id, "conversation_id": conversation.id, "account_id": "hunan", "region": "430100"}
    row = json.dumps(left | {"level": "high", "requested_at": asked.requested_at.isoformat()})
    await redis.hset("niangjia:{queue}:entries", asked.id, row)
    await redis.hset("niangjia:{queue}:lanes", asked.id, lane)
    await redis.sadd("niangjia:{queue}:lane-names", lane)
    await redis.zadd(lane, {asked.id: asked.requested_at.timestamp()})
    assert await queue.take(ALL, LATER) is None
    assert await handoff.sweep(units, queue) == 1
    assert await queue.take(ALL, LATER) == QueueEntry.of(asked)


async def test_a_lane_in_which_nobody_waits_is_forgotten(redis: Redis) -> None:
    queue = RedisQueue(redis)
    for number in range(3):
        await queue.put(an_entry(f"h{number}", to_staff=f"li-{number}"))
    assert await redis.zcard(LANES) == 3
    await queue.take_one("h0")
    await queue.put(an_entry("h1"))
    await queue.take(ALL, LATER)
    assert await redis.zcard(LANES) == 1
    await queue.take(ALL, LATER)
    assert await redis.keys("niangjia:{queue}:*") == []


@pytest.mark.parametrize("front", FRONTS)
async def test_beyond_the_front_of_many_lanes_the_order_holds(redis: Redis, front: int) -> None:
    """Where nothing in the first lanes is hers, more are looked at; what stands at the same place comes by its id."""
    queue = RedisQueue(redis)
    for number in range(3 * front):
        await queue.put(an_entry(f"h{number:03}", minutes=number // 2, account_id=f"account-{number}"))

    def late_ones(lane: Lane) -> timedelta | None:
        return timedelta(0) if int(lane.account_id.removeprefix("account-")) >= 2 * front else None

    hers = [f"h{number:03}" for number in range(2 * front, 3 * front)]
    assert [await taken_by(queue, late_ones) for _ in hers] == hers
    assert await taken_by(queue, late_ones) is None
    assert [await taken_by(queue, ALL) for _ in range(2 * front)] == [f"h{number:03}" for number in range(2 * front)]


async def taken_by(queue: Queue, hold: Hold) -> str | None:
    entry = await queue.take(hold, LATER)
    return entry and entry.handoff_id


CALLS: list[Callable[[Queue], Awaitable[object]]] = [
    lambda queue: queue.put(an_entry("h1")),
    lambda queue: queue.take(ALL, LATER),
    lambda queue: queue.take_one("h1"),
    lambda queue: queue.entries(),
    lambda queue: queue.arrive("li"),
    lambda queue: queue.leave("li"),
    lambda queue: queue.present(),
]


async def test_every_call_says_that_redis_is_away(mortal_server: RedisServer) -> None:
    async with mortal_server.client() as redis:
        queue = RedisQueue(redis)
        await queue.put(an_entry("h1"))
        mortal_server.kill()
        for call in CALLS:
            with pytest.raises(RedisUnavailable):
                await call(queue)


async def test_the_queue_survives_a_crash_of_redis(mortal_server: RedisServer) -> None:
    async with mortal_server.client() as redis:
        await RedisQueue(redis).put(an_entry("h1"))
    mortal_server.kill()
    mortal_server.start()
    async with mortal_server.client() as redis:
        assert await RedisQueue(redis).take(ALL, LATER) == an_entry("h1")
