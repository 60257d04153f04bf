"""Ask for a person, inside the turn's transaction; and tell queue and feed after its commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.conversation.conversations import Conversation, Mode, Step
from bot.conversation.errors import RedisUnavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.handoffs import Handoff, HandoffStatus, QueueEntry
from bot.conversation.levels import Topic
from bot.conversation.messages import new_id
from bot.conversation.ports import Feed, Queue
from bot.conversation.repositories import UnitOfWork
from bot.handoff.skills import skill_for

log = structlog.get_logger(__name__)


async def request(
    uow: UnitOfWork, conversation: Conversation, reasons: Sequence[str], now: datetime, intent: str | None = None
) -> Handoff:
    """Open a handoff at the conversation's level, or raise the one that is open; the caller saves the conversation.

    `intent` is what the assistant understood of her words, if it did: with the topic it decides the skill.
    """
    handoff = await uow.handoffs.open_of(conversation.id)
    if handoff is not None:
        handoff.level = conversation.level
        handoff.topic = conversation.topic
        if conversation.topic is Topic.DOMESTIC_VIOLENCE:
            handoff.skill = None
        handoff.reasons = tuple(dict.fromkeys([*handoff.reasons, *reasons]))
        await uow.handoffs.save(handoff)
        return handoff
    if conversation.mode is Mode.BOT:
        conversation.step(Step.REQUEST)
    handoff = Handoff(
        id=new_id(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        account_id=conversation.account_id,
        region=conversation.region,
        level=conversation.level,
        topic=conversation.topic,
        reasons=tuple(dict.fromkeys(reasons)),
        requested_at=now,
        queued_at=now,
        skill=skill_for(conversation.topic, intent),
    )
    await uow.handoffs.add(handoff)
    return handoff


async def announce(queue: Queue, feed: Feed, handoff: Handoff, *, is_new: bool) -> None:
    """After the commit: put the handoff into the queue and tell the browsers.

    What Redis cannot take now, `sweep` puts back from SQL; so trouble is logged, not raised.
    """
    kind = EventKind.HANDOFF_REQUESTED if is_new else EventKind.HANDOFF_RAISED
    try:
        if handoff.status is HandoffStatus.WAITING:
            await queue.put(QueueEntry.of(handoff))
        await feed.publish(event_of(handoff, kind))
    except RedisUnavailable as error:
        log.error("handoff not announced", handoff_id=handoff.id, error=str(error))


def event_of(handoff: Handoff, kind: EventKind) -> Event:
    """The event that tells browsers of this handoff."""
    return Event(kind, handoff.account_id, handoff.region, handoff.conversation_id, level=handoff.level)
