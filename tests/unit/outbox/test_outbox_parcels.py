"""Several words to one person go out as one message, and share its fate."""

from __future__ import annotations

import pytest

from bot.conversation.content import Choices, Text
from bot.conversation.events import EventKind
from bot.conversation.messages import MAX_TEXT_BYTES, DeliveryStatus
from bot.outbox.settle import MAX_ATTEMPTS
from bot.turns.say import deliveries_of
from bot.turns.take import unoffer
from tests.unit.outbox.couriers import (
    BUSY,
    ScriptedSender,
    courier_of,
    known,
    line_up,
    line_up_picture,
    message_of,
    named,
    rounds,
)
from tests.unit.world import DIVORCE, DIVORCE_ARTICLE, World, words


@pytest.mark.wechat("5.20")
async def test_words_that_fit_together_are_one_message_and_count_once(world: World) -> None:
    await known(world)
    await line_up(world, *"一二三四五六七")
    sender = ScriptedSender()
    await rounds(courier_of(world, sender))
    assert sender.texts == ["一\n\n二\n\n三\n\n四\n\n五\n\n六\n\n七"]
    assert {named(world, text).status for text in "一二三四五六七"} == {DeliveryStatus.SENT}
    assert world.contact.window is not None
    assert world.contact.window.sent == 1


@pytest.mark.wechat("4.13")
async def test_a_parcel_is_as_large_as_the_platform_takes_and_no_larger(world: World) -> None:
    await known(world)
    await line_up(world, "长" * 300, "长" * 380, "一二")
    sender = ScriptedSender()
    await rounds(courier_of(world, sender))
    assert [len(text.encode()) for text in sender.texts] == [300 * 3 + 2 + 380 * 3, 6]
    assert all(len(text.encode()) <= MAX_TEXT_BYTES for text in sender.texts)


async def test_its_browsers_are_told_once(world: World) -> None:
    await known(world)
    await line_up(world, "一", "二")
    told = world.events.count(EventKind.DELIVERY_SETTLED)
    await rounds(courier_of(world, ScriptedSender()))
    assert world.events.count(EventKind.DELIVERY_SETTLED) == told + 1


async def test_after_trouble_the_same_words_go_together_again_with_what_came_since(world: World) -> None:
    await known(world)
    await line_up(world, "一", "二")
    sender = ScriptedSender(BUSY)
    courier = courier_of(world, sender)
    await rounds(courier)
    await line_up(world, "三")
    world.pass_time(seconds=2)
    await rounds(courier)
    assert sender.texts == ["一\n\n二", "一\n\n二\n\n三"]


async def test_what_joined_a_parcel_late_is_held_with_it_and_never_overtakes(world: World) -> None:
    await known(world)
    await line_up(world, "一")
    sender = ScriptedSender(*[BUSY] * MAX_ATTEMPTS)
    courier = courier_of(world, sender)
    for number in range(MAX_ATTEMPTS):
        if number == MAX_ATTEMPTS - 1:
            await line_up(world, "二")
        await courier.deliver_due()
        world.pass_time(minutes=5)
    assert {named(world, text).status for text in "一二"} == {DeliveryStatus.HELD}
    assert await courier.deliver_due() == 0


async def test_a_menu_or_a_picture_ends_a_parcel(world: World) -> None:
    await known(world)
    asked = Choices("哪一个？", (("1", "甲"),))
    await line_up(world, "一")
    async with world.units() as uow:
        message, account_id = await message_of(world, uow, "mei", asked)
        await uow.messages.add(message)
        for delivery in deliveries_of(message, account_id):
            await uow.deliveries.add(delivery)
        await uow.commit()
    await line_up(world, "二", "三")
    await line_up_picture(world)
    sender = ScriptedSender(world=world)
    await rounds(courier_of(world, sender))
    assert sender.sent[:3] == [Text("一"), asked, Text("二\n\n三")]
    assert len(sender.sent) == 4


@pytest.mark.wechat("5.13")
async def test_the_assistants_words_are_labelled_and_never_mixed_with_an_operators(world: World) -> None:
    await known(world)
    inbound = world.inbound(DIVORCE)
    await world.inbox.append(inbound)
    await world.hear(DIVORCE, fetched=False)
    await unoffer(world.deliveries[-1].inbound_key or "", world.turns)
    await line_up(world, "您好")
    sender = ScriptedSender()
    await rounds(courier_of(world, sender))
    assert sender.texts == [words(DIVORCE_ARTICLE), "您好"]
    assert sender.by_assistant == [True, False]
