"""The supervisor's check of an archived case: by another than who worked on it, once, and with words for a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot import cases, handoff
from bot.conversation.case_checks import Check, Question, Verdict, verdicts_of
from bot.conversation.case_work import CaseEntry, CaseStep, EntryKind
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.errors import Conflict, Forbidden, InvalidData, NotFound
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from tests.unit.world import ASKS_FOR_PERSON, World

ALL_GOOD = dict.fromkeys(Question, Verdict.GOOD)
GOOD = Check(ALL_GOOD, passed=True)
WAY = (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED)


async def archived(world: World, by: Staff) -> Case:
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    for status in WAY:
        await cases.advance(case.id, CaseStep(status, "已答复"), by, world.units, world.clock)
    return case


async def test_a_check_is_kept_on_the_case_with_its_verdicts(world: World) -> None:
    case = await archived(world, await world.operator())
    boss = await world.operator("boss", Role.SUPERVISOR)
    judged = Check(ALL_GOOD | {Question.TONE: Verdict.BETTER}, passed=True, words=" 第二天就该回她 ")
    await cases.check(case.id, judged, boss, world.units, world.clock)
    (kept,), entry = world.kept(Case), world.kept(CaseEntry)[-1]
    assert (kept.checked_at, kept.check_passed) == (world.clock.now(), True)
    assert (entry.kind, entry.words, entry.staff_id) == (EntryKind.CHECKED, "第二天就该回她", boss.id)
    assert verdicts_of(entry.marks) == judged.verdicts
    assert "第二天" not in repr(entry) + repr(judged)
    assert world.kept(AuditEntry)[-1].action == "case.check"
    with pytest.raises(Conflict):
        await cases.check(case.id, GOOD, boss, world.units, world.clock)


@pytest.mark.parametrize(
    "judged",
    [
        Check({Question.SAFETY: Verdict.GOOD}, passed=True),
        Check(ALL_GOOD | {Question.SAFETY: Verdict.WRONG}, passed=True, words="没有先问安全"),
        Check(ALL_GOOD | {Question.LAW: Verdict.BETTER}, passed=True),
        Check(ALL_GOOD, passed=False),
    ],
)
async def test_a_judgement_that_contradicts_itself_or_lacks_words_is_refused(world: World, judged: Check) -> None:
    case = await archived(world, await world.operator())
    boss = await world.operator("boss", Role.SUPERVISOR)
    with pytest.raises(InvalidData):
        await cases.check(case.id, judged, boss, world.units, world.clock)


async def test_only_supervisors_check_and_only_what_is_archived(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    boss, other = await world.operator("boss", Role.SUPERVISOR), await world.operator("other")
    with pytest.raises(Forbidden):
        await cases.check(case.id, GOOD, other, world.units, world.clock)
    with pytest.raises(Conflict):
        await cases.check(case.id, GOOD, boss, world.units, world.clock)
    far = await world.operator("far", Role.SUPERVISOR, scope=Scope(regions=frozenset({"430300"})))
    with pytest.raises(NotFound):
        await cases.check(case.id, GOOD, far, world.units, world.clock)


async def test_nobody_checks_a_case_in_which_she_had_a_hand(world: World) -> None:
    boss = await world.operator("boss", Role.SUPERVISOR)
    case = await archived(world, boss)
    with pytest.raises(Forbidden):
        await cases.check(case.id, GOOD, boss, world.units, world.clock)
    assert world.kept(Case)[0].checked_at is None


async def test_who_took_the_conversation_had_a_hand_in_the_case(world: World) -> None:
    boss = await world.operator("boss", Role.SUPERVISOR)
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    await handoff.claim(case.conversation_id, boss, world.moves)
    staff = await world.operator()
    for status in WAY:
        await cases.advance(case.id, CaseStep(status, "已答复"), staff, world.units, world.clock)
    with pytest.raises(Forbidden):
        await cases.check(case.id, GOOD, boss, world.units, world.clock)


async def test_oversight_is_no_hand_in_it(world: World) -> None:
    staff, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    await cases.advance(case.id, CaseStep(WAY[0]), staff, world.units, world.clock)
    await cases.extend(case.id, "案情复杂", boss, world.units, world.clock)
    await cases.note(case.id, "请抓紧", boss, world.units, world.clock)
    for status in WAY[1:]:
        await cases.advance(case.id, CaseStep(status, "已答复"), staff, world.units, world.clock)
    await cases.check(case.id, GOOD, boss, world.units, world.clock)
    assert world.kept(Case)[0].check_passed is True


# --- what does not pass -------------------------------------------------------------------------------------------

FAULT = Check(ALL_GOOD | {Question.LAW: Verdict.WRONG}, passed=False, words="保护令不收费，跟她说错了")


async def given_back(world: World, li: Staff, boss: Staff) -> Case:
    case = await archived(world, li)
    world.pass_time(days=1)
    await cases.check(case.id, FAULT, boss, world.units, world.clock)
    return case


async def test_what_does_not_pass_is_given_back_to_who_works_on_it(world: World) -> None:
    li, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    case = await given_back(world, li, boss)
    (kept,), entry = world.kept(Case), world.kept(CaseEntry)[-1]
    assert (kept.status, kept.handler, kept.check_passed) == (CaseStatus.REOPENED, li.id, False)
    assert kept.due_on == date(2026, 12, 22)  # thirty days after the 22nd of November
    assert (entry.before, entry.after) == (CaseStatus.ARCHIVED, CaseStatus.REOPENED)
    with pytest.raises(Conflict):
        await cases.check(case.id, GOOD, boss, world.units, world.clock)


async def test_what_cannot_be_undone_is_archived_again_with_words_and_checked_again(world: World) -> None:
    li, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    case = await given_back(world, li, boss)
    with pytest.raises(InvalidData):
        await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED), li, world.units, world.clock)
    put_right = CaseStep(CaseStatus.ARCHIVED, "已向她更正，并学习了第二十三条以后的规定")
    await cases.advance(case.id, put_right, li, world.units, world.clock)
    (kept,) = world.kept(Case)
    assert (kept.check_passed, kept.redone_at, kept.due_on) == (False, world.clock.now(), None)
    assert kept.to_be_checked
    with pytest.raises(Forbidden):
        await cases.check(case.id, GOOD, li, world.units, world.clock)
    await cases.check(case.id, FAULT, boss, world.units, world.clock)
    await cases.advance(case.id, put_right, li, world.units, world.clock)
    await cases.check(case.id, GOOD, boss, world.units, world.clock)
    (kept,) = world.kept(Case)
    assert (kept.status, kept.check_passed, kept.to_be_checked) == (CaseStatus.ARCHIVED, True, False)


async def test_what_is_said_to_her_anew_is_an_answer_and_the_first_one_keeps_its_day(world: World) -> None:
    li, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    case = await given_back(world, li, boss)
    first = world.kept(Case)[0].answered_at
    for status in (CaseStatus.FOLLOWING_UP, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        world.pass_time(days=1)
        words = "更正：申请保护令不收费" if status is CaseStatus.ANSWERED else ""
        await cases.advance(case.id, CaseStep(status, words), li, world.units, world.clock)
    (kept,) = world.kept(Case)
    assert kept.answered_at == first
    assert kept.redone_at == world.clock.now() - timedelta(days=1)
    assert kept.to_be_checked


async def test_who_put_it_right_does_not_check_it(world: World) -> None:
    li, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    case = await given_back(world, li, boss)
    await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED, "我来改好"), boss, world.units, world.clock)
    with pytest.raises(Forbidden):
        await cases.check(case.id, GOOD, boss, world.units, world.clock)


async def test_who_is_to_work_on_it_does_not_check_it(world: World) -> None:
    li, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    case = await archived(world, li)
    await cases.name_handler(case.id, boss.id, boss, world.units, world.clock)
    with pytest.raises(Forbidden):
        await cases.check(case.id, GOOD, boss, world.units, world.clock)


async def test_what_comes_back_to_a_colleague_who_left_has_nobody_until_one_is_named(world: World) -> None:
    li, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    case = await archived(world, li)
    async with world.units() as uow:
        await uow.staff.save(replace(li, active=False))
        await uow.commit()
    await cases.check(case.id, FAULT, boss, world.units, world.clock)
    assert world.kept(Case)[0].handler is None
    wang = await world.operator("wang")
    await cases.name_handler(case.id, wang.id, boss, world.units, world.clock)
    assert world.kept(Case)[0].handler == wang.id


async def test_what_passed_and_is_taken_up_again_is_checked_again(world: World) -> None:
    li, boss = await world.operator(), await world.operator("boss", Role.SUPERVISOR)
    case = await archived(world, li)
    await cases.check(case.id, GOOD, boss, world.units, world.clock)
    with pytest.raises(InvalidData):
        await cases.advance(case.id, CaseStep(CaseStatus.REOPENED), li, world.units, world.clock)
    again = CaseStep(CaseStatus.REOPENED, "她打电话来，说对方又找她")
    await cases.advance(case.id, again, li, world.units, world.clock)
    assert (world.kept(Case)[0].check_passed, world.kept(Case)[0].checked_at) == (None, None)
    await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED, "已报警"), li, world.units, world.clock)
    assert world.kept(Case)[0].to_be_checked
