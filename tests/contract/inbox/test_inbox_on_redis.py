"""What only the inbox on Redis can promise: nothing readable on disk, nothing lost by a crash, a clear refusal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import batched

import pytest
from cryptography.fernet import Fernet

from bot.conversation.content import Location, Text
from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import Claim, Inbox, Slot
from bot.inbox import RedisInbox, keys
from bot.store.encryption import FernetSealer
from tests.contract.inbox.inbounds import OPENID, an_inbound
from tests.processes.redis_server import RedisServer

pytestmark = pytest.mark.process

NO_WAIT_S = 0.01
WORDS = "他昨晚又打我了"
REPLY_WORDS = "先保平安，别的以后再说。"
REPLY = Slot(Text(REPLY_WORDS))


@asynccontextmanager
async def inbox_of(
    server: RedisServer,
    sealer: FernetSealer,
    lease_s: float = 60.0,
    recheck_s: float = 1.0,
    unreadable_rest_s: float = 60.0,
) -> AsyncIterator[RedisInbox]:
    async with server.client() as redis:
        inbox = RedisInbox(redis, sealer, lease_s, recheck_s, unreadable_rest_s)
        yield inbox
        await inbox.close()


async def crash(server: RedisServer) -> None:
    """Kill the server, start it again, and let the clients see that their connections are gone."""
    server.kill()
    server.start()
    await asyncio.sleep(0.1)


# --- on disk ----------------------------------------------------------------------------------------------------


async def test_neither_words_nor_openids_are_readable_on_disk(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    message = an_inbound("hunan:1", sealer.mailbox("hunan", OPENID), content=Text(WORDS))
    place = an_inbound("hunan:2", sealer.mailbox("hunan", OPENID), content=Location(28.2, 112.9, WORDS))
    async with inbox_of(mortal_server, sealer) as inbox:
        await inbox.append(message)
        await inbox.append(place)
        await inbox.offer_reply("hunan:1", REPLY)
        assert await inbox.wait_reply("hunan:1", NO_WAIT_S) == REPLY
        for _ in range(2):
            claim = await inbox.claim("worker-1", NO_WAIT_S)
            assert claim is not None
            await inbox.bury(claim, "ValueError")
    stored = mortal_server.on_disk()
    assert b"hunan:1" in stored
    assert b"ValueError" in stored
    for secret in (WORDS, REPLY_WORDS, OPENID):
        assert secret.encode() not in stored
        assert secret.encode("unicode_escape") not in stored


# --- crashes ----------------------------------------------------------------------------------------------------


async def test_what_was_accepted_survives_a_crash_of_redis(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with inbox_of(mortal_server, sealer, lease_s=0.1) as before, inbox_of(mortal_server, sealer) as inbox:
        await inbox.append(an_inbound("a1", "a"))
        await inbox.append(an_inbound("b1", "b"))
        await inbox.append(an_inbound("c1", "c", urgent=True))
        held = await before.claim("worker-1", NO_WAIT_S)
        assert held is not None
        assert held.inbound.key == "c1"
        await crash(mortal_server)
        assert await inbox.depth() == 3
        again = [await inbox.claim(f"worker-{number}", NO_WAIT_S) for number in range(3)]
        assert [(claim.inbound.key, claim.tries) for claim in again if claim] == [("c1", 2), ("a1", 1), ("b1", 1)]


@pytest.mark.wechat("3.5")
async def test_a_retry_after_a_crash_of_redis_is_still_known(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with inbox_of(mortal_server, sealer) as inbox:
        await inbox.append(an_inbound("m1"))
        await crash(mortal_server)
        assert (await inbox.append(an_inbound("m1"))).attempt == 2


async def test_after_a_crash_no_message_is_refused_for_an_old_connection(
    mortal_server: RedisServer, sealer: FernetSealer
) -> None:
    async with inbox_of(mortal_server, sealer) as inbox:
        await asyncio.gather(*(inbox.append(an_inbound(f"before-{number}")) for number in range(10)))
        await crash(mortal_server)
        after = [await inbox.append(an_inbound(f"after-{number}")) for number in range(10)]
        assert [accepted.attempt for accepted in after] == [1] * 10


async def test_a_confirmation_survives_a_crash_of_redis(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with inbox_of(mortal_server, sealer) as inbox:
        await inbox.offer_reply("m1", REPLY)
        await inbox.wait_reply("m1", NO_WAIT_S)
        await inbox.confirm_reply("m1")
        await crash(mortal_server)
        assert await inbox.next_confirmed(NO_WAIT_S) == "m1"
        assert await inbox.withdraw_reply("m1")


async def test_a_request_is_woken_again_after_a_crash(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with inbox_of(mortal_server, sealer, recheck_s=60) as inbox:
        await inbox.wait_reply("m1", NO_WAIT_S)
        await crash(mortal_server)
        waiting = asyncio.create_task(inbox.wait_reply("m2", 30))
        started = time.monotonic()
        while not waiting.done():  # once it listens again, a ring is heard
            await inbox.offer_reply("m2", REPLY)
            await asyncio.wait([waiting], timeout=0.05)
        assert await waiting == REPLY
        assert time.monotonic() - started < 25


CLAIM = Claim("hers", "worker-1", an_inbound("m1"), tries=1)
CALLS: dict[str, Callable[[Inbox], Awaitable[object]]] = {
    "append": lambda inbox: inbox.append(an_inbound("m1")),
    "wait_reply": lambda inbox: inbox.wait_reply("m1", 1),
    "confirm_reply": lambda inbox: inbox.confirm_reply("m1"),
    "stop_waiting": lambda inbox: inbox.stop_waiting("m1"),
    "claim": lambda inbox: inbox.claim("worker-1", NO_WAIT_S),
    "extend": lambda inbox: inbox.extend(CLAIM),
    "done": lambda inbox: inbox.done(CLAIM),
    "put_back": lambda inbox: inbox.put_back(CLAIM, 1),
    "bury": lambda inbox: inbox.bury(CLAIM, "ValueError"),
    "offer_reply": lambda inbox: inbox.offer_reply("m1", REPLY),
    "recall_reply": lambda inbox: inbox.recall_reply("m1"),
    "withdraw_reply": lambda inbox: inbox.withdraw_reply("m1"),
    "settled": lambda inbox: inbox.settled("m1"),
    "retell": lambda inbox: inbox.retell(),
    "next_confirmed": lambda inbox: inbox.next_confirmed(NO_WAIT_S),
    "depth": lambda inbox: inbox.depth(),
    "attend": lambda inbox: inbox.attend("worker-1"),
    "depart": lambda inbox: inbox.depart("worker-1"),
    "dead": lambda inbox: inbox.dead(),
    "revive": lambda inbox: inbox.revive("m1"),
    "drop": lambda inbox: inbox.drop("m1"),
}


async def test_every_call_says_that_redis_is_away(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with inbox_of(mortal_server, sealer) as inbox:
        await inbox.append(an_inbound("m1"))
        mortal_server.kill()
        for name, call in CALLS.items():
            with pytest.raises(RedisUnavailable) as raised:
                await call(inbox)
            assert "m1" not in str(raised.value), name


async def test_a_worker_that_waits_is_told_when_redis_goes_away(
    mortal_server: RedisServer, sealer: FernetSealer
) -> None:
    async with inbox_of(mortal_server, sealer) as inbox:
        waiting = [asyncio.create_task(inbox.claim("worker-1", 10)), asyncio.create_task(inbox.next_confirmed(10))]
        await asyncio.sleep(0.1)
        mortal_server.kill()
        for call in waiting:
            with pytest.raises(RedisUnavailable):
                await call


# --- keys -------------------------------------------------------------------------------------------------------


async def test_a_message_that_no_key_opens_rests_while_others_are_handled(
    mortal_server: RedisServer, sealer: FernetSealer
) -> None:
    stranger = FernetSealer([Fernet.generate_key().decode()], "index secret")
    async with inbox_of(mortal_server, stranger) as before, inbox_of(mortal_server, sealer) as inbox:
        await before.append(an_inbound("a1", "a"))
        await inbox.append(an_inbound("b1", "b"))
        claim = await inbox.claim("worker-1", NO_WAIT_S)
        assert claim is not None
        assert claim.inbound.key == "b1"
        assert await inbox.claim("worker-2", NO_WAIT_S) is None
        assert await inbox.depth() == 2


async def test_a_message_that_no_key_opens_gives_way_and_is_kept(
    mortal_server: RedisServer, sealer: FernetSealer
) -> None:
    stranger = FernetSealer([Fernet.generate_key().decode()], "index secret")
    async with (
        inbox_of(mortal_server, stranger) as before,
        inbox_of(mortal_server, sealer, unreadable_rest_s=0.01) as inbox,
    ):
        await before.append(an_inbound("hunan:1", urgent=True))
        await inbox.append(an_inbound("hunan:2"))
        while (claim := await inbox.claim("worker-1", 0.05)) is None:
            pass
        assert claim.inbound.key == "hunan:2"
        await inbox.done(claim)
        (letter,) = await inbox.dead()
        assert (letter.key, letter.account_id, letter.kind) == ("hunan:1", "hunan", "unreadable")
        assert (letter.reason, letter.urgent) == ("unreadable", True)
        assert await before.revive("hunan:1")
        again = await before.claim("worker-1", NO_WAIT_S)
        assert again is not None
        assert again.inbound == an_inbound("hunan:1", urgent=True)


async def test_a_message_sealed_with_the_former_key_is_opened(mortal_server: RedisServer) -> None:
    former, latest = (Fernet.generate_key().decode() for _ in range(2))
    async with inbox_of(mortal_server, FernetSealer([former], "index secret")) as gateway:
        await gateway.append(an_inbound("m1", content=Text(WORDS)))
    async with inbox_of(mortal_server, FernetSealer([latest, former], "index secret")) as worker:
        claim = await worker.claim("worker-1", NO_WAIT_S)
        assert claim is not None
        assert claim.inbound == an_inbound("m1", content=Text(WORDS))


# --- what stays in memory ---------------------------------------------------------------------------------------


async def test_a_handled_message_leaves_only_what_expires(mortal_server: RedisServer, sealer: FernetSealer) -> None:
    async with mortal_server.client() as redis, inbox_of(mortal_server, sealer) as inbox:
        messages = [an_inbound(f"m{number}", f"box-{number}", urgent=number % 2 == 0) for number in range(300)]
        for batch in batched(messages, 50):
            await asyncio.gather(*(inbox.append(message) for message in batch))

        async def work(holder: str) -> None:
            while (claim := await inbox.claim(holder, NO_WAIT_S)) is not None:
                await (inbox.put_back(claim, 0) if claim.tries == 1 else inbox.done(claim))

        await asyncio.gather(*(work(f"worker-{number}") for number in range(20)))
        assert await inbox.depth() == 0
        lasting = {name.decode() for name in await redis.keys() if await redis.ttl(name) < 0}
        assert lasting <= {keys.WAKE, keys.WAKE_URGENT, keys.DEPTH}
        for wake in (keys.WAKE, keys.WAKE_URGENT):
            assert await redis.llen(wake) <= keys.WAKE_CAP
