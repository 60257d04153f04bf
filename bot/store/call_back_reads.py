"""What the pages of calls back show, each read in one snapshot, and only what the scope allows."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.call_backs import SHOWN_SETTLED, CallBack, OverdueCall
from bot.conversation.ports import Sealer
from bot.conversation.staff import Scope
from bot.store.desk_tables import call_backs
from bot.store.engine import reading
from bot.store.queries import within
from bot.store.repositories.call_backs import OPEN, overdue_of, overdue_query, readable_call_backs
from bot.store.tables import urgency
from bot.store.transaction import Transaction

MOST_OPEN, MOST_SETTLED = 200, 100
"""How many of each the page shows."""


@dataclass(frozen=True, slots=True)
class CallBackList:
    """Those still to be made: the overdue first, then the most urgent and longest waiting; and the newest settled."""

    open: tuple[CallBack, ...]
    settled: tuple[CallBack, ...]


async def list_call_backs(engine: AsyncEngine, sealer: Sealer, scope: Scope, now: datetime) -> CallBackList:
    """What is open, and what was settled of late; what no key opens is left out, and logged."""
    hers = sa.select(call_backs).where(within(scope, call_backs))
    overdue = sa.case((call_backs.c.due_at <= now, 0), else_=1)
    first = (overdue, urgency(call_backs).desc(), call_backs.c.asked_at)
    settled = hers.where(call_backs.c.settled_at >= now - SHOWN_SETTLED).order_by(call_backs.c.settled_at.desc())
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        to_make = await snapshot.all(hers.where(OPEN).order_by(*first).limit(MOST_OPEN))
        made = await snapshot.all(settled.limit(MOST_SETTLED))
    return CallBackList(*(tuple(readable_call_backs(rows, sealer)) for rows in (to_make, made)))


async def overdue_calls(engine: AsyncEngine, scope: Scope, now: datetime) -> tuple[OverdueCall, ...]:
    """Those that should have been made by now, the most urgent first, then the longest overdue."""
    query = overdue_query(now).where(within(scope, call_backs))
    query = query.order_by(urgency(call_backs).desc(), call_backs.c.due_at).limit(MOST_OPEN)
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        return tuple(map(overdue_of, await snapshot.all(query)))


async def count_call_backs(engine: AsyncEngine, scope: Scope) -> int:
    """How many are still to be made."""
    query = sa.select(sa.func.count()).select_from(call_backs).where(OPEN, within(scope, call_backs))
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        found: int = (await snapshot.execute(query)).scalar_one()
    return found
