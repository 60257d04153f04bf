"""Tell a person that her operator's line broke and that somebody else will come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.accounts import Accounts
from bot.conversation.articles import key_and_version
from bot.conversation.conversations import Conversation
from bot.conversation.repositories import UnitOfWork
from bot.knowledge import KnowledgeBase
from bot.turns.notice import add_notice
from bot.turns.speaking import OPERATOR_LOST

AT_MOST_EVERY = timedelta(minutes=10)
"""A bad line that breaks three times is one apology to her, not three."""


@dataclass(frozen=True, slots=True)
class Apology:
    """The words, and where they are kept."""

    accounts: Accounts
    knowledge: KnowledgeBase

    async def __call__(self, uow: UnitOfWork, conversation: Conversation, now: datetime) -> None:
        """Add it to this unit of work, unless she was told a moment ago."""
        if not await _was_told(uow, conversation, now):
            await add_notice(uow, conversation, OPERATOR_LOST, self.accounts, self.knowledge, now)


async def _was_told(uow: UnitOfWork, conversation: Conversation, now: datetime) -> bool:
    recent = await uow.messages.recent(conversation.id, limit=50)
    told = (one.at for one in recent if OPERATOR_LOST in {key_and_version(named)[0] for named in one.articles})
    return any(now - at < AT_MOST_EVERY for at in told)
