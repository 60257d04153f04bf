"""What is kept of a message of hers: her line of the conversation, and the file that is to be fetched."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.content import Image, Video, Voice
from bot.conversation.conversations import Conversation
from bot.conversation.media import Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Inbound, Message, new_id
from bot.conversation.repositories import UnitOfWork
from bot.turns.decide import Decision
from bot.turns.think import Thought


async def hear(
    uow: UnitOfWork,
    inbound: Inbound,
    message_id: str,
    conversation: Conversation,
    thought: Thought,
    decision: Decision,
    *,
    listens: bool,
    now: datetime,
) -> None:
    """Add her line, and beside it the picture, voice or video that the platform keeps for three days."""
    understanding = thought.proposed.understanding if thought.proposed else None
    message = Message(
        id=message_id,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.CONTACT,
        content=inbound.content,
        at=now,
        inbound_key=inbound.key,
        intent=understanding.intent if understanding else None,
        confidence=understanding.confidence if understanding else None,
        level=decision.level,
        reasons=decision.reasons,
    )
    await uow.messages.add(message)
    media = _media_of(inbound, message, listens=listens, now=now)
    if media is not None:
        await uow.media.add(media)


def _media_of(inbound: Inbound, message: Message, *, listens: bool, now: datetime) -> Media | None:
    """What the collector must fetch; a voice message that the platform itself understood needs no transcript."""
    match inbound.content:
        case Image(media_id=platform_id):
            kind, transcribed = MediaKind.IMAGE, True
        case Voice(media_id=platform_id, recognition=heard):
            kind, transcribed = MediaKind.VOICE, bool(heard) or not listens
        case Video(media_id=platform_id):
            kind, transcribed = MediaKind.VIDEO, True
        case _:
            return None
    return Media(
        id=new_id(),
        message_id=message.id,
        conversation_id=message.conversation_id,
        contact_id=message.contact_id,
        account_id=inbound.account_id,
        kind=kind,
        status=MediaStatus.PENDING,
        received_at=inbound.received_at,
        due_at=now,
        platform_id=platform_id,
        transcribed=transcribed,
    )
