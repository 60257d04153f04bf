"""A clock that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SettableClock:
    """Stands still until it is moved; begins on a Saturday morning in Hunan."""

    def __init__(self, now: datetime = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, span: timedelta) -> None:
        self._now += span

    def set(self, now: datetime) -> None:
        self._now = now
