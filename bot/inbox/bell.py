"""One subscription for all requests of a process that wait for a reply."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

_RECONNECT_S = 0.5


class Bell:
    """Rings the waiters of a key when it is published on the channel; a ring may be lost, so waiters look again."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self._redis = redis
        self._channel = channel
        self._waiters: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    @contextmanager
    def listening(self, key: str) -> Iterator[asyncio.Event]:
        """The event that is set when the key rings."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        rung = asyncio.Event()
        self._waiters[key].add(rung)
        try:
            yield rung
        finally:
            self._waiters[key].discard(rung)
            if not self._waiters[key]:
                del self._waiters[key]

    async def wait(self, rung: asyncio.Event, timeout_s: float) -> None:
        """Wait for a ring, or for the time to pass."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await rung.wait()
        rung.clear()

    async def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(self._channel)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._ring(message["data"].decode())
            except (RedisError, OSError):
                await asyncio.sleep(_RECONNECT_S)

    def _ring(self, key: str) -> None:
        for rung in self._waiters.get(key, ()):
            rung.set()
