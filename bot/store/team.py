"""Who may take conversations and how many each holds, read without the lock of a unit of work."""

from __future__ import annotations

import time
from contextlib import aclosing
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.staff import CHAT_ROLES, Colleague
from bot.store.engine import reading
from bot.store.repositories.staff import staff_of
from bot.store.tables import CLAIMED, handoffs, staff
from bot.store.transaction import Transaction

KEPT_S = 1.0
"""Who has room for another chat is asked at every `next`, and only says for whom a conversation is kept a while."""


class Team:
    """The team as it was a second ago at most: fifty operators who take one each do not read fifty times fifty rows."""

    def __init__(self, engine: AsyncEngine, drills: frozenset[str], kept_s: float = KEPT_S) -> None:
        self._engine, self._drills, self._kept_s = engine, drills, kept_s
        self._read: list[Colleague] = []
        self._read_at = float("-inf")

    async def read(self) -> list[Colleague]:
        """See `read_team`."""
        if time.monotonic() > self._read_at + self._kept_s:
            self._read = await read_team(self._engine, self._drills)
            self._read_at = time.monotonic()
        return self._read


async def read_team(engine: AsyncEngine, drills: frozenset[str] = frozenset()) -> list[Colleague]:
    """Everybody who may take conversations, by name, as they are there in earnest; raises StoreUnavailable.

    Nobody is counted upon for the accounts `drills`: who drills waits for no colleague.
    """
    held = (
        sa.select(handoffs.c.claimed_by, sa.func.count().label("in_hand"))
        .where(CLAIMED)
        .group_by(handoffs.c.claimed_by)
        .subquery()
    )
    query = (
        sa.select(staff, held.c.in_hand)
        .outerjoin(held, held.c.claimed_by == staff.c.id)
        .where(staff.c.active, staff.c.role.in_(sorted(CHAT_ROLES)))
        .order_by(staff.c.folded_username)
    )
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        found = [(staff_of(row), row.in_hand or 0) for row in await snapshot.all(query)]
    return [Colleague(replace(one, scope=one.scope.in_earnest(drills)), in_hand) for one, in_hand in found]
