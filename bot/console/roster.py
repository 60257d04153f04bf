"""The plan of duty: a week for everybody of the office to see, and for supervisors to change."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from datetime import date, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.duty import who_is_there
from bot.console.ports import ConsolePorts, Ports
from bot.console.roster_screen import Filled, Place, clock_words, day_words, monday_of, roster_screen
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.deadlines import day_of
from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.messages import new_id
from bot.conversation.roster import DAY, Day, PlanDay, Shift, ShiftKind, day_of_code
from bot.conversation.staff import OVERSIGHT_ROLES, Staff
from bot.handoff import roster
from bot.handoff.unfilled import places_of
from bot.knowledge import plan_day
from bot.web.access import Member, Visitor
from bot.web.errors import Told

routes = APIRouter(prefix="/desk/roster", include_in_schema=False)

_WITHIN = timedelta(days=366)
_LACKING = "还没有填全：选一位同事，选至少一天（休息只能选某一天），开始和结束要填。没有保存，请补上再交。"
_NOT_NEAR = "只能排前后一年之内的日子。没有保存。"

Text = Annotated[str, Form()]


@routes.get("")
async def show(
    request: Request,
    visit: Visitor,
    ports: Ports,
    day: Annotated[date | None, Query()] = None,
    place: Annotated[str, Query(max_length=80)] = "",
    who: Annotated[str, Query(max_length=32)] = "",
    off: Annotated[bool, Query()] = False,
) -> Response:
    """The week of that day, of the people who are there for one place."""
    visit.staff.check_may_chat()
    now = ports.clock.now()
    front = day or day_of(now)
    _check_near(front, ports)
    staff = [colleague.staff for colleague in await ports.queries.team()]
    places = _places(visit.staff, staff, ports)
    if not places:
        raise NotFound("no account within this scope")
    # the night of the day before may last into the week, and now may be in another week
    dates = [monday_of(front) + timedelta(days=number) for number in range(-1, 7)]
    dates += [day_of(now) - timedelta(days=1), day_of(now)]
    screen = roster_screen(
        visit.staff,
        next((one for one in places if one.code == place), places[0]),
        places,
        staff,
        await ports.queries.planned({*PlanDay, *dates}),
        await who_is_there(ports),
        front,
        now,
        Filled(who, day if who else None, off),
        ROLES[visit.staff.role],
        oversees=visit.staff.role in OVERSIGHT_ROLES,
    )
    return pages.show(request, "roster.html", screen)


@routes.post("/add")
async def add(
    staff: Member,
    ports: Ports,
    who: Text = "",
    kind: Annotated[ShiftKind, Form()] = ShiftKind.DUTY,
    day: Annotated[list[str] | None, Form()] = None,
    starts: Annotated[time | None, Form()] = None,
    ends: Annotated[time | None, Form()] = None,
    back: Text = "",
    place: Text = "",
) -> Response:
    """Put somebody on the plan, on one day or several; an end not after the beginning is on the next day."""
    staff.check_may_oversee()
    shifts = _shifts(who, kind, [code for code in day or () if code], starts, ends, ports)
    await _done(roster.add_shifts(who, shifts, staff, ports.units, ports.clock, plan_day))
    return _shown(back, place)


@routes.post("/remove")
async def remove(staff: Member, ports: Ports, shift: Text = "", back: Text = "", place: Text = "") -> Response:
    """Take a line away; one that a colleague has taken away meanwhile is gone all the same."""
    staff.check_may_oversee()
    try:
        await roster.end_shift(shift, staff, ports.units, ports.clock)
    except NotFound:
        raise Told(409, "这一班已经不在了，或者不归您排。请看最新情况。") from None
    return _shown(back, place)


@routes.post("/copy")
async def copy(
    staff: Member,
    ports: Ports,
    whose: Text = "",
    who: Text = "",
    week: Annotated[date | None, Form()] = None,
    back: Text = "",
    place: Text = "",
) -> Response:
    """Give somebody a colleague's standing plan; or with `week`, what held for the colleague in the week before it."""
    staff.check_may_oversee()
    if not whose or not who or (week is None and whose == who):
        raise Told(422, "请选抄谁的、抄给谁。没有保存。")
    if week is None:
        await _done(roster.copy_standing(whose, who, staff, ports.units, ports.clock))
    else:
        _check_near(week, ports)
        await _done(roster.copy_week(whose, who, monday_of(week), staff, ports.units, ports.clock, plan_day))
    return _shown(back, place)


def _shifts(
    who: str, kind: ShiftKind, days: Sequence[str], starts: time | None, ends: time | None, ports: ConsolePorts
) -> list[Shift]:
    if not who or not days:
        raise Told(422, _LACKING)
    if kind is ShiftKind.OFF:
        begin, end = 0, DAY
    elif starts is None or ends is None:
        raise Told(422, _LACKING)
    else:
        begin, end = (one.hour * 60 + one.minute for one in (starts, ends))
        end += DAY if end <= begin else 0
    try:
        return [Shift(new_id(), who, _near(code, ports), kind, begin, end) for code in days]
    except InvalidData:
        raise Told(422, _LACKING) from None


async def _done(change: Coroutine[Any, Any, None]) -> None:
    try:
        await change
    except roster.Overlap as error:
        other = error.other
        if other.kind is ShiftKind.OFF:
            raise Told(409, f"{day_words(other)}已经排了休息，先去掉休息再排班。没有保存。") from None
        span = f"{day_words(other)} {clock_words(other.starts)} 到 {clock_words(other.ends)}"
        raise Told(409, f"和已经排好的班重了：{span}。没有保存。") from None
    except NotFound:
        raise Told(409, "这位同事不归您排班。没有保存。") from None


def _places(viewer: Staff, staff: Sequence[Staff], ports: ConsolePorts) -> list[Place]:
    """The viewer's own place first, then what else of hers has an account or people."""
    names = Names(ports.accounts, ports.directory)
    found = list(places_of(viewer.scope, ports.accounts))
    found += sorted((one.id, one.region) for one in ports.accounts.values())
    found += sorted(place for one in staff for place in places_of(one.scope, ports.accounts))
    return [
        Place(account_id, region, f"{names.region(region)} · {names.account(account_id)}")
        for account_id, region in dict.fromkeys(found)
        if viewer.scope.covers(account_id, region)
    ]


def _near(code: str, ports: ConsolePorts) -> Day:
    day = day_of_code(code)
    if isinstance(day, date):
        _check_near(day, ports)
    return day


def _check_near(day: date, ports: ConsolePorts) -> None:
    if abs(day - day_of(ports.clock.now())) > _WITHIN:
        raise Told(422, _NOT_NEAR)


def _shown(back: str, place: str) -> Response:
    shown = {name: value for name, value in (("day", back), ("place", place)) if value}
    return RedirectResponse("/desk/roster?" + urlencode(shown), 303)
