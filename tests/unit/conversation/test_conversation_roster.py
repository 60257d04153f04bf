"""The plan of duty: who is there when, over midnights, holidays and days worked for them, and when nobody is."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

import pytest

from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.conversation.roster import (
    DAY,
    WEEK,
    Day,
    Gap,
    PlanDay,
    Shift,
    ShiftKind,
    clash,
    day_of_code,
    gaps,
    missed,
    next_shift,
    on_shift,
    plan_of,
)
from bot.knowledge import plan_day

DUTY, ON_CALL, OFF = ShiftKind.DUTY, ShiftKind.ON_CALL, ShiftKind.OFF
MONDAY, WEDNESDAY, SATURDAY, SUNDAY, HOLIDAY = (
    PlanDay.MONDAY,
    PlanDay.WEDNESDAY,
    PlanDay.SATURDAY,
    PlanDay.SUNDAY,
    PlanDay.HOLIDAY,
)
_numbers = count()


def minutes(clock: str) -> int:
    hours, _, rest = clock.partition(":")
    return int(hours) * 60 + int(rest)


def a_shift(who: str, day: Day, starts: str = "0:00", ends: str = "24:00", kind: ShiftKind = DUTY) -> Shift:
    return Shift(str(next(_numbers)), who, day, kind, minutes(starts), minutes(ends))


def at(moment: str) -> datetime:
    """A moment as the clocks of Hunan show it."""
    return datetime.fromisoformat(moment).replace(tzinfo=HUNAN)


OFFICE = [
    *(a_shift("li", day, "8:30", "12:00") for day in WEEK[:5]),
    *(a_shift("li", day, "14:00", "17:30") for day in WEEK[:5]),
    *(a_shift("wang", day, "22:00", "32:00", ON_CALL) for day in WEEK),
    a_shift("zhao", SUNDAY, "20:00", "28:00"),
    a_shift("chen", HOLIDAY, "9:00", "17:00"),
    a_shift("wang", HOLIDAY, "0:00", "24:00", ON_CALL),
    a_shift("li", date(2026, 11, 25), "18:00", "22:00"),
    a_shift("wang", date(2026, 11, 26), kind=OFF),
]
"""An office with its mornings and afternoons, nights on call, a Sunday night, holidays, and two dates of their own."""


@pytest.mark.parametrize(
    ("when", "there"),
    [
        pytest.param("2026-11-23 08:29", "", id="a minute before it begins"),
        pytest.param("2026-11-23 08:30", "li", id="as it begins"),
        pytest.param("2026-11-23 11:59", "li", id="the last minute"),
        pytest.param("2026-11-23 12:00", "", id="as it ends"),
        pytest.param("2026-11-23 14:00", "li", id="the second span of the day"),
        pytest.param("2026-11-24 23:00", "wang on_call", id="before midnight"),
        pytest.param("2026-11-25 07:59", "wang on_call", id="after midnight"),
        pytest.param("2026-11-25 08:00", "", id="the night is over"),
        pytest.param("2026-11-22 23:00", "zhao, wang on_call", id="two at once, the earlier begun first"),
        pytest.param("2026-11-23 03:59", "zhao, wang on_call", id="Sunday's night lasts into Monday"),
        pytest.param("2026-11-23 04:00", "wang on_call", id="Sunday's night ends on Monday"),
        pytest.param("2026-11-25 10:00", "", id="a date's own lines replace the standing ones"),
        pytest.param("2026-11-25 19:00", "li", id="a date's own line"),
        pytest.param("2026-11-26 07:00", "wang on_call", id="a night that began before the day off is finished"),
        pytest.param("2026-11-26 23:00", "", id="a day off"),
        pytest.param("2026-11-27 07:00", "", id="the night of a day off is free too"),
        pytest.param("2026-09-30 15:00", "li", id="the day before National Day"),
        pytest.param("2026-10-01 10:00", "wang on_call, chen", id="National Day 2026, a Thursday"),
        pytest.param("2026-10-01 07:00", "wang on_call, wang on_call", id="the night before runs into the holiday"),
        pytest.param("2026-10-03 10:00", "wang on_call, chen", id="a Saturday within the holiday"),
        pytest.param("2026-10-04 21:00", "wang on_call", id="no Sunday night on a holiday"),
        pytest.param("2026-10-07 16:00", "wang on_call, chen", id="the last day of the holiday"),
        pytest.param("2026-10-08 09:00", "li", id="the day after"),
        pytest.param("2026-10-10 09:00", "li", id="a Saturday worked for the holiday goes by Monday"),
        pytest.param("2026-09-20 21:00", "", id="a Sunday worked for the holiday is no Sunday"),
        pytest.param("2026-10-11 21:00", "zhao", id="an ordinary Sunday"),
        pytest.param("2031-10-01 09:00", "li", id="a year whose holidays nobody knows yet goes by the week"),
    ],
)
def test_who_is_there(when: str, there: str) -> None:
    found = on_shift(OFFICE, at(when), plan_day)
    names = [f"{one.shift.staff_id}{' on_call' if one.shift.kind is ON_CALL else ''}" for one in found]
    assert ", ".join(names) == there


@pytest.mark.parametrize(
    ("when", "begins"),
    [
        pytest.param("2026-11-23 05:00", "2026-11-23 08:30", id="later today"),
        pytest.param("2026-11-23 12:30", "2026-11-23 14:00", id="at noon"),
        pytest.param("2026-11-23 23:00", "2026-11-24 08:30", id="on call is not being there"),
        pytest.param("2026-11-24 18:00", "2026-11-25 18:00", id="a date's own line"),
        pytest.param("2026-11-27 18:00", "2026-11-29 20:00", id="Friday evening"),
        pytest.param("2026-09-30 18:00", "2026-10-01 09:00", id="before the holiday"),
        pytest.param("2026-10-09 18:00", "2026-10-10 08:30", id="before a Saturday that is worked"),
        pytest.param("2026-11-23 09:00", None, id="a shift runs"),
        pytest.param("2026-11-23 01:00", None, id="a shift of yesterday runs"),
    ],
)
def test_when_somebody_comes_next(when: str, begins: str | None) -> None:
    assert next_shift(OFFICE, at(when), plan_day) == (at(begins) if begins else None)


def test_a_shift_more_than_two_weeks_ahead_is_not_promised() -> None:
    later = [a_shift("li", date(2026, 12, 7), "9:00", "17:00")]
    assert next_shift(later, at("2026-11-23 09:00"), plan_day) == at("2026-12-07 09:00")
    assert next_shift(later, at("2026-11-23 08:59"), plan_day) is None
    assert next_shift([], at("2026-11-23 08:59"), plan_day) is None


def gap(begins: str, ends: str) -> Gap:
    return Gap(at(begins), at(ends))


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        pytest.param([], [gap("2026-11-23 00:00", "2026-11-30 00:00")], id="nobody all week"),
        pytest.param([a_shift("li", day) for day in WEEK], [], id="always somebody"),
        pytest.param(
            [a_shift("li", day, "8:00", "22:00") for day in WEEK[:2]] + [a_shift("wang", day) for day in WEEK[2:]],
            [
                gap("2026-11-23 00:00", "2026-11-23 08:00"),
                gap("2026-11-23 22:00", "2026-11-24 08:00"),
                gap("2026-11-24 22:00", "2026-11-25 00:00"),
            ],
            id="over midnight it is one gap",
        ),
        pytest.param(
            [a_shift("li", day, "8:00", "32:00") for day in WEEK], [], id="a night of the Sunday before covers Monday"
        ),
        pytest.param(
            [a_shift("li", day, "0:00", "20:00") for day in WEEK]
            + [a_shift("wang", d, "12:00", "24:00") for d in WEEK],
            [],
            id="two who overlap leave no gap",
        ),
        pytest.param(
            [a_shift("li", day) for day in WEEK] + [a_shift("li", date(2026, 11, 26), kind=OFF)],
            [gap("2026-11-26 00:00", "2026-11-27 00:00")],
            id="a day off",
        ),
        pytest.param(
            [a_shift("li", day) for day in WEEK if day is not WEDNESDAY] + [a_shift("zhao", WEDNESDAY, kind=ON_CALL)],
            [gap("2026-11-25 00:00", "2026-11-26 00:00")],
            id="on call is not being there",
        ),
    ],
)
def test_when_nobody_is_there_in_a_week(lines: list[Shift], left: list[Gap]) -> None:
    assert gaps(lines, date(2026, 11, 23), date(2026, 11, 29), plan_day) == left


def test_a_holiday_without_a_plan_is_a_gap() -> None:
    daily = [a_shift("li", day) for day in WEEK]
    assert gaps(daily, date(2026, 9, 28), date(2026, 10, 4), plan_day) == [
        gap("2026-10-01 00:00", "2026-10-05 00:00"),
    ]


def test_whoever_is_ten_minutes_late_is_missed() -> None:
    def missing(when: str) -> list[str]:
        return [span.shift.staff_id for span in missed(on_shift(OFFICE, at(when), plan_day), at(when))]

    assert missing("2026-11-23 08:39") == []
    assert missing("2026-11-23 08:40") == ["li"]
    assert missing("2026-11-23 12:00") == []
    assert missing("2026-11-24 23:00") == []


@pytest.mark.parametrize(
    ("hers", "new", "clashes"),
    [
        pytest.param((MONDAY, "9:00", "12:00"), (MONDAY, "11:59", "17:00"), True, id="overlapping"),
        pytest.param((MONDAY, "9:00", "12:00"), (MONDAY, "12:00", "17:00"), False, id="touching"),
        pytest.param((MONDAY, "9:00", "12:00"), (WEDNESDAY, "9:00", "12:00"), False, id="another day"),
        pytest.param((MONDAY, "22:00", "32:00"), (PlanDay.TUESDAY, "7:00", "12:00"), True, id="into the next morning"),
        pytest.param((MONDAY, "22:00", "32:00"), (PlanDay.TUESDAY, "8:00", "12:00"), False, id="up to the morning"),
        pytest.param((MONDAY, "7:00", "12:00"), (SUNDAY, "22:00", "32:00"), True, id="Sunday is before Monday"),
        pytest.param((HOLIDAY, "7:00", "12:00"), (HOLIDAY, "22:00", "32:00"), True, id="holidays follow holidays"),
        pytest.param((HOLIDAY, "8:00", "12:00"), (HOLIDAY, "22:00", "32:00"), False, id="holidays up to holidays"),
        pytest.param((MONDAY, "9:00", "12:00"), (HOLIDAY, "9:00", "12:00"), False, id="a holiday is no Monday"),
        pytest.param((MONDAY, "22:00", "32:00"), (HOLIDAY, "7:00", "12:00"), True, id="any night may run into one"),
        pytest.param((HOLIDAY, "22:00", "32:00"), (MONDAY, "7:00", "12:00"), True, id="its night runs into any day"),
        pytest.param((HOLIDAY, "7:00", "12:00"), (SUNDAY, "22:00", "32:00"), True, id="also where it was there first"),
        pytest.param((MONDAY, "7:00", "12:00"), (HOLIDAY, "22:00", "32:00"), True, id="and where the day was"),
        pytest.param((SATURDAY, "22:00", "32:00"), (HOLIDAY, "8:00", "32:00"), False, id="hand in hand"),
        pytest.param((MONDAY, "9:00", "12:00"), (date(2026, 11, 23), "9:00", "12:00"), False, id="a date replaces"),
        pytest.param((MONDAY, "22:00", "32:00"), (date(2026, 11, 24), "7:00", "9:00"), True, id="a date after a night"),
        pytest.param((MONDAY, "7:00", "9:00"), (date(2026, 11, 22), "22:00", "32:00"), True, id="a night into a day"),
        pytest.param(
            (PlanDay.THURSDAY, "7:00", "9:00"),
            (date(2026, 9, 30), "22:00", "32:00"),
            False,
            id="a night into a holiday",
        ),
    ],
)
def test_nobody_is_at_two_places(hers: tuple[Day, str, str], new: tuple[Day, str, str], clashes: bool) -> None:
    old = a_shift("li", *hers)
    assert clash([old], a_shift("li", *new), plan_day) == (old if clashes else None)


def test_a_day_off_stands_alone() -> None:
    day = date(2026, 11, 25)
    off, on = a_shift("li", day, kind=OFF), a_shift("li", day, "9:00", "12:00")
    assert clash([off], on, plan_day) == off
    assert clash([on], off, plan_day) == on
    assert clash([a_shift("li", PlanDay.TUESDAY, "22:00", "32:00")], off, plan_day) is None
    night_before = a_shift("li", date(2026, 11, 24), "22:00", "32:00")
    assert clash([off], night_before, plan_day) is None


@pytest.mark.parametrize(
    ("day", "kind", "starts", "ends"),
    [
        (MONDAY, DUTY, 600, 600),
        (MONDAY, DUTY, 600, 540),
        (MONDAY, DUTY, -1, 60),
        (MONDAY, DUTY, DAY, DAY + 60),
        (MONDAY, DUTY, 600, 600 + DAY + 1),
        (MONDAY, OFF, 0, DAY),
        (HOLIDAY, OFF, 0, DAY),
        (date(2026, 11, 25), OFF, 0, 600),
    ],
)
def test_a_span_that_is_none_is_refused(day: Day, kind: ShiftKind, starts: int, ends: int) -> None:
    with pytest.raises(InvalidData):
        Shift("1", "li", day, kind, starts, ends)


def test_days_are_read_from_their_codes() -> None:
    assert [day_of_code(code) for code in ("0", "holiday", "2026-10-01")] == [MONDAY, HOLIDAY, date(2026, 10, 1)]
    for code in ("7", "", "monday", "2026-02-30"):
        with pytest.raises(InvalidData):
            day_of_code(code)


def test_the_lines_of_a_day_come_by_time() -> None:
    lines = plan_of(OFFICE, date(2026, 11, 22), plan_day)
    assert [(one.staff_id, one.starts) for one in lines] == [("zhao", 20 * 60), ("wang", 22 * 60)]
