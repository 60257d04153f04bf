"""Slows down the guessing of passwords, for each name from each address."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.clock import Clock
from bot.web.errors import TooManyAttempts

FREE = 5
"""Wrong tries that cost nothing: people mistype."""

LONGEST_S = 300
FORGOTTEN_AFTER = timedelta(minutes=30)
_KEPT = 10_000
"""Names are the guesser's to choose, so the memory for them is bounded; the oldest go first."""


@dataclass(slots=True)
class _Tries:
    count: int
    last_at: datetime


class Attempts:
    """Counts the tries of this process since the last right one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], _Tries] = OrderedDict()

    def begin(self, username: str, address: str) -> None:
        """Count a try before its password is checked; raises TooManyAttempts."""
        now, key = self._clock.now(), (username.casefold(), address)
        tries = self._tries.pop(key, None)
        if tries is None or now - tries.last_at > FORGOTTEN_AFTER:
            tries = _Tries(0, now)
        self._tries[key] = tries
        if len(self._tries) > _KEPT:
            self._tries.popitem(last=False)
        wait_s = _pause_s(tries.count) - (now - tries.last_at).total_seconds()
        if wait_s > 0:
            raise TooManyAttempts(math.ceil(wait_s))
        tries.count, tries.last_at = tries.count + 1, now

    def forget(self, username: str, address: str) -> None:
        """The password was right."""
        self._tries.pop((username.casefold(), address), None)


def _pause_s(tries: int) -> int:
    return 0 if tries < FREE else min(2 ** (tries - FREE + 1), LONGEST_S)
