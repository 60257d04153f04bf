"""The log lines about requests, each kind at most once a second: a flood must not fill the disk."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import structlog

from bot.conversation.clock import Clock

log = structlog.get_logger(__name__)

PAUSE = timedelta(seconds=1)


class Logbook:
    """Writes the first line of a kind at once, and tells with the next how many were left out since.

    The exact figures are in the metrics.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._written: dict[tuple[str, str], datetime] = {}
        self._left_out: Counter[tuple[str, str]] = Counter()

    def write(self, level: int, event: str, *, reason: str, **facts: str | None) -> None:
        """One line, or none if one of this event and reason was written within the last second."""
        kind, now = (event, reason), self._clock.now()
        # a clock that was set back must not silence the log
        if timedelta(0) <= now - self._written.get(kind, now - PAUSE) < PAUSE:
            self._left_out[kind] += 1
            return
        self._written[kind] = now
        log.log(level, event, reason=reason, left_out=self._left_out.pop(kind, 0), **facts)
