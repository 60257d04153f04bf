"""The office's file: opened with a handoff, one for each conversation, moved step by step."""

from __future__ import annotations

from datetime import date

import pytest

from bot import cases, handoff
from bot.conversation.case_work import CaseEntry, CaseStep, EntryKind
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.deadlines import deadlines_of
from bot.conversation.errors import Conflict, IllegalTransition, InvalidData, NotFound
from bot.conversation.handoffs import Disposition
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import AuditEntry, Role, Scope
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, World


def step_to(status: CaseStatus) -> CaseStep:
    """The step with all that it needs."""
    agency = Agency.LOWER_FEDERATION if status in (CaseStatus.ASSIGNED, CaseStatus.FORWARDED) else None
    return CaseStep(status, "已当面答复" if status is CaseStatus.ANSWERED else "", agency)


async def test_a_file_is_opened_with_the_handoff(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    asked = world.handoff
    assert (case.conversation_id, case.contact_id, case.region) == (
        asked.conversation_id,
        asked.contact_id,
        asked.region,
    )
    assert (case.status, case.level, case.topic) == (CaseStatus.REGISTERED, Level.HIGH, Topic.OTHER)
    assert case.opened_at == case.updated_at == world.clock.now()
    assert case.number == "2026-000001"


async def test_the_file_of_the_same_conversation_is_raised_not_opened_again(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    world.pass_time(minutes=3)
    await world.hear(CRITICAL)
    (case,) = world.kept(Case)
    assert (case.level, case.topic) == (Level.CRITICAL, Topic.DOMESTIC_VIOLENCE)
    assert case.updated_at == world.clock.now()
    assert case.opened_at < case.updated_at


async def test_the_level_of_a_file_never_falls(world: World) -> None:
    staff = await world.operator()
    await world.hear(CRITICAL)
    await handoff.claim(world.conversation.id, staff, world.moves)
    await handoff.release(world.conversation.id, staff, world.moves)
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    assert case.level is Level.CRITICAL


async def test_a_new_conversation_has_a_file_of_its_own(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    await handoff.close(world.conversation.id, staff, Disposition.ANSWERED, world.moves)
    await world.hear(ASKS_FOR_PERSON)
    assert [case.number for case in world.kept(Case)] == ["2026-000001", "2026-000002"]


async def test_a_file_goes_along_the_workflow_with_an_audit_entry_each(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    way = [
        CaseStatus.ACCEPTED,
        CaseStatus.ASSIGNED,
        CaseStatus.FOLLOWING_UP,
        CaseStatus.ANSWERED,
        CaseStatus.ARCHIVED,
    ]
    for status in way:
        world.pass_time(days=1)
        moved = await cases.advance(case.id, step_to(status), staff, world.units, world.clock)
        assert (moved.status, moved.updated_at) == (status, world.clock.now())
    assert world.kept(Case) == [moved]
    trail = [(entry.staff_id, entry.action, entry.target) for entry in world.kept(AuditEntry)]
    assert trail == [(staff.id, f"case.{status}", case.id) for status in way]
    history = [(entry.before, entry.after, entry.agency, entry.words) for entry in world.kept(CaseEntry)]
    assert history[1] == (CaseStatus.ACCEPTED, CaseStatus.ASSIGNED, Agency.LOWER_FEDERATION, "")
    assert history[3] == (CaseStatus.FOLLOWING_UP, CaseStatus.ANSWERED, None, "已当面答复")
    assert moved.agency is Agency.LOWER_FEDERATION
    assert moved.due_on is None


@pytest.mark.parametrize(
    "lacking",
    [
        CaseStep(CaseStatus.FORWARDED),
        CaseStep(CaseStatus.ACCEPTED, agency=Agency.POLICE),
        CaseStep(CaseStatus.ANSWERED, "  "),
        CaseStep(CaseStatus.ACCEPTED, day=date(2026, 11, 22)),
        CaseStep(CaseStatus.ACCEPTED, "长" * 2001),
    ],
)
async def test_a_step_without_what_it_needs_is_refused_and_changes_nothing(world: World, lacking: CaseStep) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    with pytest.raises(InvalidData):
        await cases.advance(case.id, lacking, staff, world.units, world.clock)
    assert world.kept(Case) == [case]
    assert world.kept(CaseEntry) == []


async def test_a_step_that_the_workflow_lacks_is_refused(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    with pytest.raises(IllegalTransition):
        await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED), staff, world.units, world.clock)
    assert world.kept(Case) == [case]
    assert world.kept(AuditEntry) == []


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.CONTENT, Scope()), (Role.OPERATOR, Scope(accounts=frozenset({"changsha"})))],
    ids=["content", "elsewhere"],
)
async def test_outside_her_scope_there_is_no_such_file(world: World, role: Role, scope: Scope) -> None:
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    stranger = await world.operator("stranger", role, scope)
    for case_id in (case.id, "no such id"):
        with pytest.raises(NotFound):
            await cases.advance(case_id, CaseStep(CaseStatus.ACCEPTED), stranger, world.units, world.clock)


