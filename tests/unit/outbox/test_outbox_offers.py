"""A passive reply is settled once, whoever fetched it; and no crash of a courier or a service loses or doubles it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.content import Text
from bot.conversation.errors import StaleVersion, StoreUnavailable
from bot.conversation.events import EventKind
from bot.conversation.messages import Delivery, DeliveryStatus, Route
from bot.conversation.ports import Slot
from bot.outbox.courier import LEASE
from bot.turns.say import PASSIVE_WINDOW
from bot.turns.take import take
from tests.doubles.memory_store import MemoryUnit, MemoryUnits
from tests.unit.outbox.couriers import ScriptedSender, courier_of, known, line_up, long, named, rounds
from tests.unit.world import DIVORCE, NINGXIANG, World, text_of, until

NO_WAIT_S = 0.001

# --- passive replies --------------------------------------------------------------------------------------------


async def offered(world: World) -> tuple[str, str]:
    """The key of a message whose answer is held out, and the answer."""
    inbound = world.inbound(DIVORCE)
    slot = await take(inbound, world.turns)
    await world.inbox.offer_reply(inbound.key, slot)
    return inbound.key, text_of(slot)


async def test_an_offer_is_left_alone_while_it_may_be_fetched(world: World) -> None:
    await offered(world)
    world.clock.advance(PASSIVE_WINDOW - timedelta(seconds=0.1))
    assert await courier_of(world, ScriptedSender()).deliver_due() == 0


@pytest.mark.wechat("3.3")
async def test_an_offer_that_nobody_fetched_goes_by_customer_service(world: World) -> None:
    key, answer = await offered(world)
    sender = ScriptedSender()
    world.clock.advance(PASSIVE_WINDOW)
    await rounds(courier_of(world, sender))
    assert sender.texts == [answer]
    assert (named(world, answer).status, named(world, answer).route) == (DeliveryStatus.SENT, Route.CUSTOMER_SERVICE)
    assert not await world.inbox.offer_reply(key, Slot(Text(answer)))


@pytest.mark.wechat("9.2")
async def test_where_we_may_only_answer_an_offer_that_nobody_fetched_waits_for_her(world: World) -> None:
    inbound = world.inbound(DIVORCE, account=NINGXIANG)
    slot = await take(inbound, world.turns)
    await world.inbox.offer_reply(inbound.key, slot)
    world.clock.advance(PASSIVE_WINDOW)
    await courier_of(world, ScriptedSender()).deliver_due()
    delivery = named(world, text_of(slot))
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.HELD, 0)


@pytest.mark.wechat("3.8")
async def test_an_offer_that_was_taken_but_not_confirmed_goes_by_customer_service(world: World) -> None:
    key, answer = await offered(world)
    await world.inbox.wait_reply(key, NO_WAIT_S)
    sender = ScriptedSender()
    world.clock.advance(PASSIVE_WINDOW)
    await rounds(courier_of(world, sender))
    assert sender.texts == [answer]


@pytest.mark.wechat("5.30")
async def test_a_confirmed_offer_was_sent_passively_and_costs_nothing(world: World) -> None:
    key, answer = await offered(world)
    await world.inbox.wait_reply(key, NO_WAIT_S)
    await world.inbox.confirm_reply(key)
    courier = courier_of(world, ScriptedSender())
    confirmed = await world.inbox.next_confirmed(NO_WAIT_S)
    assert confirmed == key
    await courier.settle_passive(key)
    delivery = named(world, answer)
    assert (delivery.status, delivery.route, delivery.errcode) == (DeliveryStatus.SENT, Route.PASSIVE, 0)
    assert world.contact.window is not None
    assert world.contact.window.left(world.clock.now()) == 5
    assert world.events[-1] is EventKind.DELIVERY_SETTLED


async def test_a_confirmation_that_was_lost_is_found_when_the_offer_ends(world: World) -> None:
    key, answer = await offered(world)
    await world.inbox.wait_reply(key, NO_WAIT_S)
    await world.inbox.confirm_reply(key)
    assert await world.inbox.next_confirmed(NO_WAIT_S) == key
    sender = ScriptedSender()
    world.clock.advance(PASSIVE_WINDOW)
    await rounds(courier_of(world, sender))
    assert sender.texts == []
    assert (named(world, answer).status, named(world, answer).route) == (DeliveryStatus.SENT, Route.PASSIVE)


async def test_an_operators_words_wait_behind_an_open_offer(world: World) -> None:
    _, answer = await offered(world)
    await line_up(world, "您好")
    sender = ScriptedSender()
    courier = courier_of(world, sender)
    assert await courier.deliver_due() == 0
    world.clock.advance(PASSIVE_WINDOW)
    await rounds(courier)
    assert sender.texts == [answer, "您好"]


async def test_while_redis_is_away_an_offer_is_neither_sent_nor_lost(world: World) -> None:
    _, answer = await offered(world)
    sender = ScriptedSender()
    courier = courier_of(world, sender)
    world.clock.advance(PASSIVE_WINDOW)
    world.inbox.down = True
    await courier.deliver_due()
    assert sender.texts == []
    world.inbox.down = False
    world.pass_time(seconds=LEASE.total_seconds())
    await rounds(courier)
    assert sender.texts == [answer]


# --- crashes ----------------------------------------------------------------------------------------------------


async def test_a_message_is_leased_before_it_leaves_the_house(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    sender = ScriptedSender()
    under_way: list[Delivery] = []
    sender.before = lambda: under_way.append(named(world, "您好"))
    await courier_of(world, sender).deliver_due()
    ((status, due_at, attempts),) = [(one.status, one.due_at, one.attempts) for one in under_way]
    assert (status, due_at, attempts) == (DeliveryStatus.SENDING, world.clock.now() + LEASE, 1)


@pytest.mark.wechat("5.17")
async def test_a_courier_that_died_while_sending_is_replaced_after_the_lease(world: World) -> None:
    await known(world)
    one, two = long("一"), long("二")
    await line_up(world, one, two)
    sender = ScriptedSender()

    def go_away() -> None:
        world.units.available = False

    sender.before = go_away
    dying = asyncio.create_task(courier_of(world, sender).deliver_due())
    while not sender.texts:  # noqa: ASYNC110 - the scripted sender gives no event
        await asyncio.sleep(0)
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying
    world.units.available = True
    sender.before = lambda: None
    other = courier_of(world, sender)
    world.pass_time(seconds=LEASE.total_seconds() - 1)
    assert await other.deliver_due() == 0
    world.pass_time(seconds=1)
    await rounds(other)
    assert sender.texts == [one, one, two]
    assert named(world, one).attempts == 2


async def test_what_the_platform_took_is_not_sent_again_because_the_database_blinked(world: World) -> None:
    await known(world)
    await line_up(world, "一")
    sender = ScriptedSender()

    def blink() -> None:
        world.units.available = False
        asyncio.get_running_loop().call_later(0.05, lambda: setattr(world.units, "available", True))

    sender.before = blink
    await replace(courier_of(world, sender), settle_pause_s=0.01).deliver_due()
    assert named(world, "一").status is DeliveryStatus.SENT
    world.pass_time(seconds=2 * LEASE.total_seconds())
    await courier_of(world, sender).deliver_due()
    assert sender.texts == ["一"]


async def test_what_the_platform_took_is_not_sent_again_because_she_wrote_at_that_moment(world: World) -> None:
    await known(world)
    await line_up(world, "一")
    sender = ScriptedSender()
    courier = replace(courier_of(world, sender), units=Overtaken(world.units, sender), settle_pause_s=0.0)
    await courier.deliver_due()
    assert named(world, "一").status is DeliveryStatus.SENT
    assert len(sender.sent) == 1


class Overtaken:
    """Units of work of which the first after a send finds that somebody else was first."""

    def __init__(self, units: MemoryUnits, sender: ScriptedSender) -> None:
        self._units = units
        self._sender = sender
        self._overtaken = False

    def __call__(self, *, reading: bool = False) -> MemoryUnit:
        if self._sender.sent and not self._overtaken and not reading:
            self._overtaken = True
            return LateUnit(self._units)
        return self._units(reading=reading)


class LateUnit(MemoryUnit):
    async def commit(self) -> None:
        raise StaleVersion("the row changed since it was read")


async def test_a_round_says_that_the_store_is_away(world: World) -> None:
    world.units.available = False
    with pytest.raises(StoreUnavailable):
        await courier_of(world, ScriptedSender()).deliver_due()


async def test_it_delivers_and_confirms_until_it_is_stopped_through_an_outage(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    sender, stop = ScriptedSender(), asyncio.Event()
    world.units.available = False
    running = asyncio.create_task(courier_of(world, sender).run(stop))
    await asyncio.sleep(0.05)
    world.units.available = True
    await until(lambda: named(world, "您好").status is DeliveryStatus.SENT)
    key, answer = await offered(world)
    await world.inbox.wait_reply(key, NO_WAIT_S)
    await world.inbox.confirm_reply(key)
    await until(lambda: named(world, answer).status is DeliveryStatus.SENT)
    stop.set()
    await running
    assert sender.texts == ["您好"]
    assert named(world, answer).route is Route.PASSIVE


async def test_a_feed_that_is_away_does_not_stop_a_delivery(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    world.feed.available = False
    await rounds(courier_of(world, ScriptedSender()))
    assert named(world, "您好").status is DeliveryStatus.SENT
