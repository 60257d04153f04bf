"""What only the queue on Redis can promise: what SQL knows is put back, nothing is lost by a crash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from bot import handoff
from bot.conversation.errors import RedisUnavailable
from bot.conversation.handoffs import HandoffStatus, QueueEntry
from bot.conversation.levels import Level
from bot.conversation.ports import Queue
from bot.conversation.staff import Scope
from bot.queue import RedisQueue
from tests.contract.queue.entries import an_entry
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
    assert await queue.take(Scope()) is None
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


CALLS: list[Callable[[Queue], Awaitable[object]]] = [
    lambda queue: queue.put(an_entry("h1")),
    lambda queue: queue.take(Scope()),
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
        assert await RedisQueue(redis).take(Scope()) == an_entry("h1")
