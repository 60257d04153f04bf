"""Calls back at the desk: the number is shown on demand and written down, each call is counted, noted and settled."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import handoff
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.call_backs import CallBack, CallOutcome
from bot.conversation.errors import BeingDialled, Conflict, Forbidden, InvalidData, NotFound
from bot.conversation.levels import Level
from bot.conversation.notes import Note
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from bot.handoff import WatchPorts
from bot.handoff.deadlines import call_back_due
from bot.knowledge import plan_day
from tests.unit.world import DIVORCE, World

NUMBER = "13800000000"


async def a_call_back(world: World, **given: str) -> CallBack:
    """She asked for it."""
    await world.hear(DIVORCE)
    answers = {"phone": NUMBER, "when": "明天上午", "say_who": "no", **given}
    async with world.units() as uow:
        asked = await handoff.ask_call_back(uow, world.conversation, answers, world.clock.now())
        await uow.commit()
    assert asked is not None
    return asked


async def called(world: World, asked: CallBack, outcome: CallOutcome | None, staff: Staff, words: str = "") -> CallBack:
    return await handoff.note_call(asked.id, outcome, words, staff, world.units, world.clock)


def actions(world: World) -> list[tuple[str, str]]:
    return [(entry.action, entry.target) for entry in world.kept(AuditEntry)]


async def test_the_number_is_shown_and_the_audit_trail_knows(world: World) -> None:
    staff, asked = await world.operator(), await a_call_back(world)
    shown = await handoff.reveal_number(asked.id, staff, world.units, world.clock)
    assert shown.grouped == "138 0000 0000"
    assert actions(world) == [("call_back.reveal", asked.id)]
    assert NUMBER not in repr(shown)


async def test_nobody_needs_the_number_of_a_settled_one(world: World) -> None:
    staff, asked = await world.operator(), await a_call_back(world)
    await called(world, asked, CallOutcome.REACHED, staff)
    with pytest.raises(Conflict):
        await handoff.reveal_number(asked.id, staff, world.units, world.clock)


async def test_while_one_dials_no_other_is_shown_the_number_unless_she_takes_over(world: World) -> None:
    li, wang, asked = await world.operator(), await world.operator("wang"), await a_call_back(world)
    await reveal(world, asked, li)
    await reveal(world, asked, li)
    world.pass_time(minutes=14, seconds=59)
    with pytest.raises(BeingDialled):
        await reveal(world, asked, wang)
    assert actions(world) == [("call_back.reveal", asked.id)] * 2
    assert (await reveal(world, asked, wang, take_over=True)).dialling(world.clock.now()) == wang.id
    with pytest.raises(BeingDialled):
        await reveal(world, asked, li)
    world.pass_time(minutes=15)
    (kept,) = world.kept(CallBack)
    assert kept.dialling(world.clock.now()) is None
    await reveal(world, asked, li)


async def test_two_who_ask_for_the_number_at_once_do_not_both_get_it(world: World) -> None:
    both, asked = [await world.operator(name) for name in ("li", "wang")], await a_call_back(world)
    got = await asyncio.gather(*(reveal(world, asked, one) for one in both), return_exceptions=True)
    assert sorted(isinstance(one, Conflict) for one in got) == [False, True]


async def test_a_call_that_was_noted_is_no_longer_being_made(world: World) -> None:
    li, wang, asked = await world.operator(), await world.operator("wang"), await a_call_back(world)
    await reveal(world, asked, li)
    await called(world, asked, None, li)
    assert (await reveal(world, asked, wang)).dialling(world.clock.now()) == wang.id


async def reveal(world: World, asked: CallBack, staff: Staff, *, take_over: bool = False) -> CallBack:
    return await handoff.reveal_number(asked.id, staff, world.units, world.clock, take_over=take_over)


@pytest.mark.parametrize("outcome", [CallOutcome.REACHED, CallOutcome.WRONG_NUMBER])
async def test_a_call_settles_it_and_is_noted_beside_the_conversation(world: World, outcome: CallOutcome) -> None:
    staff, asked = await world.operator(), await a_call_back(world)
    await called(world, asked, outcome, staff, " 约了周五面谈 ")
    (kept,) = world.kept(CallBack)
    settled = (kept.outcome, kept.settled_by, kept.settled_at, kept.tries)
    assert settled == (outcome, staff.id, world.clock.now(), 1)
    (note,) = world.kept(Note)
    assert note.text.endswith("约了周五面谈")
    assert (note.conversation_id, note.staff_id) == (world.conversation.id, staff.id)
    assert NUMBER not in note.text
    assert actions(world) == [(f"call_back.{outcome}", asked.id)]
    with pytest.raises(Conflict):
        await called(world, asked, None, staff)


async def test_calls_in_vain_are_counted_and_only_the_third_may_be_the_last(world: World) -> None:
    staff, asked = await world.operator(), await a_call_back(world)
    await called(world, asked, None, staff)
    with pytest.raises(Conflict):
        await called(world, asked, CallOutcome.NOT_REACHED, staff)
    await called(world, asked, None, staff)
    kept = await called(world, asked, CallOutcome.NOT_REACHED, staff)
    assert (kept.tries, kept.outcome) == (3, CallOutcome.NOT_REACHED)
    assert [note.text for note in world.kept(Note)] == [
        "回电第1次：没打通，还要再打。",
        "回电第2次：没打通，还要再打。",
        "回电第3次：没打通，不再打了。",
    ]


async def test_only_she_takes_it_back(world: World) -> None:
    staff, asked = await world.operator(), await a_call_back(world)
    with pytest.raises(InvalidData):
        await called(world, asked, CallOutcome.WITHDRAWN, staff)


async def test_outside_her_scope_there_is_none(world: World) -> None:
    elsewhere = await world.operator("wang", scope=Scope(regions=frozenset({"430300"})))
    asked = await a_call_back(world)
    with pytest.raises(NotFound):
        await called(world, asked, None, elsewhere)
    with pytest.raises(NotFound):
        await handoff.reveal_number(asked.id, elsewhere, world.units, world.clock)
    assert actions(world) == []


async def test_content_staff_call_nobody(world: World) -> None:
    writer, asked = await world.operator("wen", Role.CONTENT), await a_call_back(world)
    with pytest.raises((Forbidden, NotFound)):
        await handoff.reveal_number(asked.id, writer, world.units, world.clock)


@pytest.mark.parametrize("changes", [{"phone": "12338"}, {"phone": "1380000000"}, {"phone": "80000000"}])
async def test_what_cannot_be_dialled_is_no_call_back(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidData):
        replace(await a_call_back(world), **changes)


@pytest.mark.parametrize(
    ("phone", "grouped"),
    [("01060000000", "010-60000000"), ("02160000000", "021-60000000"), ("07438000000", "0743-8000000")],
)
async def test_a_landline_is_shown_with_its_area_code_apart(world: World, phone: str, grouped: str) -> None:
    assert (await a_call_back(world, phone=phone)).grouped == grouped


async def look(world: World, **later: float) -> list[Alert]:
    """The alerts that stand after that much time."""
    world.clock.advance(timedelta(**later))
    await handoff.watch(WatchPorts(world.units, world.queue, world.feed, world.clock, world.accounts, plan_day))
    return [alert for alert in world.kept(Alert) if alert.cleared_at is None]


async def test_one_that_grows_old_is_told_of_until_she_is_called(world: World) -> None:
    staff, asked = await world.operator(), await a_call_back(world, when="随时")
    assert await look(world, hours=23, minutes=59) == []
    (alert,) = await look(world, minutes=1)
    assert (alert.kind, alert.subject, alert.level) == (AlertKind.CALL_BACK_LATE, asked.id, Level.NORMAL)
    assert (alert.since, alert.conversation_id) == (asked.due_at, asked.conversation_id)
    again = await called(world, asked, None, staff)
    assert again.late
    assert await look(world) == []
    assert [one.subject for one in await look(world, days=1)] == [asked.id]
    await called(world, asked, CallOutcome.REACHED, staff)
    assert await look(world) == []


async def test_who_takes_it_back_is_told_of_no_more_and_counts_as_late(world: World) -> None:
    asked = await a_call_back(world, when="随时")
    assert len(await look(world, days=2)) == 1
    async with world.units() as uow:
        await handoff.withdraw_call_back(uow, asked.contact_id, world.clock.now())
        await uow.commit()
    assert await look(world) == []
    (kept,) = world.kept(CallBack)
    assert kept.late


async def test_drilled_calls_are_never_told_of(world: World) -> None:
    await a_call_back(world, when="随时")
    world.accounts = {one.id: replace(one, drill=True) for one in world.accounts.values()}
    assert await look(world, days=9) == []


@pytest.mark.parametrize(
    ("level", "when", "hours"),
    [
        (Level.CRITICAL, "随时", 0.5),
        (Level.HIGH, "随时", 2),
        (Level.NORMAL, "随时", 24),
        (Level.CRITICAL, "他睡着以后", 0.5),
        (Level.HIGH, "他睡着以后", 26),
    ],
)
def test_a_call_is_due_by_her_words_and_the_level(level: Level, when: str, hours: float) -> None:
    asked_at = datetime(2026, 11, 25, 7, tzinfo=UTC)
    assert call_back_due(level, when, asked_at) == asked_at + timedelta(hours=hours)
