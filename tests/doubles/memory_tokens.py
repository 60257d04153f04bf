"""The token shelf in memory, for one process and a clock of the test's own."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.conversation.clock import Clock, SystemClock
from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import HeldToken

FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)


class MemoryTokenShelf:
    """See `ports.TokenShelf`. While `down` is set every method raises RedisUnavailable."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.down = False
        self._clock = clock or SystemClock()
        self._held: dict[str, HeldToken] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._forced: defaultdict[str, list[datetime]] = defaultdict(list)

    async def read(self, account_id: str) -> HeldToken | None:
        self._check()
        held = self._held.get(account_id)
        return held if held is not None and held.until > self._clock.now() else None

    async def put(self, account_id: str, token: HeldToken) -> None:
        self._check()
        self._held[account_id] = token

    @asynccontextmanager
    async def lock(self, account_id: str) -> AsyncIterator[None]:
        self._check()
        async with self._locks[account_id]:
            yield

    async def may_force(self, account_id: str) -> bool:
        self._check()
        now, forced = self._clock.now(), self._forced[account_id]
        forced[:] = [at for at in forced if now - at < timedelta(days=1)]
        if len(forced) >= FORCED_A_DAY or (forced and now - forced[-1] < FORCED_APART):
            return False
        forced.append(now)
        return True

    def _check(self) -> None:
        if self.down:
            raise RedisUnavailable("down")
