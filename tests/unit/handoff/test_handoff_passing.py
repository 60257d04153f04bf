"""Passing a conversation on to everybody, a person, a skill or a region; what a supervisor may; and full hands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import handoff
from bot.conversation.call_backs import CallBack
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, Drilling, Forbidden, HandsFull, InvalidData, NotFound
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Handoff, HandoffStatus, QueueEntry, Skill
from bot.conversation.levels import Level
from bot.conversation.notes import MAX_NOTE, Note
from bot.conversation.staff import AuditEntry, Colleague, Role, Scope, Session, Staff
from bot.handoff import Target
from bot.turns.reply import reply
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, DIVORCE, World

CHANGSHA, FURONG, YUEYANG = "430100", "430102", "430600"


async def held_by(world: World, staff: Staff, person: str = "mei", text: str = ASKS_FOR_PERSON) -> Conversation:
    """This person's conversation, in her hands."""
    conversation = await waiting(world, person, text)
    await handoff.claim(conversation.id, staff, world.moves)
    return conversation


async def waiting(world: World, person: str = "mei", text: str = ASKS_FOR_PERSON) -> Conversation:
    """This person asked for somebody."""
    before = {one.id for one in world.kept(Conversation)}
    await world.hear(text, person)
    (conversation,) = [one for one in world.kept(Conversation) if one.id not in before]
    return conversation


async def next_of(world: World, staff: Staff) -> str | None:
    found = await handoff.claim_next(staff, world.moves)
    return found and found.conversation_id


def audited(world: World) -> list[tuple[str, str]]:
    return [(entry.staff_id, entry.action) for entry in world.kept(AuditEntry)]


# --- transfer ---------------------------------------------------------------------------------------------------


async def test_what_is_handed_to_a_person_is_kept_for_her_with_the_note(world: World) -> None:
    li, wang, zhao = [await world.operator(name) for name in ("li", "wang", "zhao")]
    conversation = await held_by(world, li)
    await handoff.transfer(conversation.id, li, world.moves, Target(to_staff=wang.id), " 她说可以打电话 ")
    (note,) = world.kept(Note)
    assert (note.conversation_id, note.staff_id, note.text) == (conversation.id, li.id, "她说可以打电话")
    assert audited(world)[-1] == (li.id, "conversation.transfer")
    (entry,) = await world.queue.entries()
    assert entry.to_staff == wang.id
    assert await next_of(world, zhao) is None
    assert await next_of(world, wang) == conversation.id
    assert world.handoff.to_staff is None


async def test_after_three_minutes_anybody_gets_what_was_kept_for_one(world: World) -> None:
    li, wang = await world.operator(), await world.operator("wang")
    conversation = await held_by(world, li)
    world.pass_time(minutes=30)
    await world.queue.arrive(wang.id)
    await handoff.transfer(conversation.id, li, world.moves, Target(to_staff=wang.id))
    assert await next_of(world, li) is None
    for _ in range(4):
        world.pass_time(seconds=45)
        await world.queue.arrive(wang.id)
    assert await next_of(world, li) == conversation.id


async def test_nobody_waits_for_a_person_who_has_gone(world: World) -> None:
    li, wang = await world.operator(), await world.operator("wang")
    conversation = await held_by(world, li)
    await handoff.transfer(conversation.id, li, world.moves, Target(to_staff=wang.id))
    await world.queue.leave(wang.id)
    assert await next_of(world, li) == conversation.id


async def test_what_is_handed_to_a_skill_goes_to_who_has_it_first(world: World) -> None:
    li, lawyer = await world.operator(), await world.operator("lawyer", skills=frozenset({Skill.LAW}))
    conversation = await held_by(world, li)
    await handoff.transfer(conversation.id, li, world.moves, Target(skill=Skill.LAW))
    assert await next_of(world, li) is None
    assert await next_of(world, lawyer) == conversation.id


async def test_what_is_handed_to_everybody_asks_for_no_skill_any_more(world: World) -> None:
    li, _ = await world.operator(), await world.operator("lawyer", skills=frozenset({Skill.LAW}))
    conversation = await held_by(world, li)
    await handoff.transfer(conversation.id, li, world.moves, Target(skill=Skill.LAW))
    world.pass_time(minutes=5)
    assert await next_of(world, li) == conversation.id
    await handoff.transfer(conversation.id, li, world.moves)
    assert world.handoff.skill is None


