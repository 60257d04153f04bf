"""The worker takes each claimed message to its end: done, put back, or buried."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.content import Text
from bot.conversation.dialogue import Proposed
from bot.conversation.errors import RedisUnavailable
from bot.conversation.handoffs import Handoff
from bot.conversation.messages import Author, DeliveryStatus
from bot.conversation.ports import Claim, Slot
from bot.turns.worker import CONCURRENCY, EXTEND_EVERY_S, MAX_TRIES, OWN_FAULT_REST_S, Worker
from tests.unit.world import CRITICAL, DIVORCE, DIVORCE_ARTICLE, SCRIPT, World, until, words

NO_WAIT_S = 0.001


class BrokenDialogue:
    """Fails for a reason of its own, as a bug does."""

    async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
        raise ZeroDivisionError(text)


class SlowDialogue:
    """Answers only when it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.waiting = 0

    async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
        self.waiting += 1
        await self.let.wait()
        return SCRIPT[text]


def worker_of(world: World) -> Worker:
    return Worker("worker", world.inbox, world.turns)


async def claimed(world: World, holder: str = "worker-0") -> Claim | None:
    return await world.inbox.claim(holder, NO_WAIT_S)


async def handled(world: World) -> None:
    """Let the worker handle what is claimed next."""
    claim = await claimed(world)
    assert claim is not None
    await worker_of(world).handle(claim)


# --- done -------------------------------------------------------------------------------------------------------


async def test_the_reply_is_offered_and_the_message_is_done(world: World) -> None:
    message = world.inbound(DIVORCE)
    await world.inbox.append(message)
    await handled(world)
    assert await world.inbox.wait_reply(message.key, NO_WAIT_S) == Slot(Text(words(DIVORCE_ARTICLE, "other/welcome")))
    assert await world.inbox.depth() == 0


async def test_the_request_is_told_when_there_is_nothing_to_say(world: World) -> None:
    await world.hear(CRITICAL)
    message = world.inbound("在吗")
    await world.inbox.append(message)
    await handled(world)
    assert await world.inbox.wait_reply(message.key, NO_WAIT_S) == Slot(None)


async def test_a_reply_for_which_nobody_will_come_goes_to_the_courier_at_once(world: World) -> None:
    message = world.inbound(DIVORCE)
    await world.inbox.append(message)
    await world.inbox.stop_waiting(message.key)
    await handled(world)
    (delivery,) = world.deliveries
    assert (delivery.status, delivery.due_at) == (DeliveryStatus.PENDING, world.clock.now())


async def test_a_message_taken_over_is_answered_once_with_the_same_words(world: World) -> None:
    message = world.inbound(DIVORCE)
    await world.inbox.append(message)
    slow = await claimed(world, "slow")
    world.pass_time(seconds=5)
    await handled(world)
    assert slow is not None
    await worker_of(world).handle(slow)
    assert await world.inbox.wait_reply(message.key, NO_WAIT_S) == Slot(Text(words(DIVORCE_ARTICLE, "other/welcome")))
    assert len(world.said_by(Author.CONTACT)) == len(world.said_by(Author.ASSISTANT)) == 1


# --- put back ---------------------------------------------------------------------------------------------------


async def test_while_the_store_is_away_a_message_is_put_back_however_long_it_takes(world: World) -> None:
    await world.inbox.append(world.inbound(CRITICAL))
    world.units.available = False
    for _ in range(3 * MAX_TRIES):
        await handled(world)
        assert await claimed(world) is None
        world.pass_time(seconds=1)
    world.units.available = True
    await handled(world)
    assert await world.inbox.dead() == []
    assert world.handoff.level == "critical"


async def test_an_outage_does_not_count_against_the_message(world: World) -> None:
    await world.inbox.append(world.inbound(DIVORCE))
    world.units.available = False
    for _ in range(2 * MAX_TRIES):
        await handled(world)
        world.pass_time(seconds=1)
    world.units.available = True
    world.dialogue = BrokenDialogue()  # type: ignore[assignment]
    await handled(world)
    assert await world.inbox.dead() == []
    assert await world.inbox.depth() == 1


async def test_when_redis_goes_away_the_turn_stands_and_is_offered_again(world: World) -> None:
    message = world.inbound(DIVORCE)
    await world.inbox.append(message)
    claim = await claimed(world)
    assert claim is not None
    world.inbox.down = True
    with pytest.raises(RedisUnavailable):
        await worker_of(world).handle(claim)
    world.inbox.down = False
    world.pass_time(seconds=5)
    await handled(world)
    assert await world.inbox.wait_reply(message.key, NO_WAIT_S) == Slot(Text(words(DIVORCE_ARTICLE, "other/welcome")))
    assert len(world.said_by(Author.ASSISTANT)) == 1


# --- buried -----------------------------------------------------------------------------------------------------


