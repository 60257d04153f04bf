"""The end of the stream, read once for all who follow it in this process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from bot.conversation.errors import NotFound, RedisUnavailable
from bot.conversation.events import Event

AHEAD = 5_000
"""So many events may wait for a reader who does not keep up; then it must load afresh, as after a long break."""

Row = tuple[bytes, Event | None]
"""The id and the event; None for one of a kind that only a newer version knows, which is as good as a heartbeat."""


class Follower:
    """What came since somebody joined, in order."""

    def __init__(self) -> None:
        self._rows: deque[Row] = deque()
        self._trouble: Exception | None = None
        self._changed = asyncio.Event()

    async def next(self, wait_s: float) -> Row | None:
        """The next event, or None when none came; raises NotFound if she was too slow, and RedisUnavailable."""
        if not self._rows and self._trouble is None:
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
        if self._rows:
            return self._rows.popleft()
        if self._trouble is not None:
            raise self._trouble
        return None

    def give(self, rows: Sequence[Row]) -> None:
        """Hand on what came."""
        if len(self._rows) + len(rows) > AHEAD:
            self._rows.clear()
            self.fail(NotFound("too far behind"))
        if self._trouble is None:
            self._rows.extend(rows)
            self._changed.set()

    def fail(self, trouble: Exception) -> None:
        """There will be nothing more."""
        self._trouble = trouble
        self._changed.set()


class Tail:
    """One reader of the stream while anybody follows, instead of one blocked connection for each."""

    def __init__(
        self, newest: Callable[[], Awaitable[bytes]], after: Callable[[bytes], Awaitable[Sequence[Row]]]
    ) -> None:
        """`newest` gives the id at the end, `after` waits a while for what comes after an id."""
        self._newest, self._after = newest, after
        self._followers: set[Follower] = set()
        self._reading: asyncio.Task[None] | None = None
        self._stands = asyncio.Event()

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[Follower]:
        """A follower who misses nothing that is published from now on."""
        follower = Follower()
        self._followers.add(follower)
        try:
            if self._reading is None:
                self._stands = asyncio.Event()
                self._reading = asyncio.create_task(self._read(self._stands))
            await self._stands.wait()
            yield follower
        finally:
            self._followers.discard(follower)
            if not self._followers and self._reading is not None:
                self._reading.cancel()
                self._reading = None

    async def _read(self, stands: asyncio.Event) -> None:
        try:
            position = await self._newest()
            stands.set()
            while True:
                rows = await self._after(position)
                if rows:
                    position = rows[-1][0]
                    for follower in self._followers:
                        follower.give(rows)
        except RedisUnavailable as error:
            # each of them comes back by itself, and the first one begins a new reading
            gone, self._followers, self._reading = self._followers, set(), None
            for follower in gone:
                follower.fail(error)
            stands.set()
