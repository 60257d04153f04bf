"""Who tries the lock in vain, on Redis."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.clock import Clock
from bot.conversation.desk_ports import Limit
from bot.conversation.errors import RedisUnavailable

TRIES = "niangjia:{tries}"
"""Each name is a hash below it: how many tries, and when the last one was, in ms."""

FORGOTTEN_MS = 1_800_000

# A pause doubles with each try beyond the free ones; a clock that was set back makes none longer.
_BEGIN = """
local now, forgotten, wait = tonumber(ARGV[1]), tonumber(ARGV[2]), 0
for index, key in ipairs(KEYS) do
  local kept = redis.call('HMGET', key, 'count', 'last')
  local last = math.min(tonumber(kept[2] or now), now)
  if now - last >= forgotten then redis.call('DEL', key) end
  local over = tonumber(kept[1] or 0) - tonumber(ARGV[2 * index + 1])
  if over >= 0 and now - last < forgotten then
    local pause = math.min(2 ^ math.min(over + 1, 20), tonumber(ARGV[2 * index + 2])) * 1000
    wait = math.max(wait, last + pause - now)
  end
end
if wait > 0 then return math.ceil(wait / 1000) end
for _, key in ipairs(KEYS) do
  redis.call('HINCRBY', key, 'count', 1)
  redis.call('HSET', key, 'last', now)
  redis.call('PEXPIRE', key, forgotten)
end
return 0
"""

_SUCCEED = """
redis.call('DEL', KEYS[1])
for index = 2, #KEYS do
  local count = tonumber(redis.call('HGET', KEYS[index], 'count') or 0)
  if count > 0 then redis.call('HINCRBY', KEYS[index], 'count', -1) end
end
"""


class RedisTries:
    """See `desk_ports.Tries`."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        """`redis` must not decode responses."""
        self._redis = redis
        self._clock = clock

    async def begin(self, limits: Mapping[str, Limit]) -> int:
        numbers = (number for limit in limits.values() for number in (limit.free, limit.longest_s))
        now_ms = round(self._clock.now().timestamp() * 1000)
        return int(await self._eval(_BEGIN, limits, now_ms, FORGOTTEN_MS, *numbers))

    async def succeed(self, name: str, others: Collection[str]) -> None:
        await self._eval(_SUCCEED, [name, *others])

    async def _eval(self, script: str, names: Collection[str], *args: Any) -> Any:
        try:
            return await self._redis.eval(script, len(names), *(f"{TRIES}:{name}" for name in names), *args)
        except (RedisError, OSError) as error:
            raise RedisUnavailable(type(error).__name__) from None
