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


class DeadlineKind(StrEnum):
    """What must be done."""

    TELL = "tell"
    """Tell her whether it is accepted, and where it goes: 15 days (articles 22 and 23)."""
    OBJECTION = "objection"
    """Another office may send it back within 5 working days (article 23); by then ask whether it keeps it."""
    ANSWER = "answer"
    """Answer what was accepted: 60 days, with leave of the head 30 more (article 34)."""


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
    found = [Deadline(DeadlineKind.TELL, day_of(case.opened_at) + TELL_WITHIN, _done(case.told_at))]
    if case.routed_at is not None:
        last = workdays_after(day_of(case.routed_at), OBJECT_WITHIN_WORKDAYS, is_workday)
        found.append(Deadline(DeadlineKind.OBJECTION, last, _done(case.followed_at)))
    if case.accepted_at is not None:
        span = ANSWER_WITHIN + (EXTENSION if case.extended_at else timedelta())
        found.append(Deadline(DeadlineKind.ANSWER, day_of(case.accepted_at) + span, _done(case.answered_at)))
    return tuple(found)


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
