"""What changed while a message was under way: she left or came back, another courier took over, the store blinked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.content import Followed, Unfollowed
from bot.conversation.conversations import Conversation
from bot.conversation.errors import StoreUnavailable
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.outbox.courier import LEASE
from bot.outbox.settle import FAULT_PAUSE, MAX_ATTEMPTS
from bot.turns.erase import Eraser
from tests.doubles.memory_store import MemoryConversations
from tests.doubles.memory_tables import Work
from tests.unit.outbox.couriers import (
    BUSY,
    LEFT,
    NO_ANSWER,
    REFUSED,
    ScriptedSender,
    UnitsWith,
    courier_of,
    known,
    line_up,
    long,
    named,
    rounds,
)
from tests.unit.world import DIVORCE, World, until


class Overtaking(ScriptedSender):
    """The first send hangs until it is let go; later ones do not."""

    async def send(self, *args: object, **options: object) -> SendResult:
        first = not self.sent
        result = await super().send(*args, **options)  # type: ignore[arg-type]
        if first:
            await self.let.wait()
        return result


@pytest.mark.parametrize("late", [NO_ANSWER, BUSY, REFUSED], ids=str)
async def test_a_late_result_does_not_undo_what_another_courier_settled(world: World, late: SendResult) -> None:
    await known(world)
    await line_up(world, "您好")
    sender = Overtaking(late)
    carrying = asyncio.create_task(courier_of(world, sender).deliver_due())
    await until(lambda: bool(sender.sent))
    world.clock.advance(LEASE)
    await courier_of(world, sender).deliver_due()
    assert named(world, "您好").status is DeliveryStatus.SENT
    sender.let.set()
    await carrying
    world.clock.advance(LEASE)
    await rounds(courier_of(world, sender))
    assert named(world, "您好").status is DeliveryStatus.SENT
    assert len(sender.sent) == 2


async def test_words_held_because_her_window_was_over_go_out_if_she_wrote_meanwhile(world: World) -> None:
    await known(world)
    world.pass_time(hours=48)
    await line_up(world, "您好")
    sender = ScriptedSender()
    courier = courier_of(world, sender)
    parcels = await courier._take()
    await world.hear(DIVORCE)
    for parcel in parcels:
        await courier._carry(parcel)
    assert named(world, "您好").status is DeliveryStatus.PENDING
    await rounds(courier)
    assert sender.texts[0] == "您好"


async def test_who_came_back_while_her_message_was_refused_is_still_there(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    await world.hear(Unfollowed())
    courier = courier_of(world, sender := ScriptedSender())
    parcels = await courier._take()
    await world.hear(Followed())
    for parcel in parcels:
        await courier._carry(parcel)
    assert world.contact.following
    assert world.contact.window is not None
    await rounds(courier)
    assert sender.texts[0] == "您好"


async def test_who_left_and_was_told_so_by_the_platform_is_marked_all_the_same(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    await rounds(courier_of(world, ScriptedSender(LEFT)))
    assert (world.contact.following, named(world, "您好").status) == (False, DeliveryStatus.REFUSED)


async def test_of_who_was_erased_meanwhile_nothing_is_left_to_write_down(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    courier = replace(courier_of(world, ScriptedSender()), settle_pause_s=3600.0)
    parcels = await courier._take()
    await world.hear(Unfollowed())
    assert await Eraser(world.units).erase_due() == 1
    async with asyncio.timeout(60):
        for parcel in parcels:
            await courier._carry(parcel)
    assert DeliveryStatus.SENT not in {delivery.status for delivery in world.deliveries[1:]}


async def test_one_send_is_counted_once_though_telling_of_it_fails(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    courier = replace(
        courier_of(world, ScriptedSender()), units=UnitsWith(world.units, conversations=Blinking()), settle_pause_s=0.0
    )
    await courier.deliver_due()
    assert world.contact.window is not None
    assert (world.contact.window.sent, named(world, "您好").status) == (1, DeliveryStatus.SENT)


class Blinking:
    """The store is away the first time that a conversation is read."""

    def __init__(self) -> None:
        self.blinks = 1

    def __call__(self, work: Work) -> MemoryConversations:
        return BlinkingConversations(work, self)


class BlinkingConversations(MemoryConversations):
    def __init__(self, work: Work, blinking: Blinking) -> None:
        super().__init__(work)
        self._blinking = blinking

    async def get(self, conversation_id: str) -> Conversation:
        if self._blinking.blinks:
            self._blinking.blinks -= 1
            raise StoreUnavailable("away")
        return await super().get(conversation_id)


# --- the platform is away for longer ---------------------------------------------------------------------------


async def test_while_the_platform_gives_no_answer_nothing_overtakes_what_waits(world: World) -> None:
    await known(world)
    await line_up(world, long("一"))
    sender = ScriptedSender(*[NO_ANSWER] * (MAX_ATTEMPTS + 3))
    courier = courier_of(world, sender)
    for _ in range(MAX_ATTEMPTS + 3):
        assert await courier.deliver_due() == 1
        assert named(world, long("一")).status is DeliveryStatus.PENDING
        world.clock.advance(FAULT_PAUSE)
    await line_up(world, long("二"))
    sender.sent.clear()
    await rounds(courier)
    assert sender.texts == [long("一"), long("二")]


async def test_and_when_her_window_is_over_it_is_held(world: World) -> None:
    await known(world)
    await line_up(world, "您好")
    courier = courier_of(world, ScriptedSender(*[NO_ANSWER] * 1000))
    for _ in range(MAX_ATTEMPTS):
        await courier.deliver_due()
        world.clock.advance(FAULT_PAUSE)
    world.pass_time(hours=48)
    await rounds(courier)
    assert named(world, "您好").status is DeliveryStatus.HELD


# --- words that went together ----------------------------------------------------------------------------------


async def test_words_refused_together_go_one_by_one_so_that_only_the_refused_one_is_lost(world: World) -> None:
    await known(world)
    await line_up(world, "一", "二", "三")
    sender = ScriptedSender(REFUSED, SendResult(DeliveryStatus.SENT, errcode=0), REFUSED)
    await rounds(courier_of(world, sender))
    assert sender.texts == ["一\n\n二\n\n三", "一", "二", "三"]
    assert [named(world, text).status for text in "一二三"] == [
        DeliveryStatus.SENT,
        DeliveryStatus.REFUSED,
        DeliveryStatus.SENT,
    ]


async def test_one_by_one_they_still_wait_for_each_other(world: World) -> None:
    await known(world)
    await line_up(world, "一", "二")
    sender = ScriptedSender(REFUSED, BUSY)
    courier = courier_of(world, sender)
    await rounds(courier)
    assert {named(world, text).status for text in "一二"} == {DeliveryStatus.PENDING}
    world.pass_time(seconds=2)
    await rounds(courier)
    assert sender.texts == ["一\n\n二", "一", "一\n\n二"]


async def test_who_left_is_not_asked_about_each_of_her_words(world: World) -> None:
    await known(world)
    await line_up(world, "一", "二")
    sender = ScriptedSender(LEFT)
    await rounds(courier_of(world, sender))
    assert len(sender.sent) == 1
