"""What every store promises to the use cases: the one in memory, SQLite and PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.conversation.accounts import Scene, SendingWindow
from bot.conversation.content import Choices, Image, Location, Text
from bot.conversation.conversations import Mode
from bot.conversation.errors import Conflict, NotFound, StaleVersion
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Author
from bot.conversation.repositories import UnitsOfWork
from tests.contract.store.entities import (
    NOW,
    a_contact,
    a_conversation,
    a_message,
    keep,
    later,
)

# --- transactions ---------------------------------------------------------------------------------------------


async def test_nothing_is_kept_without_a_commit(units: UnitsOfWork) -> None:
    contact = a_contact()
    async with units() as uow:
        await uow.contacts.add(contact)
        assert await uow.contacts.get(contact.id) == contact
    async with units() as uow:
        assert await uow.contacts.by_mailbox(contact.mailbox) is None


async def test_an_error_inside_undoes_everything(units: UnitsOfWork) -> None:
    contact = a_contact()

    async def fail() -> None:
        async with units() as uow:
            await uow.contacts.add(contact)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with units() as uow:
        assert await uow.contacts.by_mailbox(contact.mailbox) is None


async def test_what_was_committed_stays_when_the_rest_is_undone(units: UnitsOfWork) -> None:
    contact = a_contact()
    async with units() as uow:
        await uow.contacts.add(contact)
        await uow.commit()
        await uow.contacts.save(replace(contact, following=False))
    async with units() as uow:
        assert (await uow.contacts.get(contact.id)).following


async def test_a_change_is_kept_only_when_saved(units: UnitsOfWork) -> None:
    contact = a_contact()
    await keep(units, contact)
    async with units() as uow:
        (await uow.contacts.get(contact.id)).following = False
        await uow.commit()
    async with units() as uow:
        assert (await uow.contacts.get(contact.id)).following


async def test_a_refused_unit_of_work_keeps_nothing(units: UnitsOfWork) -> None:
    known, other = a_contact(), a_contact()
    await keep(units, known)
    async with units() as uow:
        await uow.contacts.add(other)
        with pytest.raises(Conflict):
            await uow.contacts.add(a_contact(mailbox=known.mailbox))
        with pytest.raises(Conflict):
            await uow.contacts.get(known.id)
        with pytest.raises(Conflict):
            await uow.commit()
    async with units() as uow:
        assert await uow.contacts.by_mailbox(other.mailbox) is None


# --- contacts -------------------------------------------------------------------------------------------------


async def test_a_contact_comes_back_as_it_went(units: UnitsOfWork) -> None:
    contact = a_contact()
    await keep(units, contact)
    contact.window = SendingWindow(Scene.MESSAGE, later(1), sent=3)
    contact.following, contact.region, contact.refusal = False, "430102", 43016
    contact.erase_asked_at = later(2)
    async with units() as uow:
        await uow.contacts.save(contact)
        await uow.commit()
    async with units() as uow:
        assert await uow.contacts.by_mailbox(contact.mailbox) == contact
        assert await uow.contacts.get(contact.id) == contact


async def test_an_unknown_contact(units: UnitsOfWork) -> None:
    async with units() as uow:
        assert await uow.contacts.by_mailbox("nobody") is None
        with pytest.raises(NotFound):
            await uow.contacts.get("nobody")
        with pytest.raises(NotFound):
            await uow.contacts.save(a_contact())


# --- conversations --------------------------------------------------------------------------------------------


async def test_a_conversation_comes_back_as_it_went(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(units, contact, conversation)
    conversation.mode, conversation.owner = Mode.HUMAN, "li"
    conversation.level, conversation.topic = Level.CRITICAL, Topic.DIVORCE
    conversation.acknowledged_at, conversation.last_message_at = later(1), later(2)
    async with units() as uow:
        await uow.conversations.save(conversation)
        await uow.commit()
    assert conversation.version == 1
    async with units() as uow:
        assert await uow.conversations.get(conversation.id) == conversation
        assert await uow.conversations.current(contact.id) == conversation


async def test_two_open_conversations_of_one_contact_are_refused(units: UnitsOfWork) -> None:
    contact = a_contact()
    await keep(units, contact, a_conversation(contact))
    with pytest.raises(Conflict):
        await keep(units, a_conversation(contact))


async def test_a_closed_conversation_makes_room_for_the_next(units: UnitsOfWork) -> None:
    contact = a_contact()
    closed = a_conversation(contact, mode=Mode.CLOSED, closed_at=NOW)
    await keep(units, contact, closed)
    async with units() as uow:
        assert await uow.conversations.current(contact.id) is None
    opened = a_conversation(contact)
    await keep(units, opened)
    async with units() as uow:
        assert await uow.conversations.current(contact.id) == opened


async def test_a_conversation_read_before_another_saved_it_is_stale(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(units, contact, conversation)
    async with units() as uow:
        read_early = await uow.conversations.get(conversation.id)
    async with units() as uow:
        await uow.conversations.save(await uow.conversations.get(conversation.id))
        await uow.commit()
    async with units() as uow:
        with pytest.raises(StaleVersion):
            await uow.conversations.save(read_early)
        assert (await uow.conversations.get(conversation.id)).version == 1, "the unit of work goes on"


async def test_one_unit_may_save_a_conversation_twice(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(units, contact, conversation)
    async with units() as uow:
        await uow.conversations.save(conversation)
        await uow.conversations.save(conversation)
        await uow.commit()
    async with units() as uow:
        assert (await uow.conversations.get(conversation.id)).version == 2


async def test_an_unknown_conversation(units: UnitsOfWork) -> None:
    async with units() as uow:
        with pytest.raises(NotFound):
            await uow.conversations.get("none")
    with pytest.raises(Conflict):
        await keep(units, a_conversation(a_contact()))


# --- messages -------------------------------------------------------------------------------------------------


async def test_messages_come_back_as_they_went_and_in_order(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    said = [
        a_message(conversation, "他又打我了\x00\ud83d", inbound_key="hunan:1", level="high"),
        a_message(conversation, author=Author.ASSISTANT, articles=("safety", "12338")),
        a_message(conversation, intent="divorce_property", confidence=0.875, at=later(-9)),
        a_message(conversation, author=Author.OPERATOR, staff_id="li"),
        a_message(conversation, content=Location(28.2, 112.9, "长沙")),
        a_message(conversation, content=Image("media", None)),
        a_message(conversation, content=Choices("要离开吗？", (("1", "是"), ("2", "否")))),
    ]
    await keep(units, contact, conversation, *said)
    async with units() as uow:
        assert await uow.messages.recent(conversation.id, 10) == said
        assert await uow.messages.recent(conversation.id, 2) == said[-2:]
        assert await uow.messages.recent("none", 2) == []


async def test_a_message_is_stored_once_for_its_inbound_key(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    message = a_message(conversation, inbound_key="hunan:1")
    await keep(units, contact, conversation, message, a_message(conversation), a_message(conversation))
    with pytest.raises(Conflict):
        await keep(units, a_message(conversation, inbound_key="hunan:1"))
    async with units() as uow:
        assert await uow.messages.by_inbound_key("hunan:1") == message
        assert await uow.messages.by_inbound_key("hunan:2") is None


# --- moments --------------------------------------------------------------------------------------------------


async def test_a_moment_comes_back_in_utc(units: UnitsOfWork) -> None:
    in_hunan = NOW.astimezone(timezone(timedelta(hours=8)))
    contact = a_contact(first_seen_at=in_hunan)
    await keep(units, contact)
    async with units() as uow:
        assert (await uow.contacts.get(contact.id)).first_seen_at == NOW


async def test_words_of_every_script_survive(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    text = "😢𠮷 ‏עברית' OR 1=1; --\n"
    await keep(units, contact, conversation, a_message(conversation, text))
    async with units() as uow:
        assert (await uow.messages.recent(conversation.id, 1))[0].content == Text(text)


async def test_a_unit_for_reading_reads_and_keeps_nothing(units: UnitsOfWork) -> None:
    contact = a_contact()
    await keep(units, contact)
    async with units(reading=True) as uow:
        assert await uow.contacts.get(contact.id) == contact
        with pytest.raises(RuntimeError):
            await uow.commit()
