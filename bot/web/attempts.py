"""Slows down the guessing of passwords and codes: for each name from each address, for each address, for each name."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.clock import Clock
from bot.web.errors import TooManyAttempts

FORGOTTEN_AFTER = timedelta(minutes=30)
_KEPT = 10_000
"""Names are the guesser's to choose, so the memory for them is bounded; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wrong tries cost nothing, and the longest pause after more of them."""

    free: int
    longest_s: int

    def pause_s(self, tries: int) -> int:
        """The pause after so many tries: it doubles with each."""
        over = tries - self.free
        return 0 if over < 0 else min(2 ** min(over + 1, 20), self.longest_s)


PAIR = Limit(free=5, longest_s=300)
"""A name from one address: people mistype."""

ADDRESS = Limit(free=30, longest_s=300)
"""Many names from one address; a whole office may share one."""

NAME = Limit(free=50, longest_s=30)
"""One name from many addresses; the pause stays short, or a stranger could keep an operator from her desk."""

_Key = tuple[str, str, str]


@dataclass(slots=True)
class _Tries:
    count: int
    last_at: datetime


class Attempts:
    """Counts the wrong tries of this process, and those that are under way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: OrderedDict[_Key, _Tries] = OrderedDict()

    def begin(self, username: str, address: str) -> None:
        """Count a try before its password is checked; raises TooManyAttempts. An empty address is no address."""
        now = self._clock.now()
        counted = [(limit, self._kept(key, now)) for key, limit in _keys(username, address)]
        wait_s = max(limit.pause_s(one.count) - (now - one.last_at).total_seconds() for limit, one in counted)
        if wait_s > 0:
            raise TooManyAttempts(math.ceil(wait_s))
        for _, one in counted:
            one.count, one.last_at = one.count + 1, now

    def forget(self, username: str, address: str) -> None:
        """The password was right: this name has a new beginning here, and the try counts nowhere."""
        for key, limit in _keys(username, address):
            tries = self._tries.get(key)
            if tries is not None:
                tries.count = 0 if limit is PAIR else max(0, tries.count - 1)

    def _kept(self, key: _Key, now: datetime) -> _Tries:
        tries = self._tries.pop(key, None)
        if tries is None or now - tries.last_at > FORGOTTEN_AFTER:
            tries = _Tries(0, now)
        self._tries[key] = tries
        if len(self._tries) > _KEPT:
            self._tries.popitem(last=False)
        return tries


def _keys(username: str, address: str) -> Iterator[tuple[_Key, Limit]]:
    name = username.casefold()
    yield ("pair", name, address), PAIR
    if address:
        yield ("address", "", address), ADDRESS
        yield ("name", name, ""), NAME
