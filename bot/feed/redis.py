"""The feed on a Redis stream."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Sequence
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.errors import NotFound, RedisUnavailable
from bot.conversation.events import Event, EventKind
from bot.feed.tail import Row, Tail

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
        self._tail = Tail(self._newest, self._wait)

    async def publish(self, *events: Event) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for event in events:
                pipeline.xadd(STREAM, _to_fields(event), maxlen=KEPT, approximate=True)
            await self._call(pipeline.execute())

    async def follow(self, last_id: str | None, heartbeat_s: float) -> AsyncGenerator[Event | None]:
        after = await self._newest() if last_id is None else await self._known(last_id)
        async with self._tail.joined() as follower:
            # what was published between that id and the joining; some of it may come again by the tail
            while rows := await self._read(after):
                for row in rows:
                    yield row[1]
                after = rows[-1][0]
            while True:
                newer = await follower.next(heartbeat_s)
                if newer is None:
                    yield None
                elif _place(newer[0]) > _place(after):
                    after = newer[0]
                    yield newer[1]

    async def _newest(self) -> bytes:
        newest = await self._call(self._redis.xrevrange(STREAM, count=1))
        return newest[0][0] if newest else b"0-0"

    async def _known(self, last_id: str) -> bytes:
        known = _ID.fullmatch(last_id) and await self._call(self._redis.xrange(STREAM, min=last_id, max=last_id))
        if not known:
            raise NotFound("event is no longer kept")
        return last_id.encode()

    async def _wait(self, after: bytes) -> Sequence[Row]:
        return await self._read(after, block_ms=round(BLOCK_S * 1000))

    async def _read(self, after: bytes, block_ms: int | None = None) -> Sequence[Row]:
        streams = await self._call(self._redis.xread({STREAM: after}, count=_BATCH, block=block_ms))
        return [(row_id, _from_fields(row_id.decode(), fields)) for row_id, fields in streams[0][1]] if streams else []

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


def _place(event_id: bytes) -> tuple[int, int]:
    milliseconds, _, number = event_id.partition(b"-")
    return int(milliseconds), int(number)


def _from_fields(event_id: str, fields: dict[bytes, bytes]) -> Event | None:
    try:
        return Event(
            kind=EventKind(fields[b"kind"].decode()),
            account_id=fields[b"account_id"].decode(),
            region=fields[b"region"].decode(),
            conversation_id=fields[b"conversation_id"].decode(),
            level=fields[b"level"].decode() or None,
            id=event_id,
        )
    except (KeyError, ValueError):
        return None
