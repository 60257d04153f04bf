"""What every move of an operator has in common: read within her scope, one commit, then told to queue and feed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.conversation.clock import Clock
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, Forbidden, HandsFull, NotFound, RedisUnavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.handoffs import Handoff, HandoffStatus, QueueEntry
from bot.conversation.levels import Level
from bot.conversation.messages import new_id
from bot.conversation.notes import Note, check_note
from bot.conversation.ports import Feed, Queue
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Colleague, Staff
from bot.handoff.request import event_of

log = structlog.get_logger(__name__)

Team = Callable[[], Awaitable[Sequence[Colleague]]]
"""Everybody who may take conversations, at her desk or not."""


@dataclass(frozen=True, slots=True)
class HandoffPorts:
    """What the moves need; `regions` are those that the federation serves, `drills` the accounts for drills."""

    units: UnitsOfWork
    queue: Queue
    feed: Feed
    clock: Clock
    team: Team
    regions: Container[str]
    drills: Container[str] = frozenset()


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


async def asked_in(uow: UnitOfWork, conversation: Conversation, status: HandoffStatus) -> Handoff:
    """The open asking of this conversation; raises Conflict unless it stands so."""
    handoff = await uow.handoffs.open_of(conversation.id)
    if handoff is None or handoff.status is not status:
        raise Conflict(f"nothing is {status} here")
    return handoff


async def check_room(uow: UnitOfWork, staff: Staff, level: Level) -> None:
    """Raise HandsFull if she may take no more of this level; nobody else changes what she holds until the commit."""
    member = await uow.staff.hold(staff.id)
    if level is not Level.CRITICAL and await uow.handoffs.in_hand(staff.id) >= member.chat_limit:
        raise HandsFull("she holds as many conversations as she may")


def put_into_hands(conversation: Conversation, handoff: Handoff, staff_id: str, now: datetime) -> None:
    """From now on she holds it."""
    conversation.owner = staff_id
    handoff.status, handoff.claimed_by, handoff.claimed_at = HandoffStatus.CLAIMED, staff_id, now
    handoff.to_staff = None


async def note_down(uow: UnitOfWork, conversation: Conversation, staff: Staff, text: str, now: datetime) -> None:
    """Keep her words for the next one beside the conversation, if there are any; raises InvalidData if too long."""
    if text.strip():
        words = check_note(text)
        await uow.notes.add(Note(new_id(), conversation.id, conversation.contact_id, staff.id, now, words))


async def keep(
    uow: UnitOfWork, conversation: Conversation, handoff: Handoff, staff: Staff, action: str, now: datetime
) -> None:
    """Write it all down, with who did what, and commit."""
    await uow.conversations.save(conversation)
    await uow.handoffs.save(handoff)
    await uow.audit.append(AuditEntry(new_id(), staff.id, action, conversation.id, now))
    await uow.commit()


async def tell(ports: HandoffPorts, handoff: Handoff, kind: EventKind, *, left: str | None = None) -> None:
    """After the commit: the queue and the browsers, also those of the region that it left.

    What Redis cannot take now, the sweep puts right from SQL; so trouble is logged, not raised.
    """
    events = [event_of(handoff, kind)]
    if left not in (None, handoff.region):
        events.append(Event(EventKind.HANDOFF_MOVED, handoff.account_id, left or "", handoff.conversation_id))
    try:
        if handoff.status is HandoffStatus.WAITING:
            await ports.queue.put(QueueEntry.of(handoff))
        else:
            await ports.queue.take_one(handoff.id)
        await ports.feed.publish(*events)
    except RedisUnavailable as error:
        log.warning("move not announced", handoff_id=handoff.id, error=str(error))
