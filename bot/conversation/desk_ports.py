"""What the desk needs beside the queue: who is still there, and who tries the lock in vain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries cost nothing, and the longest pause after more of them: it doubles with each."""

    free: int
    longest_s: int


class Tries(Protocol):
    """How often each name was tried; forgotten half an hour after the last try, and not when a process starts anew.

    All methods raise RedisUnavailable when Redis does not answer.
    """

    async def begin(self, limits: Mapping[str, Limit]) -> int:
        """Count a try under each of these names and return 0; while one must pause, the seconds left, and no try."""
        ...

    async def succeed(self, name: str, others: Collection[str]) -> None:
        """The try was right: this name begins anew, and of the others it is taken back."""
        ...
