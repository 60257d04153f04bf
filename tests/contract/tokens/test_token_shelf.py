"""What every token shelf promises: one token for all, one who fetches it, and a ration of forced renewals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import HeldToken, TokenShelf
from bot.store.encryption import FernetSealer
from bot.tokens import RedisTokenShelf
from tests.doubles.memory_tokens import MemoryTokenShelf
from tests.processes.redis_server import RedisServer


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.process)])
async def shelf(request: pytest.FixtureRequest, sealer: FernetSealer) -> AsyncIterator[TokenShelf]:
    """An empty shelf of each kind."""
    if request.param == "memory":
        yield MemoryTokenShelf()
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with server.client() as redis:
        await redis.flushall()
        yield RedisTokenShelf(redis, sealer)


def a_token(token: str = "token-1", seconds: float = 60) -> HeldToken:
    return HeldToken(token, datetime.now(UTC) + timedelta(seconds=seconds))


async def test_what_was_put_last_is_read_by_all(shelf: TokenShelf) -> None:
    assert await shelf.read("hunan") is None
    await shelf.put("hunan", a_token("token-1"))
    second = a_token("token-2")
    await shelf.put("hunan", second)
    assert await shelf.read("hunan") == second
    assert await shelf.read("changsha") is None


async def test_a_token_is_gone_when_it_ends(shelf: TokenShelf) -> None:
    await shelf.put("hunan", a_token(seconds=0.05))
    await asyncio.sleep(0.1)
    assert await shelf.read("hunan") is None


@pytest.mark.wechat("6.3")
async def test_one_at_a_time_fetches_for_an_account(shelf: TokenShelf) -> None:
    inside, most = 0, 0

    async def fetch() -> None:
        nonlocal inside, most
        async with shelf.lock("hunan"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(fetch() for _ in range(8)))
    assert most == 1


async def test_accounts_do_not_wait_for_each_other(shelf: TokenShelf) -> None:
    async with shelf.lock("hunan"), asyncio.timeout(30), shelf.lock("changsha"):
        pass


async def test_a_lock_is_free_again_after_an_error(shelf: TokenShelf) -> None:
    with pytest.raises(ValueError, match="refused"):
        async with shelf.lock("hunan"):
            raise ValueError("refused")
    async with asyncio.timeout(30), shelf.lock("hunan"):
        pass


@pytest.mark.wechat("6.7")
async def test_forced_renewals_lie_apart(shelf: TokenShelf) -> None:
    assert await shelf.may_force("hunan")
    assert not await shelf.may_force("hunan")
    assert await shelf.may_force("changsha")


@pytest.mark.wechat("6.7")
async def test_no_more_forced_renewals_than_the_day_allows() -> None:
    from tests.doubles.clock import SettableClock

    clock = SettableClock(datetime(2026, 11, 22, tzinfo=UTC))
    shelf = MemoryTokenShelf(clock)
    allowed = 0
    for _ in range(30):
        allowed += await shelf.may_force("hunan")
        clock.advance(timedelta(seconds=31))
    assert allowed == 20
    clock.advance(timedelta(days=1))
    assert await shelf.may_force("hunan")


@pytest.mark.wechat("6.7")
@pytest.mark.process
async def test_redis_gives_no_more_forced_renewals_than_the_day_allows(
    redis_server: RedisServer, sealer: FernetSealer
) -> None:
    async with redis_server.client() as redis:
        await redis.flushall()
        shelf = RedisTokenShelf(redis, sealer)
        allowed = 0
        for _ in range(25):
            allowed += await shelf.may_force("hunan")
            await redis.delete("niangjia:{tokens}:forced:hunan")  # half a minute passes
        assert allowed == 20
        assert await redis.ttl("niangjia:{tokens}:forcings:hunan") > 86_000


@pytest.mark.process
async def test_a_token_is_not_readable_on_disk(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with mortal_server.client() as redis:
        await RedisTokenShelf(redis, sealer).put("hunan", a_token("a-secret-token"))
    assert b"a-secret-token" not in mortal_server.on_disk()


@pytest.mark.process
async def test_the_shelf_says_that_redis_is_away(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with mortal_server.client() as redis:
        shelf = RedisTokenShelf(redis, sealer)
        mortal_server.kill()
        for call in (shelf.read("hunan"), shelf.put("hunan", a_token()), shelf.may_force("hunan")):
            with pytest.raises(RedisUnavailable):
                await call
        with pytest.raises(RedisUnavailable):
            async with shelf.lock("hunan"):
                pass


@pytest.mark.process
async def test_a_token_that_no_key_opens_is_as_none(redis_server: RedisServer, sealer: FernetSealer) -> None:
    async with redis_server.client() as redis:
        await redis.flushall()
        await RedisTokenShelf(redis, FernetSealer(["B" * 43 + "="], "index secret")).put("hunan", a_token())
        assert await RedisTokenShelf(redis, sealer).read("hunan") is None
