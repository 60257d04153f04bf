"""Keep the Redis queue what SQL says it is."""

from __future__ import annotations

import structlog

from bot.conversation.handoffs import QueueEntry
from bot.conversation.ports import Queue
from bot.conversation.repositories import UnitsOfWork

log = structlog.get_logger(__name__)


async def sweep(units: UnitsOfWork, queue: Queue) -> int:
    """Put back what the queue forgot, take out what no longer waits; returns how many entries were mended.

    The queue is read before SQL: what it held then was committed before, so an entry that SQL does not show as waiting
    is over for certain. Raises RedisUnavailable, StoreUnavailable.
    """
    queued = {entry.handoff_id: entry for entry in await queue.entries()}
    async with units(reading=True) as uow:
        waiting = {handoff.id: QueueEntry.of(handoff) for handoff in await uow.handoffs.waiting()}
    stray = queued.keys() - waiting.keys()
    amiss = [entry for key, entry in waiting.items() if queued.get(key) != entry]
    for handoff_id in stray:
        await queue.take_one(handoff_id)
    for entry in amiss:
        await queue.put(entry)
    if stray or amiss:
        log.warning("queue mended", put_back=len(amiss), taken_out=len(stray))
    return len(stray) + len(amiss)
