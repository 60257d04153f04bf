"""Take one message: read how things stand, think, decide, and write everything in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from bot import cases, handoff
from bot.conversation.accounts import Accounts, Contact, Scene, SendingWindow, account_of
from bot.conversation.clock import Clock
from bot.conversation.content import SILENT_KINDS, Followed, MenuClicked, Scanned, Text, Unfollowed
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, RedisUnavailable
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level
from bot.conversation.messages import (
    Author,
    Delivery,
    DeliveryStatus,
    Inbound,
    Message,
    new_id,
)
from bot.conversation.ports import Dialogue, Feed, Queue, UnitOfWork, UnitsOfWork
from bot.knowledge import KnowledgeBase
from bot.triage import Rules
from bot.turns.decide import Decision, decide
from bot.turns.say import held_out, say, tell_browsers
from bot.turns.situation import Situation
from bot.turns.think import Thought, think

log = structlog.get_logger(__name__)

EARLIER_MESSAGES = 3
EARLIER_WITHIN = timedelta(minutes=10)
"""Half messages that only together mean danger come close to each other."""

_ATTEMPTS = 4
"""An operator's move between reading and writing makes the turn stale; it is then taken again from the start."""


@dataclass(frozen=True, slots=True)
class TurnPorts:
    """What a turn needs."""

    units: UnitsOfWork
    dialogue: Dialogue
    queue: Queue
    feed: Feed
    clock: Clock
    accounts: Accounts
    knowledge: KnowledgeBase
    rules: Rules


@dataclass(frozen=True, slots=True)
class _Read:
    """How things stood; `contact` and `conversation` may be new and not yet stored."""

    contact: Contact
    conversation: Conversation
    new_contact: bool
    new_conversation: bool
    earlier: tuple[str, ...]


