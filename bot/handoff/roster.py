"""Change the plan of duty, and ask it who is there for somebody; every change is in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.conversation.clock import HUNAN, Clock
from bot.conversation.errors import Conflict, NotFound
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.roster import (
    AHEAD,
    DAY,
    Calendar,
    PlanDay,
    Shift,
    ShiftKind,
    Span,
    clash,
    copied,
    next_shift,
    on_shift,
    plan_of,
)
from bot.conversation.staff import AuditEntry, Role, Staff
from bot.handoff.routing import distance

_DAY = timedelta(days=1)
_WEEK_DAYS = 7


class Overlap(Conflict):
    """The line cannot stand beside another one of the same person."""

    def __init__(self, other: Shift) -> None:
        super().__init__("the spans of one person overlap")
        self.other = other


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether somebody who may take her conversation is at a desk, and if not, when the next shift begins."""

    on_duty: bool
    next_shift: datetime | None = None


async def attendance(
    uow: UnitOfWork, present: Collection[str], account_id: str, region: str, now: datetime, calendar: Calendar
) -> Attendance:
    """How things stand for a person of this account and region; who is present decides, the plan only tells when.

    The plan is read where nobody is present alone.
    """
    if present and any(one.looks_after(account_id, region) for one in await uow.staff.some(present)):
        return Attendance(on_duty=True)
    people = [one.id for one in await uow.staff.all() if one.looks_after(account_id, region)]
    dates = [now.astimezone(HUNAN).date() + number * _DAY for number in range(-1, AHEAD.days + 1)]
    shifts = await uow.shifts.plan(people, {*dates, *map(calendar, dates)})
    return Attendance(on_duty=False, next_shift=next_shift(shifts, now, calendar))


async def on_call(uow: UnitOfWork, account_id: str, region: str, now: datetime, calendar: Calendar) -> list[Staff]:
    """Who is to be called now where nobody is at a desk for this account and region."""
    people = {one.id: one for one in await uow.staff.all() if one.looks_after(account_id, region)}
    spans = await running(uow, people, now, calendar)
    called = dict.fromkeys(span.shift.staff_id for span in spans if span.shift.kind is ShiftKind.ON_CALL)
    return [people[staff_id] for staff_id in called]


async def supervisors(uow: UnitOfWork, account_id: str, region: str) -> list[Staff]:
    """Who answers for the desks of this account and region, the nearest office first."""
    those = [one for one in await uow.staff.all() if one.role is Role.SUPERVISOR]
    here = (one for one in those if one.looks_after(account_id, region))
    return sorted(here, key=lambda one: (distance(one.scope, region), one.username))


async def add_shifts(
    staff_id: str, shifts: Sequence[Shift], editor: Staff, units: UnitsOfWork, clock: Clock, calendar: Calendar
) -> None:
    """Add lines to one person's plan, all or none; raises Forbidden, NotFound outside the editor's scope, Overlap."""
    async with units() as uow:
        await _hold(uow, staff_id, editor)
        for shift in shifts:
            other = clash(await uow.shifts.of(staff_id), shift, calendar)
            if other is not None:
                raise Overlap(other)
            await uow.shifts.add(shift)
        await _changed(uow, staff_id, editor, clock)


async def end_shift(shift_id: str, editor: Staff, units: UnitsOfWork, clock: Clock) -> None:
    """Take a line away; raises Forbidden, and NotFound for one that there is not, or outside her scope."""
    async with units() as uow:
        shift = await uow.shifts.get(shift_id)
        await _hold(uow, shift.staff_id, editor)
        await uow.shifts.end(shift_id)
        await _changed(uow, shift.staff_id, editor, clock)


async def copy_standing(from_id: str, to_id: str, editor: Staff, units: UnitsOfWork, clock: Clock) -> None:
    """Give somebody the standing plan of a colleague instead of her own; raises Forbidden and NotFound.

    Whose plan it is must be within the editor's scope as well as whom it is given to.
    """
    async with units() as uow:
        await _hold_both(uow, from_id, to_id, editor)
        if from_id != to_id:
            for shift in await uow.shifts.of(to_id):
                if isinstance(shift.day, PlanDay):
                    await uow.shifts.end(shift.id)
            standing = [one for one in await uow.shifts.of(from_id) if isinstance(one.day, PlanDay)]
            for shift in copied(standing, to_id, new_id):
                await uow.shifts.add(shift)
        await _changed(uow, to_id, editor, clock)


async def copy_week(
    from_id: str, to_id: str, monday: date, editor: Staff, units: UnitsOfWork, clock: Clock, calendar: Calendar
) -> None:
    """Give somebody, on the dates of this week, what held for a colleague in the week before.

    What she had on those dates goes; a day on which the colleague was not there becomes a day off. Raises Forbidden,
    NotFound, and Overlap with what she has on the days around the week.
    """
    async with units() as uow:
        await _hold_both(uow, from_id, to_id, editor)
        theirs = await uow.shifts.of(from_id)
        for number in range(_WEEK_DAYS):
            day = monday + number * _DAY
            for shift in await uow.shifts.of(to_id):
                if shift.day == day:
                    await uow.shifts.end(shift.id)
            before = plan_of(theirs, day - _WEEK_DAYS * _DAY, calendar)
            for shift in copied(before, to_id, new_id, day) or [Shift(new_id(), to_id, day, ShiftKind.OFF, 0, DAY)]:
                await uow.shifts.add(shift)
        await _check_edges(uow, to_id, monday, calendar)
        await _changed(uow, to_id, editor, clock)


async def _check_edges(uow: UnitOfWork, staff_id: str, monday: date, calendar: Calendar) -> None:
    hers = await uow.shifts.of(staff_id)
    for shift in (one for one in hers if one.day in (monday, monday + (_WEEK_DAYS - 1) * _DAY)):
        other = clash([one for one in hers if one.id != shift.id], shift, calendar)
        if other is not None:
            raise Overlap(other)


async def _hold_both(uow: UnitOfWork, from_id: str, to_id: str, editor: Staff) -> None:
    for staff_id in sorted({from_id, to_id}):  # in one order, so that two copies do not wait for each other
        await _hold(uow, staff_id, editor)


async def _hold(uow: UnitOfWork, staff_id: str, editor: Staff) -> None:
    editor.check_may_oversee()
    member = await uow.staff.hold(staff_id)
    if not editor.scope.holds(member.scope):
        raise NotFound("outside the scope of this role")


async def _changed(uow: UnitOfWork, staff_id: str, editor: Staff, clock: Clock) -> None:
    await uow.audit.append(AuditEntry(new_id(), editor.id, "roster.change", staff_id, clock.now()))
    await uow.commit()


async def running(uow: UnitOfWork, staff_ids: Collection[str], now: datetime, calendar: Calendar) -> list[Span]:
    """Their shifts that run now; one of yesterday may last until now."""
    today = now.astimezone(HUNAN).date()
    dates = (today - _DAY, today)
    return on_shift(await uow.shifts.plan(staff_ids, {*dates, *map(calendar, dates)}), now, calendar)
