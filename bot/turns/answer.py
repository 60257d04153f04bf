"""The answer to a message: stored, and on its way as the passive reply or as soon as it is ready."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.accounts import Account
from bot.conversation.content import Silent, Transcript
from bot.conversation.conversations import Conversation
from bot.conversation.messages import Delivery, Inbound
from bot.conversation.repositories import UnitOfWork
from bot.turns.decide import Decision
from bot.turns.say import go_another_way, hold_out, say


async def answer(
    uow: UnitOfWork,
    inbound: Inbound,
    account: Account,
    conversation: Conversation,
    decision: Decision,
    now: datetime,
) -> list[Delivery]:
    """Store the replies and line them up with what was held for her return; returns both.

    What she did in silence is not answered: a reply to who left would count as fetched, and reach nobody.
    """
    if isinstance(inbound.content, Silent):
        return []
    fresh = await say(uow, conversation, decision.bubbles, now)
    no_request = isinstance(inbound.content, Transcript)  # that of the voice message is long over
    held = [] if no_request else await uow.deliveries.held(conversation.contact_id)
    passive, later = _ways(held, fresh, no_request=no_request, urgent=decision.level.needs_person)
    for delivery in held:
        delivery.attempts = 0
    hold_out(passive, inbound, account, now)
    for delivery in later:
        go_another_way(delivery, account, now)
    for delivery in held:
        await uow.deliveries.save(delivery)
    for delivery in fresh:
        await uow.deliveries.add(delivery)
    return [*held, *fresh]


def _ways(
    held: list[Delivery], fresh: list[Delivery], *, no_request: bool, urgent: bool
) -> tuple[list[Delivery], list[Delivery]]:
    """What may be held out as the passive reply, and what goes another way; no words of safety wait behind older."""
    if no_request:
        return [], fresh
    return (fresh, held) if urgent and fresh else ([*held, *fresh], [])
