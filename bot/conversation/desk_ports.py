"""What the desk needs beside the queue: who is still there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class Leases(Protocol):
    """Who holds conversations and is still there, on duty or not; no word for a minute means gone.

    Only who could have been heard counts as gone: while the desk or whoever watches was away, or what was heard is
    lost, nobody is, for a minute after both are back. All methods raise RedisUnavailable when Redis does not answer.
    """

    async def hear(self) -> None:
        """A desk is up, and hears who stays; called every few seconds."""
        ...

    async def stay(self, staff_id: str) -> None:
        """There was word of her just now."""
        ...

    async def gone(self, staff_ids: Collection[str]) -> frozenset[str]:
        """Those of them of whom there was no word for a minute; called every few seconds."""
        ...
