"""Askings for a person, in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.conversation.handoffs import Disposition, Handoff, HandoffStatus
from bot.conversation.levels import Level, Topic
from bot.store.tables import UNRESOLVED, WAITING, handoffs, urgency
from bot.store.transaction import Transaction, Values, held


class SqlHandoffs:
    """Handoffs; at most one of a conversation is unresolved."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, handoff_id: str) -> Handoff:
        """The handoff of this id; raises NotFound."""
        return handoff_of(await self._transaction.get(held(handoffs).where(handoffs.c.id == handoff_id)))

    async def open_of(self, conversation_id: str) -> Handoff | None:
        """The unresolved one of this conversation."""
        query = held(handoffs).where(handoffs.c.conversation_id == conversation_id, UNRESOLVED)
        row = await self._transaction.first(query)
        return None if row is None else handoff_of(row)

    async def waiting(self) -> list[Handoff]:
        """All that nobody has claimed, the most urgent first, then the longest waiting."""
        query = sa.select(handoffs).where(WAITING).order_by(urgency(handoffs).desc(), handoffs.c.requested_at)
        return [handoff_of(row) for row in await self._transaction.all(query)]

    async def add(self, handoff: Handoff) -> None:
        """Raises Conflict if this conversation has an unresolved one."""
        await self._transaction.hold_contact(handoff.contact_id)
        await self._transaction.insert(handoffs, _values(handoff))

    async def save(self, handoff: Handoff) -> None:
        """Raises NotFound."""
        await self._transaction.hold_contact(handoff.contact_id)
        await self._transaction.update(handoffs, _values(handoff))


def handoff_of(row: sa.Row[Any]) -> Handoff:
    """The handoff of a row of `handoffs`."""
    return Handoff(
        id=row.id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        account_id=row.account_id,
        region=row.region,
        level=Level(row.level),
        topic=Topic(row.topic),
        reasons=tuple(row.reasons),
        requested_at=row.requested_at,
        status=HandoffStatus(row.status),
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        resolved_at=row.resolved_at,
        disposition=row.disposition and Disposition(row.disposition),
    )


def _values(handoff: Handoff) -> Values:
    return {**asdict(handoff), "reasons": list(handoff.reasons)}
