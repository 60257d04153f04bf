"""The operator's moves: claim, release, transfer and close; each is one commit, then told to queue and feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.conversation.clock import Clock
from bot.conversation.conversations import Conversation, Mode, Step
from bot.conversation.errors import Conflict, Forbidden, NotFound, RedisUnavailable
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Disposition, Handoff, HandoffStatus, QueueEntry
from bot.conversation.levels import Level
from bot.conversation.messages import new_id
from bot.conversation.ports import Feed, Queue
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff.request import event_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HandoffPorts:
    """What the moves need."""

    units: UnitsOfWork
    queue: Queue
    feed: Feed
    clock: Clock


async def claim_next(staff: Staff, ports: HandoffPorts) -> Handoff | None:
    """Take the most urgent waiting conversation of her scope; None if nothing waits."""
    staff.check_may_chat()
    while (entry := await ports.queue.take(staff.scope)) is not None:
        try:
            return await _claim(entry.conversation_id, staff, ports)
        except (Conflict, NotFound):
            continue  # SQL knows better: somebody has it, or it is over; the next one
        except BaseException:
            await ports.queue.put(entry)
            raise
    return None


async def claim(conversation_id: str, staff: Staff, ports: HandoffPorts) -> Handoff:
    """Take this waiting conversation; raises Conflict if another was first, NotFound, Forbidden."""
    handoff = await _claim(conversation_id, staff, ports)
    try:
        await ports.queue.take_one(handoff.id)
    except RedisUnavailable as error:
        log.warning("entry left in queue", handoff_id=handoff.id, error=str(error))
    return handoff


async def transfer(conversation_id: str, staff: Staff, ports: HandoffPorts) -> Handoff:
    """Put her conversation back among the waiting, at its old place."""

    def put_back(handoff: Handoff, now: datetime) -> None:
        handoff.status, handoff.claimed_by, handoff.claimed_at = HandoffStatus.WAITING, None, None

    handoff = await _leave(conversation_id, staff, Step.TRANSFER, put_back, ports)
    await _tell(ports, handoff, EventKind.HANDOFF_REQUESTED, put=True)
    return handoff


async def release(conversation_id: str, staff: Staff, ports: HandoffPorts) -> Handoff:
    """Hand her conversation back to the assistant; the level starts afresh."""
    return await _resolve(conversation_id, staff, Step.RELEASE, Disposition.ANSWERED, ports)


async def close(conversation_id: str, staff: Staff, disposition: Disposition, ports: HandoffPorts) -> Handoff:
    """End her conversation; the next message of the person opens a new one."""
    return await _resolve(conversation_id, staff, Step.CLOSE, disposition, ports)


async def _claim(conversation_id: str, staff: Staff, ports: HandoffPorts) -> Handoff:
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        handoff = await uow.handoffs.open_of(conversation_id)
        if handoff is None or handoff.status is not HandoffStatus.WAITING:
            raise Conflict("nobody waits here any more")
        conversation.step(Step.CLAIM)
        conversation.owner = staff.id
        handoff.status, handoff.claimed_by, handoff.claimed_at = HandoffStatus.CLAIMED, staff.id, now
        await _save(uow, conversation, handoff, staff, "conversation.claim", now)
    await _tell(ports, handoff, EventKind.HANDOFF_CLAIMED)
    return handoff


async def _resolve(
    conversation_id: str, staff: Staff, step: Step, disposition: Disposition, ports: HandoffPorts
) -> Handoff:
    def resolve(handoff: Handoff, now: datetime) -> None:
        handoff.status, handoff.resolved_at, handoff.disposition = HandoffStatus.RESOLVED, now, disposition

    handoff = await _leave(conversation_id, staff, step, resolve, ports)
    await _tell(ports, handoff, EventKind.HANDOFF_RESOLVED)
    return handoff


async def _leave(
    conversation_id: str,
    staff: Staff,
    step: Step,
    change: Callable[[Handoff, datetime], None],
    ports: HandoffPorts,
) -> Handoff:
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        check_owner(conversation, staff)
        handoff = await uow.handoffs.open_of(conversation_id)
        if handoff is None:
            raise Conflict("nothing is open here")
        conversation.step(step)
        conversation.owner = None
        if conversation.mode is Mode.BOT:
            conversation.level = Level.NORMAL
        if conversation.mode is Mode.CLOSED:
            conversation.closed_at = now
        change(handoff, now)
        await _save(uow, conversation, handoff, staff, f"conversation.{step}", now)
    return handoff


def check_owner(conversation: Conversation, staff: Staff) -> None:
    """Raise Forbidden unless this operator holds the conversation."""
    if conversation.mode is not Mode.HUMAN or conversation.owner != staff.id:
        raise Forbidden("only the operator who holds the conversation may do this")


async def seen_by(uow: UnitOfWork, conversation_id: str, staff: Staff) -> Conversation:
    """The conversation, if she may see it; raises NotFound also where it is outside her scope."""
    conversation = await uow.conversations.get(conversation_id)
    try:
        staff.check_may_see(conversation.account_id, conversation.region)
    except Forbidden:
        raise NotFound("no such conversation") from None
    return conversation


async def _save(
    uow: UnitOfWork, conversation: Conversation, handoff: Handoff, staff: Staff, action: str, now: datetime
) -> None:
    await uow.conversations.save(conversation)
    await uow.handoffs.save(handoff)
    await uow.audit.append(AuditEntry(new_id(), staff.id, action, conversation.id, now))
    await uow.commit()


async def _tell(ports: HandoffPorts, handoff: Handoff, kind: EventKind, *, put: bool = False) -> None:
    try:
        if put:
            await ports.queue.put(QueueEntry.of(handoff))
        await ports.feed.publish(event_of(handoff, kind))
    except RedisUnavailable as error:
        log.warning("move not announced", handoff_id=handoff.id, error=str(error))
