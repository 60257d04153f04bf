"""What an operator notes beside a conversation for her colleagues: stored, written down, told to the browsers."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.conversation.clock import Clock
from bot.conversation.conversations import Conversation
from bot.conversation.errors import RedisUnavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.messages import new_id
from bot.conversation.notes import Note, check_note
from bot.conversation.ports import Feed
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff import seen_by

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BesidePorts:
    """What is needed for what happens beside the words: notes, and what is known of her."""

    units: UnitsOfWork
    feed: Feed
    clock: Clock


async def write_note(conversation_id: str, text: str, staff: Staff, ports: BesidePorts) -> Note:
    """Note something where whoever may see the conversation reads it, and nobody else; also when it is closed.

    Raises InvalidData, NotFound outside her scope, StoreUnavailable.
    """
    words, now = check_note(text), ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        note = Note(new_id(), conversation.id, conversation.contact_id, staff.id, now, words)
        await uow.notes.add(note)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "note.write", note.id, now))
        await uow.commit()
    await tell(EventKind.NOTE_ADDED, conversation, ports.feed)
    return note


async def tell(kind: EventKind, conversation: Conversation, feed: Feed) -> None:
    """After the commit: something changed here. What Redis cannot take now, a reload of the page brings back."""
    try:
        await feed.publish(Event(kind, conversation.account_id, conversation.region, conversation.id))
    except RedisUnavailable as error:
        log.warning("change not announced", conversation_id=conversation.id, error=str(error))
