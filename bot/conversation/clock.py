"""The time of day as a port, so that tests may set it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

HUNAN = ZoneInfo("Asia/Shanghai")
"""The zone in which times are shown to people; inside, all times are UTC."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, with zone, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)
