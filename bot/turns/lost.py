"""Tell a person that her operator's line broke and that somebody else will come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.accounts import Accounts, account_of
from bot.conversation.content import Text
from bot.conversation.conversations import Conversation
from bot.conversation.messages import Author, Message, new_id
from bot.conversation.repositories import UnitOfWork
from bot.knowledge import KnowledgeBase
from bot.turns.say import line_up
from bot.turns.speaking import OPERATOR_LOST

AT_MOST_EVERY = timedelta(minutes=10)
"""A bad line that breaks three times is one apology to her, not three."""


@dataclass(frozen=True, slots=True)
class Apology:
    """The words, and where they are kept."""

    accounts: Accounts
    knowledge: KnowledgeBase

    async def __call__(self, uow: UnitOfWork, conversation: Conversation, now: datetime) -> None:
        """Add it to this unit of work; nothing while she has turned the chat harmless, or was told a moment ago."""
        contact = await uow.contacts.get(conversation.contact_id)
        if contact.hidden_at is not None or await _was_told(uow, conversation, now):
            return
        account = account_of(self.accounts, conversation.account_id)
        message = Message(
            id=new_id(),
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            author=Author.SYSTEM,
            content=Text(self.knowledge.render(OPERATOR_LOST, account)),
            at=now,
            articles=(OPERATOR_LOST,),
        )
        await line_up(uow, message, conversation.account_id)


async def _was_told(uow: UnitOfWork, conversation: Conversation, now: datetime) -> bool:
    recent = await uow.messages.recent(conversation.id, limit=50)
    return any(OPERATOR_LOST in message.articles and now - message.at < AT_MOST_EVERY for message in recent)
