"""What came back: refunds that a bill tells as rows of their own, and refunds that it only notes beside the payment."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is money spent or money back; `fen` is positive.

    `returned` is how much the row itself says came back; `doubtful` marks a closed trade, which was paid only if a
    refund of it is found.
    """

    line: int
    at: datetime
    fen: int
    merchant: str
    item: str
    number: str
    order: str
    refund: bool = False
    returned: int = 0
    doubtful: bool = False


def settle(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Payments and refunds as they truly were, and the closed trades that nobody paid.

    WeChat prints a full refund twice, beside the payment and as a row; Alipay prints a row, the old export of its web
    site a column. Each refund counts once.
    """
    waiting = _Refunds(entry for entry in entries if entry.refund)
    kept: list[Entry] = []
    unpaid: list[Entry] = []
    for entry in entries:
        if entry.refund or not (entry.doubtful or entry.returned) or waiting.take(entry):
            kept.append(entry)
        elif entry.returned:
            kept += (entry, replace(entry, refund=True, fen=min(entry.returned, entry.fen)))
        else:
            unpaid.append(entry)
    return kept, unpaid


class _Refunds:
    """The refunds that have rows of their own, each to be taken once by the payment that it belongs to."""

    def __init__(self, refunds: Iterable[Entry]) -> None:
        self._by_mark: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
        self._taken: set[int] = set()
        for refund in sorted(refunds, key=lambda refund: refund.at):
            for mark in _marks(refund, refund.fen):
                self._by_mark[mark].append(refund)

    def take(self, paid: Entry) -> bool:
        """Whether one of them, not earlier and not larger, belongs to this payment; it is taken then."""
        for mark in _marks(paid, paid.returned or paid.fen):
            told = self._by_mark.get(mark, [])
            first = bisect_left(told, paid.at, key=lambda refund: refund.at)
            while first < len(told) and told[first].line in self._taken:
                del told[first]
            if first < len(told) and told[first].fen <= paid.fen:
                self._taken.add(told.pop(first).line)
                return True
        return False


def _marks(entry: Entry, fen: int) -> Iterator[tuple[str, ...]]:
    """What a refund shares with its payment: the order, the number it begins with, or the party and the sum."""
    if entry.order:
        yield "order", entry.order
    number = re.match(r"\d+", entry.number)
    if number:
        yield "number", number[0]
    yield "party", entry.merchant, str(fen)
