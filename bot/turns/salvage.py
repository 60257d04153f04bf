"""What is saved of a message that no turn could take: that there was one, an alarm, and a person where it is urgent."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from bot import cases, handoff
from bot.conversation.accounts import Account, account_of
from bot.conversation.alarms import AlarmKind
from bot.conversation.content import Silent, Text, Unsupported
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level
from bot.conversation.messages import Author, Inbound, Message, new_id
from bot.conversation.repositories import UnitOfWork
from bot.triage import Judgement, judge
from bot.turns.read import Read, add_new, is_over, read
from bot.turns.say import deliveries_of, go_another_way, tell_browsers
from bot.turns.speaking import NOT_HANDLED, SAFETY_WORDS
from bot.turns.take import TurnPorts
from bot.turns.window import come_forward
from bot.turns.words import words_in

UNREADABLE = "有一条消息系统没能读出来，请主动问一问"
"""Why a person is called, for operators."""


async def salvage(inbound: Inbound, reason: str, ports: TurnPorts) -> None:
    """Raise the alarm with this reason (a code), keep a line in her conversation, and call a person if it is urgent.

    The line stands for the dead letter and does not keep it from being taken again. Done again, it changes nothing.
    Raises what the store raises, and Conflict if a person moves her conversation at this moment.
    """
    async with ports.units() as uow:
        await uow.alarms.raise_(inbound.account_id, AlarmKind.DEAD_LETTER, reason, ports.clock.now())
        await uow.commit()
    if isinstance(inbound.content, Silent):
        return
    now, account = ports.clock.now(), account_of(ports.accounts, inbound.account_id)
    async with ports.units() as uow:
        stood = await read(uow, inbound, account, now)
        known = await uow.messages.by_inbound_key(_key(inbound)) or await uow.messages.by_inbound_key(inbound.key)
        if known or await is_over(uow, inbound.content, stood):
            return
        was = stood.conversation.mode
        called = await _write(uow, inbound, account, stood, ports, now)
        await uow.commit()
    if called is not None:
        await handoff.announce(ports.queue, ports.feed, called, is_new=was is Mode.BOT)
    await tell_browsers(stood.conversation, ports.feed)


async def _write(
    uow: UnitOfWork, inbound: Inbound, account: Account, stood: Read, ports: TurnPorts, now: datetime
) -> Handoff | None:
    contact, conversation = stood.contact, stood.conversation
    judgement = judge(ports.rules, words_in(inbound.content) or "")
    level = Level.highest(judgement.level, Level.HIGH if inbound.urgent else Level.NORMAL)
    come_forward(contact, inbound)
    await add_new(uow, stood, contact)
    await uow.messages.add(_line(inbound, conversation, level, now))
    mode = conversation.mode
    conversation.hear(level, judgement.topic)
    conversation.last_message_at = now
    called = None
    if level.needs_person:
        called = await handoff.request(uow, conversation, (UNREADABLE,), now)
        await cases.register(uow, called, now)
    await uow.conversations.save(conversation)
    if mode is Mode.BOT:
        await _excuse(uow, account, conversation, judgement, ports, now)
    return called


def _key(inbound: Inbound) -> str:
    return f"{inbound.key}:unread"


def _line(inbound: Inbound, conversation: Conversation, level: Level, now: datetime) -> Message:
    """What she wrote may be what breaks the turn, so only its kind is kept here; the dead letter has the rest."""
    return Message(
        id=sha256(_key(inbound).encode()).hexdigest()[:32],
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.CONTACT,
        content=Unsupported(inbound.content.kind),
        at=now,
        inbound_key=_key(inbound),
        level=level,
    )


async def _excuse(
    uow: UnitOfWork, account: Account, conversation: Conversation, judgement: Judgement, ports: TurnPorts, now: datetime
) -> None:
    """Her words were not handled: words of safety if they held danger, else that she should write again."""
    article = SAFETY_WORDS[judgement.danger] if judgement.danger is not None else NOT_HANDLED
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.ASSISTANT,
        content=Text(ports.knowledge.render(article, account)),
        at=now,
        articles=(ports.knowledge.article(article, account.region).reference,),
    )
    await uow.messages.add(message)
    for delivery in deliveries_of(message, account.id):
        go_another_way(delivery, account, now)
        await uow.deliveries.add(delivery)