async def test_what_is_handed_to_a_region_is_theirs(world: World) -> None:
    province = await world.operator()
    changsha = await world.operator("changsha", scope=Scope(regions=frozenset({CHANGSHA})))
    yueyang = await world.operator("yueyang", scope=Scope(regions=frozenset({YUEYANG})))
    conversation = await held_by(world, province)
    await handoff.transfer(conversation.id, province, world.moves, Target(region=FURONG), "在芙蓉区")
    assert (world.conversation.region, world.handoff.region) == (FURONG, FURONG)
    assert [event.region for event in world.feed.kept[-2:]] == [FURONG, conversation.region]
    assert world.events[-2:] == [EventKind.HANDOFF_REQUESTED, EventKind.HANDOFF_MOVED]
    assert await next_of(world, province) is None  # those who are nearer come first
    assert await next_of(world, yueyang) is None
    with pytest.raises(NotFound):
        await handoff.claim(conversation.id, yueyang, world.moves)
    assert await next_of(world, changsha) == conversation.id


async def test_the_call_that_she_asked_for_goes_with_her_and_no_other(world: World) -> None:
    province = await world.operator()
    await asks_to_be_called(world, await held_by(world, province, "lan"))
    conversation = await held_by(world, province)
    asked = await asks_to_be_called(world, conversation)
    await handoff.transfer(conversation.id, province, world.moves, Target(region=FURONG))
    there = {one.conversation_id: one.region for one in world.kept(CallBack)}
    assert there.pop(conversation.id) == FURONG
    assert list(there.values()) == ["430000"]
    changsha = await world.operator("changsha", scope=Scope(regions=frozenset({CHANGSHA})))
    shown = await handoff.reveal_number(asked.id, changsha, world.units, world.clock)
    assert shown.phone == asked.phone


async def asks_to_be_called(world: World, conversation: Conversation) -> CallBack:
    answers = {"phone": "13800000000", "when": "明天上午"}
    async with world.units() as uow:
        asked = await handoff.ask_call_back(uow, conversation, answers, world.clock.now())
        await uow.commit()
    assert asked is not None
    return asked


async def test_she_stays_with_the_region_to_which_she_was_handed(world: World) -> None:
    province = await world.operator()
    conversation = await held_by(world, province)
    await handoff.transfer(conversation.id, province, world.moves, Target(region=FURONG))
    await world.hear("我还在等", "mei")
    assert world.conversation.region == FURONG


@pytest.mark.parametrize(
    "target",
    [
        Target(to_staff="nobody"),
        Target(to_staff="li"),
        Target(to_staff="elsewhere"),
        Target(to_staff="content"),
        Target(to_staff="left"),
        Target(region="110000"),
        Target(region="nowhere"),
    ],
    ids=str,
)
async def test_nothing_is_handed_to_where_nobody_would_see_it(world: World, target: Target) -> None:
    li = await world.operator()
    await world.operator("elsewhere", scope=Scope(regions=frozenset({YUEYANG})))
    await world.operator("content", Role.CONTENT)
    await dismiss(world, await world.operator("left"))
    conversation = await held_by(world, li)
    with pytest.raises(InvalidData):
        await handoff.transfer(conversation.id, li, world.moves, target, "看看")
    assert (world.conversation.owner, world.conversation.region) == (li.id, conversation.region)
    assert world.kept(Note) == []
    assert await world.queue.entries() == []


async def test_a_region_that_nobody_looks_after_is_refused(world: World) -> None:
    changsha = await world.operator(scope=Scope(regions=frozenset({"430000"}), accounts=frozenset({"hunan"})))
    conversation = await held_by(world, changsha)
    await handoff.transfer(conversation.id, changsha, world.moves, Target(region=YUEYANG))
    taken = await handoff.claim(conversation.id, changsha, world.moves)
    await dismiss(world, changsha)
    with pytest.raises(InvalidData):
        await handoff.transfer(taken.conversation_id, changsha, world.moves, Target(region=FURONG))


async def dismiss(world: World, staff: Staff) -> None:
    """She may not sign in any more."""
    async with world.units() as uow:
        await uow.staff.save(replace(staff, active=False))
        await uow.commit()


async def test_one_target_at_a_time() -> None:
    with pytest.raises(InvalidData):
        Target(to_staff="li", skill=Skill.LAW)
    with pytest.raises(InvalidData):
        Target(skill=Skill.LAW, region=FURONG)


async def test_a_note_that_is_too_long_stops_the_move(world: World) -> None:
    li = await world.operator()
    conversation = await held_by(world, li)
    with pytest.raises(InvalidData):
        await handoff.transfer(conversation.id, li, world.moves, note="长" * (MAX_NOTE + 1))
    assert world.conversation.owner == li.id


# --- assign and step in -----------------------------------------------------------------------------------------


