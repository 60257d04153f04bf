"""The same message again changes nothing; a turn that an operator overtook is taken again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import pytest

from bot import handoff
from bot.conversation.content import Content, Transcript, Voice
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, StoreUnavailable
from bot.conversation.handoffs import Disposition, HandoffStatus
from bot.conversation.levels import Level
from bot.conversation.messages import Author, DeliveryStatus
from bot.conversation.ports import Slot
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.turns.take import take, unoffer
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, DIVORCE, DIVORCE_ARTICLE, World, text_of, words


class InterruptedUnits:
    """A turn's units of work, between the first of which (it reads) and the one that writes something happens."""

    def __init__(self, units: UnitsOfWork, interrupt: Callable[[], Awaitable[object]]) -> None:
        self._units = units
        self._interrupt = interrupt

    def __call__(self, *, reading: bool = False) -> UnitOfWork:
        return self._units(reading=True) if reading else cast(UnitOfWork, self._writing())

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[UnitOfWork]:
        await self._interrupt()
        async with self._units() as uow:
            yield uow


async def hear(world: World, content: Content | str, meanwhile: Callable[[], Awaitable[object]]) -> str | None:
    """Take a new message while this happens, and fetch the passive reply; returns its words."""
    inbound = world.inbound(content)
    slot = await take(inbound, replace(world.turns, units=InterruptedUnits(world.units, meanwhile)))
    await world.fetch(inbound.key)
    return text_of(slot) if slot.reply else None


def stored(world: World) -> object:
    """Everything in the store, comparable."""
    return {kind: list(rows.values()) for kind, rows in world.units.committed.items()}


# --- the same message again -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [DIVORCE, ASKS_FOR_PERSON, CRITICAL])
async def test_the_same_message_again_changes_nothing_and_offers_the_same_words(world: World, text: str) -> None:
    inbound = world.inbound(text)
    first = await take(inbound, world.turns)
    before, asked = stored(world), list(world.dialogue.asked)
    world.pass_time(seconds=5)
    assert await take(inbound, world.turns) == first
    assert stored(world) == before
    assert world.dialogue.asked == asked


async def test_what_was_already_sent_is_not_offered_again(world: World) -> None:
    inbound = world.inbound(DIVORCE)
    await take(inbound, world.turns)
    await unoffer(inbound.key, world.turns)
    (delivery,) = world.deliveries
    assert (delivery.status, delivery.due_at) == (DeliveryStatus.PENDING, world.clock.now())
    assert await take(inbound, world.turns) == Slot(None)


async def test_a_turn_that_the_store_refused_can_be_taken_again(world: World) -> None:
    inbound = world.inbound(CRITICAL)
    world.units.available = False
    with pytest.raises(StoreUnavailable):
        await take(inbound, world.turns)
    assert await world.queue.entries() == []
    world.units.available = True
    assert words("domestic_violence/safety_now") in text_of(await take(inbound, world.turns))
    assert len(world.said_by(Author.CONTACT)) == 1


# --- overtaken --------------------------------------------------------------------------------------------------


async def test_an_operator_who_claims_meanwhile_finds_the_bot_silent(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    world.pass_time(minutes=10)

    async def claim_once() -> None:
        if world.handoff.status is HandoffStatus.WAITING:
            await handoff.claim(world.conversation.id, staff, world.moves)

    said = len(world.said_by(Author.ASSISTANT))
    assert await hear(world, "在吗", claim_once) is None
    assert (world.conversation.mode, world.conversation.owner) == (Mode.HUMAN, staff.id)
    assert len(world.said_by(Author.ASSISTANT)) == said
    assert len(world.said_by(Author.CONTACT)) == 2


async def test_danger_meanwhile_claimed_is_raised_but_not_queued_again(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)

    async def claim_once() -> None:
        if world.handoff.status is HandoffStatus.WAITING:
            await handoff.claim(world.conversation.id, staff, world.moves)

    assert await hear(world, CRITICAL, claim_once) is None
    assert (world.handoff.status, world.handoff.level) == (HandoffStatus.CLAIMED, Level.CRITICAL)
    assert await world.queue.entries() == []


async def test_a_turn_gives_up_when_others_always_come_first(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)

    async def change() -> None:
        async with world.units() as uow:
            await uow.conversations.save(await uow.conversations.get(world.conversation.id))
            await uow.commit()

    with pytest.raises(Conflict):
        await hear(world, "在吗", change)


async def test_with_an_operator_the_bot_is_silent(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    asked = list(world.dialogue.asked)
    assert await world.hear(DIVORCE) is None
    assert await world.hear(CRITICAL) is None
    assert world.dialogue.asked == asked
    assert (world.conversation.mode, world.conversation.level) == (Mode.HUMAN, Level.CRITICAL)


async def test_who_is_erased_meanwhile_is_answered_as_a_stranger(world: World) -> None:
    await world.hear(DIVORCE)
    erased = world.contact.id

    async def erase_once() -> None:
        async with world.units() as uow:
            if await uow.contacts.by_mailbox("box-of-mei") is not None:
                await uow.contacts.erase(erased)
                await uow.commit()

    assert await hear(world, DIVORCE, erase_once) == words(DIVORCE_ARTICLE, "other/welcome")
    assert world.said_by(Author.CONTACT)[-1].contact_id != erased


async def test_a_send_that_is_counted_meanwhile_stays_counted(world: World) -> None:
    await world.hear(Voice("media"))

    async def count_once() -> None:
        async with world.units() as uow:
            contact = await uow.contacts.get(world.contact.id)
            assert contact.window is not None
            contact.window = replace(contact.window, sent=2)
            await uow.contacts.save(contact)
            await uow.commit()

    await hear(world, Transcript(world.said_by(Author.CONTACT)[0].id, DIVORCE), count_once)
    assert world.contact.window is not None
    assert world.contact.window.sent == 2


async def test_after_the_end_a_new_message_opens_a_new_conversation(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    first = world.conversation
    await handoff.claim(first.id, staff, world.moves)
    await handoff.close(first.id, staff, Disposition.ANSWERED, world.moves)
    assert await world.hear(DIVORCE) == words(DIVORCE_ARTICLE)
    (new,) = [one for one in world.kept(Conversation) if one.id != first.id]
    assert (new.mode, new.level, new.contact_id) == (Mode.BOT, Level.NORMAL, first.contact_id)
