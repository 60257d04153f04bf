"""Figures that the office hands in: counts of a period, which name nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median, quantiles

from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level, Topic

MANY = 5
"""Smaller counts stay in the office: in a county, one woman of a rare kind could be known by them."""

LONGEST = timedelta(days=366)
_BEGINNING, _END = date(2000, 1, 1), date(2100, 1, 1)


class Step(StrEnum):
    """What a period is cut into, so that its course can be seen."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


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

    @property
    def step(self) -> Step:
        """Days of up to a month, weeks of up to half a year, months of more."""
        days = (self.last - self.first).days
        return Step.DAY if days <= 31 else Step.WEEK if days <= 184 else Step.MONTH

    def begin_of_step(self, day: date) -> date:
        """The first day of the step in which this day lies; weeks begin on Mondays, and none before the period."""
        begins = {
            Step.DAY: day,
            Step.WEEK: day - timedelta(days=day.weekday()),
            Step.MONTH: day.replace(day=1),
        }
        return max(begins[self.step], self.first)

    def steps(self) -> list[date]:
        """The first days of all steps, in order."""
        return list(dict.fromkeys(map(self.begin_of_step, self.days())))

    def days(self) -> Iterator[date]:
        """Every day of it."""
        return (self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Slice:
    """Of what kind is counted; what is None leaves nothing out, and a region has those below it."""

    topic: Topic | None = None
    level: Level | None = None
    region: str | None = None


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
class Tally:
    """Conversations, and those among them for which a person was called."""

    asked: int = 0
    called: int = 0

    @property
    def alone(self) -> int:
        """Those in which nobody asked for a person and no rule called one."""
        return self.asked - self.called


Tallies = Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Service:
    """How people were served; conversations count by the day of their beginning, handoffs by that of the asking."""

    total: Tally
    by_step: Tallies
    by_topic: Tallies
    by_level: Tallies
    by_region: Tallies
    waits: Mapping[str, Times]
    """From the asking for a person until one took the conversation, by level."""
    in_time: Mapping[str, Kept]
    """Whether that was within the time that the level allows."""
    first_words: Mapping[str, Times]
    """From the asking for a person to the first words of one."""
    dispositions: Counts
    call_backs: Counts
    """Asked for in the period, by how they ended; `open` are those not yet settled."""


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
    checks: Counts
    """Of archived cases: `passed`, `failed`, and `open` where nobody looked yet."""
    deadlines: Mapping[str, Kept]
    answers: Times
    crossed: Mapping[str, Counts]
    """Topics by region."""
    service: Service


def hidden(counts: Counts) -> dict[str, int | None]:
    """The counts as they may leave the office: those of 1 to 4 as None.

    Where one alone would be hidden, the next smallest is hidden too, or the sum would give it away.
    """
    small = {key for key, count in counts.items() if 0 < count < MANY}
    if len(small) == 1:
        others = sorted((count, key) for key, count in counts.items() if count >= MANY)
        small |= {key for _, key in others[:1]}
    return {key: None if key in small else count for key, count in counts.items()}


def hidden_cells(rows: Mapping[str, Counts], few: int = MANY) -> dict[str, dict[str, int | None]]:
    """A table whose rows have the same columns, with counts of 1 to `few` less one as None.

    Where one alone would be hidden in a row or a column, another of that line is hidden too, until no sum of a line
    gives one away.
    """
    shown: dict[str, dict[str, int | None]] = {
        row: {column: None if 0 < count < few else count for column, count in counts.items()}
        for row, counts in rows.items()
    }
    while (lonely := next(_lonely(shown), None)) is not None:
        row, column = min(lonely, key=lambda cell: (rows[cell[0]][cell[1]] == 0, rows[cell[0]][cell[1]], cell))
        shown[row][column] = None
    return shown


type _Cells = list[tuple[str, str]]


def _lonely(shown: Mapping[str, Mapping[str, int | None]]) -> Iterator[_Cells]:
    """The other cells of each row and column in which one alone is hidden."""
    by_row = [[(row, column) for column in cells] for row, cells in shown.items()]
    columns = dict.fromkeys(column for cells in shown.values() for column in cells)
    by_column = [[(row, column) for row in shown] for column in columns]
    for line in (*by_row, *by_column):
        others = [cell for cell in line if shown[cell[0]][cell[1]] is not None]
        if others and len(others) == len(line) - 1:
            yield others
