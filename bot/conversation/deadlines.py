"""By when the office must do what in a case (信访工作条例, in force since 2022-05-01)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.conversation.cases import Case, CaseStatus
from bot.conversation.clock import HUNAN

type IsWorkday = Callable[[date], bool]
"""Whether offices work on this day: weekends, public holidays and the days worked for them."""

TELL_WITHIN = timedelta(days=15)
OBJECT_WITHIN_WORKDAYS = 5
ANSWER_WITHIN = timedelta(days=60)
EXTENSION = timedelta(days=30)
REDO_WITHIN = timedelta(days=30)


class DeadlineKind(StrEnum):
    """What must be done."""

    TELL = "tell"
    """Tell her whether it is accepted, and where it goes: 15 days (articles 22 and 23)."""
    OBJECTION = "objection"
    """Another office may send it back within 5 working days (article 23); by then ask whether it keeps it."""
    ANSWER = "answer"
    """Answer what was accepted: 60 days, with leave of the head 30 more (article 34)."""
    REDO = "redo"
    """Answer anew or put right what was taken up again: 30 days, as article 35 gives for a review."""


_WITHIN = {DeadlineKind.TELL: TELL_WITHIN, DeadlineKind.ANSWER: ANSWER_WITHIN, DeadlineKind.REDO: REDO_WITHIN}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, in Hunan, and the day on which it was done."""

    kind: DeadlineKind
    due_on: date
    done_on: date | None

    def is_kept(self, today: date) -> bool:
        """Whether it was done in time, or still can be."""
        return (self.done_on or today) <= self.due_on


def deadlines_of(case: Case, is_workday: IsWorkday) -> tuple[Deadline, ...]:
    """What binds this case, in the order in which it arose.

    The day of the event does not count, and a last day that is a holiday is not moved: the regulation does not say so.
    """
    begun = {
        DeadlineKind.TELL: (case.opened_at, case.told_at),
        DeadlineKind.OBJECTION: (case.routed_at, case.followed_at),
        DeadlineKind.ANSWER: (case.accepted_at, case.answered_at),
        DeadlineKind.REDO: (case.reopened_at, case.redone_at),
    }
    extended = case.extended_at is not None
    return tuple(
        Deadline(kind, last_day(kind, day_of(begin), is_workday, extended=extended), _done(done))
        for kind, (begin, done) in begun.items()
        if begin is not None
    )


def last_day(kind: DeadlineKind, begin: date, is_workday: IsWorkday, *, extended: bool) -> date:
    """The last day for what began to run on this one; only the time for the answer can be extended."""
    if kind is DeadlineKind.OBJECTION:
        return workdays_after(begin, OBJECT_WITHIN_WORKDAYS, is_workday)
    return begin + _WITHIN[kind] + (EXTENSION if extended and kind is DeadlineKind.ANSWER else timedelta())


def may_extend(case: Case, today: date) -> bool:
    """Whether more time may be given for the answer: once, and only before the time is over."""
    if case.accepted_at is None or case.answered_at is not None or case.extended_at is not None:
        return False
    return today <= day_of(case.accepted_at) + ANSWER_WITHIN


def next_due(case: Case, is_workday: IsWorkday) -> date | None:
    """The first day by which something is to be done; None if nothing is, or the case is archived."""
    if case.status is CaseStatus.ARCHIVED:
        return None
    return min((one.due_on for one in deadlines_of(case, is_workday) if one.done_on is None), default=None)


def day_of(moment: datetime) -> date:
    """The day in Hunan."""
    return moment.astimezone(HUNAN).date()


def _done(moment: datetime | None) -> date | None:
    return None if moment is None else day_of(moment)


def workdays_after(day: date, count: int, is_workday: IsWorkday) -> date:
    """The last of so many working days after this one."""
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
