"""Figures that the office hands in: counts of a period, which name nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Scope, area

MANY = 5
"""Smaller counts stay in the office: in a county, one woman of a rare kind could be known by them."""

CALLED_WITHIN = timedelta(days=7)
"""A person called for later is no fault of the assistant's first answers, and a period that is over stays as it was."""

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
    def of_places(count: int, at: Callable[[int], timedelta]) -> Times:
        """Of so many spans in order, of which those at the `places` of their count are asked for, from 0 on.

        Between two of them what nine of ten took lies where a straight line has it (`statistics.quantiles`, inclusive).
        """
        if not count:
            return Times(0)
        lower, upper, place, following = places(count)
        rest = (count - 1) * 9 % 10
        beyond = (at(following) - at(place)) * rest / 10 if rest else timedelta()
        return Times(count, (at(lower) + at(upper)) / 2, at(place) + beyond)


def places(count: int) -> tuple[int, int, int, int]:
    """Which of so many in order say all that is told of them: the two in the middle, and the two about nine of ten."""
    ninth = (count - 1) * 9 // 10
    return (count - 1) // 2, count // 2, ninth, ninth + 1


@dataclass(frozen=True, slots=True)
class Kept:
    """Deadlines that were kept, missed, or still run."""

    kept: int = 0
    missed: int = 0
    running: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Askings for a person: taken in time, too late or not yet by then; waiting in time; or given up in time."""

    kept: int = 0
    missed: int = 0
    running: int = 0
    left: int = 0
    """Ended before anybody came, while there was still time: she needed nobody any more, or was erased."""


Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """Conversations, and those among them for which a person was called within `CALLED_WITHIN` of their beginning."""

    asked: int = 0
    called: int = 0

    @property
    def alone(self) -> int:
        """Those in which nobody asked for a person in that time and no rule called one: not all of them were helped."""
        return self.asked - self.called


Tallies = Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Service:
    """How people were served; conversations count by the day of their beginning, handoffs by that of the asking."""

    total: Tally
    people: int
    """How many wrote in these conversations; who wrote to two accounts is two."""
    by_step: Tallies
    by_topic: Tallies
    by_level: Tallies
    by_region: Tallies
    waits: Mapping[str, Times]
    """From the asking for a person until one took the conversation, by level."""
    in_time: Mapping[str, Taken]
    """Whether that was within the time that the level allows."""
    first_words: Mapping[str, Times]
    """From the asking for a person to the first words of one."""
    dispositions: Counts
    call_backs: Counts
    """Asked for in the period, by how they ended; `open` are those not yet settled."""
    calls_late: int
    """Those among them that were not made by their time, or are still not."""
    first_calls: Times
    """From the asking for a call back to the first time that she was called."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One period of one scope. Cases count by the day on which they were opened, waits by that of the asking."""

    period: Period
    by_county: bool
    """Whether regions are counties; else they are cities, with all that lies in them."""
    cases: int
    topics: Counts
    regions: Counts
    levels: Counts
    statuses: Counts
    by_step: Counts
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


def is_by_county(scope: Scope, chosen: Slice) -> bool:
    """Whether all that is counted lies in one city, so that its counties are told apart; else cities are."""
    cities = {area(code)[:4] for code in ({chosen.region} if chosen.region else scope.regions)}
    return len(cities) == 1 and len(cities.pop()) == 4


def place_of(region: str, *, by_county: bool) -> str:
    """Under which region this one counts."""
    return region if by_county else f"{region[:4]}00"


def told(count: int) -> int | None:
    """A count as it may leave the office: None where it is under 5, none included; else cut to a multiple of 5.

    Every count is cut by itself, sums too, so that no subtraction gives a small one away: not of a sum, not of another
    table, period or region (docs/adr/0019).
    """
    return count // MANY * MANY or None
