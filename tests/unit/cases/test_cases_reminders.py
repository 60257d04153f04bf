"""Reminders of what is due: the right ones on the right day, raised once, and cleared when it is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot import cases
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.case_work import CaseStep, Visit, VisitStatus
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.levels import Level
from tests.unit.world import ASKS_FOR_PERSON, World


async def opened(world: World) -> Case:
    """Registered on Saturday, 2026-11-21: she must be told by Sunday, 2026-12-06."""
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    return case


async def standing(world: World) -> set[tuple[AlertKind, str]]:
    await cases.remind(world.units, world.clock)
    async with world.units() as uow:
        return {(one.kind, one.subject) for one in await uow.alerts.standing()}


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (0, set()),
        (11, set()),  # Wednesday: Friday is the second working day after it
        (12, {AlertKind.CASE_DUE_SOON}),  # Thursday: Sunday comes before the second, Monday
        (15, {AlertKind.CASE_DUE_SOON}),
        (16, {AlertKind.CASE_OVERDUE}),
        (60, {AlertKind.CASE_OVERDUE}),
    ],
)
async def test_a_deadline_is_called_to_mind_two_working_days_before(
    world: World, days: int, kinds: set[AlertKind]
) -> None:
    case = await opened(world)
    world.pass_time(days=days)
    assert await standing(world) == {(kind, case.id) for kind in kinds}


async def test_a_reminder_is_raised_once_and_cleared_when_it_is_done(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    world.pass_time(days=17)
    assert await standing(world) == {(AlertKind.CASE_OVERDUE, case.id)}
    (first,) = world.kept(Alert)
    world.pass_time(days=1)
    await standing(world)
    assert world.kept(Alert) == [first]
    assert first.since.isoformat() == "2026-12-07T00:00:00+08:00"
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), staff, world.units, world.clock)
    assert await standing(world) == set()


async def test_a_raised_level_is_told_again(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    world.pass_time(days=17)
    await standing(world)
    await cases.assess(case.id, ["choking"], "", staff, world.units, world.clock)
    await standing(world)
    assert [one.level for one in world.kept(Alert)] == [Level.CRITICAL]


async def test_a_visit_is_due_on_its_day_until_it_has_a_result(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    visit = await cases.plan_visit(case.id, date(2026, 11, 24), "周二上午", staff, world.units, world.clock)
    world.pass_time(days=2)
    assert await standing(world) == set()
    world.pass_time(days=1)
    assert await standing(world) == {(AlertKind.VISIT_DUE, visit.id)}
    await cases.settle_visit(case.id, visit.id, VisitStatus.REFUSED, None, "", staff, world.units, world.clock)
    assert await standing(world) == set()
    assert world.kept(Visit)[0].status is VisitStatus.REFUSED


async def test_a_report_still_open_after_a_day_is_called_to_mind(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    await cases.need_report(case.id, "孩子有伤", staff, world.units, world.clock)
    world.clock.advance(timedelta(hours=24))
    assert await standing(world) == set()
    world.clock.advance(timedelta(minutes=1))
    assert await standing(world) == {(AlertKind.REPORT_DUE, case.id)}
    await cases.report(case.id, Agency.POLICE, date(2026, 11, 22), "接警7", staff, world.units, world.clock)
    assert await standing(world) == set()


async def test_drills_remind_nobody(world: World) -> None:
    case = await opened(world)
    world.pass_time(days=17)
    await cases.remind(world.units, world.clock, frozenset({case.account_id}))
    assert world.kept(Alert) == []