async def test_a_supervisor_keeps_one_that_waits_for_a_colleague(world: World) -> None:
    boss, li, wang = await world.operator("boss", Role.SUPERVISOR), await world.operator(), await world.operator("wang")
    conversation = await waiting(world)
    world.pass_time(minutes=2)
    for one in (li, wang):
        await world.queue.arrive(one.id)
    await handoff.assign(conversation.id, boss, li.id, world.moves, "您熟悉她")
    assert (world.conversation.mode, world.handoff.to_staff) == (Mode.WAITING, li.id)
    assert world.handoff.queued_at == world.clock.now()
    assert world.events[-1] is EventKind.HANDOFF_MOVED
    assert audited(world) == [(boss.id, "conversation.assign")]
    assert await next_of(world, wang) is None
    assert await next_of(world, li) == conversation.id


async def test_a_supervisor_puts_one_that_waits_into_a_colleagues_hands(world: World) -> None:
    boss, li = await world.operator("boss", Role.SUPERVISOR), await world.operator(max_chats=0)
    conversation = await waiting(world)
    await handoff.assign(conversation.id, boss, li.id, world.moves, at_once=True)
    assert (world.conversation.mode, world.conversation.owner) == (Mode.HUMAN, li.id)
    assert (world.handoff.status, world.handoff.claimed_by) == (HandoffStatus.CLAIMED, li.id)
    assert await world.queue.entries() == []
    assert world.events[-1] is EventKind.HANDOFF_CLAIMED
    assert [note.text for note in world.kept(Note)] == []


@pytest.mark.parametrize("at_once", [True, False])
async def test_nothing_real_is_given_to_who_drills(world: World, at_once: bool) -> None:
    boss, li = await world.operator("boss", Role.SUPERVISOR), await world.operator()
    conversation = await waiting(world)
    await drills(world, li)
    with pytest.raises(Drilling):
        await handoff.assign(conversation.id, boss, li.id, world.moves, at_once=at_once)
    assert (world.conversation.mode, world.handoff.to_staff) == (Mode.WAITING, None)
    world.pass_time(hours=1)
    await handoff.assign(conversation.id, boss, li.id, world.moves, at_once=at_once)


async def test_a_drill_may_be_given_to_who_drills(world: World) -> None:
    boss, li = await world.operator("boss", Role.SUPERVISOR), await world.operator()
    conversation = await waiting(world)
    await drills(world, li)
    moves = replace(world.moves, drills=frozenset({conversation.account_id}))
    await handoff.assign(conversation.id, boss, li.id, moves, at_once=True)
    assert world.conversation.owner == li.id


async def drills(world: World, staff: Staff) -> None:
    """A sign-in of hers shows drills for an hour."""
    now = world.clock.now()
    session = Session("digest", staff.id, "csrf", created_at=now, expires_at=now + timedelta(hours=1), drilling=True)
    async with world.units() as uow:
        await uow.sessions.add(session)
        await uow.commit()


async def test_a_supervisor_steps_in_and_the_colleague_may_write_no_more(world: World) -> None:
    boss, li = await world.operator("boss", Role.SUPERVISOR), await world.operator()
    conversation = await held_by(world, li)
    world.pass_time(minutes=1)
    await handoff.step_in(conversation.id, boss, world.moves, "我来跟她说")
    assert (world.conversation.mode, world.conversation.owner) == (Mode.HUMAN, boss.id)
    assert (world.handoff.claimed_by, world.handoff.claimed_at) == (boss.id, world.clock.now())
    assert audited(world)[-1] == (boss.id, "conversation.step_in")
    assert world.events[-1] is EventKind.HANDOFF_CLAIMED
    with pytest.raises(Forbidden):
        handoff.check_owner(world.conversation, li)
    with pytest.raises(Forbidden):
        await handoff.release(conversation.id, li, world.moves)


async def test_who_may_not_oversee_assigns_nothing_and_steps_in_nowhere(world: World) -> None:
    li, wang = await world.operator(), await world.operator("wang")
    conversation = await waiting(world)
    with pytest.raises(Forbidden):
        await handoff.assign(conversation.id, li, wang.id, world.moves)
    await handoff.claim(conversation.id, wang, world.moves)
    with pytest.raises(Forbidden):
        await handoff.step_in(conversation.id, li, world.moves)


Oversee = Callable[[World, Conversation, Staff], Awaitable[Handoff]]
OVERSEEING: dict[str, Oversee] = {
    "assign": lambda world, talk, boss: handoff.assign(talk.id, boss, boss.id, world.moves),
    "assign at once": lambda world, talk, boss: handoff.assign(talk.id, boss, boss.id, world.moves, at_once=True),
    "step in": lambda world, talk, boss: handoff.step_in(talk.id, boss, world.moves),
}


