"""Who is still there, on Redis."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.errors import RedisUnavailable

_ROOT = "niangjia:{leases}"
LEASES = f"{_ROOT}:staff"
"""Sorted set: staff id by when there was word of her last, in ms."""

WATCHED = f"{_ROOT}:watched-since"
"""Since when somebody has watched without a break, in ms."""

HEARD = f"{_ROOT}:heard-since"
"""Since when some desk has been up without a break, in ms."""

LEASE_MS = 60_000
"""Her page answers every 20 s; after three missed answers she counts as gone."""

BREAK_MS = 10_000
"""Who watches and who hears tell of themselves every few seconds; a longer silence is a break."""

_FORGET_MS = 86_400_000

_NOW_MS = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function unbroken(key, pause)
  local since = math.min(tonumber(redis.call('GET', key) or now), now)  -- a clock that was set back begins anew
  redis.call('SET', key, since, 'PX', pause)
  return since
end
"""
_HEAR = _NOW_MS + "return unbroken(KEYS[1], ARGV[1])"
_STAY = _NOW_MS + "return redis.call('ZADD', KEYS[1], now, ARGV[1])"
_GONE = (
    _NOW_MS
    + """
local lease = tonumber(ARGV[1])
local watched = unbroken(KEYS[2], ARGV[2])
local heard = math.min(tonumber(redis.call('GET', KEYS[3]) or now), now)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[3]))
for _, ahead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now + 1, '+inf')) do
  redis.call('ZADD', KEYS[1], now, ahead)
end
if now - math.max(watched, heard) < lease then return {} end
local gone = {}
for index = 4, #ARGV do
  local last = redis.call('ZSCORE', KEYS[1], ARGV[index])
  if not last or now - tonumber(last) >= lease then gone[#gone + 1] = ARGV[index] end
end
return gone
"""
)


class RedisLeases:
    """See `desk_ports.Leases`."""

    def __init__(self, redis: Redis, lease_ms: int = LEASE_MS) -> None:
        """`redis` must not decode responses."""
        self._redis = redis
        self._lease_ms = lease_ms

    async def hear(self) -> None:
        await self._eval(_HEAR, [HEARD], BREAK_MS)

    async def stay(self, staff_id: str) -> None:
        await self._eval(_STAY, [LEASES], staff_id)

    async def gone(self, staff_ids: Collection[str]) -> frozenset[str]:
        arguments = (self._lease_ms, BREAK_MS, _FORGET_MS, *staff_ids)
        rows = await self._eval(_GONE, [LEASES, WATCHED, HEARD], *arguments)
        return frozenset(row.decode() for row in rows)

    async def _eval(self, script: str, names: list[str], *args: Any) -> Any:
        try:
            return await self._redis.eval(script, len(names), *names, *args)
        except (RedisError, OSError) as error:
            raise RedisUnavailable(type(error).__name__) from None
