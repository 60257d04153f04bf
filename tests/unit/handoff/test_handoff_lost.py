"""Whoever vanishes loses her conversations to the queue, once, with a note for the next and a word to the person."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import handoff
from bot.conversation.content import Text
from bot.conversation.conversations import Mode
from bot.conversation.errors import RedisUnavailable
from bot.conversation.events import EventKind
from bot.conversation.handoffs import HandoffStatus, QueueEntry
from bot.conversation.messages import Author
from bot.conversation.notes import Note
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from bot.handoff import LostPorts
from bot.turns.lost import Apology
from bot.turns.reply import reply
from tests.doubles.memory_leases import MemoryLeases
from tests.unit.world import CRITICAL, World, knowledge, words

LOST = "other/operator_lost"


class House:
    """A world whose worker watches, with operators whose pages answer or not."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.leases = MemoryLeases(world.clock)
        apology = Apology(world.accounts, knowledge())
        self.ports = LostPorts(world.units, world.queue, world.feed, self.leases, world.clock, apology)

    async def live(self, seconds: int, *staying: str) -> int:
        """So many seconds pass; returns how many conversations were given back."""
        lost = 0
        for _ in range(0, seconds, 5):
            self.world.clock.advance(timedelta(seconds=5))
            await self.leases.hear()
            for staff_id in staying:
                await self.leases.stay(staff_id)
            lost += await handoff.give_back(self.ports)
        return lost

    async def held(self, text: str = CRITICAL) -> Staff:
        """An operator who has talked with somebody for a while."""
        staff = await self.world.operator("li")
        await self.live(120)
        await self.world.hear(text)
        await handoff.claim(self.world.conversation.id, staff, self.world.moves)
        await reply(self.world.conversation.id, "我在", staff, self.world.replies)
        await self.live(70, "li")
        return staff


@pytest.fixture
def house(world: World) -> House:
    return House(world)


async def test_a_conversation_of_a_vanished_operator_goes_back_to_the_queue(house: House, world: World) -> None:
    staff = await house.held()
    before = world.handoff
    assert await house.live(55) == 0
    assert await house.live(10) == 1
    asked, entry = world.handoff, world.kept(AuditEntry)[-1]
    assert (world.conversation.mode, world.conversation.owner) == (Mode.WAITING, None)
    assert (asked.status, asked.claimed_by, asked.claimed_at) == (HandoffStatus.WAITING, None, None)
    assert (asked.lost_by, asked.lost_at, asked.queued_at) == (staff.id, asked.queued_at, entry.at)
    assert asked.requested_at == before.requested_at
    assert await world.queue.entries() == [QueueEntry.of(asked)]
    assert world.events[-1] is EventKind.HANDOFF_REQUESTED
    assert (entry.staff_id, entry.action, entry.target) == ("system", "conversation.lost", world.conversation.id)
    (note,) = world.kept(Note)
    assert note.staff_id is None
    assert "li的页面断开" in note.text
    assert await house.live(60) == 0


async def test_the_person_is_told_kindly_and_a_colleague_takes_over(house: House, world: World) -> None:
    await house.held()
    await house.live(70)
    (told,) = world.said_by(Author.SYSTEM)
    assert told.content == Text(words(LOST))
    assert told.articles == (knowledge().article(LOST).reference,)
    colleague = await world.operator("wang")
    claimed = await handoff.claim_next(colleague, world.moves)
    assert claimed is not None
    assert world.conversation.owner == "wang"


async def test_who_stays_keeps_her_conversation_for_hours(house: House) -> None:
    await house.held()
    assert await house.live(3600, "li") == 0


async def test_the_person_is_told_once_in_ten_minutes(house: House, world: World) -> None:
    staff = await house.held()
    for _ in range(3):
        assert await house.live(70) == 1
        await handoff.claim(world.conversation.id, staff, world.moves)
    assert len(world.said_by(Author.SYSTEM)) == 1
    await house.live(600, "li")
    await house.live(70)
    assert len(world.said_by(Author.SYSTEM)) == 2


async def test_nothing_is_said_while_she_has_turned_the_chat_harmless(house: House, world: World) -> None:
    await house.held()
    contact = world.contact
    contact.hidden_at = world.clock.now()
    async with world.units() as uow:
        await uow.contacts.save(contact)
        await uow.commit()
    assert await house.live(70) == 1
    assert world.said_by(Author.SYSTEM) == []
    assert world.conversation.mode is Mode.WAITING


async def test_who_has_just_taken_a_conversation_has_a_minute_to_be_heard(house: House, world: World) -> None:
    staff = await world.operator("li")
    await house.live(200)
    await world.hear(CRITICAL)
    await handoff.claim(world.conversation.id, staff, world.moves)
    assert await house.live(55) == 0
    assert await house.live(10) == 1


async def test_nobody_is_lost_while_redis_is_away_or_has_forgotten(house: House, world: World) -> None:
    await house.held()
    house.leases.available = False
    with pytest.raises(RedisUnavailable):
        await handoff.give_back(house.ports)
    house.leases.available = True
    house.leases.forget()
    assert await house.live(55) == 0
    assert world.conversation.mode is Mode.HUMAN


async def test_several_workers_at_once_give_it_back_once(house: House, world: World) -> None:
    await house.held()
    await house.live(55)
    world.clock.advance(timedelta(seconds=5))

    class Together(MemoryLeases):
        """All workers have heard before the first one writes."""

        async def gone(self, staff_ids: Collection[str]) -> frozenset[str]:
            await asyncio.sleep(0)
            return frozenset(staff_ids)

    ports = [
        LostPorts(world.units, world.queue, world.feed, Together(world.clock), world.clock, house.ports.tell)
        for _ in range(4)
    ]
    assert sum(await asyncio.gather(*(handoff.give_back(one) for one in ports))) == 1
    assert len(world.said_by(Author.SYSTEM)) == 1
    assert len(world.kept(Note)) == 1


async def test_while_the_queue_is_away_it_is_given_back_all_the_same_and_the_sweep_puts_it_in(
    house: House, world: World
) -> None:
    await house.held()
    world.queue.available = False
    assert await house.live(70) == 1
    world.queue.available = True
    assert await handoff.sweep(world.units, world.queue) == 1
    assert await world.queue.entries() == [QueueEntry.of(world.handoff)]


@pytest.mark.parametrize(
    "change", [{"scope": Scope(regions=frozenset({"431300"}))}, {"role": Role.CONTENT}, {"active": False}]
)
async def test_who_may_not_see_it_any_more_does_not_keep_it_though_her_page_is_open(
    house: House, world: World, change: dict[str, object]
) -> None:
    staff = await house.held()
    async with world.units() as uow:
        await uow.staff.save(replace(staff, **change))  # type: ignore[arg-type]
        await uow.commit()
    assert await house.live(5, "li") == 1
    assert (world.conversation.mode, world.handoff.status) == (Mode.WAITING, HandoffStatus.WAITING)
    (note,) = world.kept(Note)
    assert "li不再负责这里" in note.text
    assert await house.live(60, "li") == 0


async def test_who_never_heard_from_her_operator_is_not_told_that_she_is_gone(house: House, world: World) -> None:
    staff = await world.operator("li")
    await house.live(120)
    await world.hear(CRITICAL)
    await handoff.claim(world.conversation.id, staff, world.moves)
    assert await house.live(70) == 1
    assert world.conversation.mode is Mode.WAITING
    assert list(world.said_by(Author.SYSTEM)) == []
