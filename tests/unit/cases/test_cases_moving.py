"""An open file goes where its conversation goes, as a whole; who works on it; what is archived stays."""

from __future__ import annotations

from datetime import date

import pytest

from bot import cases, handoff
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.case_work import CaseEntry, CaseStep, EntryKind
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.content import Location
from bot.conversation.errors import Forbidden, InvalidData, NotFound
from bot.conversation.flows import ReferralKind
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from bot.handoff import Target
from tests.unit.world import ASKS_FOR_PERSON, World

CHANGSHA, FURONG, YUEYANG = "430100", "430102", "430600"
PROVINCE = "430000"


def only(region: str) -> Scope:
    return Scope(regions=frozenset({region}))


async def in_hands(world: World, staff: Staff) -> Case:
    """She asked for a person, and this colleague took her conversation."""
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    (case,) = world.kept(Case)
    return case


async def hand_on(world: World, staff: Staff, region: str) -> None:
    target = Target(region=region)
    await handoff.transfer(world.conversation.id, staff, world.moves, target, along=cases.move_along)


def kept(world: World) -> Case:
    (case,) = world.kept(Case)
    return case


async def test_an_open_file_goes_to_the_region_of_its_conversation_and_keeps_all_else(world: World) -> None:
    province, yueyang = await world.operator(), await world.operator("yueyang", scope=only(YUEYANG))
    case = await in_hands(world, province)
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), province, world.units, world.clock)
    before = kept(world)
    world.pass_time(days=2)
    await hand_on(world, province, YUEYANG)
    after, line = kept(world), world.kept(CaseEntry)[-1]
    assert after.region == world.conversation.region == world.handoff.region == YUEYANG
    assert (after.number, after.status, after.due_on) == (before.number, before.status, before.due_on)
    assert (after.opened_at, after.accepted_at) == (before.opened_at, before.accepted_at)
    assert after.handler == province.id  # the province sees it still
    assert (line.kind, line.marks, line.staff_id) == (EntryKind.MOVED, (PROVINCE, YUEYANG), province.id)
    assert (province.id, "case.moved", case.id) in [
        (one.staff_id, one.action, one.target) for one in world.kept(AuditEntry)
    ]
    await cases.note(case.id, "接着办", yueyang, world.units, world.clock)


async def test_the_office_that_she_left_sees_the_file_no_more_and_its_colleague_works_on_it_no_more(
    world: World,
) -> None:
    await world.operator("yueyang", scope=only(YUEYANG))
    changsha = await world.operator("changsha", scope=only(CHANGSHA))
    province = await world.operator()
    case = await in_hands(world, province)
    await hand_on(world, province, FURONG)
    await handoff.claim(world.conversation.id, changsha, world.moves)
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), changsha, world.units, world.clock)
    assert kept(world).handler == changsha.id
    await hand_on(world, changsha, YUEYANG)
    assert (kept(world).region, kept(world).handler) == (YUEYANG, None)
    with pytest.raises(NotFound):
        await cases.note(case.id, "还想看看", changsha, world.units, world.clock)


async def test_what_is_not_handed_on_moves_no_file(world: World) -> None:
    li, wang = await world.operator(), await world.operator("wang", scope=only(YUEYANG))
    case = await in_hands(world, li)
    for target in (Target(to_staff="nobody"), Target(region="110000")):
        with pytest.raises(InvalidData):
            await handoff.transfer(case.conversation_id, li, world.moves, target, along=cases.move_along)
    with pytest.raises(NotFound):
        await hand_on(world, wang, YUEYANG)
    await handoff.transfer(case.conversation_id, li, world.moves, along=cases.move_along)
    assert (kept(world).region, world.kept(CaseEntry)) == (PROVINCE, [])


async def test_an_archived_file_stays_where_it_was_worked_on(world: World) -> None:
    li = await world.operator()
    await world.operator("yueyang", scope=only(YUEYANG))
    case = await in_hands(world, li)
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        await cases.advance(case.id, CaseStep(status, "已答复"), li, world.units, world.clock)
    await hand_on(world, li, YUEYANG)
    assert (kept(world).region, world.conversation.region) == (PROVINCE, YUEYANG)


async def test_a_file_that_the_assistant_opened_goes_where_people_are_called(world: World) -> None:
    await world.hear("你好")
    async with world.units() as uow:
        await cases.refer(uow, world.conversation, ReferralKind.LEGAL_AID, world.clock.now())
        await uow.commit()
    assert kept(world).region == PROVINCE
    await world.hear(Location(28.19, 113.04, "长沙市芙蓉区人民东路"))
    await world.hear(ASKS_FOR_PERSON)
    assert kept(world).region == world.handoff.region != PROVINCE
    kinds = [entry.kind for entry in world.kept(CaseEntry)]
    assert kinds[0] is EntryKind.REFERRED
    assert EntryKind.MOVED in kinds


async def test_what_is_due_in_a_moved_file_is_called_to_mind_in_the_new_region(world: World) -> None:
    li = await world.operator()
    await world.operator("yueyang", scope=only(YUEYANG))
    case = await in_hands(world, li)
    world.pass_time(days=17)
    await cases.remind(world.units, world.clock)
    await hand_on(world, li, YUEYANG)
    await cases.remind(world.units, world.clock)
    (alert,) = [one for one in world.kept(Alert) if one.subject == case.id]
    assert (alert.kind, alert.region, alert.cleared_at) == (AlertKind.CASE_OVERDUE, YUEYANG, None)
    assert alert.since.date() == date(2026, 12, 7)


# --- who works on it ----------------------------------------------------------------------------------------------


async def test_whoever_takes_the_first_step_works_on_it_and_helpers_do_not(world: World) -> None:
    li, wang = await world.operator(), await world.operator("wang")
    case = await in_hands(world, wang)
    assert case.handler is None
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), li, world.units, world.clock)
    await cases.advance(case.id, CaseStep(CaseStatus.HANDLED), wang, world.units, world.clock)
    assert kept(world).handler == li.id


async def test_it_is_given_away_by_who_works_on_it_or_oversees_and_taken_by_anybody_who_sees_it(world: World) -> None:
    li, wang, zhao = [await world.operator(name) for name in ("li", "wang", "zhao")]
    boss, far = await world.operator("boss", Role.SUPERVISOR), await world.operator("far", scope=only(YUEYANG))
    case = await in_hands(world, li)

    async def name(who: Staff, handler: str) -> None:
        await cases.name_handler(case.id, handler, who, world.units, world.clock)

    await name(li, li.id)
    with pytest.raises(Forbidden):
        await name(wang, zhao.id)
    for nobody in (far.id, "no such id"):
        with pytest.raises(InvalidData):
            await name(li, nobody)
    with pytest.raises(NotFound):
        await name(far, far.id)
    assert kept(world).handler == li.id
    await name(li, zhao.id)
    await name(wang, wang.id)
    await name(boss, li.id)
    lines = [(one.staff_id, one.words) for one in world.kept(CaseEntry) if one.kind is EntryKind.HANDLER]
    assert lines == [(li.id, "li"), (li.id, "zhao"), (wang.id, "wang"), (boss.id, "li")]
    assert kept(world).handler == li.id
