"""Store what is said in answer, and line it up for delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.conversation.accounts import Account
from bot.conversation.content import Choices, Outgoing, Picture, Sound, Text
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
from bot.conversation.ports import Feed, Slot
from bot.conversation.repositories import UnitOfWork
from bot.turns.speaking import Bubble

log = structlog.get_logger(__name__)

PASSIVE_WINDOW = timedelta(seconds=16)
"""How long a passive reply can still be fetched: three requests of 5 s each (wechat.md section 3) and a margin, so that
the courier never ends an offer while the third request takes it; that request ends it itself when it gives up."""


async def say(uow: UnitOfWork, conversation: Conversation, bubbles: Iterable[Bubble], now: datetime) -> list[Delivery]:
    """Store the replies; returns the deliveries that will carry them, still to be lined up."""
    deliveries: list[Delivery] = []
    for group in _grouped(bubbles):
        message = Message(
            id=new_id(),
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            author=Author.ASSISTANT,
            content=group[0].content if len(group) == 1 else Text(joined(bubble.text for bubble in group)),
            at=now,
            articles=tuple(bubble.source for bubble in group if bubble.source),
        )
        await uow.messages.add(message)
        deliveries += deliveries_of(message, conversation.account_id)
    return deliveries


def _grouped(bubbles: Iterable[Bubble]) -> list[list[Bubble]]:
    """As few messages as the platform's limit allows: each one sent later costs one of five."""
    groups: list[list[Bubble]] = []
    for bubble in bubbles:
        alike = groups and isinstance(bubble.content, Text) and isinstance(groups[-1][0].content, Text)
        if alike and fits(joined([*(said.text for said in groups[-1]), bubble.text])):
            groups[-1].append(bubble)
        else:
            groups.append([bubble])
    return groups


def deliveries_of(message: Message, account_id: str) -> list[Delivery]:
    """The deliveries that carry a message of ours, cut where the platform's limit asks for it."""
    return [
        Delivery(
            id=new_id(),
            message_id=message.id,
            conversation_id=message.conversation_id,
            contact_id=message.contact_id,
            account_id=account_id,
            content=content,
            status=DeliveryStatus.PENDING,
            due_at=message.at,
            created_at=message.at,
            by_assistant=message.author is Author.ASSISTANT,
        )
        for content in _portions(message)
    ]


def _portions(message: Message) -> Sequence[Outgoing]:
    match message.content:
        case Text(text=text):
            return [Text(piece) for piece in split(text)]
        case content if isinstance(content, Outgoing):
            return [content]
        case _:
            return []


async def line_up(uow: UnitOfWork, message: Message, account_id: str) -> None:
    """Store a message of ours that answers no message of hers, and send it."""
    await uow.messages.add(message)
    for delivery in deliveries_of(message, account_id):
        await uow.deliveries.add(delivery)


def hold_out(deliveries: Iterable[Delivery], inbound: Inbound, account: Account, now: datetime) -> None:
    """Offer as many of the first as go together as one passive reply, which is free; the rest goes another way."""
    offered: list[Delivery] = []
    until = min(inbound.received_at, now) + PASSIVE_WINDOW  # the gateway's clock may be ahead of ours
    room = True
    for delivery in deliveries:
        room = room and _goes_with(offered, delivery, until)
        if room:
            offered.append(delivery)
            delivery.status, delivery.inbound_key, delivery.due_at = DeliveryStatus.OFFERED, inbound.key, until
        else:
            go_another_way(delivery, account, now)


def go_another_way(delivery: Delivery, account: Account, now: datetime) -> None:
    """Send it by customer-service message; where the account has none, keep it for her next message.

    A picture or sound that the platform no longer knows goes to the courier in any case, to be brought there again.
    """
    brought = _is_brought(delivery, now) or not isinstance(delivery.content, Picture | Sound)
    held = brought and not account.customer_service
    delivery.status = DeliveryStatus.HELD if held else DeliveryStatus.PENDING
    delivery.due_at = now


def _goes_with(offered: Sequence[Delivery], delivery: Delivery, until: datetime) -> bool:
    """Words go together as far as they fit; anything else goes alone."""
    if isinstance(delivery.content, Text | Choices):
        texts = [one.content.text for one in offered if isinstance(one.content, Text | Choices)]
        return len(texts) == len(offered) and fits(joined([*texts, delivery.content.text]))
    return not offered and (_is_brought(delivery, until) or not isinstance(delivery.content, Picture | Sound))


def _is_brought(delivery: Delivery, at: datetime) -> bool:
    """Whether the platform will still know the picture or sound then."""
    return delivery.uploaded_until is not None and delivery.uploaded_until > at


def held_out(deliveries: Iterable[Delivery]) -> Slot:
    """What may be fetched as the passive reply."""
    offered = [delivery for delivery in deliveries if delivery.status is DeliveryStatus.OFFERED]
    if len(offered) == 1:
        return Slot(offered[0].content, offered[0].uploaded_id)
    texts = [one.content.text for one in offered if isinstance(one.content, Text | Choices)]
    return Slot(Text(joined(texts)) if texts else None)


async def tell_browsers(conversation: Conversation, feed: Feed, kind: EventKind = EventKind.MESSAGE_ADDED) -> None:
    """After the commit: something changed here. What Redis cannot take now, a reload of the page brings back."""
    try:
        await feed.publish(Event(kind, conversation.account_id, conversation.region, conversation.id))
    except RedisUnavailable as error:
        log.warning("change not announced", kind=kind, conversation_id=conversation.id, error=str(error))
