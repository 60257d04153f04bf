"""How late this process is: what waited in a socket meanwhile is older than it seems."""

from __future__ import annotations

import asyncio
from collections import deque

EVERY_S = 0.1
REMEMBERED = 10
"""Beats; a request that was stuck behind a stall is seen within these."""


class Pulse:
    """Beats while it runs, and measures by how much the worst of its last beats was late.

    The platform counts its five seconds from when it connects. A process that is starved of the processor, or busy with
    a crowd, sees the request only when its loop comes round to it.
    """

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=REMEMBERED)
        self._due: float | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Beat until `stop` is set."""
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            self._due = loop.time() + EVERY_S
            await asyncio.sleep(EVERY_S)
            self._late.append(loop.time() - self._due)
        self._due = None

    def late_s(self) -> float:
        """So many seconds ago, at most, may have come what is seen only now; 0 if it does not run."""
        overdue = 0.0 if self._due is None else asyncio.get_running_loop().time() - self._due
        return max(0.0, overdue, *self._late)
