"""Who tries the lock in vain, in memory."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.conversation.clock import Clock
from bot.conversation.desk_ports import Limit
from bot.conversation.errors import RedisUnavailable

FORGOTTEN_AFTER = timedelta(minutes=30)


class MemoryTries:
    """Behaves as `desk_ports.Tries` says; with `available = False` every call raises RedisUnavailable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[int, datetime]] = {}
        self.available = True

    async def begin(self, limits: Mapping[str, Limit]) -> int:
        self._check()
        now = self._clock.now()
        self._kept = {name: one for name, one in self._kept.items() if now - one[1] < FORGOTTEN_AFTER}
        wait = 0.0
        for name, limit in limits.items():
            count, last = self._kept.get(name, (0, now))
            if count >= limit.free:
                pause = min(2 ** (count - limit.free + 1), limit.longest_s)
                wait = max(wait, pause - (now - min(last, now)).total_seconds())
        if wait > 0:
            return math.ceil(wait)
        for name in limits:
            self._kept[name] = (self._kept.get(name, (0, now))[0] + 1, now)
        return 0

    async def succeed(self, name: str, others: Collection[str]) -> None:
        self._check()
        self._kept.pop(name, None)
        for other in others:
            if other in self._kept:
                count, last = self._kept[other]
                self._kept[other] = (max(0, count - 1), last)

    def _check(self) -> None:
        if not self.available:
            raise RedisUnavailable("ConnectionError")
