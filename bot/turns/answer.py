"""The answer to a message: stored, and on its way as the passive reply or as soon as it is ready."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import structlog

from bot.conversation.accounts import Account
from bot.conversation.content import Silent, Transcript
from bot.conversation.conversations import Conversation
from bot.conversation.errors import RedisUnavailable
from bot.conversation.messages import Delivery, DeliveryStatus, Inbound
from bot.conversation.ports import Inbox
from bot.conversation.repositories import UnitOfWork
from bot.turns.decide import Decision
from bot.turns.say import go_another_way, hold_out, say

log = structlog.get_logger(__name__)


async def answer(
    uow: UnitOfWork,
    inbound: Inbound,
    account: Account,
    conversation: Conversation,
    decision: Decision,
    recalled: Collection[str],
    now: datetime,
) -> list[Delivery]:
    """Store the replies and line them up behind what is not with her yet; returns both.

    What she did in silence is not answered: a reply to who left would count as fetched, and reach nobody. `recalled`
    are the earlier messages whose reply nobody will fetch any more.
    """
    if isinstance(inbound.content, Silent):
        return []
    fresh = await say(uow, conversation, decision.bubbles, now)
    older: list[Delivery] = []
    if isinstance(inbound.content, Transcript):  # the request of the voice message is long over
        passive, later = older, fresh
    else:
        older, blocked = await _older(uow, conversation, account, recalled)
        passive, later = _ways(older, fresh, blocked=blocked, urgent=decision.level.needs_person)
    hold_out(passive, inbound, account, now)
    for delivery in later:
        go_another_way(delivery, account, now)
    for delivery in older:
        delivery.attempts = 0
        await uow.deliveries.save(delivery)
    for delivery in fresh:
        await uow.deliveries.add(delivery)
    return [*older, *fresh]


async def recall(offers: Iterable[str], inbound: Inbound, inbox: Inbox) -> frozenset[str]:
    """Take back the replies to her earlier messages that nobody has fetched: they go with the answer to this one.

    Outside any unit of work, so that a Redis that hangs holds no lock of SQL. If nothing comes of it, the courier
    finds them closed and sends them by itself.
    """
    if isinstance(inbound.content, Silent | Transcript):  # what has no reply of its own takes none away
        return frozenset()
    try:
        return frozenset([key for key in offers if await inbox.recall_reply(key)])
    except RedisUnavailable as error:
        log.warning("earlier replies not recalled", key=inbound.key, error=str(error))
        return frozenset()


async def _older(
    uow: UnitOfWork, conversation: Conversation, account: Account, recalled: Collection[str]
) -> tuple[list[Delivery], bool]:
    """What waits for her and can go with this answer, and whether something on its way must arrive before it.

    An account without customer service has no other way than this reply.
    """
    waiting, blocked = await uow.deliveries.held(conversation.contact_id), False
    for delivery in await uow.deliveries.under_way(conversation.contact_id):
        if delivery.status is DeliveryStatus.PENDING or delivery.inbound_key in recalled:
            waiting.append(delivery)
        else:
            blocked = account.customer_service
    return sorted(waiting, key=lambda delivery: delivery.sequence), blocked


def _ways(
    older: list[Delivery], fresh: list[Delivery], *, blocked: bool, urgent: bool
) -> tuple[list[Delivery], list[Delivery]]:
    """What may be held out as the passive reply, and what goes another way; no words of safety wait behind older."""
    if urgent and fresh:
        return fresh, older
    return ([], [*older, *fresh]) if blocked else ([*older, *fresh], [])
