"""Who is to be called where nobody is there, and the shifts that have begun with nobody of them at a desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot import handoff
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.clock import HUNAN as ZONE
from bot.conversation.roster import WEEK, Shift, ShiftKind
from bot.conversation.staff import Role, Scope
from bot.handoff.unfilled import unfilled
from bot.handoff.watch import WatchPorts, watch
from bot.knowledge import plan_day
from tests.unit.world import CHANGSHA, HUNAN, World

CITY, COUNTY = Scope(regions=frozenset({"430100"})), Scope(regions=frozenset({"430102"}))
OWN_ACCOUNT = Scope(accounts=frozenset({"changsha"}))
NINE = 9 * 60


async def planned(world: World, who: str, scope: Scope = CITY, kind: ShiftKind = ShiftKind.DUTY, **about: bool) -> None:
    """She is on the plan every day from nine to five, and not at her desk."""
    await world.operator(who, Role.CONTENT if about.get("content") else Role.OPERATOR, scope)
    await world.queue.leave(who)
    async with world.units() as uow:
        for day in WEEK:
            await uow.shifts.add(Shift(f"{who} {day}", who, day, kind, NINE, 17 * 60))
        await uow.commit()


async def missing(world: World, clock: str = "09:10") -> list[Alert]:
    """What is told at this time of a Friday."""
    now = datetime.fromisoformat(f"2026-11-20 {clock}").replace(tzinfo=ZONE)
    async with world.units() as uow:
        return await unfilled(uow, await world.queue.present(), world.accounts, now, plan_day)


async def places(world: World, clock: str = "09:10") -> set[str]:
    return {alert.subject for alert in await missing(world, clock)}


async def called(world: World, account_id: str = "changsha", region: str = "430100") -> list[str]:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=ZONE)
    async with world.units() as uow:
        return [one.display_name for one in await handoff.on_call(uow, account_id, region, now, plan_day)]


async def test_a_shift_that_began_ten_minutes_ago_with_nobody_there_is_told_of(world: World) -> None:
    await planned(world, "li")
    assert await missing(world, "09:09") == await missing(world, "17:00") == []
    [alert] = await missing(world)
    assert (alert.kind, alert.account_id, alert.region) == (AlertKind.SHIFT_UNFILLED, "changsha", "430100")
    assert alert.since == datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)


async def test_one_of_the_shift_is_enough_but_not_somebody_who_is_there_by_chance(world: World) -> None:
    await planned(world, "li")
    await planned(world, "wang")
    await world.operator("chance", scope=CITY)
    assert await places(world) == {"changsha 430100"}
    await world.queue.arrive("wang")
    assert await places(world) == set()


async def test_somebody_of_the_province_who_is_on_the_plan_fills_the_shift_of_a_city(world: World) -> None:
    await planned(world, "li")
    await planned(world, "all", Scope())
    await world.queue.arrive("all")
    assert await places(world) == set()
    await world.queue.leave("all")
    await world.queue.arrive("li")
    assert await places(world) == {"hunan 430000"}


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope(), {"hunan 430000"}),
        (COUNTY, {"changsha 430102"}),
        (Scope(regions=frozenset({"430100", "430300"})), {"changsha 430100", "hunan 430300"}),
        (OWN_ACCOUNT, {"changsha 430100"}),
        (Scope(accounts=frozenset({"hunan"}), regions=frozenset({"430102"})), {"hunan 430102"}),
        (Scope(accounts=frozenset({"nowhere"})), set()),
    ],
)
async def test_the_account_nearest_to_her_region_is_told(world: World, scope: Scope, told: set[str]) -> None:
    await planned(world, "li", scope)
    assert await places(world) == told


async def test_drills_those_who_left_and_those_who_take_no_conversations_are_missed_by_nobody(world: World) -> None:
    world.accounts = {"hunan": HUNAN, "changsha": replace(CHANGSHA, drill=True)}
    await planned(world, "li", OWN_ACCOUNT)
    await planned(world, "content", content=True)
    await planned(world, "gone")
    async with world.units() as uow:
        await uow.staff.save(replace(await uow.staff.get("gone"), active=False))
        await uow.commit()
    assert await places(world) == set()


async def test_who_is_on_call_for_a_region_is_named(world: World) -> None:
    await planned(world, "li", CITY, ShiftKind.ON_CALL)
    await planned(world, "all", Scope(), ShiftKind.ON_CALL)
    await planned(world, "duty")
    assert sorted(await called(world)) == ["all", "li"]
    assert await called(world, "hunan", "430000") == ["all"]
    assert await places(world) == {"changsha 430100"}


async def test_the_supervisors_of_a_place_are_called_the_nearest_first(world: World) -> None:
    for who, scope in (("province", Scope()), ("county", COUNTY), ("city", CITY), ("own", OWN_ACCOUNT)):
        await world.operator(who, Role.SUPERVISOR, scope)
    await world.operator("operator", scope=COUNTY)
    async with world.units() as uow:
        called = await handoff.supervisors(uow, "hunan", "430102")
    assert [one.username for one in called] == ["county", "city", "province"]


async def test_the_alert_stands_until_one_of_the_shift_is_there_and_while_redis_is_away(world: World) -> None:
    await planned(world, "li")
    ports = WatchPorts(world.units, world.queue, world.feed, world.clock, world.accounts, plan_day)

    async def standing() -> list[str]:
        await watch(ports)
        async with world.units() as uow:
            return [alert.subject for alert in await uow.alerts.standing(AlertKind.SHIFT_UNFILLED)]

    world.clock.set(datetime(2026, 11, 20, 9, 10, tzinfo=ZONE))
    assert await standing() == ["changsha 430100"]
    await world.queue.arrive("li")
    world.queue.available = False
    assert await standing() == ["changsha 430100"]
    world.queue.available = True
    assert await standing() == []
