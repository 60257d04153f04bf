"""What was said, in SQL; the words are sealed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
import structlog

from bot.conversation.content import Said, content_from_json, content_to_json
from bot.conversation.errors import InvalidData
from bot.conversation.messages import Author, Exchange, Message
from bot.conversation.ports import Sealer
from bot.store.placeholders import UNREADABLE
from bot.store.tables import messages
from bot.store.transaction import Transaction, Values

log = structlog.get_logger(__name__)


class SqlMessages:
    """Messages, in the order in which they were added."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer

    async def add(self, message: Message) -> None:
        """Raises Conflict if the inbound key is already there."""
        await self._transaction.hold_contact(message.contact_id)
        await self._transaction.insert(messages, _values(message, self._sealer))

    async def by_inbound_key(self, key: str) -> Message | None:
        """What the person sent under this key."""
        row = await self._transaction.first(sa.select(messages).where(messages.c.inbound_key == key))
        return None if row is None else message_of(row, self._sealer)

    async def recent(self, conversation_id: str, limit: int) -> list[Message]:
        """The last messages, the oldest first."""
        query = (
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id)
            .order_by(messages.c.position.desc())
            .limit(limit)
        )
        return [message_of(row, self._sealer) for row in reversed(await self._transaction.all(query))]

    async def exchanges(self, conversation_ids: Collection[str]) -> Mapping[str, Exchange]:
        """How the exchange with operators stands in these conversations."""
        here = messages.c.conversation_id.in_(conversation_ids)
        replies = (
            sa.select(
                messages.c.conversation_id,
                sa.func.max(messages.c.position).label("last"),
                sa.func.max(messages.c.at).label("replied_at"),
            )
            .where(here, messages.c.author == Author.OPERATOR)
            .group_by(messages.c.conversation_id)
        )
        replied = {row.conversation_id: row.replied_at for row in await self._transaction.all(replies)}
        reply = replies.subquery()
        unread = (
            sa.select(messages.c.conversation_id, sa.func.min(messages.c.at).label("since"))
            .outerjoin(reply, reply.c.conversation_id == messages.c.conversation_id)
            .where(here, messages.c.author == Author.CONTACT)
            .where(messages.c.position > sa.func.coalesce(reply.c.last, 0))
            .group_by(messages.c.conversation_id)
        )
        since = {row.conversation_id: row.since for row in await self._transaction.all(unread)}
        return {one: Exchange(replied.get(one), since.get(one)) for one in conversation_ids}


def message_of(row: sa.Row[Any], sealer: Sealer) -> Message:
    """The message of a row of `messages`, opened."""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        author=Author(row.author),
        content=open_content(row.content, sealer, row.id),
        at=row.at,
        inbound_key=row.inbound_key,
        staff_id=row.staff_id,
        articles=tuple(row.articles),
        intent=row.intent,
        confidence=row.confidence,
        level=row.level,
        reasons=tuple(row.reasons or ()),
    )


def sealed_content(content: Said, sealer: Sealer) -> bytes:
    """What was said, as it is stored."""
    return sealer.seal(json.dumps(content_to_json(content)).encode())


def open_content(sealed: bytes, sealer: Sealer, message_id: str) -> Said:
    """What was said; UNREADABLE, and a line in the log, if no key opens it or its kind is of a later version."""
    try:
        return content_from_json(json.loads(sealer.open(sealed)))
    except InvalidData:
        log.error("a message cannot be read", message_id=message_id)
        return UNREADABLE


def _values(message: Message, sealer: Sealer) -> Values:
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "contact_id": message.contact_id,
        "author": message.author,
        "content": sealed_content(message.content, sealer),
        "at": message.at,
        "inbound_key": message.inbound_key,
        "staff_id": message.staff_id,
        "articles": list(message.articles),
        "intent": message.intent,
        "confidence": message.confidence,
        "level": message.level,
        "reasons": list(message.reasons),
    }
