"""What is saved of a message that no turn can take: an alarm, a line, and a person where it is urgent."""

from __future__ import annotations

import pytest

from bot import handoff
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.cases import Case
from bot.conversation.content import Content, Text, Transcript, Unfollowed, Unsupported
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import Proposed
from bot.conversation.events import EventKind
from bot.conversation.levels import Level
from bot.conversation.messages import Author, DeliveryStatus, Inbound, Message
from bot.conversation.ports import Claim
from bot.dialogue import ScriptedDialogue
from bot.turns.salvage import UNREADABLE, salvage
from bot.turns.worker import MAX_TRIES, Worker
from tests.unit.world import (
    ASKS_FOR_PERSON,
    CRITICAL,
    DIVORCE,
    HIGH,
    NINGXIANG,
    SCRIPT,
    World,
    knowledge,
    words,
)

NO_WAIT_S = 0.001
REASON = "ZeroDivisionError"


class BrokenDialogue:
    """Fails for a reason of its own, as a bug does."""

    async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
        raise ZeroDivisionError(text)


async def claimed(world: World) -> Claim:
    claim = await world.inbox.claim("worker-0", NO_WAIT_S)
    assert claim is not None
    return claim


async def tried(world: World, inbound: Inbound, times: int = MAX_TRIES) -> None:
    """Let a worker try this message so often, each time in vain."""
    world.dialogue = BrokenDialogue()  # type: ignore[assignment]
    await world.inbox.append(inbound)
    for _ in range(times):
        await Worker("worker", world.inbox, world.turns).handle(await claimed(world))
        world.pass_time(minutes=1)


async def test_a_buried_message_leaves_an_alarm_and_a_line_without_its_words(world: World) -> None:
    inbound = world.inbound(DIVORCE)
    await tried(world, inbound)
    (alarm,), (line,) = world.kept(Alarm), world.said_by(Author.CONTACT)
    assert (alarm.account_id, alarm.kind, alarm.detail) == ("hunan", AlarmKind.DEAD_LETTER, REASON)
    assert line.content == Unsupported("text")
    assert [letter.key for letter in await world.inbox.dead()] == [inbound.key]
    assert world.conversation.mode is Mode.BOT


async def test_before_its_last_try_nothing_is_said_of_it(world: World) -> None:
    await tried(world, world.inbound(DIVORCE), MAX_TRIES - 1)
    assert (world.kept(Message), world.kept(Alarm)) == ([], [])


async def test_she_is_asked_to_write_again(world: World) -> None:
    await tried(world, world.inbound(DIVORCE))
    (delivery,) = world.deliveries
    assert delivery.content == Text(words("other/not_handled"))
    assert (delivery.status, delivery.by_assistant) == (DeliveryStatus.PENDING, True)


async def test_what_she_is_told_is_named_with_its_wording(world: World) -> None:
    await tried(world, world.inbound(DIVORCE))
    (told,) = world.said_by(Author.ASSISTANT)
    assert told.articles == (knowledge().article("other/not_handled").reference,)


async def test_where_we_may_only_answer_she_is_asked_with_her_next_message(world: World) -> None:
    await tried(world, world.inbound(DIVORCE, account=NINGXIANG))
    assert world.deliveries[0].status is DeliveryStatus.HELD


async def test_for_an_urgent_one_a_person_is_called(world: World) -> None:
    await tried(world, world.inbound(HIGH, urgent=True))
    assert (world.conversation.mode, world.handoff.level) == (Mode.WAITING, Level.HIGH)
    assert world.handoff.reasons == (UNREADABLE,)
    assert len(world.kept(Case)) == len(await world.queue.entries()) == 1
    assert world.events == [EventKind.HANDOFF_REQUESTED, EventKind.MESSAGE_ADDED]


async def test_danger_is_still_answered_with_words_of_safety(world: World) -> None:
    await salvage(world.inbound(CRITICAL, urgent=True), REASON, world.turns)
    assert world.handoff.level is Level.CRITICAL
    assert world.deliveries[0].content == Text(words("domestic_violence/safety_now"))


async def test_with_an_operator_the_line_is_shown_and_nothing_is_said(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    said = len(world.deliveries)
    await salvage(world.inbound(HIGH, urgent=True), REASON, world.turns)
    assert world.said_by(Author.CONTACT)[-1].content == Unsupported("text")
    assert UNREADABLE in world.handoff.reasons
    assert len(world.deliveries) == said


async def test_salvaged_again_it_changes_nothing(world: World) -> None:
    inbound = world.inbound(HIGH, urgent=True)
    await salvage(inbound, REASON, world.turns)
    before = (world.kept(Message), world.deliveries, world.kept(Case))
    await salvage(inbound, REASON, world.turns)
    assert (world.kept(Message), world.deliveries, world.kept(Case)) == before


async def test_of_a_message_that_a_turn_had_taken_nothing_need_be_saved(world: World) -> None:
    inbound = world.inbound(DIVORCE)
    await world.inbox.append(inbound)
    await Worker("worker", world.inbox, world.turns).handle(await claimed(world))
    await salvage(inbound, REASON, world.turns)
    assert len(world.said_by(Author.CONTACT)) == 1


@pytest.mark.parametrize("content", [Unfollowed(), Transcript("a message", CRITICAL)], ids=repr)
async def test_of_who_is_not_known_only_the_alarm_is_left(world: World, content: Content) -> None:
    await salvage(world.inbound(content), REASON, world.turns)
    assert len(world.kept(Alarm)) == 1
    assert world.kept(Message) == []


async def test_while_the_store_is_away_nothing_is_buried(world: World) -> None:
    await tried(world, world.inbound(DIVORCE), MAX_TRIES - 1)
    claim = await claimed(world)

    class Blinking(BrokenDialogue):
        async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
            world.units.available = False
            return await super().ask(conversation_id, message_id, text)

    world.dialogue = Blinking()  # type: ignore[assignment]
    await Worker("worker", world.inbox, world.turns).handle(claim)
    assert await world.inbox.dead() == []
    world.units.available = True
    world.pass_time(seconds=1)
    await Worker("worker", world.inbox, world.turns).handle(await claimed(world))
    world.units.available = True
    world.dialogue = BrokenDialogue()  # type: ignore[assignment]
    world.pass_time(seconds=1)
    await Worker("worker", world.inbox, world.turns).handle(await claimed(world))
    assert len(await world.inbox.dead()) == 1


async def test_what_cannot_even_be_salvaged_lies_among_the_dead_letters(world: World) -> None:
    inbound = world.inbound(DIVORCE)
    world.accounts = {}
    await tried(world, inbound)
    assert [letter.key for letter in await world.inbox.dead()] == [inbound.key]
    assert len(world.kept(Alarm)) == 1


async def test_a_dead_letter_that_is_revived_is_taken_like_any_message(world: World) -> None:
    inbound = world.inbound(DIVORCE)
    await tried(world, inbound)
    world.dialogue = ScriptedDialogue(SCRIPT)
    assert await world.inbox.revive(inbound.key)
    await Worker("worker", world.inbox, world.turns).handle(await claimed(world))
    assert [line.content for line in world.said_by(Author.CONTACT)] == [Unsupported("text"), Text(DIVORCE)]


async def test_one_persons_unreadable_message_delays_no_other(world: World) -> None:
    world.dialogue = BrokenDialogue()  # type: ignore[assignment]
    await world.inbox.append(world.inbound(DIVORCE, "mei"))
    await Worker("worker", world.inbox, world.turns).handle(await claimed(world))
    await world.inbox.append(world.inbound(DIVORCE, "lan"))
    assert (await claimed(world)).mailbox == "box-of-lan"
