"""The handoff queue in memory, for the tests of use cases and screens."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation.clock import Clock
from bot.conversation.errors import RedisUnavailable
from bot.conversation.handoffs import QueueEntry
from bot.conversation.ports import Hold

PRESENT_FOR = timedelta(minutes=1)


class MemoryQueue:
    """Behaves as `ports.Queue` says; with `available = False` every call raises RedisUnavailable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, QueueEntry] = {}
        self._present_until: dict[str, datetime] = {}
        self.available = True

    async def put(self, entry: QueueEntry) -> None:
        self._check()
        self._entries[entry.handoff_id] = entry

    async def take(self, hold: Hold, now: datetime) -> QueueEntry | None:
        first = next((entry for entry in await self.entries() if _is_free(entry, hold, now)), None)
        return self._entries.pop(first.handoff_id) if first else None

    async def take_one(self, handoff_id: str) -> bool:
        self._check()
        return self._entries.pop(handoff_id, None) is not None

    async def entries(self) -> list[QueueEntry]:
        self._check()
        return sorted(self._entries.values(), key=lambda entry: (entry.place, entry.handoff_id))

    async def arrive(self, staff_id: str) -> None:
        self._check()
        self._present_until[staff_id] = self._clock.now() + PRESENT_FOR

    async def leave(self, staff_id: str) -> None:
        self._check()
        self._present_until.pop(staff_id, None)

    async def present(self) -> frozenset[str]:
        self._check()
        now = self._clock.now()
        return frozenset(staff_id for staff_id, until in self._present_until.items() if until > now)

    def forget(self) -> None:
        """Lose everything, as after FLUSHALL."""
        self._entries.clear()
        self._present_until.clear()

    def _check(self) -> None:
        if not self.available:
            raise RedisUnavailable("ConnectionError")


def _is_free(entry: QueueEntry, hold: Hold, now: datetime) -> bool:
    kept_back = hold(entry.lane)
    return kept_back is not None and (not kept_back or entry.queued_at + kept_back <= now)
