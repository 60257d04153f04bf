"""Figures that the office hands in: counts of a period, which name nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median, quantiles

from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData

MANY = 5
"""Smaller counts stay in the office: in a county, one woman of a rare kind could be known by them."""

LONGEST = timedelta(days=366)
_BEGINNING, _END = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, in Hunan, both within; raises InvalidData if it is empty or over a year."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first < LONGEST or not _BEGINNING <= self.first < _END:
            raise InvalidData("a period of our time ends after it begins, and is no longer than a year")

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), HUNAN)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), HUNAN)


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took: how often, the middle one, and what nine of ten took at most."""

    count: int
    middle: timedelta | None = None
    most: timedelta | None = None

    @staticmethod
    def of(spans: Iterable[timedelta]) -> Times:
        """Of these spans."""
        seconds = [span.total_seconds() for span in spans]
        if not seconds:
            return Times(0)
        most = quantiles(seconds, n=10, method="inclusive")[8] if len(seconds) > 1 else seconds[0]
        return Times(len(seconds), timedelta(seconds=median(seconds)), timedelta(seconds=most))


@dataclass(frozen=True, slots=True)
class Kept:
    """Deadlines that were kept, missed, or still run."""

    kept: int = 0
    missed: int = 0
    running: int = 0


Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """One period of one scope. Cases count by the day on which they were opened, waits by that of the asking."""

    period: Period
    cases: int
    topics: Counts
    regions: Counts
    levels: Counts
    statuses: Counts
    months: Counts
    agencies: Counts
    referrals: Counts
    reports: Counts
    """Of harm to minors: `needed`, and of these `done`."""
    visits: Counts
    outcomes: Counts
    dispositions: Counts
    deadlines: Mapping[str, Kept]
    waits: Mapping[str, Times]
    answers: Times
    conversations: int
    by_assistant: int
    """Conversations in which nobody asked for a person and no rule called one."""


def hidden(counts: Counts) -> dict[str, int | None]:
    """The counts as they may leave the office: those of 1 to 4 as None.

    Where one alone would be hidden, the next smallest is hidden too, or the sum would give it away.
    """
    small = {key for key, count in counts.items() if 0 < count < MANY}
    if len(small) == 1:
        others = sorted((count, key) for key, count in counts.items() if count >= MANY)
        small |= {key for _, key in others[:1]}
    return {key: None if key in small else count for key, count in counts.items()}
