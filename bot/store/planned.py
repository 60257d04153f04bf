"""The plan of duty as its page shows it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import aclosing

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.roster import Day, Shift
from bot.store.engine import reading
from bot.store.repositories.shifts import plan_query, shift_of
from bot.store.transaction import Transaction


async def planned(engine: AsyncEngine, days: Collection[Day]) -> list[Shift]:
    """Everybody's lines for these days; raises StoreUnavailable."""
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        return [shift_of(row) for row in await snapshot.all(plan_query(days))]
