"""The handoff queue on Redis."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from datetime import datetime
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.errors import RedisUnavailable
from bot.conversation.handoffs import QueueEntry
from bot.conversation.levels import Level
from bot.conversation.staff import Scope

_ROOT = "niangjia:{queue}"
ENTRIES = f"{_ROOT}:entries"
"""Hash: handoff id to its entry as JSON."""

LANES = f"{_ROOT}:lanes"
"""Hash: handoff id to the lane that it stands in."""

LANE_NAMES = f"{_ROOT}:lane-names"
"""Set of all lanes that ever held an entry: account, region and level; a few hundred at most."""

PRESENCE = f"{_ROOT}:presence"
"""Sorted set: staff id by when her presence runs out, in ms."""

PRESENCE_MS = 60_000
"""An operator's page tells of her every 20 s; after three missed beats she counts as gone."""

_PUT = """
local entries, lanes, names = KEYS[1], KEYS[2], KEYS[3]
local id, entry, lane, score = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local before = redis.call('HGET', lanes, id)
if before and before ~= lane then redis.call('ZREM', before, id) end
redis.call('HSET', entries, id, entry)
redis.call('HSET', lanes, id, lane)
redis.call('SADD', names, lane)
redis.call('ZADD', lane, score, id)
return 1
"""

_TAKE = """
local entries, lanes = KEYS[1], KEYS[2]
local best_id, best_score, best_lane, best_rank
for index = 1, #ARGV, 2 do
  local lane, rank = ARGV[index], tonumber(ARGV[index + 1])
  local head = redis.call('ZRANGE', lane, 0, 0, 'WITHSCORES')
  if #head > 0 then
    local score = tonumber(head[2])
    if not best_id or rank > best_rank or (rank == best_rank and score < best_score) then
      best_id, best_score, best_lane, best_rank = head[1], score, lane, rank
    end
  end
end
if not best_id then return false end
local entry = redis.call('HGET', entries, best_id)
redis.call('ZREM', best_lane, best_id)
redis.call('HDEL', entries, best_id)
redis.call('HDEL', lanes, best_id)
return entry
"""

_TAKE_ONE = """
local lane = redis.call('HGET', KEYS[2], ARGV[1])
if not lane then return 0 end
redis.call('ZREM', lane, ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
"""

_NOW_MS = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
_ARRIVE = _NOW_MS + "return redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), ARGV[2])"
_PRESENT = _NOW_MS + "return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')"


class RedisQueue:
    """See `ports.Queue`."""

    def __init__(self, redis: Redis) -> None:
        """`redis` must not decode responses."""
        self._redis = redis

    async def put(self, entry: QueueEntry) -> None:
        score = entry.requested_at.timestamp()
        await self._eval(_PUT, [ENTRIES, LANES, LANE_NAMES], entry.handoff_id, _to_json(entry), _lane_of(entry), score)

    async def take(self, scope: Scope) -> QueueEntry | None:
        lanes = [lane.decode() for lane in await self._call(self._redis.smembers(LANE_NAMES))]
        pairs: list[str | int] = []
        for lane in lanes:
            account_id, region, level = _parts(lane)
            if scope.covers(account_id, region):
                pairs += [lane, level.rank]
        entry = await self._eval(_TAKE, [ENTRIES, LANES], *pairs) if pairs else None
        return _from_json(entry) if entry else None

    async def take_one(self, handoff_id: str) -> bool:
        return bool(await self._eval(_TAKE_ONE, [ENTRIES, LANES], handoff_id))

    async def entries(self) -> list[QueueEntry]:
        rows = await self._call(self._redis.hvals(ENTRIES))
        return sorted(map(_from_json, rows), key=lambda entry: (-entry.level.rank, entry.requested_at))

    async def arrive(self, staff_id: str) -> None:
        await self._eval(_ARRIVE, [PRESENCE], PRESENCE_MS, staff_id)

    async def leave(self, staff_id: str) -> None:
        await self._call(self._redis.zrem(PRESENCE, staff_id))

    async def present(self) -> frozenset[str]:
        return frozenset(row.decode() for row in await self._eval(_PRESENT, [PRESENCE]))

    async def _eval(self, script: str, names: list[str], *args: Any) -> Any:
        return await self._call(self._redis.eval(script, len(names), *names, *args))

    async def _call(self, command: Awaitable[Any] | Any) -> Any:
        try:
            return await cast("Awaitable[Any]", command)
        except (RedisError, OSError) as error:
            raise RedisUnavailable(type(error).__name__) from None


def _lane_of(entry: QueueEntry) -> str:
    return f"{_ROOT}:lane:{entry.region}:{entry.level}:{entry.account_id}"


def _parts(lane: str) -> tuple[str, str, Level]:
    region, level, account_id = lane.removeprefix(f"{_ROOT}:lane:").split(":", 2)
    return account_id, region, Level(level)


def _to_json(entry: QueueEntry) -> str:
    return json.dumps(
        {
            "handoff_id": entry.handoff_id,
            "conversation_id": entry.conversation_id,
            "account_id": entry.account_id,
            "region": entry.region,
            "level": entry.level,
            "requested_at": entry.requested_at.isoformat(),
        }
    )


def _from_json(row: bytes) -> QueueEntry:
    fields = json.loads(row)
    return QueueEntry(
        handoff_id=fields["handoff_id"],
        conversation_id=fields["conversation_id"],
        account_id=fields["account_id"],
        region=fields["region"],
        level=Level(fields["level"]),
        requested_at=datetime.fromisoformat(fields["requested_at"]),
    )
