"""Walks the audit trail and tells whether it is whole."""

from __future__ import annotations

import hmac
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.ports import Sealer
from bot.store.engine import reading
from bot.store.repositories.audit import BEGINNING, chained, entry_of, lines
from bot.store.tables import staff
from bot.store.transaction import Transaction

_BREAKS_TOLD = 20


@dataclass(frozen=True, slots=True)
class Break:
    """Here, or between this entry and the one before it, the trail is not what was written; `bare` without any hash."""

    position: int
    at: datetime
    bare: bool = False


@dataclass(slots=True)
class Trail:
    """What a walk along the audit trail found.

    `since` is the moment of the first entry, `end` the hash of the last one; `passed` whether the hash that was looked
    for is in the trail; `broken` at most twenty breaks; `emptied` says that there is no entry, though somebody may sign
    in, who was not let in without one.
    """

    entries: int = 0
    since: datetime | None = None
    end: str = BEGINNING
    passed: bool = False
    broken: list[Break] = field(default_factory=list)
    emptied: bool = False


async def walk(engine: AsyncEngine, sealer: Sealer, look_for: str = BEGINNING) -> Trail:
    """Compute every hash of the trail afresh, in one snapshot; raises StoreUnavailable.

    What was cut off at the end leaves a shorter trail that is whole: `look_for`, the `end` of an earlier walk, shows
    it. A break is told once: what follows is judged by the hash that stands there. Every entry has a hash: one without
    is a break, wherever it stands, or whoever owns the database could take all of them away and all would seem new.
    """
    trail = Trail(passed=look_for == BEGINNING)
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        async for row in lines(snapshot):
            _pass(row, trail, sealer)
            trail.passed = trail.passed or trail.end == look_for
        trail.emptied = not trail.entries and await snapshot.first(sa.select(staff.c.id).limit(1)) is not None
    return trail


def _pass(row: sa.Row[Any], trail: Trail, sealer: Sealer) -> None:
    expected, found = sealer.tag(chained(trail.end, entry_of(row))), row.hash or BEGINNING
    trail.entries += 1
    trail.since = trail.since or row.at
    if not hmac.compare_digest(found.encode(), expected.encode()) and len(trail.broken) < _BREAKS_TOLD:
        trail.broken.append(Break(row.position, row.at, bare=not found))
    trail.end = found
