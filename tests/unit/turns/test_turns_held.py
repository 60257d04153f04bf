"""What could not be sent goes out when she next writes: as the passive reply, in order, within the platform's limit."""

from __future__ import annotations

import pytest

from bot import handoff
from bot.conversation.content import Text, Unfollowed
from bot.conversation.conversations import Conversation
from bot.conversation.handoffs import Disposition
from bot.conversation.messages import MAX_TEXT_BYTES, DeliveryStatus, joined
from bot.turns.reply import reply
from bot.turns.say import PASSIVE_WINDOW
from tests.unit.world import ASKS_FOR_PERSON, DIVORCE, DIVORCE_ARTICLE, World, words

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


async def test_held_words_are_the_passive_reply_to_her_next_message(world: World) -> None:
    await hold(world, "您好，我姓李。", "方便说话吗？")
    world.pass_time(hours=60)
    joined_in = words("other/human_joined")
    assert await world.hear("在吗") == joined([joined_in, "您好，我姓李。", "方便说话吗？"])
    offered = world.deliveries[1:]
    assert {delivery.status for delivery in offered} == {DeliveryStatus.OFFERED}
    assert {delivery.due_at for delivery in offered} == {world.clock.now() + PASSIVE_WINDOW}
    assert len({delivery.inbound_key for delivery in offered}) == 1


async def test_what_does_not_fit_follows_at_once_by_customer_service(world: World) -> None:
    await hold(world, "一", LONG, LONG, "四")
    answer = await world.hear("在吗") or ""
    assert len(answer.encode()) <= MAX_TEXT_BYTES
    assert answer == joined([words("other/human_joined"), "一", LONG])
    assert [(delivery.text, delivery.status) for delivery in world.deliveries[-2:]] == [
        (LONG, DeliveryStatus.PENDING),
        ("四", DeliveryStatus.PENDING),
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


@pytest.mark.parametrize("size", [1, 600, 682, 683, 2000])
async def test_every_passive_reply_and_every_delivery_fits(world: World, size: int) -> None:
    await hold(world, *["字" * size] * 5)
    answer = await world.hear(Text("在吗")) or ""
    assert 0 < len(answer.encode()) <= MAX_TEXT_BYTES
    assert all(0 < len(delivery.text.encode()) <= MAX_TEXT_BYTES for delivery in world.deliveries)
