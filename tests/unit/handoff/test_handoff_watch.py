"""Alerts stand while something is late or nobody is there, and end when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import handoff
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.events import EventKind
from bot.conversation.levels import Level
from bot.conversation.staff import Role, Scope
from bot.handoff import Target, WatchPorts
from bot.knowledge import plan_day
from bot.turns.reply import reply
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, HIGH, World

NOBODY, LATE, VERY_LATE = AlertKind.NOBODY_ON_DUTY, AlertKind.WAITING_LATE, AlertKind.WAITING_VERY_LATE
CHANGSHA = Scope(regions=frozenset({"430100"}))


def ports(world: World) -> WatchPorts:
    return WatchPorts(world.units, world.queue, world.feed, world.clock, world.accounts, plan_day)


async def look(world: World, **later: float) -> set[AlertKind]:
    """The kinds that stand after that much time."""
    world.clock.advance(timedelta(**later))
    await handoff.watch(ports(world))
    return {alert.kind for alert in world.kept(Alert) if alert.cleared_at is None}


async def test_a_critical_one_that_nobody_could_take_is_told_of_at_once(world: World) -> None:
    await world.hear(CRITICAL)
    assert await look(world) == {NOBODY}
    (alert,) = world.kept(Alert)
    assert (alert.subject, alert.conversation_id, alert.level) == (
        world.handoff.id,
        world.conversation.id,
        Level.CRITICAL,
    )
    assert (alert.account_id, alert.region, alert.since) == ("hunan", "430000", world.handoff.requested_at)
    assert world.events[-1] is EventKind.ALERT_RAISED


@pytest.mark.parametrize("text", [ASKS_FOR_PERSON, HIGH])
async def test_what_is_less_urgent_waits_for_its_deadline_first(world: World, text: str) -> None:
    await world.hear(text)
    assert await look(world) == set()
    assert await look(world, minutes=10) == {LATE}


async def test_somebody_of_another_city_or_of_the_content_staff_is_nobody_here(world: World) -> None:
    await world.operator("zhang", scope=CHANGSHA)
    await world.operator("content", Role.CONTENT)
    await world.hear(CRITICAL)
    assert await look(world) == {NOBODY}
    await world.operator("li")
    assert await look(world) == set()
    assert world.events[-1] is EventKind.ALERT_CLEARED


async def test_waiting_becomes_late_then_very_late_and_a_claim_ends_it(world: World) -> None:
    staff = await world.operator("li")
    await world.hear(HIGH)
    assert await look(world, minutes=9) == set()
    assert await look(world, minutes=1) == {LATE}
    assert await look(world, minutes=20) == {LATE, VERY_LATE}
    raised = {alert.kind: alert.raised_at for alert in world.kept(Alert)}
    assert raised[VERY_LATE] - raised[LATE] == timedelta(minutes=20)
    await handoff.claim(world.conversation.id, staff, world.moves)
    assert await look(world) == set()
    assert {alert.cleared_at for alert in world.kept(Alert)} == {world.clock.now()}


async def test_an_alert_is_raised_once_however_often_somebody_looks(world: World) -> None:
    await world.hear(CRITICAL)
    for _ in range(5):
        await look(world, minutes=2)
    assert world.events.count(EventKind.ALERT_RAISED) == 3  # nobody there, late, very late
    assert await handoff.watch(ports(world)) == 0


async def test_a_first_answer_and_unread_words_are_watched_too(world: World) -> None:
    staff = await world.operator("li")
    await world.hear(CRITICAL)
    await handoff.claim(world.conversation.id, staff, world.moves)
    assert await look(world, minutes=2) == {AlertKind.ANSWER_LATE}
    await reply(world.conversation.id, "我在", staff, world.replies)
    assert await look(world, minutes=30) == set()
    await world.hear("他回来了")
    assert await look(world, minutes=4) == set()
    await world.hear("在吗")
    assert await look(world, minutes=1) == {AlertKind.UNREAD_LATE}
    assert await look(world, minutes=10) == {AlertKind.UNREAD_LATE, AlertKind.UNREAD_VERY_LATE}
    await handoff.release(world.conversation.id, staff, world.moves)
    assert await look(world) == set()


async def test_a_level_that_rises_makes_it_told_again(world: World) -> None:
    await world.operator("li")
    await world.hear(HIGH)
    await look(world, minutes=11)
    await world.queue.arrive("li")
    await world.hear(CRITICAL)
    assert await look(world) == {LATE, VERY_LATE}
    (first,) = [alert for alert in world.kept(Alert) if alert.kind is LATE]
    assert first.level is Level.CRITICAL
    assert world.events.count(EventKind.ALERT_RAISED) == 3


async def test_while_redis_is_away_deadlines_hold_and_nobody_knows_who_is_there(world: World) -> None:
    await world.hear(CRITICAL)
    await look(world)
    world.queue.available = False
    assert await look(world, minutes=1) == {NOBODY, LATE}


async def test_drills_are_never_told_of(world: World) -> None:
    world.accounts = {one.id: replace(one, drill=True) for one in world.accounts.values()}
    await world.hear(CRITICAL)
    assert await look(world, minutes=30) == set()


@pytest.mark.parametrize(("text", "kind"), [(ASKS_FOR_PERSON, LATE), (CRITICAL, NOBODY)])
async def test_an_alert_goes_where_she_was_handed_on_to(world: World, text: str, kind: AlertKind) -> None:
    province = await world.operator("li", scope=Scope(regions=frozenset({"430000"})))
    await world.hear(text)
    await world.queue.leave(province.id)
    assert kind in await look(world, minutes=10)
    await handoff.claim(world.conversation.id, province, world.moves)
    await handoff.transfer(world.conversation.id, province, world.moves, Target(region="430102"))
    told = len(world.events)
    assert kind in await look(world)
    (alert,) = [one for one in world.kept(Alert) if one.kind is kind]
    assert (alert.region, alert.since) == ("430102", world.handoff.requested_at)
    assert EventKind.ALERT_RAISED in world.events[told:]
    again = len(world.events)
    await look(world)
    assert len(world.events) == again, "told once"


async def test_an_overdue_call_is_told_of_where_she_was_handed_on_to(world: World) -> None:
    province = await world.operator("li", scope=Scope(regions=frozenset({"430000"})))
    await world.hear(ASKS_FOR_PERSON)
    async with world.units() as uow:
        answers = {"phone": "13800000000", "when": "随时"}
        assert await handoff.ask_call_back(uow, world.conversation, answers, world.clock.now())
        await uow.commit()
    assert AlertKind.CALL_BACK_LATE in await look(world, days=2)
    await handoff.claim(world.conversation.id, province, world.moves)
    await handoff.transfer(world.conversation.id, province, world.moves, Target(region="430102"))
    assert AlertKind.CALL_BACK_LATE in await look(world)
    (alert,) = [one for one in world.kept(Alert) if one.kind is AlertKind.CALL_BACK_LATE]
    assert alert.region == "430102"
