"""The memory double where it differs from SQL: two units of work may be under way in one test."""

from __future__ import annotations

import pytest

from bot.conversation.accounts import Contact
from bot.conversation.errors import Conflict, StaleVersion, StoreUnavailable
from bot.conversation.repositories import UnitsOfWork
from tests.contract.store.entities import a_contact, a_conversation, keep
from tests.doubles.memory_store import MemoryUnits


async def test_a_unit_of_work_sees_the_past() -> None:
    units = MemoryUnits()
    contact = a_contact()
    async with units() as early:
        await keep(units, contact)
        assert await early.contacts.by_mailbox(contact.mailbox) is None


async def test_of_two_units_that_change_one_row_the_second_to_commit_fails() -> None:
    units: UnitsOfWork = MemoryUnits()
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(units, contact, conversation)
    async with units() as first, units() as second:
        await first.conversations.save(await first.conversations.get(conversation.id))
        await second.conversations.save(await second.conversations.get(conversation.id))
        await first.commit()
        with pytest.raises(StaleVersion):
            await second.commit()


async def test_of_two_units_that_add_the_same_the_second_to_commit_fails() -> None:
    units = MemoryUnits()
    async with units() as first, units() as second:
        await first.contacts.add(a_contact(mailbox="hers"))
        await second.contacts.add(a_contact(mailbox="hers"))
        await first.commit()
        with pytest.raises(Conflict):
            await second.commit()
    assert len(units.kept(Contact)) == 1


async def test_a_store_that_is_away() -> None:
    units = MemoryUnits()
    async with units() as under_way:
        units.available = False
        with pytest.raises(StoreUnavailable):
            await under_way.commit()
    with pytest.raises(StoreUnavailable):
        await keep(units, a_contact())
