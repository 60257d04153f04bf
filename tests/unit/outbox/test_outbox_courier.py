"""The courier sends each person's messages in order, and writes down what the platform said."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.content import Followed, Unfollowed
from bot.conversation.events import EventKind
from bot.conversation.messages import DeliveryStatus, Route
from bot.conversation.ports import SendResult
from bot.outbox.settle import MAX_ATTEMPTS
from bot.turns.take import take
from tests.unit.outbox.couriers import (
    BUSY,
    LEFT,
    NO_ANSWER,
    REFUSED,
    USED_UP,
    ScriptedSender,
    courier_of,
    known,
    line_up,
    long,
    named,
    rounds,
)
from tests.unit.world import DIVORCE, World

# --- sent -------------------------------------------------------------------------------------------------------


async def test_a_message_is_sent_and_its_fate_is_kept_and_told(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    sender = ScriptedSender()
    assert await courier_of(world, sender).deliver_due() == 1
    assert sender.texts == ["您好"]
    delivery = named(world, "您好")
    assert (delivery.status, delivery.route, delivery.errcode) == (DeliveryStatus.SENT, Route.CUSTOMER_SERVICE, 0)
    assert (delivery.attempts, delivery.settled_at) == (1, world.clock.now())
    assert world.events[-1] is EventKind.DELIVERY_SETTLED


async def test_nothing_due_is_nothing_sent(world: World) -> None:
    await known(world)
    sender = ScriptedSender()
    assert await courier_of(world, sender).deliver_due() == 0
    assert sender.texts == []


async def test_each_persons_messages_go_out_in_order_one_a_round(world: World) -> None:
    for person in ("mei", "lan"):
        await known(world, person)
    await line_up(world, long("甲一"), long("甲二"), person="mei")
    await line_up(world, long("乙一"), long("乙二"), person="lan")
    sender = ScriptedSender()
    courier = courier_of(world, sender)
    assert [await courier.deliver_due() for _ in range(3)] == [2, 2, 0]
    assert sorted(sender.texts[:2]) == [long("乙一"), long("甲一")]
    assert sorted(sender.texts[2:]) == [long("乙二"), long("甲二")]


async def test_several_couriers_send_each_message_once(world: World) -> None:
    people = [f"person-{number}" for number in range(6)]
    for person in people:
        await known(world, person)
        await line_up(world, person, person=person)
    sender = ScriptedSender()
    couriers = [courier_of(world, sender) for _ in range(3)]
    results = await asyncio.gather(*(courier.deliver_due() for courier in couriers), return_exceptions=True)
    assert sorted(sender.texts) == people
    assert [result for result in results if isinstance(result, int)]


# --- passing trouble --------------------------------------------------------------------------------------------


@pytest.mark.wechat("5.17", "5.51", "5.68")
@pytest.mark.parametrize("trouble", [BUSY, NO_ANSWER])
async def test_passing_trouble_is_tried_again_after_a_growing_pause(world: World, trouble: SendResult) -> None:
    await known(world)
    await line_up(world, "您好")
    sender = ScriptedSender(trouble, trouble, trouble)
    courier = courier_of(world, sender)
    for attempt, pause_s in enumerate((2, 4, 8), start=1):
        assert await courier.deliver_due() == 1
        delivery = named(world, "您好")
        assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, attempt)
        assert delivery.errcode == trouble.errcode
        world.pass_time(seconds=pause_s - 0.1)
        assert await courier.deliver_due() == 0
        world.pass_time(seconds=0.1)
    await courier.deliver_due()
    assert named(world, "您好").status is DeliveryStatus.SENT


async def test_later_messages_wait_behind_the_one_in_trouble(world: World) -> None:
    await known(world)
    await line_up(world, long("一"), long("二"))
    sender = ScriptedSender(BUSY)
    courier = courier_of(world, sender)
    await rounds(courier)
    assert sender.texts == [long("一")]
    world.pass_time(seconds=2)
    await rounds(courier)
    assert sender.texts == [long("一"), long("一"), long("二")]


async def test_trouble_that_does_not_pass_keeps_the_words_for_her_return(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    sender = ScriptedSender(*[BUSY] * MAX_ATTEMPTS)
    courier = courier_of(world, sender)
    for _ in range(MAX_ATTEMPTS):
        await courier.deliver_due()
        world.pass_time(minutes=5)
    assert (named(world, "您好").status, len(sender.texts)) == (DeliveryStatus.HELD, MAX_ATTEMPTS)
    assert await courier.deliver_due() == 0


# --- not now, never ---------------------------------------------------------------------------------------------


async def test_what_may_not_be_sent_now_is_held_and_so_is_what_follows(world: World) -> None:
    await known(world)
    one, two = long("一"), long("二")
    await line_up(world, one, two)
    courier = courier_of(world, ScriptedSender(USED_UP))
    await rounds(courier)
    assert (named(world, one).status, named(world, one).errcode) == (DeliveryStatus.HELD, 45047)
    assert named(world, one).settled_at is None
    assert (named(world, two).status, named(world, two).errcode) == (DeliveryStatus.HELD, None)


@pytest.mark.wechat("5.18")
async def test_what_was_refused_is_never_shown_as_sent(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    await rounds(courier_of(world, ScriptedSender(REFUSED)))
    delivery = named(world, "您好")
    assert (delivery.status, delivery.errcode, delivery.route) == (DeliveryStatus.REFUSED, 45002, None)
    assert delivery.settled_at == world.clock.now()
    assert world.events[-1] is EventKind.DELIVERY_SETTLED


@pytest.mark.wechat("5.61")
async def test_who_left_is_marked_and_nothing_more_is_tried(world: World) -> None:
    await known(world)
    one, two = long("一"), long("二")
    await line_up(world, one, two)
    sender = ScriptedSender(LEFT)
    await rounds(courier_of(world, sender))
    assert sender.texts == [one]
    assert (world.contact.following, world.contact.window) == (False, None)
    assert {named(world, text).status for text in (one, two)} == {DeliveryStatus.REFUSED}


async def test_to_whom_unfollowed_nothing_is_sent(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    await world.hear(Unfollowed())
    sender = ScriptedSender()
    await rounds(courier_of(world, sender))
    assert sender.texts == []
    assert named(world, "您好").status is DeliveryStatus.REFUSED


# --- the window -------------------------------------------------------------------------------------------------


@pytest.mark.wechat("5.20", "5.32")
async def test_five_messages_go_out_and_the_sixth_is_held_until_she_writes(world: World) -> None:
    await known(world)
    texts = [long(str(number)) for number in range(1, 8)]
    await line_up(world, *texts)
    sender = ScriptedSender()
    courier = courier_of(world, sender)
    await rounds(courier)
    assert sender.texts == texts[:5]
    assert [named(world, text).status for text in texts[5:]] == [DeliveryStatus.HELD] * 2
    assert await world.hear(DIVORCE) == texts[5]


@pytest.mark.wechat("5.20")
async def test_after_forty_eight_hours_nothing_is_sent(world: World) -> None:
    await known(world)
    world.pass_time(hours=48)
    await line_up(world, "您好")
    sender = ScriptedSender()
    await rounds(courier_of(world, sender))
    assert sender.texts == []
    assert named(world, "您好").status is DeliveryStatus.HELD


@pytest.mark.wechat("5.28")
async def test_a_new_message_of_hers_opens_the_window_afresh(world: World) -> None:
    await known(world)
    sender = ScriptedSender()
    await line_up(world, *map(long, "一二三四五"))
    await rounds(courier_of(world, sender))
    await known(world)
    await line_up(world, *map(long, "六七八九十"))
    await rounds(courier_of(world, sender))
    assert len(sender.texts) == 10


@pytest.mark.wechat("5.21")
async def test_after_a_gesture_three_messages_in_a_minute(world: World) -> None:
    inbound = world.inbound(Followed())
    await take(inbound, world.turns)
    sender = ScriptedSender()
    courier = courier_of(world, sender)
    await courier.settle_passive(inbound.key)
    await line_up(world, *map(long, "一二三四"))
    await rounds(courier)
    assert sender.texts == [*map(long, "一二三")]


@pytest.mark.wechat("5.31")
async def test_what_the_platform_did_not_accept_does_not_count(world: World) -> None:
    await known(world)
    texts = [*map(long, "一二三四五六七")]
    await line_up(world, *texts)
    sender = ScriptedSender(REFUSED, BUSY)
    courier = courier_of(world, sender)
    await rounds(courier)
    world.pass_time(seconds=2)
    await rounds(courier)
    assert [text for text in texts if named(world, text).status is DeliveryStatus.SENT] == texts[1:6]
