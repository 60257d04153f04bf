"""Give back to the queue what an operator held who has vanished (no word of her pages), or may not see it any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter

from bot.conversation.clock import Clock
from bot.conversation.conversations import Conversation, Mode, Step
from bot.conversation.desk_ports import Leases
from bot.conversation.errors import Conflict, NotFound, RedisUnavailable
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Handoff, HandoffStatus, QueueEntry
from bot.conversation.messages import new_id
from bot.conversation.notes import Note
from bot.conversation.ports import Feed, Queue
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import SYSTEM, AuditEntry
from bot.handoff.request import event_of

log = structlog.get_logger(__name__)

AT_LEAST_HELD = timedelta(minutes=1)
"""Who has just taken a conversation by a program may not have been heard yet."""

_VANISHED = "的页面断开一分多钟"
_NO_LONGER_HERS = "不再负责这里"
"""An administrator changed what she may see: she does not see it any more, and nobody else would come."""

_LOST = Counter("niangjia_conversations_lost_total", "conversations given back because their operator vanished")

Tell = Callable[[UnitOfWork, Conversation, datetime], Awaitable[None]]
"""Tells the person, in the same unit of work, that somebody else will come."""


@dataclass(frozen=True, slots=True)
class LostPorts:
    """What giving back needs."""

    units: UnitsOfWork
    queue: Queue
    feed: Feed
    leases: Leases
    clock: Clock
    tell: Tell


async def give_back(ports: LostPorts) -> int:
    """Give back what vanished operators hold; returns how many conversations. Several workers may do it at once.

    Raises RedisUnavailable, StoreUnavailable.
    """
    async with ports.units(reading=True) as uow:
        claimed = await uow.handoffs.claimed()
        holders = {one.id: one for one in await uow.staff.some({one.claimed_by or "" for one in claimed})}
    gone = await ports.leases.gone({one.claimed_by for one in claimed if one.claimed_by is not None})
    lost = 0
    for one in claimed:
        holder = holders.get(one.claimed_by or "")
        if holder is not None and not holder.looks_after(one.account_id, one.region):
            lost += await _give_back(one, _NO_LONGER_HERS, ports)
        elif one.claimed_by in gone and _held_for(one, ports.clock.now()) >= AT_LEAST_HELD:
            lost += await _give_back(one, _VANISHED, ports)
    _LOST.inc(lost)
    return lost


async def _give_back(seen: Handoff, why: str, ports: LostPorts) -> bool:
    """One commit; False if somebody else moved it first."""
    now = ports.clock.now()
    try:
        async with ports.units() as uow:
            conversation = await uow.conversations.get(seen.conversation_id)
            handoff = await uow.handoffs.open_of(seen.conversation_id)
            if handoff is None or not _is_as(seen, handoff, conversation):
                return False
            conversation.step(Step.TRANSFER)
            conversation.owner = None
            handoff.status, handoff.claimed_by, handoff.claimed_at = HandoffStatus.WAITING, None, None
            handoff.queued_at, handoff.to_staff = now, None
            handoff.lost_by, handoff.lost_at = seen.claimed_by, now
            await uow.conversations.save(conversation)
            await uow.handoffs.save(handoff)
            await uow.notes.add(await _note(uow, handoff, why, now))
            await uow.audit.append(AuditEntry(new_id(), SYSTEM, "conversation.lost", conversation.id, now))
            if handoff.answered_at is not None:  # who has heard of nobody is not told that somebody is gone
                await ports.tell(uow, conversation, now)
            await uow.commit()
    except (Conflict, NotFound) as error:
        log.info("conversation moved meanwhile", conversation_id=seen.conversation_id, error=type(error).__name__)
        return False
    log.warning("taken from its operator", conversation_id=handoff.conversation_id, staff_id=handoff.lost_by)
    await _announce(handoff, ports)
    return True


async def _announce(handoff: Handoff, ports: LostPorts) -> None:
    try:
        await ports.queue.put(QueueEntry.of(handoff))
        await ports.feed.publish(event_of(handoff, EventKind.HANDOFF_REQUESTED))
    except RedisUnavailable as error:  # the sweeper puts it back
        log.warning("given back, not announced", handoff_id=handoff.id, error=str(error))


async def _note(uow: UnitOfWork, handoff: Handoff, why: str, now: datetime) -> Note:
    """For whoever takes over."""
    try:
        name = (await uow.staff.get(handoff.lost_by or "")).display_name
    except NotFound:
        name = "同事"
    text = f"{name}{why}，会话放回等候。请先看看上文再接着说。"
    return Note(new_id(), handoff.conversation_id, handoff.contact_id, None, now, text)


def _is_as(seen: Handoff, handoff: Handoff, conversation: Conversation) -> bool:
    """Whether it is still in the same hands since the same moment."""
    same = (handoff.id, handoff.claimed_by, handoff.claimed_at) == (seen.id, seen.claimed_by, seen.claimed_at)
    return same and conversation.mode is Mode.HUMAN and conversation.owner == seen.claimed_by


def _held_for(handoff: Handoff, now: datetime) -> timedelta:
    return now - (handoff.claimed_at or now)
