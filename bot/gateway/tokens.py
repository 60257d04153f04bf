"""The access token of each account: fetched once for all processes, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import structlog

from bot.conversation.accounts import Account
from bot.conversation.clock import Clock
from bot.conversation.errors import PlatformUnavailable, RedisUnavailable
from bot.conversation.ports import HeldToken, TokenShelf
from bot.gateway.wire import Answer, PlatformRefused, address, exchange, json_part

log = structlog.get_logger(__name__)

KEPT = timedelta(seconds=60)
"""How long a process goes by what it saw on the shelf; the platform allows a minute (wechat.md section 6)."""

SPARE = timedelta(seconds=30)
"""A token is not used in its last moments: clocks differ, and a send takes time."""

EARLY = timedelta(minutes=5) - SPARE
"""From five minutes before the end the platform gives the next token, while the old one still holds."""


class TokenRefused(PlatformRefused):
    """The platform gives this account no token."""


@dataclass(frozen=True, slots=True)
class _Seen:
    held: HeldToken
    at: datetime


class Tokens:
    """Uses stable_token, which gives every process the same token: none takes another's away.

    A token belongs to an app_id, so that is its place on the shelf: an account that moves to another app_id must not
    go on with the token of the old one, whose people it does not know. Without the shelf (Redis is away) the process
    goes by itself: a message is worth more than the ration of calls.
    """

    def __init__(self, client: httpx.AsyncClient, shelf: TokenShelf, clock: Clock) -> None:
        self._client = client
        self._shelf = shelf
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, account: Account) -> str:
        """The token that holds now; raises PlatformUnavailable, TokenRefused."""
        lock = self._locks[account.app_id]
        seen = self._holding(account)
        if seen is not None and (self._is_recent(seen) or lock.locked()):
            return seen.held.token
        async with lock:
            seen = self._holding(account)
            if seen is not None and self._is_recent(seen):
                return seen.held.token
            return self._keep(account, await self._due(account, seen))

    async def renew(self, account: Account, stale: str) -> str:
        """Another token than `stale`, which the platform refused; `stale` itself if there is no other now.

        First what another caller or process has fetched meanwhile, then what the platform gives, and only if that is
        the refused one again a forced renewal, which is rationed and ends everybody's token. Raises
        PlatformUnavailable, TokenRefused.
        """
        async with self._locks[account.app_id]:
            seen = self._holding(account)
            if seen is not None and seen.held.token != stale:
                return seen.held.token
            return self._keep(account, await self._obtain(account, stale))

    def _holding(self, account: Account) -> _Seen | None:
        seen = self._seen.get(account.app_id)
        return seen if seen is not None and self._clock.now() < seen.held.until else None

    def _is_recent(self, seen: _Seen) -> bool:
        return self._clock.now() - seen.at < KEPT

    def _keep(self, account: Account, held: HeldToken) -> str:
        self._seen[account.app_id] = _Seen(held, self._clock.now())
        return held.token

    async def _due(self, account: Account, seen: _Seen | None) -> HeldToken:
        """The token on the shelf, or the next one; while the old one holds, trouble with the next is no trouble."""
        old = seen.held if seen is not None else None
        try:
            old = await self._shelf.read(account.app_id) or old
        except RedisUnavailable as error:
            log.warning("token shelf away", account=account.id, error=str(error))
        if old is not None and self._lasts(old):
            return old
        try:
            return await self._obtain(account)
        except PlatformUnavailable as error:
            if old is None or self._clock.now() >= old.until:
                raise
            log.warning("token not renewed yet", account=account.id, error=str(error))
            return old

    def _lasts(self, held: HeldToken) -> bool:
        return held.until - self._clock.now() >= EARLY

    async def _obtain(self, account: Account, stale: str | None = None) -> HeldToken:
        """Fetch a token for all processes, unless another one just has."""
        try:
            async with self._shelf.lock(account.app_id):
                held = await self._shelf.read(account.app_id)
                if held is not None and held.token != stale and self._lasts(held):
                    return held
                held = await self._ask(account, stale)
                await self._shelf.put(account.app_id, held)
                return held
        except RedisUnavailable as error:
            log.warning("token fetched without the shelf", account=account.id, error=str(error))
            return await self._ask(account, stale)

    async def _ask(self, account: Account, stale: str | None) -> HeldToken:
        held = await self._fetch(account, force=False)
        if held.token != stale or not await self._may_force(account):
            return held
        log.warning("token renewed by force", account=account.id)
        return await self._fetch(account, force=True)

    async def _may_force(self, account: Account) -> bool:
        try:
            return await self._shelf.may_force(account.app_id)
        except RedisUnavailable:
            return True

    async def _fetch(self, account: Account, *, force: bool) -> HeldToken:
        body = {
            "grant_type": "client_credential",
            "appid": account.app_id,
            "secret": account.app_secret,
            "force_refresh": force,
        }
        asked_at = self._clock.now()
        try:
            answer = await exchange(self._client, "POST", address(account, "stable_token"), **json_part(body))
        except PlatformRefused as refused:
            raise TokenRefused(refused.errcode) from None
        return _read(answer, asked_at)


def _read(answer: Answer, asked_at: datetime) -> HeldToken:
    match answer:
        case {"access_token": str(token), "expires_in": int(seconds)} if token and seconds > 0:
            lifetime = timedelta(seconds=seconds)
            return HeldToken(token, asked_at + lifetime - min(SPARE, lifetime / 2))
    raise PlatformUnavailable("no token in the answer")
