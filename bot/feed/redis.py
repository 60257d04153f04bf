"""The feed on a Redis stream."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.errors import NotFound, RedisUnavailable
from bot.conversation.events import Event, EventKind

STREAM = "niangjia:{feed}:events"
KEPT = 20_000
"""Hours of a busy day; a browser that was away longer loads its page afresh."""

BLOCK_S = 1.0
"""Shorter than the client's own timeout, which would take a quiet Redis for a dead one."""

_BATCH = 200

_ID = re.compile(r"\d{1,19}-\d{1,19}", re.ASCII)
"""An id of a stream; it comes back from browsers, and Redis has no other answer to anything else than an error."""


class RedisFeed:
    """See `ports.Feed`."""

    def __init__(self, redis: Redis) -> None:
        """`redis` must not decode responses."""
        self._redis = redis

    async def publish(self, *events: Event) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for event in events:
                pipeline.xadd(STREAM, _to_fields(event), maxlen=KEPT, approximate=True)
            await self._call(pipeline.execute())

    async def follow(self, last_id: str | None, heartbeat_s: float) -> AsyncIterator[Event | None]:
        after = await self._start(last_id)
        while True:
            rows = await self._read(after, heartbeat_s)
            if not rows:
                yield None
            for event_id, fields in rows:
                after = event_id
                yield _from_fields(event_id.decode(), fields)

    async def _start(self, last_id: str | None) -> bytes:
        if last_id is None:
            newest = await self._call(self._redis.xrevrange(STREAM, count=1))
            return newest[0][0] if newest else b"0-0"
        known = _ID.fullmatch(last_id) and await self._call(self._redis.xrange(STREAM, min=last_id, max=last_id))
        if not known:
            raise NotFound("event is no longer kept")
        return last_id.encode()

    async def _read(self, after: bytes, wait_s: float) -> list[tuple[bytes, dict[bytes, bytes]]]:
        while True:
            block_ms = max(1, round(min(wait_s, BLOCK_S) * 1000))
            streams = await self._call(self._redis.xread({STREAM: after}, count=_BATCH, block=block_ms))
            wait_s -= BLOCK_S
            if streams or wait_s <= 0:
                return streams[0][1] if streams else []

    async def _call(self, command: Awaitable[Any] | Any) -> Any:
        try:
            return await cast("Awaitable[Any]", command)
        except (RedisError, OSError) as error:
            raise RedisUnavailable(type(error).__name__) from None


def _to_fields(event: Event) -> dict[Any, Any]:
    return {
        "kind": event.kind.value,
        "account_id": event.account_id,
        "region": event.region,
        "conversation_id": event.conversation_id,
        "level": event.level or "",
    }


def _from_fields(event_id: str, fields: dict[bytes, bytes]) -> Event:
    return Event(
        kind=EventKind(fields[b"kind"].decode()),
        account_id=fields[b"account_id"].decode(),
        region=fields[b"region"].decode(),
        conversation_id=fields[b"conversation_id"].decode(),
        level=fields[b"level"].decode() or None,
        id=event_id,
    )
