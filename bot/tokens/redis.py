"""The shelf on Redis."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import LockError, RedisError

from bot.conversation.errors import InvalidData, RedisUnavailable
from bot.conversation.ports import HeldToken, Sealer

LOCK_S = 15.0
"""How long a fetch may take; after that its lock ends, for its holder may be dead."""

FORCED_A_DAY = 20
FORCED_APART_MS = 30_000
"""What the platform carries out (stable_token, wechat.md section 6)."""

_ROOT = "niangjia:{tokens}"
_DAY_MS = 24 * 3600 * 1000

_MAY_FORCE = """
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 0 end
local count = redis.call('INCR', KEYS[2])
if count == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
return count <= tonumber(ARGV[3]) and 1 or 0
"""


class RedisTokenShelf:
    """See `ports.TokenShelf`."""

    def __init__(self, redis: Redis, sealer: Sealer) -> None:
        """`redis` must not decode responses: sealed tokens are bytes."""
        self._redis = redis
        self._sealer = sealer

    async def read(self, account_id: str) -> HeldToken | None:
        sealed = await self._call(self._redis.get(f"{_ROOT}:token:{account_id}"))
        if sealed is None:
            return None
        try:
            fields = json.loads(self._sealer.open(sealed))
        except InvalidData:  # sealed with a key that was taken away: a new token costs one call
            return None
        return HeldToken(fields["token"], datetime.fromisoformat(fields["until"]))

    async def put(self, account_id: str, token: HeldToken) -> None:
        fields = {"token": token.token, "until": token.until.isoformat()}
        sealed = self._sealer.seal(json.dumps(fields).encode())
        left_ms = round((token.until - datetime.now(UTC)).total_seconds() * 1000)
        await self._call(self._redis.set(f"{_ROOT}:token:{account_id}", sealed, px=max(1, left_ms)))

    @asynccontextmanager
    async def lock(self, account_id: str) -> AsyncIterator[None]:
        lock = self._redis.lock(f"{_ROOT}:lock:{account_id}", timeout=LOCK_S, sleep=0.05, blocking_timeout=LOCK_S)
        if not await self._call(lock.acquire()):
            raise RedisUnavailable("another process holds the lock of the token")
        try:
            yield
        finally:
            with suppress(LockError):  # the lease ended meanwhile
                await self._call(lock.release())

    async def may_force(self, account_id: str) -> bool:
        names = [f"{_ROOT}:forced:{account_id}", f"{_ROOT}:forcings:{account_id}"]
        arguments = [FORCED_APART_MS, _DAY_MS, FORCED_A_DAY]
        return bool(await self._call(self._redis.eval(_MAY_FORCE, len(names), *names, *arguments)))

    async def _call(self, command: Awaitable[Any] | Any) -> Any:
        try:
            return await cast("Awaitable[Any]", command)
        except LockError:
            raise
        except (RedisError, OSError) as error:
            raise RedisUnavailable(type(error).__name__) from None
