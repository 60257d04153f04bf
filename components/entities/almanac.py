"""Days, months, years and stretches of them in ISO 8601, by the solar and by the lunar calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Callable, Optional

from borax.calendars.festivals2 import FestivalLibrary
from borax.calendars.lunardate import LCalendars, LunarDate

FIRST, LAST = 1901, 2099  # what the lunar tables reach
_FESTIVALS = FestivalLibrary.load_builtin("basic")

Begin = Callable[[int], Optional[date]]
"""The first day of something in a year, None in a year without it."""


def stretch(first: str, last: str) -> str:
    """From one to the other, both included; the one alone if they are the same."""
    return first if first == last else f"{first}/{last}"


def day(today: date, ahead: int) -> str:
    """So many days from today."""
    return (today + timedelta(days=ahead)).isoformat()


def month(today: date, ahead: int) -> str:
    """So many months from today's."""
    year, number = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    return f"{year:04}-{number + 1:02}"


def year(today: date, ahead: int) -> str:
    """So many years from today's."""
    return f"{today.year + ahead:04}"


def week(today: date, ahead: int) -> str:
    """Monday to Sunday, so many weeks from today's."""
    monday = today + timedelta(days=7 * ahead - today.weekday())
    return stretch(monday.isoformat(), day(monday, 6))


def solar(of_year: int, of_month: int, of_day: int) -> date | None:
    """That day; None if there is none."""
    try:
        return date(of_year, of_month, of_day)
    except ValueError:
        return None


def lunar(of_year: int, of_month: int, of_day: int) -> date | None:
    """The day of the lunar year that begins in this year's spring; None if there is none. Leap months are not told."""
    if not FIRST <= of_year <= LAST:
        return None
    try:
        return LunarDate(of_year, of_month, of_day).to_solar_date()
    except ValueError:
        return None


def lunar_month(of_year: int, of_month: int) -> str | None:
    """First to last day of a month of the lunar year."""
    first = lunar(of_year, of_month, 1)
    if first is None:
        return None
    return stretch(first.isoformat(), day(first, LCalendars.ndays(of_year, of_month) - 1))


def festival(name: str) -> Begin:
    """The day of a festival that the library knows by this name."""
    known = _FESTIVALS.get_festival(name)

    def begin(of_year: int) -> date | None:
        if not FIRST <= of_year <= LAST:
            return None
        on = known.at(of_year)
        return on.to_solar_date() if isinstance(on, LunarDate) else on

    return begin


def nearest(today: date, begin: Begin, ahead: bool, lasts: int = 1) -> int | None:
    """The year of what was last, as people tell it, or of what comes next; `lasts` days, so it may be going on."""
    begins = [(start, at) for at in range(today.year - 2, today.year + 2) if (start := begin(at)) is not None]
    if ahead:
        coming = [(start, at) for start, at in begins if start + timedelta(days=lasts) > today]
        return min(coming)[1] if coming else None
    begun = [(start, at) for start, at in begins if start <= today]
    return max(begun)[1] if begun else None
