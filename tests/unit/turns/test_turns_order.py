"""What she is told reaches her in the order in which it was said, also when she writes again before it came."""

from __future__ import annotations

import pytest

from bot.conversation.messages import Delivery, DeliveryStatus, joined
from bot.conversation.ports import Slot
from bot.turns.take import take
from tests.unit.outbox.couriers import known, line_up
from tests.unit.world import CRITICAL, DIVORCE, DIVORCE_ARTICLE, NINGXIANG, World, text_of, words

NO_WAIT_S = 0.01


async def set_status(world: World, delivery: Delivery, status: DeliveryStatus) -> None:
    async with world.units() as uow:
        kept = await uow.deliveries.get(delivery.id)
        kept.status = status
        await uow.deliveries.save(kept)
        await uow.commit()


async def unfetched(world: World) -> str:
    """A message of hers whose reply is held out; returns its key."""
    await known(world)
    inbound = world.inbound(DIVORCE)
    assert await world.inbox.offer_reply(inbound.key, await take(inbound, world.turns))
    return inbound.key


async def test_a_reply_that_nobody_fetched_goes_with_the_next(world: World) -> None:
    key = await unfetched(world)
    assert await world.hear(DIVORCE) == joined([words(DIVORCE_ARTICLE), words(DIVORCE_ARTICLE)])
    assert {delivery.status for delivery in world.deliveries} == {DeliveryStatus.SENT}
    assert await world.inbox.wait_reply(key, NO_WAIT_S) == Slot(None), "and it is not fetched a second time"


async def test_a_reply_that_is_just_being_fetched_comes_before_the_next(world: World) -> None:
    key = await unfetched(world)
    assert await world.inbox.wait_reply(key, NO_WAIT_S) is not None
    assert await world.hear(DIVORCE) is None
    assert [delivery.status for delivery in world.deliveries[-2:]] == [DeliveryStatus.OFFERED, DeliveryStatus.PENDING]


async def test_words_that_wait_for_the_courier_go_with_the_next_reply(world: World) -> None:
    await known(world)
    await line_up(world, "您好，我姓李。")
    assert await world.hear(DIVORCE) == joined(["您好，我姓李。", words(DIVORCE_ARTICLE)])


async def test_words_that_are_being_sent_come_before_the_next_reply(world: World) -> None:
    await known(world)
    await line_up(world, "您好，我姓李。")
    await set_status(world, world.deliveries[-1], DeliveryStatus.SENDING)
    assert await world.hear(DIVORCE) is None
    assert [delivery.status for delivery in world.deliveries[-2:]] == [DeliveryStatus.SENDING, DeliveryStatus.PENDING]


async def test_words_of_safety_wait_for_nothing(world: World) -> None:
    await known(world)
    await line_up(world, "您好，我姓李。")
    await set_status(world, world.deliveries[-1], DeliveryStatus.SENDING)
    assert (await world.hear(CRITICAL) or "").startswith(words("domestic_violence/safety_now"))


async def test_an_account_that_may_only_answer_always_answers(world: World) -> None:
    inbound = world.inbound(DIVORCE, account=NINGXIANG)
    assert await world.inbox.offer_reply(inbound.key, await take(inbound, world.turns))
    assert await world.inbox.wait_reply(inbound.key, NO_WAIT_S) is not None
    assert await world.hear(DIVORCE, account=NINGXIANG) == words(DIVORCE_ARTICLE, account=NINGXIANG)


@pytest.mark.parametrize("down", [True, False])
async def test_while_redis_is_away_the_earlier_reply_is_left_as_it_is(world: World, down: bool) -> None:
    await unfetched(world)
    world.inbox.down = down
    slot = await take(world.inbound(DIVORCE), world.turns)
    world.inbox.down = False
    if down:
        assert slot == Slot(None)
        assert world.deliveries[-1].status is DeliveryStatus.PENDING
    else:
        assert text_of(slot).count(words(DIVORCE_ARTICLE)) == 2
