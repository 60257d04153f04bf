"""The inbox on Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, cast

import structlog
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from bot.conversation.errors import InvalidData, RedisUnavailable, Replayed
from bot.conversation.messages import Inbound
from bot.conversation.ports import Accepted, Claim, DeadLetter, Sealer, Slot
from bot.inbox import keys, scripts
from bot.inbox.bell import Bell
from bot.inbox.envelope import dead_letter, digest, open_inbound, open_slot, seal_inbound, seal_slot

log = structlog.get_logger(__name__)

_MAILBOX_KEYS = (
    keys.READY,
    keys.HELD,
    keys.HOLDERS,
    keys.DELAYED,
    keys.URGENT,
    keys.WAKE,
    keys.TRIES,
    keys.DEPTH,
    keys.WAKE_URGENT,
    keys.WORKERS,
    keys.DEAD,
)

RECHECK_S = 1.0
"""A ring of the bell may be lost with a connection; a waiting request looks again after this."""


class RedisInbox:
    """See `ports.Inbox`. The Redis must keep an append-only file with `appendfsync always` (checked by `doctor`)."""

    def __init__(
        self,
        redis: Redis,
        sealer: Sealer,
        lease_s: float = keys.LEASE_S,
        recheck_s: float = RECHECK_S,
        unreadable_rest_s: float = keys.UNREADABLE_REST_S,
    ) -> None:
        """`redis` must not decode responses: sealed messages are bytes."""
        self._redis = redis
        self._sealer = sealer
        self._lease_ms = round(lease_s * 1000)
        self._recheck_s = recheck_s
        self._unreadable_rest_ms = round(unreadable_rest_s * 1000)
        self._bell = Bell(redis, keys.OFFERS)
        self._scripts: dict[str, AsyncScript] = {}

    async def append(self, inbound: Inbound, request: str | None = None) -> Accepted:
        carrier = [] if request is None else [keys.REQUEST + request, keys.REQUEST_MS, digest(inbound)]
        attempt, workers = await self._on_mailboxes(
            scripts.APPEND,
            keys.SEEN + inbound.key,
            inbound.key,
            inbound.mailbox,
            (b"1" if inbound.urgent else b"0") + seal_inbound(inbound, self._sealer),
            keys.SEEN_MS,
            *carrier,
        )
        if attempt < 0:
            raise Replayed("the request has carried another message")
        return Accepted(int(attempt), attended=workers > 0)

    async def attend(self, holder: str) -> None:
        await self._on_mailboxes(scripts.ATTEND, holder, keys.ATTEND_MS)

    async def depart(self, holder: str) -> None:
        await self._call(self._redis.zrem(keys.WORKERS, holder))

    async def claim(self, holder: str, wait_s: float, *, urgent_only: bool = False) -> Claim | None:
        found = await self._claim(holder, urgent_only)
        if found is None:
            wake = keys.WAKE_URGENT if urgent_only else keys.WAKE
            await self._call(self._redis.blpop([wake], timeout=wait_s))
            found = await self._claim(holder, urgent_only)
        return found

    async def _claim(self, holder: str, urgent_only: bool) -> Claim | None:
        while (row := await self._on_mailboxes(scripts.CLAIM, holder, self._lease_ms, int(urgent_only))) is not None:
            mailbox, sealed, tries, key = row
            try:
                return Claim(mailbox.decode(), holder, open_inbound(sealed, self._sealer), int(tries))
            except InvalidData as error:
                await self._set_aside(mailbox, holder, key, int(tries), error)
        return None

    async def _set_aside(self, mailbox: bytes, holder: str, key: bytes, tries: int, error: InvalidData) -> None:
        """An encryption key is missing here: this mailbox waits a while for it, the others go on."""
        log.error("stored message not opened", mailbox=mailbox.decode(), error=str(error), tries=tries)
        if tries < keys.UNREADABLE_TRIES:
            await self._on_mailboxes(scripts.PUT_BACK, mailbox, holder, self._unreadable_rest_ms)
        else:
            await self._on_mailboxes(scripts.FINISH, mailbox, holder, key, "unreadable")

    async def extend(self, claim: Claim) -> bool:
        return bool(await self._on_mailboxes(scripts.EXTEND, claim.mailbox, claim.holder, self._lease_ms))

    async def done(self, claim: Claim) -> None:
        await self._on_mailboxes(scripts.FINISH, claim.mailbox, claim.holder, claim.inbound.key)

    async def put_back(self, claim: Claim, delay_s: float, *, excused: bool = False) -> None:
        excuse = [claim.inbound.key] if excused else []
        await self._on_mailboxes(scripts.PUT_BACK, claim.mailbox, claim.holder, round(delay_s * 1000), *excuse)

    async def bury(self, claim: Claim, reason: str) -> None:
        await self._on_mailboxes(scripts.FINISH, claim.mailbox, claim.holder, claim.inbound.key, reason)

    async def dead(self) -> list[DeadLetter]:
        letters = await self._call(self._redis.hgetall(keys.DEAD))
        opened = [dead_letter(key.decode(), letter, self._sealer) for key, letter in letters.items()]
        return sorted(opened, key=lambda letter: letter.buried_at)

    async def revive(self, key: str) -> bool:
        return bool(await self._on_mailboxes(scripts.REVIVE, key))

    async def drop(self, key: str) -> bool:
        return bool(await self._call(self._redis.hdel(keys.DEAD, key)))

    async def offer_reply(self, key: str, slot: Slot) -> bool:
        sealed = seal_slot(slot, self._sealer)
        return bool(await self._on_slot(scripts.OFFER, key, sealed, keys.SLOT_MS, keys.OFFERS, key))

    async def wait_reply(self, key: str, timeout_s: float) -> Slot | None:
        deadline = asyncio.get_running_loop().time() + timeout_s
        with self._bell.listening(key) as rung:
            while True:
                slot = await self._take(key)
                left = deadline - asyncio.get_running_loop().time()
                if slot is not None or left <= 0:
                    return slot
                await self._bell.wait(rung, min(left, self._recheck_s))

    async def _take(self, key: str) -> Slot | None:
        row = await self._on_slot(scripts.TAKE, key)
        if row is None:
            return None
        return open_slot(row[1], self._sealer) if row[1] else Slot(None)

    async def confirm_reply(self, key: str) -> None:
        await self._script(scripts.CONFIRM, [keys.SLOT + key, keys.CONFIRMED], [key])

    async def stop_waiting(self, key: str) -> bool:
        return bool(await self._on_slot(scripts.CLOSE_EMPTY, key, keys.SLOT_MS))

    async def recall_reply(self, key: str) -> bool:
        return bool(await self._on_slot(scripts.RECALL, key, keys.SLOT_MS))

    async def withdraw_reply(self, key: str) -> bool:
        return bool(await self._on_slot(scripts.CLOSE, key, keys.SLOT_MS))

    async def next_confirmed(self, wait_s: float) -> str | None:
        fractional = cast("int", wait_s)  # the server takes parts of a second, the client's types do not know it
        key = await self._call(self._redis.blmove(keys.CONFIRMED, keys.CONFIRMING, fractional, "LEFT", "RIGHT"))
        return None if key is None else key.decode()

    async def settled(self, key: str) -> None:
        await self._call(self._redis.lrem(keys.CONFIRMING, 1, key))

    async def retell(self) -> None:
        while await self._call(self._redis.lmove(keys.CONFIRMING, keys.CONFIRMED, "RIGHT", "LEFT")) is not None:
            pass

    async def depth(self) -> int:
        return int(await self._call(self._redis.get(keys.DEPTH)) or 0)

    async def close(self) -> None:
        """Stop listening; the connection belongs to the caller."""
        await self._bell.close()

    async def _on_mailboxes(self, script: str, *args: Any) -> Any:
        return await self._script(script, _MAILBOX_KEYS, [keys.BOX, keys.MESSAGE, keys.WAKE_CAP, *args])

    async def _on_slot(self, script: str, key: str, *args: Any) -> Any:
        return await self._script(script, [keys.SLOT + key], list(args))

    async def _script(self, script: str, names: Sequence[str], args: Sequence[Any]) -> Any:
        if script not in self._scripts:
            self._scripts[script] = self._redis.register_script(script)
        return await self._call(self._scripts[script](keys=names, args=args))

    async def _call(self, command: Awaitable[Any] | Any) -> Any:
        try:
            return await cast("Awaitable[Any]", command)
        except (RedisError, OSError) as error:
            raise RedisUnavailable(type(error).__name__) from None
