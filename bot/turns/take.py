"""Take one message: read how things stand, think, decide, and write everything in one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import structlog

from bot import cases, handoff
from bot.conversation.accounts import Account, Accounts, Scene, account_of
from bot.conversation.clock import Clock
from bot.conversation.content import Silent
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, RedisUnavailable
from bot.conversation.handoffs import Handoff
from bot.conversation.messages import Delivery, DeliveryStatus, Inbound
from bot.conversation.ports import Dialogue, Feed, Inbox, Queue, Slot
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.guidance import Ticket
from bot.knowledge import KnowledgeBase, plan_day
from bot.triage import Rules
from bot.turns.answer import answer, recall
from bot.turns.decide import Decision, decide, granted, level_of
from bot.turns.guide import give_page, guide, needs_page
from bot.turns.hear import hear
from bot.turns.meaning import meant
from bot.turns.obey import obey
from bot.turns.places import place_of
from bot.turns.read import Read, add_new, again, is_over, read
from bot.turns.say import go_another_way, held_out, tell_browsers
from bot.turns.sharing import keep_sharing, wish_to_share
from bot.turns.situation import Situation
from bot.turns.think import GRANTED, Thought, think
from bot.turns.window import come_forward, window_after
from bot.turns.wishes import Wished, declines_call, grant, wish_of

log = structlog.get_logger(__name__)

_ATTEMPTS = 4
"""An operator's move between reading and writing makes the turn stale; it is then taken again from the start."""


@dataclass(frozen=True, slots=True)
class TurnPorts:
    """What a turn needs; `listens` tells whether voice messages come back as transcripts."""

    units: UnitsOfWork
    dialogue: Dialogue
    queue: Queue
    feed: Feed
    clock: Clock
    accounts: Accounts
    knowledge: KnowledgeBase
    rules: Rules
    inbox: Inbox
    listens: bool
    pages_url: str
    """Where her phone reaches the pages of guided help, without a slash at the end."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One message with all that was read and thought about it."""

    inbound: Inbound
    message_id: str
    account: Account
    read: Read
    place: str | None
    thought: Thought
    wished: Wished | None
    ticket: Ticket | None
    decision: Decision
    recalled: frozenset[str]
    now: datetime


