"""The plan of duty: who is there when, and when nobody is; all days and times are Hunan's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData

DAY = 24 * 60
"""Minutes."""

AHEAD = timedelta(days=14)
"""How far the plan is looked through for the next shift; what is later may still change too often to promise."""

NO_SHOW_AFTER = timedelta(minutes=10)
"""Who is a few minutes late is not missed yet."""


class PlanDay(StrEnum):
    """The days of the standing plan."""

    MONDAY = "0"
    TUESDAY = "1"
    WEDNESDAY = "2"
    THURSDAY = "3"
    FRIDAY = "4"
    SATURDAY = "5"
    SUNDAY = "6"
    HOLIDAY = "holiday"
    """Every public holiday, on whatever weekday it falls."""


WEEK = tuple(day for day in PlanDay if day is not PlanDay.HOLIDAY)

type Day = PlanDay | date
"""A day of the standing plan, or one date."""

type Calendar = Callable[[date], PlanDay]
"""Which day of the standing plan holds on a date."""


def day_of_code(code: str) -> Day:
    """The day that `0` to `6`, `holiday` or an ISO date stands for; raises InvalidData."""
    if code in set(PlanDay):
        return PlanDay(code)
    try:
        return date.fromisoformat(code)
    except ValueError:
        raise InvalidData("not a day of the plan") from None


class ShiftKind(StrEnum):
    """What somebody does in a span of time."""

    DUTY = "duty"
    """At her desk, takes conversations."""
    ON_CALL = "on_call"
    """Elsewhere, and called where nobody is at a desk."""
    OFF = "off"
    """Not there on this date, whatever the standing plan says."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One line of somebody's plan: from `starts` to `ends`, in minutes of its day.

    An end beyond 24 hours lies on the next day and belongs to this one all the same. Raises InvalidData for a span
    that is empty, longer than a day or begins on another day, and for a day off that is not one whole date.
    """

    id: str
    staff_id: str
    day: Day
    kind: ShiftKind
    starts: int
    ends: int

    def __post_init__(self) -> None:
        if not 0 <= self.starts < DAY or not self.starts < self.ends <= self.starts + DAY:
            raise InvalidData("a span is of its day and at most 24 hours long")
        if self.kind is ShiftKind.OFF and (isinstance(self.day, PlanDay) or (self.starts, self.ends) != (0, DAY)):
            raise InvalidData("a day off is one whole date")


@dataclass(frozen=True, slots=True)
class Span:
    """A shift on a date: who is there, as what, from when up to when."""

    shift: Shift
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody is on duty."""

    begins: datetime
    ends: datetime


def plan_of(shifts: Iterable[Shift], day: date, calendar: Calendar) -> list[Shift]:
    """What holds on this date, by time: who has lines for the date has those alone, the others the standing plan's."""
    planned = list(shifts)
    own = {shift.staff_id for shift in planned if shift.day == day}
    standing = calendar(day)
    held = (shift for shift in planned if shift.day == day or (shift.staff_id not in own and shift.day is standing))
    return sorted(held, key=lambda shift: (shift.starts, shift.ends, shift.staff_id))


def spans(shifts: Iterable[Shift], first: date, last: date, calendar: Calendar) -> Iterator[Span]:
    """All spans that begin on these dates, in the order in which they begin; days off are none."""
    planned = list(shifts)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        midnight = datetime.combine(day, time(), HUNAN)
        for shift in plan_of(planned, day, calendar):
            if shift.kind is not ShiftKind.OFF:
                minutes = (timedelta(minutes=one) for one in (shift.starts, shift.ends))
                yield Span(shift, *(midnight + one for one in minutes))


def on_shift(shifts: Iterable[Shift], at: datetime, calendar: Calendar) -> list[Span]:
    """The spans that run at this moment, on duty and on call, the earliest begun first."""
    today = at.astimezone(HUNAN).date()
    near = spans(shifts, today - timedelta(days=1), today, calendar)
    return [span for span in near if span.begins <= at < span.ends]


def next_shift(shifts: Iterable[Shift], at: datetime, calendar: Calendar) -> datetime | None:
    """When somebody comes on duty next; None if a shift runs already, or none begins within AHEAD."""
    today = at.astimezone(HUNAN).date()
    near = spans(shifts, today - timedelta(days=1), today + AHEAD, calendar)  # in the order in which they begin
    begins = next((one.begins for one in near if one.shift.kind is ShiftKind.DUTY and one.ends > at), None)
    return None if begins is None or begins <= at or begins > at + AHEAD else begins


def gaps(shifts: Iterable[Shift], first: date, last: date, calendar: Calendar) -> list[Gap]:
    """The times from the first date to the end of the last one in which nobody is on duty, in order."""
    covered, end = datetime.combine(first, time(), HUNAN), datetime.combine(last + timedelta(days=1), time(), HUNAN)
    near = spans(shifts, first - timedelta(days=1), last, calendar)
    found = []
    for span in sorted((one for one in near if one.shift.kind is ShiftKind.DUTY), key=lambda one: one.begins):
        if span.begins > covered:
            found.append(Gap(covered, span.begins))
        covered = max(covered, span.ends)
    return [*found, Gap(covered, end)] if covered < end else found


def missed(running: Iterable[Span], at: datetime) -> list[Span]:
    """Those of duty among the spans that run now that began so long ago that whoever is not there is missed."""
    return [span for span in running if span.shift.kind is ShiftKind.DUTY and span.begins <= at - NO_SHOW_AFTER]


def clash(hers: Sequence[Shift], new: Shift, calendar: Calendar) -> Shift | None:
    """The line of one person's plan that a new one cannot stand beside; None if it can.

    Spans of one day must not overlap, nor reach into those of the next; and a day off has nothing beside it. Where
    a standing line meets a single date, the date is what somebody thought about, so only lines of one sort are
    compared, and a date with what holds on the days around it.
    """
    before, same, after = (_beside(hers, new, step, calendar) for step in (-1, 0, 1))
    if new.kind is ShiftKind.OFF:
        return same[0] if same else None
    moved = ((one, shift * DAY) for shift, lines in ((-1, before), (0, same), (1, after)) for one in lines)
    return next((one for one, by in moved if one.starts + by < new.ends and new.starts < one.ends + by), None)


def _beside(hers: Sequence[Shift], new: Shift, step: int, calendar: Calendar) -> list[Shift]:
    """Her lines of the day so many days after the new one's; days off only if they are of the same day.

    A holiday may follow any day of the week, and any may follow a holiday.
    """
    match new.day:
        case PlanDay.HOLIDAY:
            found = [one for one in hers if one.day is PlanDay.HOLIDAY or (step and isinstance(one.day, PlanDay))]
        case PlanDay() as weekday:
            near = {WEEK[(WEEK.index(weekday) + step) % len(WEEK)], *([PlanDay.HOLIDAY] if step else [])}
            found = [one for one in hers if one.day in near]
        case day if step == 0:
            found = [one for one in hers if one.day == day]
        case day:
            found = plan_of(hers, day + timedelta(days=step), calendar)
    return [one for one in found if step == 0 or one.kind is not ShiftKind.OFF]


def copied(shifts: Iterable[Shift], staff_id: str, new_id: Callable[[], str], day: Day | None = None) -> list[Shift]:
    """The same lines as somebody else's, or hers of another day."""
    return [replace(one, id=new_id(), staff_id=staff_id, day=day or one.day) for one in shifts]
