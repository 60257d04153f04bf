"""What a bill is once read: whose, from when to when, its payments, and the rows that are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.conversation.payments import PayChannel, Payment


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no payment; `line` as the file counts its lines, from 1; `reason` in her words."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill that was read; `owner` is masked, None if the bill names nobody; `first` and `last` are its period.

    A refund stands among the payments with a negative amount.
    """

    source: PayChannel
    owner: str | None
    first: date | None
    last: date | None
    payments: tuple[Payment, ...]
    skipped: tuple[Skipped, ...]
