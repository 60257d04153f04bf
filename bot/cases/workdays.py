"""The days on which offices work."""

from __future__ import annotations

from datetime import date
from functools import cache

import chinese_calendar

_SATURDAY = 5


@cache
def is_workday(day: date) -> bool:
    """As the State Council set it; a year that it has not set yet (it does in the November before) goes by the week."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY
