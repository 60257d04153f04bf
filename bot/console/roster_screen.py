"""What the page of the plan of duty shows: a week of the people of one place, and when nobody is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from bot.conversation.clock import HUNAN
from bot.conversation.roster import DAY, WEEK, Gap, PlanDay, Shift, ShiftKind, gaps, on_shift, plan_of
from bot.conversation.staff import Role, Staff
from bot.knowledge import plan_day

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
PLAN_DAYS: Mapping[PlanDay, str] = {**dict(zip(WEEK, WEEKDAYS, strict=True)), PlanDay.HOLIDAY: "节假日"}
SHIFT_KINDS: Mapping[ShiftKind, str] = {
    ShiftKind.DUTY: "值班",
    ShiftKind.ON_CALL: "待命",
    ShiftKind.OFF: "休息",
}


@dataclass(frozen=True, slots=True)
class Place:
    """For whom people are on duty: an account and a region in it, with its name."""

    account_id: str
    region: str
    name: str

    @property
    def code(self) -> str:
        """As it stands in an address."""
        return f"{self.account_id} {self.region}"


@dataclass(frozen=True, slots=True)
class Column:
    """One date of the week; `note` says where it goes by another day's plan."""

    day: date
    name: str
    note: str
    is_today: bool
    is_front: bool
    bare: Sequence[tuple[int, int]]
    """When nobody is there: minutes of the day, from and up to."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person and what holds for her on each date; `state` is `there`, `missing`, `on_call` or nothing."""

    person: Staff
    cells: Sequence[Sequence[Shift]]
    state: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form when the page opens."""

    staff_id: str = ""
    day: date | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class RosterScreen:
    """The page; `present` is None where nobody can say who is at her desk."""

    place: Place
    places: Sequence[Place]
    columns: Sequence[Column]
    rows: Sequence[Row]
    gaps: Sequence[Gap]
    is_planned: bool
    front: date
    today: date
    present: frozenset[str] | None
    filled: Filled
    role: str
    oversees: bool

    @property
    def changeable(self) -> list[Row]:
        """Those whose plan she may change."""
        return [row for row in self.rows if row.may_change]

    def who(self, state: str) -> list[Staff]:
        """Those of whom this is so now."""
        return [row.person for row in self.rows if row.state == state]

    @property
    def monday(self) -> date:
        """The first date shown."""
        return self.columns[0].day

    def address(self, day: date, **filled: str) -> str:
        """Where that day's week is."""
        return "/desk/roster?" + urlencode({"day": day.isoformat(), "place": self.place.code, **filled})

    def moved(self, weeks: int) -> str:
        """Where the page is so many weeks later."""
        return self.address(self.front + timedelta(weeks=weeks))


def roster_screen(
    viewer: Staff,
    place: Place,
    places: Sequence[Place],
    staff: Sequence[Staff],
    shifts: Sequence[Shift],
    present: frozenset[str] | None,
    front: date,
    now: datetime,
    filled: Filled,
    role: str,
    *,
    oversees: bool,
) -> RosterScreen:
    """The week of `front` for the people of this place."""
    people = [one for one in staff if one.looks_after(place.account_id, place.region)]
    hers = [shift for shift in shifts if shift.staff_id in {one.id for one in people}]
    monday, today = monday_of(front), now.astimezone(HUNAN).date()
    days = [monday + timedelta(days=number) for number in range(len(WEEK))]
    bare = gaps(hers, days[0], days[-1], plan_day)
    plans = [plan_of(hers, day, plan_day) for day in days]
    running = {span.shift.staff_id: span.shift.kind for span in on_shift(hers, now, plan_day)}
    planned = {shift.staff_id for shift in hers}
    return RosterScreen(
        place=place,
        places=places,
        columns=[_column(day, today, front, bare) for day in days],
        rows=[
            Row(
                person=one,
                cells=[[shift for shift in plan if shift.staff_id == one.id] for plan in plans],
                state=_state(one.id, present, running),
                may_change=oversees and viewer.scope.holds(one.scope),
            )
            for one in people
            if one.role is Role.OPERATOR or one.id in planned or one.id in (present or ())
        ],
        gaps=bare,
        is_planned=bool(hers),
        front=front,
        today=today,
        present=present,
        filled=filled,
        role=role,
        oversees=oversees,
    )


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def clock_words(minutes: int) -> str:
    """8:30, 24:00, and 次日8:00 beyond it."""
    ahead, rest = divmod(minutes, DAY) if minutes > DAY else (0, minutes)
    return f"{'次日' if ahead else ''}{rest // 60}:{rest % 60:02}"


def day_words(shift: Shift) -> str:
    """每周一, 节假日, 11月25日."""
    match shift.day:
        case PlanDay.HOLIDAY:
            return PLAN_DAYS[PlanDay.HOLIDAY]
        case PlanDay() as weekday:
            return f"每{PLAN_DAYS[weekday]}"
        case day:
            return f"{day.month}月{day.day}日"


def gap_words(gap: Gap) -> str:
    """周三 22:00 到周四 8:00; what ends at midnight ends at 24:00 of its own day."""
    begins, ends = gap.begins.astimezone(HUNAN), gap.ends.astimezone(HUNAN)
    if ends.time() == time():
        last = ends - timedelta(days=1)
        return f"{_point(begins)} 到{'' if last.date() == begins.date() else WEEKDAYS[last.weekday()]} 24:00"
    return f"{_point(begins)} 到{'' if ends.date() == begins.date() else WEEKDAYS[ends.weekday()]} {_clock(ends)}"


def _point(at: datetime) -> str:
    return f"{WEEKDAYS[at.weekday()]} {_clock(at)}"


def _clock(at: datetime) -> str:
    return f"{at.hour}:{at.minute:02}"


def _column(day: date, today: date, front: date, bare: Sequence[Gap]) -> Column:
    midnight = datetime.combine(day, time(), HUNAN)
    inside = []
    for gap in bare:
        begins, ends = (int((moment - midnight).total_seconds()) // 60 for moment in (gap.begins, gap.ends))
        if begins < DAY and ends > 0:
            inside.append((max(begins, 0), min(ends, DAY)))
    return Column(day, WEEKDAYS[day.weekday()], _note(day), day == today, day == front, inside)


def _note(day: date) -> str:
    kind = plan_day(day)
    if kind is PlanDay.HOLIDAY:
        return PLAN_DAYS[kind]
    return "" if kind is WEEK[day.weekday()] else f"调休，按{PLAN_DAYS[kind]}"


def _state(staff_id: str, present: frozenset[str] | None, running: Mapping[str, ShiftKind]) -> str:
    if present is None:
        return ""
    if staff_id in present:
        return "there"
    kind = running.get(staff_id)
    return {ShiftKind.DUTY: "missing", ShiftKind.ON_CALL: "on_call"}.get(kind, "") if kind else ""


ROSTER_NAMES: Mapping[str, object] = {
    "plan_days": PLAN_DAYS,
    "shift_kinds": SHIFT_KINDS,
    "clock_words": clock_words,
    "day_words": day_words,
    "gap_words": gap_words,
}
"""What the template of the page knows besides."""
