"""Events, and a browser that follows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.conversation.events import Event, EventKind
from bot.conversation.ports import Feed

SOON_S = 30.0
"""Longer than any event takes, also on a slow day."""


def an_event(conversation: str, kind: EventKind = EventKind.MESSAGE_ADDED, level: str | None = None) -> Event:
    """A change of a conversation."""
    return Event(kind, "hunan", "430100", conversation, level)


class Browser:
    """Reads a feed in the background and keeps what came."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[Event | None] = asyncio.Queue()

    async def events(self, count: int) -> list[Event]:
        """The next so many events, heartbeats left out."""
        found: list[Event] = []
        async with asyncio.timeout(SOON_S):
            while len(found) < count:
                event = await self.got.get()
                found += [event] if event is not None else []
        return found

    async def conversations(self, count: int) -> list[str]:
        """The conversations of the next so many events."""
        return [event.conversation_id for event in await self.events(count)]

    async def heartbeat(self) -> None:
        """Wait for a heartbeat; an event before it is an error."""
        async with asyncio.timeout(SOON_S):
            assert await self.got.get() is None


@asynccontextmanager
async def browsing(feed: Feed, last_id: str | None = None, heartbeat_s: float = 0.1) -> AsyncIterator[Browser]:
    """A browser that follows until the block ends."""
    browser = Browser()

    async def read() -> None:
        async for event in feed.follow(last_id, heartbeat_s):
            browser.got.put_nowait(event)

    reading = asyncio.create_task(read())
    try:
        yield browser
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


def without_id(event: Event) -> Event:
    """The event as it was published."""
    return replace(event, id="")
