"""The access token of each account: fetched once for all callers, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from bot.conversation.accounts import Account
from bot.conversation.clock import Clock
from bot.gateway.api import PlatformUnavailable, call

EARLY = timedelta(seconds=60)
"""Clocks differ, and a send takes time; the platform has the next token ready five minutes before the end."""


class TokenRefused(Exception):
    """The platform gives this account no token."""

    def __init__(self, errcode: int) -> None:
        super().__init__(str(errcode))
        self.errcode = errcode


@dataclass(frozen=True, slots=True)
class _Held:
    token: str = field(repr=False)
    until: datetime


class Tokens:
    """Uses stable_token, which gives every process the same token: no process takes another's away."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, account: Account) -> str:
        """The token that holds now; raises PlatformUnavailable, TokenRefused."""
        async with self._locks[account.id]:
            held = self._held.get(account.id)
            if held is not None and self._clock.now() < held.until:
                return held.token
            return await self._fetch(account, force=False)

    async def renew(self, account: Account, stale: str) -> str:
        """Another token than `stale`, which the platform refused; raises PlatformUnavailable, TokenRefused.

        Forcing is rationed (20 a day) and ends everybody's token, so it is the last resort: first another caller,
        then another process may have renewed it already.
        """
        async with self._locks[account.id]:
            held = self._held.get(account.id)
            if held is not None and held.token != stale:
                return held.token
            token = await self._fetch(account, force=False)
            return token if token != stale else await self._fetch(account, force=True)

    async def _fetch(self, account: Account, force: bool) -> str:
        body = {
            "grant_type": "client_credential",
            "appid": account.app_id,
            "secret": account.app_secret,
            "force_refresh": force,
        }
        answer = await call(self._client, account, "stable_token", body)
        match answer:
            case {"access_token": str(token), "expires_in": int(seconds)} if token:
                lifetime = timedelta(seconds=seconds)
                self._held[account.id] = _Held(token, self._clock.now() + lifetime - min(EARLY, lifetime / 2))
                return token
            case {"errcode": int(errcode)}:
                raise TokenRefused(errcode)
        raise PlatformUnavailable("no token in the answer")
