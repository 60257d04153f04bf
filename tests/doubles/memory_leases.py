"""Who is still there, in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.conversation.clock import Clock
from bot.conversation.errors import RedisUnavailable

LEASE = timedelta(minutes=1)
BREAK = timedelta(seconds=10)


class MemoryLeases:
    """Behaves as `desk_ports.Leases` says; with `available = False` every call raises RedisUnavailable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._words: dict[str, datetime] = {}
        self._marks: dict[str, tuple[datetime, datetime]] = {}
        """Since when, and until when, it is without a break."""
        self.available = True

    async def hear(self) -> None:
        self._check()
        self._renew("heard")

    async def stay(self, staff_id: str) -> None:
        self._check()
        self._words[staff_id] = self._clock.now()

    async def gone(self, staff_ids: Collection[str]) -> frozenset[str]:
        self._check()
        now = self._clock.now()
        self._words = {one: min(at, now) for one, at in self._words.items()}
        if now - max(self._renew("watched"), self._since("heard")) < LEASE:
            return frozenset()
        return frozenset(one for one in staff_ids if one not in self._words or now - self._words[one] >= LEASE)

    def forget(self) -> None:
        """Lose everything, as after FLUSHALL."""
        self._words.clear()
        self._marks.clear()

    def _since(self, name: str) -> datetime:
        now = self._clock.now()
        since, until = self._marks.get(name, (now, now))
        return min(since, now) if until > now else now

    def _renew(self, name: str) -> datetime:
        since = self._since(name)
        self._marks[name] = (since, self._clock.now() + BREAK)
        return since

    def _check(self) -> None:
        if not self.available:
            raise RedisUnavailable("ConnectionError")
