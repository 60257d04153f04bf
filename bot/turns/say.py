"""Store what is said in answer, and line it up for delivery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from bot.conversation.content import Text
from bot.conversation.conversations import Conversation
from bot.conversation.errors import RedisUnavailable
from bot.conversation.events import Event, EventKind
from bot.conversation.messages import (
    Author,
    Delivery,
    DeliveryStatus,
    Inbound,
    Message,
    fits,
    joined,
    new_id,
    split,
)
from bot.conversation.ports import Feed, UnitOfWork
from bot.turns.decide import Bubble

log = structlog.get_logger(__name__)

PASSIVE_WINDOW = timedelta(seconds=16)
"""How long a passive reply can still be fetched: three requests of 5 s each (wechat.md section 3) and a margin, so that
the courier never ends an offer while the third request takes it; that request ends it itself when it gives up."""


async def say(
    uow: UnitOfWork, inbound: Inbound, conversation: Conversation, bubbles: Iterable[Bubble], now: datetime
) -> list[Delivery]:
    """Store the replies and line up their deliveries behind those that were held for her return."""
    deliveries = await uow.deliveries.held(conversation.contact_id)
    fresh: list[Delivery] = []
    for group in _grouped(bubbles):
        text = joined(bubble.text for bubble in group)
        message = Message(
            id=new_id(),
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            author=Author.ASSISTANT,
            content=Text(text),
            at=now,
            articles=tuple(bubble.article for bubble in group if bubble.article),
        )
        await uow.messages.add(message)
        fresh += deliveries_of(message, conversation.account_id, now)
    _hold_out([*deliveries, *fresh], inbound, now)
    for delivery in deliveries:
        await uow.deliveries.save(delivery)
    for delivery in fresh:
        await uow.deliveries.add(delivery)
    return [*deliveries, *fresh]


def _grouped(bubbles: Iterable[Bubble]) -> list[list[Bubble]]:
    """As few messages as the platform's limit allows: each one sent later costs one of five."""
    groups: list[list[Bubble]] = []
    for bubble in bubbles:
        if groups and fits(joined([*(said.text for said in groups[-1]), bubble.text])):
            groups[-1].append(bubble)
        else:
            groups.append([bubble])
    return groups


def deliveries_of(message: Message, account_id: str, now: datetime) -> list[Delivery]:
    """The deliveries that carry a message of ours, cut where the platform's limit asks for it."""
    words = message.content.text if isinstance(message.content, Text) else ""
    return [
        Delivery(
            id=new_id(),
            message_id=message.id,
            conversation_id=message.conversation_id,
            contact_id=message.contact_id,
            account_id=account_id,
            text=piece,
            status=DeliveryStatus.PENDING,
            due_at=now,
            created_at=now,
        )
        for piece in split(words)
    ]


def _hold_out(deliveries: list[Delivery], inbound: Inbound, now: datetime) -> None:
    """Offer as many of the first as fit one passive reply, which is free; the rest goes out at once."""
    offered: list[str] = []
    room = True
    for delivery in deliveries:
        delivery.attempts = 0
        room = room and fits(joined([*offered, delivery.text]))
        if room:
            offered.append(delivery.text)
            delivery.status, delivery.inbound_key = DeliveryStatus.OFFERED, inbound.key
            delivery.due_at = inbound.received_at + PASSIVE_WINDOW
        else:
            delivery.status, delivery.due_at = DeliveryStatus.PENDING, now


def held_out(deliveries: list[Delivery]) -> str | None:
    """The words that may be fetched as the passive reply; None if there are none."""
    texts = [delivery.text for delivery in deliveries if delivery.status is DeliveryStatus.OFFERED]
    return joined(texts) if texts else None


async def tell_browsers(conversation: Conversation, feed: Feed) -> None:
    """After the commit: something was said here. What Redis cannot take now, a reload of the page brings back."""
    event = Event(EventKind.MESSAGE_ADDED, conversation.account_id, conversation.region, conversation.id)
    try:
        await feed.publish(event)
    except RedisUnavailable as error:
        log.warning("message not announced", conversation_id=conversation.id, error=str(error))
