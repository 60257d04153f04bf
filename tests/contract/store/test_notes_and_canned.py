"""What every store promises about notes, canned replies, and what is known of a person."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.canned import CannedReply
from bot.conversation.errors import NotFound, StaleVersion
from bot.conversation.ports import Sealer
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store import queries
from bot.store.desk_tables import notes
from bot.store.encryption import FernetSealer
from bot.store.records import record_of
from bot.store.tables import contacts
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.entities import (
    NOW,
    a_contact,
    a_conversation,
    a_member,
    a_message,
    a_note,
    a_talk,
    keep,
    later,
)


async def test_notes_come_back_in_order_and_are_of_one_conversation(units: UnitsOfWork) -> None:
    talk, other = await a_talk(units), await a_talk(units)
    first, second = a_note(talk), a_note(talk, at=later(1), staff_id=None)
    await keep(units, second, first, a_note(other))
    async with units() as uow:
        assert await uow.notes.of(talk.id) == [first, second]


async def test_erasing_a_person_takes_the_notes_and_what_is_known_of_her(units: UnitsOfWork) -> None:
    talk = await a_talk(units)
    await keep(units, a_note(talk))
    async with units() as uow:
        contact = await uow.contacts.get(talk.contact_id)
        contact.name, contact.phone = "王晓梅", "13812345678"
        await uow.contacts.save(contact)
        await uow.commit()
    async with units() as uow:
        known = await uow.contacts.get(talk.contact_id)
        assert (known.name, known.phone) == ("王晓梅", "13812345678")
        await uow.contacts.erase(talk.contact_id)
        await uow.commit()
    async with units() as uow:
        assert await uow.notes.of(talk.id) == []
        nobody = await uow.contacts.get(talk.contact_id)
        assert (nobody.name, nobody.phone) == (None, None)
    with pytest.raises(StaleVersion):
        await keep(units, a_note(talk))


async def test_a_name_and_a_number_may_be_forgotten(units: UnitsOfWork) -> None:
    contact = a_contact(name="王晓梅", phone="13812345678")
    await keep(units, contact)
    async with units() as uow:
        await uow.contacts.save(replace(contact, name="", phone=None))
        await uow.commit()
    async with units() as uow:
        known = await uow.contacts.get(contact.id)
        assert (known.name, known.phone) == (None, "13812345678")


async def test_notes_and_what_is_known_of_her_are_sealed(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    contact = a_contact(name="王晓梅", phone="13812345678")
    talk = a_conversation(contact)
    await keep(sql_units, contact, talk)
    await keep(sql_units, a_note(talk))
    async with engine.connect() as connection:
        note = (await connection.execute(sa.select(notes))).one()
        person = (await connection.execute(sa.select(contacts))).one()
    for sealed, clear in ((note.content, "她妈妈"), (person.name, "王晓梅"), (person.phone, "13812345678")):
        assert clear.encode() not in bytes(sealed)


async def test_the_page_of_a_conversation_brings_notes_and_only_hides_what_is_known(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: Sealer
) -> None:
    contact = a_contact(name="王晓梅", phone="13812345678")
    talk = a_conversation(contact)
    note = a_note(talk)
    await keep(sql_units, contact, talk)
    await keep(sql_units, note)
    page = await queries.conversation_page(engine, sealer, Scope(), talk.id)
    assert page.notes == (note,)
    assert (page.masked_name, page.masked_phone) == ("王**", "138****5678")
    assert "13812345678" not in repr(page)
    assert "她妈妈" not in repr(page)


async def test_what_no_key_opens_stops_nothing_else_and_is_not_lost(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: Sealer
) -> None:
    lost = FernetSealer([Fernet.generate_key().decode()], "index secret")
    contact = a_contact(phone="13812345678")
    talk = a_conversation(contact)
    await keep(sql_units, contact, talk)
    other = a_note(talk)
    await keep(partial(SqlUnitOfWork, engine, lost), a_note(talk))
    await keep(sql_units, other)
    async with engine.begin() as connection:
        await connection.execute(sa.update(contacts).values(name=lost.seal("王晓梅".encode())))
    async with sql_units() as uow:
        assert await uow.notes.of(talk.id) == [other]
        known = await uow.contacts.get(contact.id)
        assert (known.name, known.phone) == (None, "13812345678")
        await uow.contacts.save(known)
        await uow.commit()
    page = await queries.conversation_page(engine, sealer, Scope(), talk.id)
    assert (page.notes, page.masked_name) == ((other,), None)
    async with engine.connect() as connection:
        [row] = await connection.execute(sa.select(contacts))
    assert lost.open(row.name).decode() == "王晓梅"


async def test_her_record_says_how_she_is_called(sql_units: UnitsOfWork, engine: AsyncEngine, sealer: Sealer) -> None:
    contact = a_contact(name="王晓梅", phone="13812345678")
    await keep(sql_units, contact)
    assert "称呼：王晓梅\n电话：13812345678" in (await record_of(engine, sealer, contact.id)).text


async def test_a_message_keeps_why_it_is_of_its_level_until_she_is_erased(units: UnitsOfWork) -> None:
    talk = await a_talk(units)
    await keep(units, a_message(talk, level="critical", reasons=("正在被打", "有凶器")))
    async with units() as uow:
        [kept] = await uow.messages.recent(talk.id, 1)
        assert kept.reasons == ("正在被打", "有凶器")
        await uow.contacts.erase(talk.contact_id)
        await uow.commit()
    async with units() as uow:
        [kept] = await uow.messages.recent(talk.id, 1)
        assert kept.reasons == ()


async def test_canned_replies_change_and_end(units: UnitsOfWork) -> None:
    reply = CannedReply("a", None, "问好", "您好", NOW)
    async with units() as uow:
        await uow.canned_replies.add(reply)
        await uow.commit()
    changed = replace(reply, text="您好，我在听", updated_at=later(1))
    async with units() as uow:
        await uow.canned_replies.save(changed)
        await uow.commit()
    async with units() as uow:
        assert await uow.canned_replies.get("a") == changed
        await uow.canned_replies.end("a")
        await uow.commit()
    async with units() as uow:
        with pytest.raises(NotFound):
            await uow.canned_replies.get("a")
        with pytest.raises(NotFound):
            await uow.canned_replies.save(changed)


async def test_an_operator_finds_her_own_first_and_no_colleagues(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    li, wang = a_member("li"), a_member("wang")
    await keep(sql_units, li, wang)
    rows = [("a", None, "乙"), ("b", li.id, "丙"), ("c", wang.id, "丁"), ("d", li.id, "A"), ("e", None, "B")]
    async with sql_units() as uow:
        for key, staff_id, title in rows:
            await uow.canned_replies.add(CannedReply(key, staff_id, title, "您好", NOW))
        await uow.commit()
    found = await queries.canned_replies(engine, li.id)
    assert [reply.id for reply in found[:2]] == ["d", "b"]
    assert sorted(reply.id for reply in found[2:]) == ["a", "e"]