async def test_what_the_other_office_does_not_keep_goes_to_another_or_is_accepted(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)

    async def go(step: CaseStep) -> Case:
        world.pass_time(days=1)
        return await cases.advance(case.id, step, staff, world.units, world.clock)

    await go(CaseStep(CaseStatus.FORWARDED, agency=Agency.COURT))
    await go(CaseStep(CaseStatus.FOLLOWING_UP, "法院说不归他们"))
    moved = await go(CaseStep(CaseStatus.FORWARDED, "改转公安", Agency.POLICE))
    assert (moved.agency, moved.routed_at, moved.followed_at) == (Agency.POLICE, world.clock.now(), None)
    assert moved.due_on == date(2026, 12, 1)  # five working days after Tuesday, the 24th
    await go(CaseStep(CaseStatus.FOLLOWING_UP))
    with pytest.raises(IllegalTransition):
        await go(CaseStep(CaseStatus.ASSIGNED, agency=Agency.LOWER_FEDERATION))
    ours = await go(CaseStep(CaseStatus.ACCEPTED))
    assert (ours.agency, ours.accepted_at) == (None, world.clock.now())
    await go(CaseStep(CaseStatus.ASSIGNED, agency=Agency.LOWER_FEDERATION))
    followed = await go(CaseStep(CaseStatus.FOLLOWING_UP))
    assert CaseStatus.ACCEPTED not in followed.next_statuses
    assert (await go(CaseStep(CaseStatus.HANDLED))).agency is None


async def test_who_saw_something_else_takes_no_step(world: World) -> None:
    li, wang = await world.operator(), await world.operator("wang")
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    accepted = CaseStep(CaseStatus.ACCEPTED, seen=CaseStatus.REGISTERED)
    await cases.advance(case.id, accepted, li, world.units, world.clock)
    forwarded = CaseStep(CaseStatus.FORWARDED, agency=Agency.POLICE, seen=CaseStatus.REGISTERED)
    with pytest.raises(Conflict):
        await cases.advance(case.id, forwarded, wang, world.units, world.clock)
    assert world.kept(Case)[0].status is CaseStatus.ACCEPTED


async def test_the_answer_counts_on_the_day_on_which_she_had_it(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED):
        await cases.advance(case.id, CaseStep(status), staff, world.units, world.clock)
    world.pass_time(days=62)
    for day in (date(2026, 11, 20), date(2027, 1, 23)):
        answer = CaseStep(CaseStatus.ANSWERED, "已当面答复", day=day)
        with pytest.raises(InvalidData):
            await cases.advance(case.id, answer, staff, world.units, world.clock)
    on_the_last_day = CaseStep(CaseStatus.ANSWERED, "已当面答复", day=date(2027, 1, 20))
    answered = await cases.advance(case.id, on_the_last_day, staff, world.units, world.clock)
    [_, answer] = deadlines_of(answered, cases.is_workday)
    assert (answer.due_on, answer.done_on) == (date(2027, 1, 20), date(2027, 1, 20))
    assert answer.is_kept(date(2027, 1, 22))


async def test_what_a_later_message_raises_stands_in_the_history(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    assert world.kept(CaseEntry) == []
    await world.hear(CRITICAL)
    await world.hear(CRITICAL)
    [line] = world.kept(CaseEntry)
    assert (line.kind, line.staff_id) == (EntryKind.HEARD, None)
    assert line.marks == (Level.CRITICAL, Topic.DOMESTIC_VIOLENCE)
