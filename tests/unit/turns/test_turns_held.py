"""What could not be sent goes out when she next writes: as the passive reply, in order, within the platform's limit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot import handoff
from bot.conversation.content import Choices, Outgoing, Picture, Text, Unfollowed, words_of
from bot.conversation.conversations import Conversation
from bot.conversation.handoffs import Disposition
from bot.conversation.messages import MAX_TEXT_BYTES, DeliveryStatus, joined
from bot.conversation.ports import Slot
from bot.turns.reply import reply
from bot.turns.say import PASSIVE_WINDOW, deliveries_of
from bot.turns.take import take, unoffer
from tests.unit.outbox.couriers import ScriptedSender, courier_of, known, line_up_picture, message_of
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, DIVORCE, DIVORCE_ARTICLE, NINGXIANG, World, words

LONG = "长" * 500  # 1500 bytes


async def hold(world: World, *texts: str) -> None:
    """Let an operator have written these while nothing could be sent."""
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    for text in texts:
        await reply(world.conversation.id, text, staff, world.replies)
    async with world.units() as uow:
        for delivery in world.deliveries[1:]:
            delivery.status, delivery.attempts = DeliveryStatus.HELD, 8
            await uow.deliveries.save(delivery)
        await uow.commit()


@pytest.mark.wechat("4.11", "5.32")
async def test_held_words_are_the_passive_reply_to_her_next_message(world: World) -> None:
    await hold(world, "您好，我姓李。", "方便说话吗？")
    world.pass_time(hours=60)
    joined_in = words("other/human_joined")
    assert await world.hear("在吗", fetched=False) == joined([joined_in, "您好，我姓李。", "方便说话吗？"])
    offered = world.deliveries[1:]
    assert {delivery.status for delivery in offered} == {DeliveryStatus.OFFERED}
    assert {delivery.due_at for delivery in offered} == {world.clock.now() + PASSIVE_WINDOW}
    assert len({delivery.inbound_key for delivery in offered}) == 1


@pytest.mark.wechat("4.13")
async def test_what_does_not_fit_follows_at_once_by_customer_service(world: World) -> None:
    await hold(world, "一", LONG, LONG, "四")
    answer = await world.hear("在吗") or ""
    assert len(answer.encode()) <= MAX_TEXT_BYTES
    assert answer == joined([words("other/human_joined"), "一", LONG])
    assert [(delivery.content, delivery.status) for delivery in world.deliveries[-2:]] == [
        (Text(LONG), DeliveryStatus.PENDING),
        (Text("四"), DeliveryStatus.PENDING),
    ]


async def test_held_words_start_their_tries_afresh(world: World) -> None:
    await hold(world, "一", LONG, LONG)
    await world.hear("在吗")
    assert [delivery.attempts for delivery in world.deliveries[1:]] == [0, 0, 0]


async def test_held_words_come_before_the_answer(world: World) -> None:
    await hold(world, "您好")
    staff = world.conversation.owner
    assert staff is not None
    async with world.units() as uow:
        member = await uow.staff.get(staff)
    await handoff.release(world.conversation.id, member, world.moves)
    assert await world.hear(DIVORCE) == joined([words("other/human_joined"), "您好", words(DIVORCE_ARTICLE)])


async def test_a_goodbye_from_an_old_conversation_still_reaches_her(world: World) -> None:
    await hold(world, "您好")
    async with world.units() as uow:
        member = await uow.staff.get(world.conversation.owner or "")
    await handoff.close(world.conversation.id, member, Disposition.ANSWERED, world.moves)
    answer = await world.hear(DIVORCE) or ""
    assert answer.endswith(words(DIVORCE_ARTICLE))
    assert "您好" in answer
    assert len(world.kept(Conversation)) == 2


async def test_held_words_are_not_spent_on_a_reply_to_her_leaving(world: World) -> None:
    await hold(world, "您好")
    assert await world.hear(Unfollowed()) is None
    assert world.deliveries[-1].status is DeliveryStatus.HELD
    assert "您好" in (await world.hear("我回来了") or "")


@pytest.mark.wechat("4.13")
@pytest.mark.parametrize("size", [1, 600, 682, 683, 2000])
async def test_every_passive_reply_and_every_delivery_fits(world: World, size: int) -> None:
    await hold(world, *["字" * size] * 5)
    answer = await world.hear(Text("在吗")) or ""
    assert 0 < len(answer.encode()) <= MAX_TEXT_BYTES
    assert all(0 < len(words_of(delivery.content).encode()) <= MAX_TEXT_BYTES for delivery in world.deliveries)


async def test_words_of_safety_stand_behind_nothing_older(world: World) -> None:
    await hold(world, LONG)
    async with world.units() as uow:
        member = await uow.staff.get(world.conversation.owner or "")
    await handoff.release(world.conversation.id, member, world.moves)
    assert (await world.hear(CRITICAL) or "").startswith(words("domestic_violence/safety_now"))
    assert world.deliveries[1].status is DeliveryStatus.PENDING


# --- an account that may only answer ----------------------------------------------------------------------------


async def answered(world: World) -> None:
    """She wrote, and her answer went over the wire."""
    inbound = world.inbound(DIVORCE, account=NINGXIANG)
    await take(inbound, world.turns)
    await courier_of(world, ScriptedSender()).settle_passive(inbound.key)


async def held_up(world: World, *contents: Outgoing, uploaded_until: datetime | None = None) -> None:
    """These wait for her next message."""
    await answered(world)
    async with world.units() as uow:
        for content in contents:
            message, account_id = await message_of(world, uow, "mei", content)
            await uow.messages.add(message)
            for delivery in deliveries_of(message, account_id):
                delivery.status = DeliveryStatus.HELD
                if uploaded_until is not None:
                    delivery.uploaded_id, delivery.uploaded_until = "uploaded", uploaded_until
                await uow.deliveries.add(delivery)
        await uow.commit()


def statuses(world: World) -> list[DeliveryStatus]:
    return [delivery.status for delivery in world.deliveries[1:]]


async def test_an_answer_that_nobody_fetches_waits_for_her_next_message(world: World) -> None:
    inbound = world.inbound(DIVORCE, account=NINGXIANG)
    await take(inbound, world.turns)
    await unoffer(inbound.key, world.turns)
    assert world.deliveries[0].status is DeliveryStatus.HELD
    answer = await world.hear(DIVORCE, account=NINGXIANG) or ""
    assert answer.startswith(words(DIVORCE_ARTICLE, "other/welcome", account=NINGXIANG))


async def test_what_does_not_fit_stays_held_where_nothing_else_can_be_sent(world: World) -> None:
    await held_up(world, Text(LONG), Text(LONG))
    assert await world.hear(DIVORCE, account=NINGXIANG) == LONG
    assert statuses(world) == [DeliveryStatus.SENT, DeliveryStatus.HELD, DeliveryStatus.HELD]
    assert await world.hear("在吗", account=NINGXIANG) == LONG


async def test_words_of_safety_come_before_what_was_held(world: World) -> None:
    await held_up(world, Text(LONG))
    safety = words("domestic_violence/safety_now", account=NINGXIANG)
    assert (await world.hear(CRITICAL, account=NINGXIANG) or "").startswith(safety)
    assert statuses(world)[0] is DeliveryStatus.HELD


async def test_a_question_with_choices_is_held_and_said_as_words(world: World) -> None:
    asked = Choices("哪一个？", (("1", "甲"), ("2", "乙")))
    await held_up(world, asked, Text("您好"))
    answer = await world.hear(DIVORCE, account=NINGXIANG) or ""
    assert answer.startswith("哪一个？\n1. 甲\n2. 乙\n\n您好")


# --- pictures ---------------------------------------------------------------------------------------------------


async def test_a_picture_that_is_first_is_the_whole_reply(world: World) -> None:
    await held_up(world, Picture("media"), Text("您好"), uploaded_until=world.clock.now() + timedelta(days=1))
    slot = await take(world.inbound(DIVORCE, account=NINGXIANG), world.turns)
    assert slot == Slot(Picture("media"), "uploaded")
    assert statuses(world)[:2] == [DeliveryStatus.OFFERED, DeliveryStatus.HELD]


async def test_a_picture_behind_words_waits_for_the_message_after(world: World) -> None:
    await held_up(world, Text("您好"), Picture("media"), uploaded_until=world.clock.now() + timedelta(days=1))
    assert await world.hear("在吗", account=NINGXIANG) == "您好"
    assert statuses(world)[:2] == [DeliveryStatus.SENT, DeliveryStatus.HELD]


async def test_a_picture_that_the_platform_forgets_is_brought_there_again(world: World) -> None:
    await held_up(world, Picture("media"), uploaded_until=world.clock.now() + timedelta(days=3))
    world.pass_time(days=4)
    assert await take(world.inbound(DIVORCE, account=NINGXIANG), world.turns) == Slot(None)
    assert statuses(world) == [DeliveryStatus.PENDING, DeliveryStatus.HELD]


async def test_a_picture_of_an_account_that_may_send_goes_with_the_courier_behind_words(world: World) -> None:
    await known(world)
    await line_up_picture(world)
    async with world.units() as uow:
        held = world.deliveries[-1]
        held.status = DeliveryStatus.HELD
        await uow.deliveries.save(held)
        await uow.commit()
    assert await take(world.inbound("在吗"), world.turns) == Slot(None)
    assert world.deliveries[1].status is DeliveryStatus.PENDING
