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
from bot.store.transaction import Transaction

_BREAKS_TOLD = 20


@dataclass(frozen=True, slots=True)
class Break:
    """Here, or between this entry and the one before it, the trail is not what was written."""

    position: int
    at: datetime


@dataclass(slots=True)
class Trail:
    """What a walk along the audit trail found.

    `earlier` entries are of before there was a chain, the first chained one (of `begun_at`) covers them; `end` is the
    hash of the last one; `passed` whether the hash that was looked for is in the trail; `broken` at most twenty breaks.
    """

    entries: int = 0
    earlier: int = 0
    begun_at: datetime | None = None
    end: str = BEGINNING
    passed: bool = False
    broken: list[Break] = field(default_factory=list)


async def walk(engine: AsyncEngine, sealer: Sealer, look_for: str = BEGINNING) -> Trail:
    """Compute every hash of the trail afresh, in one snapshot; raises StoreUnavailable.

    What was cut off at the end leaves a shorter trail that is whole: `look_for`, the `end` of an earlier walk, shows
    it. A break is told once: what follows is judged by the hash that stands there.
    """
    trail = Trail(passed=look_for == BEGINNING)
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        async for row in lines(snapshot):
            _pass(row, trail, sealer)
            trail.passed = trail.passed or trail.end == look_for
    return trail


def _pass(row: sa.Row[Any], trail: Trail, sealer: Sealer) -> None:
    expected = sealer.tag(chained(trail.end, entry_of(row)))
    trail.entries += 1
    if row.hash is None and trail.begun_at is None:
        trail.earlier += 1
        trail.end = expected
        return
    trail.begun_at = trail.begun_at or row.at
    if not hmac.compare_digest((row.hash or "").encode(), expected.encode()) and len(trail.broken) < _BREAKS_TOLD:
        trail.broken.append(Break(row.position, row.at))
    trail.end = row.hash or expected