async def take(inbound: Inbound, ports: TurnPorts) -> str | None:
    """Take one message; returns the text to hold out as the passive reply, None if nothing is said.

    Taken again after a crash, it changes nothing and returns what is still to be held out. Raises StoreUnavailable,
    and Conflict if operators' moves kept coming in between.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await _attempt(inbound, ports)
        except Conflict:
            log.info("turn was stale", key=inbound.key, attempt=attempt)
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


async def unoffer(key: str, ports: TurnPorts) -> None:
    """Nobody will fetch the passive reply to this message: let it go by customer-service message now."""
    async with ports.units() as uow:
        for delivery in await uow.deliveries.for_inbound(key):
            if delivery.status is DeliveryStatus.OFFERED:
                delivery.status, delivery.due_at = DeliveryStatus.PENDING, ports.clock.now()
                await uow.deliveries.save(delivery)
        await uow.commit()


async def _attempt(inbound: Inbound, ports: TurnPorts) -> str | None:
    now = ports.clock.now()
    account = account_of(ports.accounts, inbound.account_id)
    async with ports.units() as uow:
        if await uow.messages.by_inbound_key(inbound.key) is not None:
            return held_out(await uow.deliveries.for_inbound(inbound.key))
        read = await _read(uow, inbound, account.region, now)
    situation = Situation(
        account=account,
        conversation_id=read.conversation.id,
        mode=read.conversation.mode,
        level=read.conversation.level,
        earlier=read.earlier,
        first_contact=read.new_contact,
        acknowledged_at=read.conversation.acknowledged_at,
        on_duty=await _on_duty(ports.queue),
    )
    message_id = sha256(inbound.key.encode()).hexdigest()[:32]  # the same when the turn is taken again
    thought = await think(inbound.content, message_id, situation, ports.rules, ports.dialogue)
    decision = decide(situation, inbound.content, thought, ports.knowledge, now)
    async with ports.units() as uow:
        called, deliveries = await _write(uow, inbound, message_id, read, thought, decision, now)
        await uow.commit()
    await _tell(read.conversation, called, situation, ports)
    return held_out(deliveries)


async def _read(uow: UnitOfWork, inbound: Inbound, region: str, now: datetime) -> _Read:
    contact = await uow.contacts.by_mailbox(inbound.mailbox)
    conversation = await uow.conversations.current(contact.id) if contact else None
    recent = await uow.messages.recent(conversation.id, limit=2 * EARLIER_MESSAGES) if conversation else []
    earlier = [
        message.content.text
        for message in recent
        if isinstance(message.content, Text) and _may_add_to_danger(message, now)
    ]
    known = contact or Contact(new_id(), inbound.account_id, inbound.mailbox, inbound.openid, first_seen_at=now)
    return _Read(
        contact=known,
        conversation=conversation or Conversation(new_id(), known.id, inbound.account_id, region, opened_at=now),
        new_contact=contact is None,
        new_conversation=conversation is None,
        earlier=tuple(earlier[-EARLIER_MESSAGES:]),
    )


def _may_add_to_danger(message: Message, now: datetime) -> bool:
    """Half of a cry for help looks harmless; what was seen as danger before has had its effect already."""
    return message.author is Author.CONTACT and message.level == Level.NORMAL and now - message.at <= EARLIER_WITHIN


async def _on_duty(queue: Queue) -> bool:
    try:
        return bool(await queue.present())
    except RedisUnavailable:
        return False


async def _write(
    uow: UnitOfWork,
    inbound: Inbound,
    message_id: str,
    read: _Read,
    thought: Thought,
    decision: Decision,
    now: datetime,
) -> tuple[Handoff | None, list[Delivery]]:
    contact, conversation = read.contact, read.conversation
    _open_window(contact, inbound)
    await (uow.contacts.add(contact) if read.new_contact else uow.contacts.save(contact))
    if read.new_conversation:
        await uow.conversations.add(conversation)
    await uow.messages.add(_heard(inbound, message_id, conversation, thought, decision, now))
    waited = conversation.mode is Mode.WAITING
    conversation.hear(decision.level, decision.topic)
    conversation.last_message_at = now
    called = None
    if decision.reasons:
        called = await handoff.request(uow, conversation, decision.reasons, now)
        await cases.register(uow, called, now)
    if decision.bubbles and (waited or called is not None):
        conversation.acknowledged_at = now
    await uow.conversations.save(conversation)
    if inbound.content.kind in SILENT_KINDS:  # a reply to who left would count as fetched, and reach nobody
        return called, []
    return called, await say(uow, inbound, conversation, decision.bubbles, now)


def _open_window(contact: Contact, inbound: Inbound) -> None:
    """What she did decides how many customer-service messages may follow (wechat.md section 5)."""
    match inbound.content:
        case Unfollowed():
            contact.following, contact.window = False, None
            return
        case Followed() | Scanned() | MenuClicked() | Text(menu_id=str()):
            scene = Scene.GESTURE
        case _:
            scene = Scene.MESSAGE
    fresh, open_now = SendingWindow(scene, opened_at=inbound.received_at), contact.window
    contact.following = True
    if open_now is None or not open_now.left(inbound.received_at) or open_now.closes_at <= fresh.closes_at:
        contact.window = fresh  # a gesture does not shorten what a message opened


def _heard(
    inbound: Inbound, message_id: str, conversation: Conversation, thought: Thought, decision: Decision, now: datetime
) -> Message:
    understanding = thought.proposed.understanding if thought.proposed else None
    return Message(
        id=message_id,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.CONTACT,
        content=inbound.content,
        at=now,
        inbound_key=inbound.key,
        intent=understanding.intent if understanding else None,
        confidence=understanding.confidence if understanding else None,
        level=decision.level,
    )


async def _tell(conversation: Conversation, called: Handoff | None, situation: Situation, ports: TurnPorts) -> None:
    """After the commit: the queue and the browsers. What is lost here, the sweeper and a reload bring back."""
    if called is not None:
        await handoff.announce(ports.queue, ports.feed, called, is_new=situation.mode is Mode.BOT)
    await tell_browsers(conversation, ports.feed)
