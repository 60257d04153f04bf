"""The operator's moves: one owner, the most urgent first, and the queue never loses anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot import handoff
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, Forbidden, NotFound, StoreUnavailable
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Disposition, Handoff, HandoffStatus, QueueEntry
from bot.conversation.levels import Level
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from bot.handoff import HandoffPorts
from tests.unit.world import ASKS_FOR_PERSON, CHANGSHA, CRITICAL, World

Move = Callable[[str, Staff, HandoffPorts], Awaitable[Handoff]]


async def close(conversation_id: str, staff: Staff, ports: HandoffPorts) -> Handoff:
    return await handoff.close(conversation_id, staff, Disposition.REFERRED, ports)


LEAVING: dict[str, Move] = {"transfer": handoff.transfer, "release": handoff.release, "close": close}


async def waiting(world: World, text: str = ASKS_FOR_PERSON, person: str = "mei") -> Conversation:
    """Somebody asked for a person."""
    before = {conversation.id for conversation in world.kept(Conversation)}
    await world.hear(text, person)
    (conversation,) = [one for one in world.kept(Conversation) if one.id not in before]
    return conversation


def now_as(world: World, conversation: Conversation) -> Conversation:
    (found,) = [one for one in world.kept(Conversation) if one.id == conversation.id]
    return found


# --- claim ------------------------------------------------------------------------------------------------------


async def test_a_claim_makes_her_the_owner(world: World) -> None:
    staff = await world.operator()
    await waiting(world)
    world.pass_time(seconds=7)
    claimed = await handoff.claim(world.conversation.id, staff, world.moves)
    assert (world.conversation.mode, world.conversation.owner) == (Mode.HUMAN, staff.id)
    assert world.handoff == claimed
    assert (claimed.status, claimed.claimed_by, claimed.claimed_at) == (
        HandoffStatus.CLAIMED,
        staff.id,
        world.clock.now(),
    )
    assert await world.queue.entries() == []
    assert world.events[-1] is EventKind.HANDOFF_CLAIMED
    (entry,) = world.kept(AuditEntry)
    assert (entry.staff_id, entry.action, entry.target) == (staff.id, "conversation.claim", world.conversation.id)


async def test_of_two_operators_one_gets_it(world: World) -> None:
    staff = [await world.operator(name) for name in ("li", "wang")]
    conversation = await waiting(world)
    results = await asyncio.gather(
        *(handoff.claim(conversation.id, one, world.moves) for one in staff), return_exceptions=True
    )
    (winner,) = [result for result in results if isinstance(result, Handoff)]
    (refusal,) = [result for result in results if not isinstance(result, Handoff)]
    assert isinstance(refusal, Conflict)
    assert world.conversation.owner == winner.claimed_by


async def test_what_is_claimed_closed_or_not_asked_for_cannot_be_claimed(world: World) -> None:
    staff, other = await world.operator(), await world.operator("wang")
    conversation = await waiting(world)
    await handoff.claim(conversation.id, staff, world.moves)
    with pytest.raises(Conflict):
        await handoff.claim(conversation.id, other, world.moves)
    await close(conversation.id, staff, world.moves)
    with pytest.raises(Conflict):
        await handoff.claim(conversation.id, other, world.moves)
    await world.hear("你好", "lan")
    (quiet,) = [one for one in world.kept(Conversation) if one.mode is Mode.BOT]
    with pytest.raises(Conflict):
        await handoff.claim(quiet.id, other, world.moves)


async def test_a_claim_stands_when_redis_is_away(world: World) -> None:
    staff = await world.operator()
    conversation = await waiting(world)
    world.queue.available = world.feed.available = False
    await handoff.claim(conversation.id, staff, world.moves)
    assert world.conversation.owner == staff.id
    world.queue.available = True
    assert len(await world.queue.entries()) == 1
    assert await handoff.claim_next(staff, world.moves) is None


@pytest.mark.parametrize("move", [handoff.claim, *LEAVING.values()], ids=["claim", *LEAVING])
@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.CONTENT, Scope()), (Role.OPERATOR, Scope(regions=frozenset({"431000"})))],
    ids=["content", "elsewhere"],
)
async def test_outside_her_scope_there_is_no_such_conversation(
    world: World, move: Move, role: Role, scope: Scope
) -> None:
    conversation = await waiting(world)
    stranger = await world.operator("stranger", role, scope)
    with pytest.raises(NotFound):
        await move(conversation.id, stranger, world.moves)
    with pytest.raises(NotFound):
        await move("no such id", stranger, world.moves)
    assert world.conversation.mode is Mode.WAITING


# --- the next one -----------------------------------------------------------------------------------------------


async def test_the_most_urgent_comes_first_then_the_longest_waiting(world: World) -> None:
    staff = await world.operator()
    order = []
    for person, text in (("mei", ASKS_FOR_PERSON), ("lan", ASKS_FOR_PERSON), ("hua", CRITICAL)):
        order.append((await waiting(world, text, person)).id)
        world.pass_time(minutes=1)
    claimed = [await handoff.claim_next(staff, world.moves) for _ in range(4)]
    assert [one and one.conversation_id for one in claimed] == [order[2], order[0], order[1], None]


async def test_she_gets_only_what_is_hers(world: World) -> None:
    staff = await world.operator(scope=Scope(regions=frozenset({"430100"})))
    await world.hear(CRITICAL, "mei")
    await world.hear(ASKS_FOR_PERSON, "lan", account=CHANGSHA)
    claimed = await handoff.claim_next(staff, world.moves)
    assert claimed is not None
    assert claimed.account_id == CHANGSHA.id
    assert await handoff.claim_next(staff, world.moves) is None


async def test_who_does_not_take_conversations_is_refused(world: World) -> None:
    await waiting(world)
    with pytest.raises(Forbidden):
        await handoff.claim_next(await world.operator(role=Role.CONTENT), world.moves)
    assert len(await world.queue.entries()) == 1


async def test_an_entry_that_is_over_is_skipped(world: World) -> None:
    staff, other = await world.operator(), await world.operator("wang")
    first = await waiting(world, CRITICAL, "mei")
    second = await waiting(world, ASKS_FOR_PERSON, "lan")
    claimed = await handoff.claim(first.id, other, world.moves)
    now = world.clock.now()
    await world.queue.put(QueueEntry.of(claimed))
    await world.queue.put(QueueEntry("gone", "gone", "hunan", "430000", Level.CRITICAL, now, now))
    found = await handoff.claim_next(staff, world.moves)
    assert found is not None
    assert found.conversation_id == second.id
    assert await world.queue.entries() == []


async def test_an_entry_is_given_back_when_the_store_is_away(world: World) -> None:
    staff = await world.operator()
    await waiting(world)
    before = await world.queue.entries()
    world.units.available = False
    with pytest.raises(StoreUnavailable):
        await handoff.claim_next(staff, world.moves)
    assert await world.queue.entries() == before


async def test_five_operators_at_once_get_five_different_persons(world: World) -> None:
    operators = [await world.operator(f"operator-{number}") for number in range(5)]
    for number in range(5):
        await waiting(world, person=f"person-{number}")
    claimed = await asyncio.gather(*(handoff.claim_next(staff, world.moves) for staff in operators))
    assert len({one.conversation_id for one in claimed if one}) == 5
    assert {one.owner for one in world.kept(Conversation)} == {staff.id for staff in operators}


# --- transfer, release, close -----------------------------------------------------------------------------------


async def test_a_transfer_keeps_the_place_in_the_queue(world: World) -> None:
    staff, other = await world.operator(), await world.operator("wang")
    first = await waiting(world, person="mei")
    world.pass_time(minutes=5)
    second = await waiting(world, person="lan")
    await handoff.claim_next(staff, world.moves)
    moved = await handoff.transfer(first.id, staff, world.moves)
    assert (moved.status, moved.claimed_by, moved.claimed_at) == (HandoffStatus.WAITING, None, None)
    assert (now_as(world, first).mode, now_as(world, first).owner) == (Mode.WAITING, None)
    assert world.events[-1] is EventKind.HANDOFF_REQUESTED
    order = [await handoff.claim_next(other, world.moves) for _ in range(2)]
    assert [one and one.conversation_id for one in order] == [first.id, second.id]


async def test_a_release_hands_her_back_to_the_assistant_with_a_fresh_level(world: World) -> None:
    staff = await world.operator()
    conversation = await waiting(world, CRITICAL)
    await handoff.claim(conversation.id, staff, world.moves)
    resolved = await handoff.release(conversation.id, staff, world.moves)
    assert (world.conversation.mode, world.conversation.level) == (Mode.BOT, Level.NORMAL)
    assert world.conversation.owner is None
    assert (resolved.status, resolved.disposition) == (HandoffStatus.RESOLVED, Disposition.ANSWERED)
    assert (resolved.level, resolved.resolved_at) == (Level.CRITICAL, world.clock.now())
    assert world.events[-1] is EventKind.HANDOFF_RESOLVED
    world.pass_time(hours=1)
    await world.hear(ASKS_FOR_PERSON)
    assert len(world.kept(Handoff)) == 2
    assert [entry.level for entry in await world.queue.entries()] == [Level.HIGH]


async def test_a_close_ends_the_conversation(world: World) -> None:
    staff = await world.operator()
    conversation = await waiting(world)
    await handoff.claim(conversation.id, staff, world.moves)
    resolved = await close(conversation.id, staff, world.moves)
    assert (world.conversation.mode, world.conversation.closed_at) == (Mode.CLOSED, world.clock.now())
    assert resolved.disposition is Disposition.REFERRED
    assert [entry.action for entry in world.kept(AuditEntry)] == ["conversation.claim", "conversation.close"]


@pytest.mark.parametrize("move", LEAVING.values(), ids=LEAVING)
async def test_only_the_owner_may_give_it_away(world: World, move: Move) -> None:
    staff, other = await world.operator(), await world.operator("wang", Role.SUPERVISOR)
    conversation = await waiting(world)
    with pytest.raises(Forbidden):
        await move(conversation.id, staff, world.moves)
    await handoff.claim(conversation.id, staff, world.moves)
    with pytest.raises(Forbidden):
        await move(conversation.id, other, world.moves)
    await move(conversation.id, staff, world.moves)
    with pytest.raises((Forbidden, Conflict)):
        await move(conversation.id, staff, world.moves)


@pytest.mark.parametrize("move", LEAVING.values(), ids=LEAVING)
async def test_a_move_stands_when_redis_is_away(world: World, move: Move) -> None:
    staff = await world.operator()
    conversation = await waiting(world)
    await handoff.claim(conversation.id, staff, world.moves)
    world.queue.available = world.feed.available = False
    await move(conversation.id, staff, world.moves)
    assert world.conversation.owner is None


async def test_nothing_of_a_move_is_kept_when_the_store_is_away(world: World) -> None:
    staff = await world.operator()
    conversation = await waiting(world)
    await handoff.claim(conversation.id, staff, world.moves)
    told = list(world.events)
    world.units.available = False
    with pytest.raises(StoreUnavailable):
        await handoff.release(conversation.id, staff, world.moves)
    world.units.available = True
    assert world.conversation.mode is Mode.HUMAN
    assert world.events == told


# --- the sweep --------------------------------------------------------------------------------------------------


async def test_the_sweep_puts_back_what_redis_forgot(world: World) -> None:
    for person in ("mei", "lan"):
        await waiting(world, CRITICAL, person)
    before = await world.queue.entries()
    world.queue.forget()
    assert await handoff.sweep(world.units, world.queue) == 2
    assert await world.queue.entries() == before
    assert await handoff.sweep(world.units, world.queue) == 0


async def test_the_sweep_finds_who_came_while_redis_was_away(world: World) -> None:
    world.queue.available = False
    await waiting(world, CRITICAL)
    world.queue.available = True
    assert await handoff.sweep(world.units, world.queue) == 1
    assert await world.queue.entries() == [QueueEntry.of(world.handoff)]


async def test_the_sweep_mends_levels_and_takes_out_what_is_over(world: World) -> None:
    staff = await world.operator()
    first, second = await waiting(world, person="mei"), await waiting(world, person="lan")
    claimed = await handoff.claim(first.id, staff, world.moves)
    await world.queue.put(QueueEntry.of(claimed))
    world.queue.available = False
    await world.hear(CRITICAL, "lan")
    world.queue.available = True
    assert await handoff.sweep(world.units, world.queue) == 2
    (entry,) = await world.queue.entries()
    assert (entry.conversation_id, entry.level) == (second.id, Level.CRITICAL)