async def take(inbound: Inbound, ports: TurnPorts) -> Slot:
    """Take one message; returns what is held out as the passive reply.

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
    """Nobody will fetch the passive reply to this message: let it go another way now."""
    async with ports.units() as uow:
        for delivery in await uow.deliveries.for_inbound(key):
            if delivery.status is DeliveryStatus.OFFERED:
                go_another_way(delivery, account_of(ports.accounts, delivery.account_id), ports.clock.now())
                await uow.deliveries.save(delivery)
        await uow.commit()


async def _attempt(inbound: Inbound, ports: TurnPorts) -> Slot:
    now = ports.clock.now()
    account = account_of(ports.accounts, inbound.account_id)
    place = place_of(inbound.content, ports.knowledge.directory, account)
    async with ports.units(reading=True) as uow:
        if await uow.messages.by_inbound_key(inbound.key) is not None:
            return held_out(await uow.deliveries.for_inbound(inbound.key))
        stood = await read(uow, inbound, account, now)
        if await is_over(uow, inbound.content, stood):
            return Slot(None)
        content = meant(inbound.content, stood.offered, ports.knowledge)
        sharing = await wish_to_share(uow, content, stood.contact, account, ports.accounts, ports.rules, now)
    situation = _situation(inbound, stood, place, account, ports)
    message_id = sha256(inbound.key.encode()).hexdigest()[:32]  # the same when the turn is taken again
    wished = wish_of(
        inbound.content,
        stood.contact,
        ports.rules,
        has_papers=stood.papers is not None,
        call_awaited=stood.call_awaited and situation.flow is None,
    )
    wished = wished or sharing
    thought = GRANTED if wished else await think(content, message_id, situation, ports.rules, ports.dialogue)
    ticket = Ticket.new() if needs_page(thought.proposed, wished) else None
    page = f"{ports.pages_url}/p/{ticket.token}" if ticket else None
    if wished is not None:
        decision = granted(situation, wished, ports.knowledge, page)
    else:
        if situation.mode is Mode.BOT and level_of(content, thought).needs_person:
            situation = await _attended(situation, ports)
        decision = decide(situation, content, thought, ports.knowledge, now, page)
    recalled = await recall(stood.offers, inbound, ports.inbox)
    turn = _Turn(inbound, message_id, account, stood, place, thought, wished, ticket, decision, recalled, now)
    async with ports.units() as uow:
        called, deliveries = await _write(uow, turn, listens=ports.listens)
        await uow.commit()
    await _tell(stood.conversation, called, situation, ports)
    return held_out(deliveries)


def _situation(inbound: Inbound, stood: Read, place: str | None, account: Account, ports: TurnPorts) -> Situation:
    return Situation(
        account=account,
        conversation_id=stood.conversation.id,
        mode=stood.conversation.mode,
        level=stood.conversation.level,
        earlier=stood.earlier(ports.clock.now()),
        first_contact=stood.nothing_said,
        acknowledged_at=stood.conversation.acknowledged_at,
        listens=ports.listens,
        flow=stood.flow(ports.clock.now()),
        call_awaited=stood.call_awaited,
        hidden=stood.contact.hidden_at is not None,
        region=place or stood.contact.region,
        only_a_minute=window_after(stood.contact, inbound).scene is Scene.GESTURE,
        place_noted=place is not None,
    )


async def _attended(situation: Situation, ports: TurnPorts) -> Situation:
    """The same with who is there for her, which is asked only where she is told so."""
    account = situation.account
    if account.drill:
        return replace(situation, on_duty=True)  # somebody sits there and drills
    present, now = await _present(ports.queue), ports.clock.now()
    region = situation.region or account.region
    async with ports.units(reading=True) as uow:
        there = await handoff.attendance(uow, present, account.id, region, now, plan_day)
    return replace(situation, on_duty=there.on_duty, next_shift=there.next_shift)


async def _present(queue: Queue) -> frozenset[str]:
    try:
        return await queue.present()
    except RedisUnavailable:
        return frozenset()


async def _write(uow: UnitOfWork, turn: _Turn, *, listens: bool) -> tuple[Handoff | None, list[Delivery]]:
    contact = await again(uow, turn.read)
    conversation, content = turn.read.conversation, turn.inbound.content
    if isinstance(content, Silent):
        await obey(uow, contact, conversation, content, turn.inbound.received_at)
    else:
        come_forward(contact, turn.inbound)
        conversation.last_message_at = turn.now
    contact.region = turn.place or contact.region
    if turn.wished is not None:
        grant(turn.wished, contact, turn.now)
    if conversation.mode is Mode.BOT:  # who waits for an operator of one office is not moved to another
        conversation.region = contact.region or turn.account.region
    await add_new(uow, turn.read, contact)
    if turn.wished is not None:
        await keep_sharing(uow, turn.wished, contact, turn.account, turn.now)
    await hear(
        uow, turn.inbound, turn.message_id, conversation, turn.thought, turn.decision, listens=listens, now=turn.now
    )
    await _guide(uow, turn, conversation)
    called = await _call(uow, conversation, turn)
    await uow.conversations.save(conversation)
    answered = await answer(uow, turn.inbound, turn.account, conversation, turn.decision, turn.recalled, turn.now)
    return called, answered


async def _guide(uow: UnitOfWork, turn: _Turn, conversation: Conversation) -> None:
    """What of guided help is kept with this turn."""
    if declines_call(turn.inbound.content, turn.read.contact):
        await handoff.withdraw_call_back(uow, conversation.contact_id, turn.now)
    if turn.thought.proposed is not None:
        await guide(uow, conversation, turn.thought.proposed, turn.now)
    if turn.ticket is not None:
        await give_page(uow, turn.ticket, conversation, turn.thought.proposed, turn.wished, turn.read.papers, turn.now)


async def _call(uow: UnitOfWork, conversation: Conversation, turn: _Turn) -> Handoff | None:
    """Raise the level, and call a person where the decision says so."""
    decision, now = turn.decision, turn.now
    waited = conversation.mode is Mode.WAITING
    conversation.hear(decision.level, decision.topic)
    called = None
    if decision.reasons:
        called = await handoff.request(uow, conversation, decision.reasons, now, turn.thought.intent)
        await cases.register(uow, called, now)
    if decision.bubbles and (waited or called is not None):
        conversation.acknowledged_at = now
    return called


async def _tell(conversation: Conversation, called: Handoff | None, situation: Situation, ports: TurnPorts) -> None:
    """After the commit: the queue and the browsers. What is lost here, the sweeper and a reload bring back."""
    if called is not None:
        await handoff.announce(ports.queue, ports.feed, called, is_new=situation.mode is Mode.BOT)
    await tell_browsers(conversation, ports.feed)
