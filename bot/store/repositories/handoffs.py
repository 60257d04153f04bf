"""Askings for a person, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.alerts import AlertKind
from bot.conversation.handoffs import Disposition, Handoff, HandoffStatus, Skill, Waits
from bot.conversation.levels import Level, Topic
from bot.store.desk_tables import STANDING, alerts, waits_since
from bot.store.tables import CLAIMED, UNRESOLVED, WAITING, handoffs, urgency
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

    async def in_hand(self, staff_id: str) -> int:
        """How many this member of staff has claimed and not yet settled."""
        mine = sa.and_(CLAIMED, handoffs.c.claimed_by == staff_id)
        row = await self._transaction.first(sa.select(sa.func.count()).select_from(handoffs).where(mine))
        return 0 if row is None else int(row[0])

    async def claimed(self) -> list[Handoff]:
        """All that are in somebody's hands."""
        query = sa.select(handoffs).where(CLAIMED).order_by(handoffs.c.claimed_at)
        return [handoff_of(row) for row in await self._transaction.all(query)]

    async def critical(self) -> list[Handoff]:
        """Those waiting at the highest level, the longest waiting first."""
        query = sa.select(handoffs).where(WAITING, handoffs.c.level == Level.CRITICAL)
        return [handoff_of(row) for row in await self._transaction.all(query.order_by(handoffs.c.requested_at))]

    async def late(
        self, before: Mapping[Level, datetime], kind: AlertKind, without: Collection[str], limit: int
    ) -> list[Handoff]:
        """Those who have waited since before the moment of their level, while no such alert stands at it, and there."""
        same = (alerts.c.level == handoffs.c.level, alerts.c.region == handoffs.c.region)
        told = sa.exists().where(alerts.c.subject == handoffs.c.id, alerts.c.kind == kind, STANDING, *same)
        too_long = [sa.and_(handoffs.c.level == level, waits_since <= moment) for level, moment in before.items()]
        query = (
            sa.select(handoffs)
            .where(WAITING, handoffs.c.account_id.not_in(without), sa.or_(*too_long), ~told)
            .order_by(urgency(handoffs).desc(), waits_since, handoffs.c.id)
            .limit(limit)
        )
        return [handoff_of(row) for row in await self._transaction.all(query)]

    async def waits(self, without: Collection[str]) -> Mapping[Level, Waits]:
        """How many wait at each level, and since when the first of them."""
        query = (
            sa.select(handoffs.c.level, sa.func.count().label("count"), sa.func.min(waits_since).label("since"))
            .where(WAITING, handoffs.c.account_id.not_in(without))
            .group_by(handoffs.c.level)
        )
        rows = [row._mapping for row in await self._transaction.all(query)]
        return {Level(row["level"]): Waits(row["count"], row["since"]) for row in rows}

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
        queued_at=row.queued_at or row.requested_at,
        skill=row.skill and Skill(row.skill),
        to_staff=row.to_staff,
        status=HandoffStatus(row.status),
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        answered_at=row.answered_at,
        lost_by=row.lost_by,
        lost_at=row.lost_at,
        resolved_at=row.resolved_at,
        disposition=row.disposition and Disposition(row.disposition),
    )


def _values(handoff: Handoff) -> Values:
    return {**asdict(handoff), "reasons": list(handoff.reasons)}
