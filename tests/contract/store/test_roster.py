"""The plan of duty: kept, found by its days, and never changed by two at once."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.conversation.errors import Conflict, NotFound
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.roster import DAY, WEEK, Day, PlanDay, Shift, ShiftKind
from bot.conversation.staff import Role, Staff
from bot.handoff.roster import Overlap, add_shifts
from bot.knowledge import plan_day
from tests.contract.store.entities import NOW, a_member, keep
from tests.doubles.clock import SettableClock

MONDAY = PlanDay.MONDAY


def a_shift(name: str, who: str, day: Day, starts: int = 510, ends: int = 1080) -> Shift:
    return Shift(name, who, day, ShiftKind.DUTY, starts, ends)


async def added(units: UnitsOfWork, *shifts: Shift) -> None:
    async with units() as uow:
        for shift in shifts:
            await uow.shifts.add(shift)
        await uow.commit()


async def two(units: UnitsOfWork) -> tuple[Staff, Staff]:
    """Two members of staff, in the order of their ids."""
    first, second = sorted((a_member("li"), a_member("wang")), key=lambda member: member.id)
    await keep(units, first, second)
    return first, second


async def test_a_line_comes_back_as_it_went_until_it_is_ended(units: UnitsOfWork) -> None:
    li, _ = await two(units)
    lines = [
        a_shift("1", li.id, MONDAY, 0, DAY),
        Shift("2", li.id, PlanDay.HOLIDAY, ShiftKind.ON_CALL, 1320, 1920),
        Shift("3", li.id, date(2026, 10, 1), ShiftKind.OFF, 0, DAY),
    ]
    await added(units, *lines)
    async with units() as uow:
        assert [await uow.shifts.get(line.id) for line in lines] == lines
        await uow.shifts.end("2")
        await uow.shifts.end("nothing")
        await uow.commit()
    async with units() as uow:
        assert {line.id for line in await uow.shifts.of(li.id)} == {"1", "3"}
        with pytest.raises(NotFound):
            await uow.shifts.get("2")


async def test_the_plan_is_asked_for_by_people_and_days(units: UnitsOfWork) -> None:
    li, wang = await two(units)
    dates = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 7), date(2026, 10, 8), date(2025, 10, 3)]
    days: list[Day] = [*WEEK, PlanDay.HOLIDAY, *dates]
    wanted: list[Day] = [PlanDay.MONDAY, PlanDay.HOLIDAY, *dates[1:3]]
    await added(units, *(a_shift(f"{who.id} {day}", who.id, day) for who in (wang, li) for day in days))
    async with units() as uow:
        found = await uow.shifts.plan([wang.id, li.id], wanted)
        of_one = await uow.shifts.plan({wang.id}, wanted)
        assert await uow.shifts.plan(frozenset(), wanted) == await uow.shifts.plan([li.id], ()) == []
        hers = await uow.shifts.of(wang.id)
    expected = sorted(map(str, wanted))
    assert [(one.staff_id, str(one.day)) for one in found] == [(who.id, day) for who in (li, wang) for day in expected]
    assert of_one == [one for one in found if one.staff_id == wang.id]
    assert len(hers) == len(days)


async def test_a_line_of_nobody_is_refused(units: UnitsOfWork) -> None:
    with pytest.raises(Conflict):
        await added(units, a_shift("1", "nobody", MONDAY))


async def test_some_of_the_staff_are_found_by_their_ids(units: UnitsOfWork) -> None:
    li, wang = await two(units)
    async with units() as uow:
        assert await uow.staff.some({li.id, "nobody"}) == [li]
        assert await uow.staff.some(frozenset()) == []
        assert {one.id for one in await uow.staff.some([li.id, wang.id])} == {li.id, wang.id}


async def test_of_lines_that_overlap_and_are_added_at_once_one_stands(units: UnitsOfWork) -> None:
    li, boss = await two(units)
    boss.role = Role.SUPERVISOR

    async def add(name: str) -> None:
        await add_shifts(li.id, [a_shift(name, li.id, MONDAY)], boss, units, SettableClock(NOW), plan_day)

    async def try_to(name: str) -> bool:
        try:
            await add(name)
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(try_to(str(number)) for number in range(5)))) == 1
    async with units() as uow:
        assert len(await uow.shifts.of(li.id)) == 1
    with pytest.raises(Overlap):
        await add("later")