async def test_a_message_that_fails_by_itself_is_buried_after_five_tries_with_a_code(world: World) -> None:
    message = world.inbound(DIVORCE)
    await world.inbox.append(message)
    world.dialogue = BrokenDialogue()  # type: ignore[assignment]
    for _ in range(MAX_TRIES):
        assert await world.inbox.dead() == []
        await handled(world)
        world.pass_time(minutes=1)
    (letter,) = await world.inbox.dead()
    assert (letter.key, letter.kind, letter.reason) == (message.key, "text", "ZeroDivisionError")
    assert await world.inbox.depth() == 0


async def test_each_failure_waits_longer_and_logs_no_word_of_hers(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.inbox.append(world.inbound(DIVORCE))
    world.dialogue = BrokenDialogue()  # type: ignore[assignment]
    await handled(world)
    world.pass_time(seconds=1)
    await handled(world)
    world.pass_time(seconds=1)
    assert await claimed(world) is None
    world.pass_time(seconds=1)
    assert await claimed(world) is not None
    logged = capsys.readouterr().out
    assert "ZeroDivisionError" in logged
    assert __name__.rpartition(".")[2] in logged
    assert DIVORCE not in logged


async def test_after_a_buried_message_the_next_is_handled(world: World) -> None:
    for text in (DIVORCE, CRITICAL):
        await world.inbox.append(world.inbound(text))
    world.dialogue = BrokenDialogue()  # type: ignore[assignment]
    for _ in range(MAX_TRIES + 1):
        await handled(world)
        world.pass_time(minutes=1)
    assert world.handoff.level == "critical"


async def test_when_our_own_settings_are_amiss_a_message_waits_longer_between_its_tries(world: World) -> None:
    await world.inbox.append(world.inbound(DIVORCE))
    accounts, world.accounts = world.accounts, {}
    await handled(world)
    world.pass_time(seconds=OWN_FAULT_REST_S - 1)
    assert await claimed(world) is None
    world.pass_time(seconds=1)
    world.accounts = accounts
    await handled(world)
    assert await world.inbox.depth() == 0
    assert len(world.said_by(Author.CONTACT)) == 1


# --- as long as the process lives -------------------------------------------------------------------------------


async def test_a_long_turn_keeps_its_hold(world: World) -> None:
    await world.inbox.append(world.inbound(DIVORCE))
    slow = SlowDialogue()
    world.dialogue = slow  # type: ignore[assignment]
    claim = await claimed(world)
    assert claim is not None
    turn = asyncio.create_task(worker_of(world).handle(claim))
    await asyncio.sleep(0.01)
    world.pass_time(seconds=3.9)
    await asyncio.sleep(EXTEND_EVERY_S + 0.1)
    world.pass_time(seconds=3.9)
    assert await claimed(world, "other") is None
    slow.let.set()
    await turn
    assert await world.inbox.depth() == 0


async def test_it_works_until_it_is_stopped_and_finishes_what_it_does(world: World) -> None:
    slow, stop = SlowDialogue(), asyncio.Event()
    world.dialogue = slow  # type: ignore[assignment]
    running = asyncio.create_task(worker_of(world).run(stop))
    for person in ("mei", "lan", "hua"):
        await world.inbox.append(world.inbound(DIVORCE, person))
    await world.inbox.append(world.inbound(CRITICAL, "xia"))
    await until(lambda: bool(world.kept(Handoff)))
    assert world.handoff.level == "critical"
    stop.set()
    slow.let.set()
    await running
    assert await world.inbox.depth() == 0
    assert len(world.said_by(Author.CONTACT)) == 4


async def test_urgent_messages_find_a_place_while_all_others_are_taken(world: World) -> None:
    slow, stop = SlowDialogue(), asyncio.Event()
    world.dialogue = slow  # type: ignore[assignment]
    running = asyncio.create_task(worker_of(world).run(stop))
    for number in range(2 * CONCURRENCY):
        await world.inbox.append(world.inbound(DIVORCE, f"person-{number}"))
    await until(lambda: slow.waiting == CONCURRENCY)
    await world.inbox.append(world.inbound(CRITICAL, "xia", urgent=True))
    await until(lambda: bool(world.kept(Handoff)))
    assert slow.waiting == CONCURRENCY
    stop.set()
    slow.let.set()
    await running


async def test_gateways_know_whether_a_worker_is_there(world: World) -> None:
    stop = asyncio.Event()
    assert not (await world.inbox.append(world.inbound(DIVORCE))).attended
    running = asyncio.create_task(worker_of(world).run(stop))
    await until(lambda: bool(world.said_by(Author.CONTACT)))
    assert (await world.inbox.append(world.inbound(DIVORCE))).attended
    stop.set()
    await running
    assert not (await world.inbox.append(world.inbound(DIVORCE))).attended
