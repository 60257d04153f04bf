"""Deadlines by the regulation: 15 days, five working days over a holiday, 60 and 30 more."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.cases import is_workday
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.deadlines import Deadline, DeadlineKind, deadlines_of, may_extend, next_due
from bot.conversation.levels import Level, Topic

# 23:30 of 28 September in Hunan; the National Day of 2026 is off from 1 to 7 October, and 10 October is worked
LATE = datetime(2026, 9, 28, 15, 30, tzinfo=UTC)
NEXT_DAY = datetime(2026, 9, 28, 16, 30, tzinfo=UTC)


def a_case() -> Case:
    return Case("k", "p", "c", "hunan", "430000", Topic.OTHER, Level.HIGH, LATE, LATE)


def test_days_are_those_of_hunan_and_the_first_does_not_count() -> None:
    assert deadlines_of(a_case(), is_workday) == (Deadline(DeadlineKind.TELL, date(2026, 10, 13), None),)


def test_working_days_leave_out_holidays_and_count_the_saturday_worked_for_them() -> None:
    case = a_case()
    case.advance(CaseStatus.FORWARDED, NEXT_DAY)
    told, objection = deadlines_of(case, is_workday)
    assert told.done_on == date(2026, 9, 29)
    assert not is_workday(date(2026, 10, 5))
    assert is_workday(date(2026, 10, 10))
    assert objection.due_on == date(2026, 10, 12)
    assert next_due(case, is_workday) == date(2026, 10, 12)


def test_the_answer_has_60_days_and_30_more() -> None:
    case = a_case()
    case.advance(CaseStatus.ACCEPTED, LATE)
    assert deadlines_of(case, is_workday)[-1].due_on == date(2026, 11, 27)
    case.extended_at = NEXT_DAY
    assert deadlines_of(case, is_workday)[-1].due_on == date(2026, 12, 27)


@pytest.mark.parametrize(
    ("done", "today", "kept"),
    [
        (None, date(2026, 10, 13), True),
        (None, date(2026, 10, 14), False),
        (date(2026, 10, 13), date(2026, 12, 1), True),
        (date(2026, 10, 14), date(2026, 12, 1), False),
    ],
)
def test_the_last_day_counts(done: date | None, today: date, kept: bool) -> None:
    assert Deadline(DeadlineKind.TELL, date(2026, 10, 13), done).is_kept(today) is kept


def test_a_year_whose_holidays_nobody_knows_goes_by_the_week() -> None:
    assert is_workday(date(2099, 1, 1))  # a Thursday
    assert not is_workday(date(2099, 1, 3))


def test_what_is_taken_up_again_at_night_has_thirty_days_of_its_own_and_the_older_ones_stay() -> None:
    case = a_case()
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        case.advance(status, LATE)
    assert next_due(case, is_workday) is None
    older = deadlines_of(case, is_workday)
    case.advance(CaseStatus.REOPENED, NEXT_DAY)  # half past midnight of the 29th of September in Hunan
    assert deadlines_of(case, is_workday) == (*older, Deadline(DeadlineKind.REDO, date(2026, 10, 29), None))
    assert next_due(case, is_workday) == date(2026, 10, 29)
    case.advance(CaseStatus.ARCHIVED, NEXT_DAY)
    assert deadlines_of(case, is_workday)[-1].done_on == date(2026, 9, 29)


@pytest.mark.parametrize(("today", "may"), [(date(2026, 11, 27), True), (date(2026, 11, 28), False)])
def test_the_time_for_the_answer_is_extended_until_its_last_day(today: date, may: bool) -> None:
    case = a_case()
    assert not may_extend(case, today)
    case.advance(CaseStatus.ACCEPTED, LATE)
    assert may_extend(case, today) is may
