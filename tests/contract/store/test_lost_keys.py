"""Values that no key opens: the rest goes on, and what comes back with the key was not lost."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.content import Text, words_of
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import InvalidData
from bot.conversation.media import Body
from bot.conversation.messages import DeliveryStatus, Message
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.encryption import FernetSealer
from bot.store.lists import waiting_list
from bot.store.queries import conversation_page, media_body
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.entities import (
    NOW,
    a_contact,
    a_conversation,
    a_delivery,
    a_file,
    a_flow,
    a_handoff,
    a_message,
    keep,
    later,
)

LOST = FernetSealer([Fernet.generate_key().decode()], "index secret")


@pytest.fixture
def lost_units(engine: AsyncEngine) -> UnitsOfWork:
    """Units of work that sealed with a key which nobody has any more."""
    return partial(SqlUnitOfWork, engine, LOST)


async def somebody(units: UnitsOfWork) -> tuple[Conversation, Message]:
    contact = a_contact()
    conversation = a_conversation(contact, mode=Mode.WAITING)
    message = a_message(conversation, "听得见吗")
    await keep(units, contact, conversation, message)
    return conversation, message


async def test_a_delivery_that_cannot_be_read_holds_up_no_other(
    sql_units: UnitsOfWork, lost_units: UnitsOfWork
) -> None:
    _, message = await somebody(sql_units)
    _, other = await somebody(sql_units)
    unread = [a_delivery(message, due_at=later(-9)) for _ in range(3)]
    await keep(lost_units, *unread)
    behind, elsewhere = a_delivery(message, due_at=later(-1)), a_delivery(other)
    await keep(sql_units, behind, elsewhere)
    async with sql_units() as uow:
        assert await uow.deliveries.due(NOW, 1) == [behind], "however few are asked for"
        assert await uow.deliveries.due(NOW, 9) == [behind, elsewhere]
        await uow.commit()
    async with lost_units() as uow:
        kept = [await uow.deliveries.get(delivery.id) for delivery in unread]
        assert [(one.status, one.content) for one in kept] == [(DeliveryStatus.HELD, one.content) for one in unread]
        assert await uow.deliveries.held(message.contact_id) == kept, "with the key they go out when she writes"
    async with sql_units() as uow:
        assert await uow.deliveries.held(message.contact_id) == []


async def test_a_delivery_that_cannot_be_read_is_in_no_list(sql_units: UnitsOfWork, lost_units: UnitsOfWork) -> None:
    _, message = await somebody(sql_units)
    first, last = (a_delivery(message, inbound_key="k") for _ in range(2))
    await keep(sql_units, first)
    unread = a_delivery(message, inbound_key="k")
    await keep(lost_units, unread)
    await keep(sql_units, last)
    async with sql_units() as uow:
        assert await uow.deliveries.for_inbound("k") == [first, last]
        assert await uow.deliveries.following(first) == [last]
        with pytest.raises(InvalidData):
            await uow.deliveries.get(unread.id)


async def test_somebody_whose_openid_cannot_be_read_is_heard_and_keeps_it(
    sql_units: UnitsOfWork, lost_units: UnitsOfWork
) -> None:
    contact = a_contact(erase_asked_at=NOW)
    await keep(lost_units, contact)
    async with sql_units() as uow:
        known = await uow.contacts.by_mailbox(contact.mailbox)
        assert known == replace(contact, openid="")
        assert await uow.contacts.to_erase(9) == [known], "what nobody can read is erased all the same"
        with pytest.raises(InvalidData):
            await uow.contacts.get(contact.id)
        known.following = False
        await uow.contacts.save(known)
        await uow.commit()
    async with lost_units() as uow:
        assert await uow.contacts.get(contact.id) == replace(contact, following=False)
    async with sql_units() as uow:
        await uow.contacts.save(contact)
        await uow.commit()
    async with sql_units() as uow:
        assert (await uow.contacts.get(contact.id)).openid == contact.openid, "told again, it is sealed again"


async def test_a_line_that_cannot_be_read_is_shown_as_such(
    sql_units: UnitsOfWork, lost_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    conversation, _ = await somebody(sql_units)
    unread = a_message(conversation, "打不开的话", inbound_key="k")
    await keep(lost_units, unread, a_handoff(conversation))
    shown = [Text("听得见吗"), "［无法显示的消息：密钥打不开］"]
    async with sql_units() as uow:
        recent = await uow.messages.recent(conversation.id, 9)
        assert [recent[0].content, words_of(recent[1].content)] == shown
        found = await uow.messages.by_inbound_key("k")
        assert found is not None
        assert found.id == unread.id
    page = await conversation_page(engine, sealer, Scope(), conversation.id)
    assert [line.message for line in page.messages] == recent
    [line] = (await waiting_list(engine, sealer, Scope(), 100)).rows
    assert line.last_words == shown[1]


async def test_a_file_that_cannot_be_read_says_so(
    sql_units: UnitsOfWork, lost_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    _, message = await somebody(sql_units)
    media = a_file(message)
    await keep(sql_units, media)
    async with lost_units() as uow:
        await uow.media.keep_body(media.id, Body("image/jpeg", b"bytes"))
        await uow.commit()
    async with sql_units() as uow:
        assert await uow.media.due(NOW, 9) == [media]
        with pytest.raises(InvalidData):
            await uow.media.body(media.id)
    with pytest.raises(InvalidData):
        await media_body(engine, sealer, Scope(), media.id, playable=False)


async def test_answers_of_a_flow_that_no_key_opens_keep_nobody_from_being_heard(
    sql_units: UnitsOfWork, lost_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    talk, _ = await somebody(sql_units)
    lost, kept = a_flow(talk), a_flow(talk, name="divorce_path")
    for units, flow in ((lost_units, lost), (sql_units, kept)):
        async with units() as uow:
            await uow.flows.add(flow)
            await uow.commit()
    async with sql_units() as uow:
        assert await uow.flows.of_conversation(talk.id) == [kept]
    assert (await conversation_page(engine, sealer, Scope(), talk.id)).flows == (kept,)
