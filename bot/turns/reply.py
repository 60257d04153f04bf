"""An operator's reply out: stored, lined up for delivery, and told to the browsers."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.conversation.accounts import Accounts, account_of
from bot.conversation.clock import Clock
from bot.conversation.content import Text
from bot.conversation.conversations import Conversation
from bot.conversation.errors import InvalidData
from bot.conversation.messages import Author, Message, joined, new_id
from bot.conversation.ports import Feed, UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff import check_owner, seen_by
from bot.knowledge import KnowledgeBase
from bot.turns.say import deliveries_of, tell_browsers

log = structlog.get_logger(__name__)

MAX_REPLY_CHARACTERS = 2000
"""Three messages of the platform at most: an operator has five until the person writes again."""

JOINED = "other/human_joined"
"""Said once, before an operator's first words: from here on a person writes."""


@dataclass(frozen=True, slots=True)
class ReplyPorts:
    """What a reply needs."""

    units: UnitsOfWork
    feed: Feed
    clock: Clock
    accounts: Accounts
    knowledge: KnowledgeBase


async def reply(conversation_id: str, text: str, staff: Staff, ports: ReplyPorts) -> Message:
    """Send an operator's words to the person; she must hold the conversation.

    Raises InvalidData for empty or too long words, Forbidden, NotFound, StoreUnavailable.
    """
    words = text.strip()
    if not words or len(words) > MAX_REPLY_CHARACTERS:
        raise InvalidData(f"回复须为 1 到 {MAX_REPLY_CHARACTERS} 字")
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        check_owner(conversation, staff)
        message = await _add(uow, conversation, words, staff, ports)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "message.send", message.id, message.at))
        await uow.commit()
    await tell_browsers(conversation, ports.feed)
    return message


async def notify(conversation_id: str, article: str, ports: ReplyPorts) -> None:
    """Tell the person a fixed notice, such as that the conversation was handed back."""
    async with ports.units() as uow:
        conversation = await uow.conversations.get(conversation_id)
        account = account_of(ports.accounts, conversation.account_id)
        message = Message(
            id=new_id(),
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            author=Author.SYSTEM,
            content=Text(ports.knowledge.render(article, account)),
            at=ports.clock.now(),
            articles=(article,),
        )
        await _line_up(uow, message, conversation.account_id)
        await uow.commit()
    await tell_browsers(conversation, ports.feed)


async def _add(uow: UnitOfWork, conversation: Conversation, words: str, staff: Staff, ports: ReplyPorts) -> Message:
    recent = await uow.messages.recent(conversation.id, limit=50)
    claimed = await uow.handoffs.open_of(conversation.id)
    since = claimed.claimed_at if claimed else None
    spoken = any(message.author is Author.OPERATOR and (since is None or message.at >= since) for message in recent)
    articles: tuple[str, ...] = ()
    if not spoken:
        account = account_of(ports.accounts, conversation.account_id)
        words, articles = joined([ports.knowledge.render(JOINED, account), words]), (JOINED,)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.OPERATOR,
        content=Text(words),
        at=ports.clock.now(),
        staff_id=staff.id,
        articles=articles,
    )
    await _line_up(uow, message, conversation.account_id)
    return message


async def _line_up(uow: UnitOfWork, message: Message, account_id: str) -> None:
    await uow.messages.add(message)
    for delivery in deliveries_of(message, account_id, message.at):
        await uow.deliveries.add(delivery)
