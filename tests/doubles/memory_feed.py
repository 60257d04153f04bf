"""The feed in memory, for the tests of use cases and screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

from bot.conversation.errors import NotFound, RedisUnavailable
from bot.conversation.events import Event


class MemoryFeed:
    """Behaves as `ports.Feed` says; with `available = False` every call raises RedisUnavailable.

    `kept` are all events so far, with their ids.
    """

    def __init__(self) -> None:
        self.kept: list[Event] = []
        self.available = True
        self._count = 0
        self._changed = asyncio.Condition()
        self._ended = False

    async def publish(self, *events: Event) -> None:
        self._check()
        for event in events:
            self._count += 1
            self.kept.append(replace(event, id=f"{self._count}-0"))
        await self._wake()

    async def follow(self, last_id: str | None, heartbeat_s: float) -> AsyncGenerator[Event | None]:
        self._check()
        after = self._count if last_id is None else self._place(last_id)
        while True:
            fresh = [event for event in self.kept if _number(event.id) > after]
            for event in fresh:
                after = _number(event.id)
                yield event
            if fresh:
                continue
            if self._ended:
                return
            if not await self._wait(after, heartbeat_s):
                self._check()
                yield None

    def forget(self, count: int) -> None:
        """No longer keep the oldest events."""
        del self.kept[:count]

    async def end(self) -> None:
        """Let every follower read what there is and come to its end, as no real feed does."""
        self._ended = True
        await self._wake()

    async def _wait(self, after: int, seconds: float) -> bool:
        """Whether there is something new, or the end, within so many seconds."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait_for(lambda: self._count > after or self._ended)
            except TimeoutError:
                return False
        return True

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _place(self, last_id: str) -> int:
        if last_id not in {event.id for event in self.kept}:
            raise NotFound("event is no longer kept")
        return _number(last_id)

    def _check(self) -> None:
        if not self.available:
            raise RedisUnavailable("ConnectionError")


def _number(event_id: str) -> int:
    return int(event_id.partition("-")[0])
