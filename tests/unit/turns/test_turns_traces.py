"""What is left in the inbox of who was erased brings nothing back; what is on file of who writes is kept true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.accounts import Contact
from bot.conversation.content import ConsentRevoked, Followed, SubscriptionAnswered, Transcript, Unfollowed, Voice
from bot.conversation.messages import Author, DeliveryStatus, Inbound
from bot.conversation.ports import Slot
from bot.turns.erase import Eraser
from bot.turns.salvage import salvage
from bot.turns.say import PASSIVE_WINDOW
from bot.turns.take import take
from tests.unit.world import CRITICAL, DIVORCE, World

VOICE = Voice("platform-id", "amr")


async def spoken(world: World, words: str | None = CRITICAL) -> Inbound:
    """She sent a voice message; what was heard in it lies in the inbox."""
    world.listens = True
    await world.hear(VOICE)
    return world.inbound(Transcript(world.said_by(Author.CONTACT)[-1].id, words))


async def gone_and_back(world: World) -> None:
    """She left, was erased, and follows again."""
    world.pass_time(minutes=1)
    await world.hear(Unfollowed())
    assert await Eraser(world.units).erase_due() == 1
    await world.hear(Followed())


def transcripts(world: World) -> list[Transcript]:
    return [line.content for line in world.said_by(Author.CONTACT) if isinstance(line.content, Transcript)]


async def test_what_she_said_before_she_was_erased_is_not_written_into_her_new_conversation(world: World) -> None:
    transcript = await spoken(world)
    await gone_and_back(world)
    assert await take(transcript, world.turns) == Slot(None)
    await salvage(transcript, "ZeroDivisionError", world.turns)
    assert len(world.said_by(Author.CONTACT)) == 3  # the voice and her leaving, both without their words; her return


async def test_what_was_heard_in_a_voice_that_she_took_back_is_not_written_down(world: World) -> None:
    transcript = await spoken(world)
    await world.hear(ConsentRevoked(("204",)))
    assert await take(transcript, world.turns) == Slot(None)
    assert transcripts(world) == []


async def test_a_transcript_of_no_voice_that_we_know_is_not_written_down(world: World) -> None:
    await world.hear(DIVORCE)
    assert await take(world.inbound(Transcript("unknown", CRITICAL)), world.turns) == Slot(None)
    assert transcripts(world) == []


async def test_who_writes_can_be_written_to_again_though_no_key_opened_her_openid(world: World) -> None:
    await world.hear(DIVORCE)
    async with world.units() as uow:
        await uow.contacts.save(replace(world.contact, openid=""))  # so it comes back where no key opens it
        await uow.commit()
    await world.hear(DIVORCE)
    (contact,) = world.kept(Contact)
    assert contact.openid == "openid-of-mei"


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(0), timedelta(hours=1)], ids=str)
async def test_a_gateway_whose_clock_is_ahead_keeps_no_answer_back(world: World, ahead: timedelta) -> None:
    inbound = world.inbound(DIVORCE)
    await take(replace(inbound, received_at=inbound.received_at + ahead), world.turns)
    (delivery,) = world.deliveries
    assert delivery.status is DeliveryStatus.OFFERED
    assert delivery.due_at <= world.clock.now() + PASSIVE_WINDOW


@pytest.mark.parametrize("what", ["a transcript", "an answer about notices"])
async def test_what_has_no_reply_of_its_own_takes_no_earlier_one_away(world: World, what: str) -> None:
    transcript = await spoken(world, DIVORCE)
    asked = world.inbound(DIVORCE)
    slot = await take(asked, world.turns)
    await world.inbox.offer_reply(asked.key, slot)
    silent = world.inbound(SubscriptionAnswered("template", True))
    await take(transcript if what == "a transcript" else silent, world.turns)
    assert await world.inbox.wait_reply(asked.key, 0.001) == slot
