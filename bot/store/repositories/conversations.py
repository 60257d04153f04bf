"""Conversations in SQL, guarded by their version."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import StaleVersion
from bot.conversation.levels import Level, Topic
from bot.store.tables import CURRENT, conversations
from bot.store.transaction import Transaction, Values, held


class SqlConversations:
    """Conversations; at most one of a contact is not closed."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, conversation_id: str) -> Conversation:
        """The conversation of this id; raises NotFound."""
        query = held(conversations).where(conversations.c.id == conversation_id)
        return conversation_of(await self._transaction.get(query))

    async def current(self, contact_id: str) -> Conversation | None:
        """The one that is not closed."""
        query = held(conversations).where(conversations.c.contact_id == contact_id, CURRENT)
        row = await self._transaction.first(query)
        return None if row is None else conversation_of(row)

    async def add(self, conversation: Conversation) -> None:
        """Raises Conflict if this contact has one that is not closed."""
        await self._transaction.hold_contact(conversation.contact_id)
        await self._transaction.insert(conversations, _values(conversation))

    async def save(self, conversation: Conversation) -> None:
        """Keep the changes and count the version up; raises StaleVersion if it changed since it was read."""
        await self._transaction.hold_contact(conversation.contact_id)
        values = {**_values(conversation), "version": conversation.version + 1}
        unchanged = conversations.c.version == conversation.version
        if await self._transaction.change(conversations, values, unchanged) == 0:
            raise StaleVersion("the conversation changed since it was read")
        conversation.version += 1


def conversation_of(row: sa.Row[Any]) -> Conversation:
    """The conversation of a row of `conversations`."""
    return Conversation(
        id=row.id,
        contact_id=row.contact_id,
        account_id=row.account_id,
        region=row.region,
        opened_at=row.opened_at,
        mode=Mode(row.mode),
        level=Level(row.level),
        topic=Topic(row.topic),
        owner=row.owner,
        acknowledged_at=row.acknowledged_at,
        last_message_at=row.last_message_at,
        closed_at=row.closed_at,
        version=row.version,
    )


def _values(conversation: Conversation) -> Values:
    return asdict(conversation)
