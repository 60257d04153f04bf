"""A platform that answers as scripted, a courier to it, and what an operator wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.conversation.content import Text
from bot.conversation.messages import Author, Delivery, DeliveryStatus, Message, new_id
from bot.conversation.ports import SendResult
from bot.outbox import Courier
from bot.turns.say import deliveries_of
from bot.turns.take import take
from tests.unit.world import DIVORCE, World

SENT = SendResult(DeliveryStatus.SENT, errcode=0)
BUSY = SendResult(DeliveryStatus.PENDING, errcode=-1)
NO_ANSWER = SendResult(DeliveryStatus.PENDING)
USED_UP = SendResult(DeliveryStatus.HELD, errcode=45047, window_over=True)
REFUSED = SendResult(DeliveryStatus.REFUSED, errcode=45002)
LEFT = SendResult(DeliveryStatus.REFUSED, errcode=43004, unfollowed=True)


class ScriptedSender:
    """A platform that answers as scripted, then accepts everything; `before` runs while a send is under way."""

    def __init__(self, *results: SendResult) -> None:
        self.results = list(results)
        self.texts: list[str] = []
        self.before: Callable[[], None] = lambda: None

    async def send_text(self, account_id: str, openid: str, text: str) -> SendResult:
        assert (account_id, openid.startswith("openid-of-")) == ("hunan", True)
        self.before()
        self.texts.append(text)
        await asyncio.sleep(0)
        return self.results.pop(0) if self.results else SENT


def courier_of(world: World, sender: ScriptedSender) -> Courier:
    return Courier(world.units, world.inbox, sender, world.feed, world.clock)


async def known(world: World, person: str = "mei") -> None:
    """She wrote, and her answer went over the wire."""
    inbound = world.inbound(DIVORCE, person)
    await take(inbound, world.turns)
    await courier_of(world, ScriptedSender()).settle_passive(inbound.key)


async def line_up(world: World, *texts: str, person: str = "mei") -> None:
    """An operator wrote these to her."""
    async with world.units() as uow:
        contact = await uow.contacts.by_mailbox(f"box-of-{person}")
        assert contact is not None
        conversation = await uow.conversations.current(contact.id)
        assert conversation is not None
        for text in texts:
            now = world.clock.now()
            message = Message(new_id(), conversation.id, contact.id, Author.OPERATOR, Text(text), now)
            await uow.messages.add(message)
            for delivery in deliveries_of(message, conversation.account_id, now):
                await uow.deliveries.add(delivery)
        await uow.commit()


def named(world: World, text: str) -> Delivery:
    (delivery,) = [delivery for delivery in world.deliveries if delivery.text == text]
    return delivery


async def rounds(courier: Courier) -> None:
    """Carry until nothing is due any more."""
    while await courier.deliver_due():
        pass
