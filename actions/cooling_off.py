"""The days of a divorce by agreement: until when either may withdraw, and from when to when both must come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

THIRTY_DAYS = timedelta(days=30)
"""民法典 1077, for each of the two periods. 民法典 201: the day of the application itself does not count."""


@dataclass(frozen=True)
class CoolingOff:
    """The two periods; `sure` is False where the holidays of a year are not known, and no day was moved."""

    applied_on: date
    withdraw_until: date
    collect_from: date
    collect_until: date
    sure: bool


def cooling_off(applied_on: date) -> CoolingOff:
    """The periods that follow an application received on this day."""
    try:
        withdraw_until = last_day(applied_on + THIRTY_DAYS)
        collect_until, sure = last_day(withdraw_until + THIRTY_DAYS), True
    except NotImplementedError:  # a year's holidays are not decreed yet, or the library is older than they
        withdraw_until, collect_until, sure = applied_on + THIRTY_DAYS, applied_on + 2 * THIRTY_DAYS, False
    return CoolingOff(applied_on, withdraw_until, withdraw_until + timedelta(days=1), collect_until, sure)


def last_day(day: date) -> date:
    """A period's last day, moved behind the days off that it falls on (民法典 203).

    Raises NotImplementedError for a year whose holidays are not known.
    """
    while not chinese_calendar.is_workday(day):
        day += timedelta(days=1)
    return day
