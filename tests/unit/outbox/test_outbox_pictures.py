"""A picture is brought to the platform before it is sent, once for as long as the platform keeps it."""

from __future__ import annotations

import pytest

from bot.conversation.content import Picture
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.outbox.settle import MAX_ATTEMPTS
from bot.turns.say import line_up as line_up_message
from tests.unit.outbox.couriers import (
    BUSY,
    BYTES,
    FORGOTTEN,
    NOT_LISTED,
    REFUSED,
    UPLOAD_LIFE,
    ScriptedSender,
    courier_of,
    known,
    line_up,
    line_up_picture,
    message_of,
    picture,
    rounds,
)
from tests.unit.world import NINGXIANG, World

UNVERIFIED = SendResult(DeliveryStatus.REFUSED, errcode=48001, account_fault=True)


@pytest.mark.wechat("5.3")
async def test_a_picture_is_brought_there_and_then_sent(world: World) -> None:
    await known(world)
    await line_up_picture(world)
    sender = ScriptedSender(world=world)
    await rounds(courier_of(world, sender))
    assert sender.brought == [(MediaKind.IMAGE, Body("image/png", BYTES))]
    delivery = picture(world)
    assert isinstance(delivery.content, Picture)
    assert (sender.sent, sender.uploaded_ids) == ([delivery.content], ["uploaded-1"])
    assert (delivery.status, delivery.uploaded_id) == (DeliveryStatus.SENT, "uploaded-1")


@pytest.mark.wechat("7.2")
async def test_tried_again_it_is_not_brought_there_again(world: World) -> None:
    await known(world)
    await line_up_picture(world)
    sender = ScriptedSender(BUSY, world=world)
    courier = courier_of(world, sender)
    await rounds(courier)
    world.pass_time(seconds=2)
    await rounds(courier)
    assert sender.uploaded_ids == ["uploaded-1", "uploaded-1"]
    assert len(sender.brought) == 1


@pytest.mark.wechat("5.56")
async def test_one_that_the_platform_forgot_is_brought_there_again(world: World) -> None:
    await known(world)
    await line_up_picture(world)
    sender = ScriptedSender(FORGOTTEN, world=world)
    await rounds(courier_of(world, sender))
    assert sender.uploaded_ids == ["uploaded-1", "uploaded-2"]
    assert picture(world).status is DeliveryStatus.SENT


async def test_one_that_the_platform_always_forgets_is_given_up(world: World) -> None:
    await known(world)
    await line_up_picture(world)
    sender = ScriptedSender(*[FORGOTTEN] * 2 * MAX_ATTEMPTS, world=world)
    courier = courier_of(world, sender)
    for _ in range(2 * MAX_ATTEMPTS):
        await courier.deliver_due()
        world.pass_time(minutes=5)
    assert len(sender.sent) == MAX_ATTEMPTS
    assert picture(world).status is DeliveryStatus.HELD


async def test_trouble_while_bringing_is_the_fate_of_the_picture(world: World) -> None:
    for person, result, status in (
        ("mei", BUSY, DeliveryStatus.PENDING),
        ("lan", REFUSED, DeliveryStatus.REFUSED),
        ("hua", NOT_LISTED, DeliveryStatus.PENDING),
    ):
        await known(world, person)
        await line_up_picture(world, person)
        sender = ScriptedSender(world=world)
        sender.uploads = [result]
        await courier_of(world, sender).deliver_due()
        assert sender.sent == []
        assert (world.deliveries[-1].status, world.deliveries[-1].errcode) == (status, result.errcode)


async def test_a_picture_that_was_erased_meanwhile_is_not_sent(world: World) -> None:
    await known(world)
    async with world.units() as uow:
        message, account_id = await message_of(world, uow, "mei", Picture("erased"))
        await line_up_message(uow, message, account_id)
        await uow.commit()
    sender = ScriptedSender(world=world)
    await rounds(courier_of(world, sender))
    assert sender.brought == []
    assert picture(world).status is DeliveryStatus.REFUSED


async def test_outside_the_window_nothing_is_brought_there(world: World) -> None:
    await known(world)
    await line_up_picture(world)
    world.pass_time(hours=49)
    sender = ScriptedSender(world=world)
    await rounds(courier_of(world, sender))
    assert sender.brought == []
    assert picture(world).status is DeliveryStatus.HELD


# --- an account that may only answer ----------------------------------------------------------------------------


@pytest.mark.wechat("9.2", "9.3")
async def test_where_we_may_only_answer_a_picture_lies_ready_for_her_next_message(world: World) -> None:
    await known(world, account=NINGXIANG)
    await line_up_picture(world)
    sender = ScriptedSender(world=world)
    await rounds(courier_of(world, sender))
    assert sender.sent == []
    delivery = picture(world)
    assert (delivery.status, delivery.uploaded_id) == (DeliveryStatus.HELD, "uploaded-1")
    assert delivery.uploaded_until == world.clock.now() + UPLOAD_LIFE


async def test_where_we_may_only_answer_it_lies_ready_however_long_ago_she_wrote(world: World) -> None:
    await known(world, account=NINGXIANG)
    world.pass_time(days=9)
    await line_up_picture(world)
    await rounds(courier_of(world, ScriptedSender(world=world)))
    assert picture(world).uploaded_id == "uploaded-1"


async def test_a_picture_that_such_an_account_may_not_bring_keeps_no_words_back(world: World) -> None:
    await known(world, account=NINGXIANG)
    await line_up_picture(world)
    await line_up(world, "您好")
    sender = ScriptedSender(world=world)
    sender.uploads = [UNVERIFIED]
    await rounds(courier_of(world, sender))
    assert (picture(world).status, picture(world).errcode) == (DeliveryStatus.REFUSED, 48001)
    assert (await world.hear("在吗", account=NINGXIANG) or "").startswith("您好")


@pytest.mark.wechat("9.1")
async def test_where_we_may_only_answer_words_are_never_sent(world: World) -> None:
    await known(world, account=NINGXIANG)
    await line_up(world, "您好")
    sender = ScriptedSender(world=world)
    await rounds(courier_of(world, sender))
    assert sender.sent == []
    assert world.deliveries[-1].status is DeliveryStatus.HELD
