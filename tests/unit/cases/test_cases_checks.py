"""The supervisor's check of an archived case: by another than who worked on it, once, and with words for a fault."""

from __future__ import annotations

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