@pytest.mark.parametrize("move", OVERSEEING.values(), ids=OVERSEEING)
async def test_a_supervisor_of_another_region_sees_no_such_conversation(world: World, move: Oversee) -> None:
    boss = await world.operator("boss", Role.SUPERVISOR, Scope(regions=frozenset({YUEYANG})))
    with pytest.raises(NotFound):
        await move(world, await held_by(world, await world.operator()), boss)


@pytest.mark.parametrize("move", OVERSEEING.values(), ids=OVERSEEING)
async def test_what_the_assistant_has_is_not_passed_on(world: World, move: Oversee) -> None:
    await world.hear("你好")
    with pytest.raises(Conflict):
        await move(world, world.conversation, await world.operator("boss", Role.SUPERVISOR))


async def test_nobody_steps_into_her_own_conversation_or_one_that_waits(world: World) -> None:
    boss = await world.operator("boss", Role.SUPERVISOR)
    conversation = await waiting(world)
    with pytest.raises(Conflict):
        await handoff.step_in(conversation.id, boss, world.moves)
    await handoff.claim(conversation.id, boss, world.moves)
    with pytest.raises(Conflict):
        await handoff.step_in(conversation.id, boss, world.moves)
    with pytest.raises(Conflict):
        await handoff.assign(conversation.id, boss, boss.id, world.moves)


# --- full hands -------------------------------------------------------------------------------------------------


async def test_with_full_hands_she_gets_nobody_but_who_is_in_danger(world: World) -> None:
    li = await world.operator(max_chats=1)
    await held_by(world, li)
    asked = await waiting(world, "lan")
    with pytest.raises(HandsFull):
        await handoff.claim_next(li, world.moves)
    with pytest.raises(HandsFull):
        await handoff.claim(asked.id, li, world.moves)
    assert [entry.conversation_id for entry in await world.queue.entries()] == [asked.id]
    in_danger = await waiting(world, "hua", CRITICAL)
    assert await next_of(world, li) == in_danger.id
    with pytest.raises(HandsFull):
        await handoff.claim_next(li, world.moves)
    other = await waiting(world, "ping", CRITICAL)
    await handoff.claim(other.id, li, world.moves)


async def test_who_hands_one_back_has_room_again(world: World) -> None:
    li = await world.operator(max_chats=1)
    first = await held_by(world, li)
    second = await waiting(world, "lan")
    await handoff.release(first.id, li, world.moves)
    assert await next_of(world, li) == second.id


async def test_ten_are_the_limit_where_none_is_set(world: World) -> None:
    li = await world.operator()
    for number in range(10):
        await held_by(world, li, f"person-{number}")
    await waiting(world, "one more")
    with pytest.raises(HandsFull):
        await handoff.claim_next(li, world.moves)


async def test_an_entry_is_given_back_if_her_hands_were_filled_meanwhile(world: World) -> None:
    """What is read before the taking may be old; what counts is what her row says while it is locked."""
    li = await world.operator(max_chats=1)
    await held_by(world, li)
    asked = await waiting(world, "lan")

    async def team_of_a_moment_ago() -> list[Colleague]:
        return [Colleague(li, 0)]

    with pytest.raises(HandsFull):
        await handoff.claim_next(li, replace(world.moves, team=team_of_a_moment_ago))
    assert [entry.conversation_id for entry in await world.queue.entries()] == [asked.id]


# --- what is written down at the asking -------------------------------------------------------------------------


async def test_a_question_about_divorce_asks_for_law(world: World) -> None:
    await world.hear(DIVORCE)
    await world.hear(ASKS_FOR_PERSON)
    assert (world.handoff.skill, world.handoff.queued_at) == (Skill.LAW, world.handoff.requested_at)
    await world.hear(CRITICAL)
    assert (world.handoff.level, world.handoff.skill) == (Level.CRITICAL, None)
    assert await world.queue.entries() == [QueueEntry.of(world.handoff)]


async def test_the_first_words_of_an_operator_are_noted_once(world: World) -> None:
    li = await world.operator()
    conversation = await held_by(world, li)
    assert world.handoff.answered_at is None
    world.pass_time(minutes=1)
    await reply(conversation.id, "您好", li, world.replies)
    first = world.clock.now()
    world.pass_time(minutes=1)
    await reply(conversation.id, "在吗", li, world.replies)
    assert world.handoff.answered_at == first
    await handoff.transfer(conversation.id, li, world.moves)
    assert world.handoff.answered_at == first
