"""What an operator notes beside a conversation for her colleagues: stored, written down, told to the browsers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.clock import Clock
from bot.conversation.events import EventKind
from bot.conversation.messages import id_under, new_id
from bot.conversation.notes import Note, check_note
from bot.conversation.ports import Feed
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff import seen_by
from bot.turns.say import tell_browsers


@dataclass(frozen=True, slots=True)
class BesidePorts:
    """What is needed for what happens beside the words: notes, and what is known of her."""

    units: UnitsOfWork
    feed: Feed
    clock: Clock


async def write_note(conversation_id: str, text: str, staff: Staff, ports: BesidePorts, key: str = "") -> Note:
    """Note something where whoever may see the conversation reads it, and nobody else; also when it is closed.

    The same words sent again under the same `key` are kept once: who saw no answer tries again.
    Raises InvalidData, NotFound outside her scope, StoreUnavailable.
    """
    words, now = check_note(text), ports.clock.now()
    note_id = id_under(key, conversation_id, staff.id, words)
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        kept = next((one for one in await uow.notes.of(conversation.id) if one.id == note_id), None)
        if kept is not None:
            return kept
        note = Note(note_id, conversation.id, conversation.contact_id, staff.id, now, words)
        await uow.notes.add(note)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "note.write", note.id, now))
        await uow.commit()
    await tell_browsers(conversation, ports.feed, EventKind.NOTE_ADDED)
    return note
