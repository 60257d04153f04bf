"""When an office is there: its week, and the holidays that the State Council sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import chinese_calendar

from bot.conversation.clock import HUNAN
from bot.conversation.roster import WEEK, PlanDay

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLIDAYS = "holidays"
_WEEKEND = (PlanDay.SATURDAY, PlanDay.SUNDAY)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_LOOKS_AHEAD = timedelta(days=15)
"""The longest closing of an office by its week and the holidays; one that opens later opens nobody knows when."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one time of a day up to another, in Hunan's time; 24:00 is the end of the day."""

    opens: timedelta
    closes: timedelta


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether an office is there, and when it opens next; None if it is open, or if that is too far away to tell."""

    is_open: bool
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class Week:
    """The spans of Monday to Sunday, and those of public holidays."""

    days: tuple[tuple[Span, ...], ...]
    holidays: tuple[Span, ...]

    def at(self, when: datetime) -> Opening:
        """Whether it is open at this moment, and if not, when it opens next."""
        coming = ((begin, end) for begin, end in self._spans(when.astimezone(HUNAN).date()) if end > when)
        begin = next((begin for begin, _ in coming), None)
        if begin is not None and begin <= when:
            return Opening(True, None)
        return Opening(False, begin)

    def _spans(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        for number in range(_LOOKS_AHEAD.days):
            day = first + timedelta(days=number)
            midnight = datetime.combine(day, time(), HUNAN)
            for span in self._of(day):
                yield midnight + span.opens, midnight + span.closes

    def _of(self, day: date) -> Sequence[Span]:
        kind = plan_day(day)
        return self.holidays if kind is PlanDay.HOLIDAY else self.days[WEEK.index(kind)]


@cache
def plan_day(day: date) -> PlanDay:
    """By which day's plan an office goes on this date.

    A Saturday or Sunday that is worked for a holiday (调休) is a day as Monday: the State Council does not say which
    weekday it stands for, and Monday's plan, unlike Friday's, is never one that ends early.
    """
    weekday = WEEK[day.weekday()]
    try:
        is_rest, holiday = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # the State Council sets a year's holidays in the November before it
        return weekday
    if is_rest:
        return weekday if holiday is None else PlanDay.HOLIDAY
    return PlanDay.MONDAY if weekday in _WEEKEND else weekday


def parse_week(row: Mapping[str, object]) -> Week:
    """The week of a mapping such as {mon-fri: [9:00-12:00, 13:30-17:00], sat: [9:00-12:00], holidays: []}.

    A day that is not named is closed, and so are holidays. Raises ValueError and TypeError.
    """
    days: list[tuple[Span, ...]] = [()] * len(_DAYS)
    holidays: tuple[Span, ...] = ()
    for name, written in row.items():
        if not isinstance(written, list):
            raise ValueError(f"{name} must be a list of spans such as 9:00-12:00")
        spans = tuple(_span(str(text)) for text in written)
        if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
            raise ValueError(f"the spans of {name} overlap or are out of order")
        if name == _HOLIDAYS:
            holidays = spans
        else:
            first, _, last = name.partition("-")
            for day in range(_DAYS.index(first), _DAYS.index(last or first) + 1):
                days[day] = spans
    return Week(tuple(days), holidays)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a span such as 9:00-12:00")
    opens, closes = (timedelta(hours=int(match[hour]), minutes=int(match[hour + 1])) for hour in (1, 3))
    if not opens < closes <= timedelta(days=1):
        raise ValueError(f"{text!r} ends before it begins, or after its day")
    return Span(opens, closes)
