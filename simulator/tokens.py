"""Access tokens: two chains per account, `/token` and `/stable_token`, that never touch each other."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from simulator.accounts import Account
from simulator.clock import Clock
from simulator.errors import ApiError

LIFETIME = timedelta(seconds=7200)
# After a refresh old and new both work this long; the stable token is renewed as long before its end.
OVERLAP = timedelta(minutes=5)
FORCED_APART = timedelta(seconds=30)
FORCED_PER_DAY = 20

type Chain = Literal["token", "stable_token"]


@dataclass
class Token:
    """One access token; `replaced` is the moment from which it is no longer the latest one."""

    value: str
    account: Account
    expires: datetime
    replaced: datetime | None = None

    def expires_in(self, now: datetime) -> int:
        """Whole seconds of its own lifetime that are left."""
        return int((self.expires - now).total_seconds())


class Tokens:
    """Issues tokens and tells whose they are."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tokens: dict[str, Token] = {}
        self._latest: dict[tuple[str, Chain], Token] = {}
        self._forced: dict[str, list[datetime]] = {}

    def issue(self, account: Account) -> Token:
        """A new token by `/token`; the one before works for five minutes more."""
        return self._issue(account, "token", OVERLAP)

    def stable(self, account: Account, *, force: bool) -> Token:
        """The same token until five minutes before its end; `force` ends it now, if that is allowed yet."""
        latest = self._latest.get((account.id, "stable_token"))
        if force and self._may_force(account):
            return self._issue(account, "stable_token", timedelta(0))
        if latest is None or latest.expires - self._clock.now() <= OVERLAP:
            return self._issue(account, "stable_token", OVERLAP)
        return latest

    def account_of(self, value: str) -> Account:
        """Whose token this is; ApiError 41001 none given, 40001 unknown or replaced, 42001 expired."""
        if not value:
            raise ApiError(41001)
        token = self._tokens.get(value)
        now = self._clock.now()
        if token is None or (token.replaced is not None and now >= token.replaced):
            raise ApiError(40001)
        if now >= token.expires:
            raise ApiError(42001)
        return token.account

    def _issue(self, account: Account, chain: Chain, overlap: timedelta) -> Token:
        now = self._clock.now()
        before = self._latest.get((account.id, chain))
        if before is not None:
            before.replaced = now + overlap
        for old in [value for value, each in self._tokens.items() if now - each.expires > LIFETIME]:
            del self._tokens[old]
        token = Token("87_" + secrets.token_urlsafe(99), account, now + LIFETIME)
        self._tokens[token.value] = token
        self._latest[account.id, chain] = token
        return token

    def _may_force(self, account: Account) -> bool:
        now = self._clock.now()
        recent = [at for at in self._forced.get(account.id, []) if now - at < timedelta(days=1)]
        allowed = len(recent) < FORCED_PER_DAY and (not recent or now - recent[-1] >= FORCED_APART)
        self._forced[account.id] = [*recent, now] if allowed else recent
        return allowed
