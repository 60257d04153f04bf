"""The handoff queue on Redis."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Iterable
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.errors import RedisUnavailable
from bot.conversation.handoffs import Lane, QueueEntry, Skill
from bot.conversation.levels import Level
from bot.conversation.ports import Hold

_ROOT = "niangjia:{queue}"
WAITING = f"{_ROOT}:waiting"
"""Hash: handoff id to its entry as JSON."""

STANDING = f"{_ROOT}:standing"
"""Hash: handoff id to the lane that it stands in."""

LANES = f"{_ROOT}:open-lanes"
"""Sorted set: each lane in which somebody waits, as JSON, by the place of its first; some hundreds at most."""

FRONTS = (16, 128)
"""So many lanes are looked at first: mostly the one to be taken stands there, and the others need not be read."""

_NEVER = 9e15

PLACES, SINCE = f"{_ROOT}:places:", f"{_ROOT}:since:"
"""Before a lane's name: sorted sets of handoff id by its place, and by when it came, both in seconds.

A lane is in the order of places, and what is kept back goes by when it came: one that was handed on stands in front
again, and is new to everybody.
"""

PRESENCE = f"{_ROOT}:presence"
"""Sorted set: staff id by when her presence runs out, in ms."""

PRESENCE_MS = 60_000
"""An operator's page tells of her every 20 s; after three missed beats she counts as gone."""

_KEYS = [WAITING, STANDING, LANES, PLACES, SINCE]

_LEAVE = """
local waiting, standing, lanes, places, since = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local function sort(lane)
  local first = redis.call('ZRANGE', places .. lane, 0, 0, 'WITHSCORES')
  if first[2] then redis.call('ZADD', lanes, first[2], lane) else redis.call('ZREM', lanes, lane) end
end
local function leave(id)
  local lane = redis.call('HGET', standing, id)
  if not lane then return 0 end
  redis.call('ZREM', places .. lane, id)
  redis.call('ZREM', since .. lane, id)
  sort(lane)
  redis.call('HDEL', standing, id)
  redis.call('HDEL', waiting, id)
  return 1
end
"""

_PUT = (
    _LEAVE
    + """
local id, entry, lane = ARGV[1], ARGV[2], ARGV[3]
leave(id)
redis.call('HSET', waiting, id, entry)
redis.call('HSET', standing, id, lane)
redis.call('ZADD', places .. lane, ARGV[4], id)
redis.call('ZADD', since .. lane, ARGV[5], id)
sort(lane)
"""
)

# ARGV: the place before which the entry must stand; a lane, and the moment up to which one must have come to be free;
# and so on.
_TAKE = (
    _LEAVE
    + """
local best, place = nil, tonumber(ARGV[1])
local function look(lane, free)
  local from = 0
  while true do
    local rows = redis.call('ZRANGE', places .. lane, from, from + 7, 'WITHSCORES')
    for row = 1, #rows, 2 do
      local id, score = rows[row], tonumber(rows[row + 1])
      if score > place or (score == place and (not best or id > best)) then return end
      if tonumber(redis.call('ZSCORE', since .. lane, id)) <= free then
        best, place = id, score
        return
      end
    end
    if #rows < 16 then return end
    from = from + 8
  end
end
for index = 2, #ARGV, 2 do
  local lane, free = ARGV[index], tonumber(ARGV[index + 1])
  local first = redis.call('ZRANGE', since .. lane, 0, 0, 'WITHSCORES')
  if first[2] and tonumber(first[2]) <= free then look(lane, free) end
end
if not best then return false end
local entry = redis.call('HGET', waiting, best)
leave(best)
return entry
"""
)

_TAKE_ONE = _LEAVE + "return leave(ARGV[1])"

_NOW_MS = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
_ARRIVE = _NOW_MS + "return redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), ARGV[2])"
# A mark that runs out later than any can was made before the clock was set back.
_PRESENT = _NOW_MS + "return redis.call('ZRANGEBYSCORE', KEYS[1], now, now + tonumber(ARGV[1]))"


class RedisQueue:
    """See `ports.Queue`."""

    def __init__(self, redis: Redis) -> None:
        """`redis` must not decode responses."""
        self._redis = redis

    async def put(self, entry: QueueEntry) -> None:
        place, since = entry.place.timestamp(), entry.queued_at.timestamp()
        await self._eval(_PUT, _KEYS, entry.handoff_id, _to_json(entry), _name_of(entry.lane), place, since)

    async def take(self, hold: Hold, now: datetime) -> QueueEntry | None:
        for front in FRONTS:
            lanes = await self._call(self._redis.zrange(LANES, 0, front, withscores=True))
            names = [name for name, _ in lanes]
            if len(lanes) <= front:
                return await self._first(names, hold, now)
            found = await self._first(names[:front], hold, now, before=lanes[front][1])
            if found is not None:
                return found
        return await self._first(await self._call(self._redis.zrange(LANES, 0, -1)), hold, now)

    async def _first(
        self, names: Iterable[bytes], hold: Hold, now: datetime, *, before: float = _NEVER
    ) -> QueueEntry | None:
        """Take out the first entry of these lanes that is free and stands before this place."""
        free: list[bytes | float] = []
        for name in names:
            kept_back = hold(_lane_of(name))
            if kept_back is not None:
                # what is kept back from nobody is free whatever the clocks of those who put it in say
                free += [name, (now - kept_back).timestamp() if kept_back else _NEVER]
        row = await self._eval(_TAKE, _KEYS, before, *free) if free else None
        return _from_json(row) if row else None

    async def take_one(self, handoff_id: str) -> bool:
        return bool(await self._eval(_TAKE_ONE, _KEYS, handoff_id))

    async def entries(self) -> list[QueueEntry]:
        rows = await self._call(self._redis.hvals(WAITING))
        return sorted(map(_from_json, rows), key=lambda entry: (entry.place, entry.handoff_id))

    async def arrive(self, staff_id: str) -> None:
        await self._eval(_ARRIVE, [PRESENCE], PRESENCE_MS, staff_id)

    async def leave(self, staff_id: str) -> None:
        await self._call(self._redis.zrem(PRESENCE, staff_id))

    async def present(self) -> frozenset[str]:
        return frozenset(row.decode() for row in await self._eval(_PRESENT, [PRESENCE], PRESENCE_MS))

    async def _eval(self, script: str, names: list[str], *args: Any) -> Any:
        return await self._call(self._redis.eval(script, len(names), *names, *args))

    async def _call(self, command: Awaitable[Any] | Any) -> Any:
        try:
            return await cast("Awaitable[Any]", command)
        except (RedisError, OSError) as error:
            raise RedisUnavailable(type(error).__name__) from None


def _name_of(lane: Lane) -> str:
    return json.dumps([lane.region, lane.level, lane.account_id, lane.skill, lane.to_staff])


@lru_cache(maxsize=10_000)
def _lane_of(name: bytes) -> Lane:
    region, level, account_id, skill, to_staff = json.loads(name)
    return Lane(account_id, region, Level(level), skill and Skill(skill), to_staff)


def _to_json(entry: QueueEntry) -> str:
    row = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return json.dumps(row, default=datetime.isoformat)


def _from_json(row: bytes) -> QueueEntry:
    known = json.loads(row)
    moments = {name: datetime.fromisoformat(known[name]) for name in ("requested_at", "queued_at")}
    skill = known["skill"] and Skill(known["skill"])
    return QueueEntry(**known | moments | {"level": Level(known["level"]), "skill": skill})
