"""On every store a conversation that went quiet ends in the very commit in which the next one begins."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.accounts import Account, Contact
from bot.conversation.cases import CaseStatus
from bot.conversation.content import Text
from bot.conversation.conversations import QUIET_ENDS, Conversation, Mode
from bot.conversation.messages import Inbound, new_id
from bot.conversation.repositories import UnitsOfWork
from bot.turns.read import Read, add_new, again, read
from tests.contract.store.entities import ACCOUNT, NOW, REGION, a_case, a_contact, a_conversation, a_message, keep

HERE = Account(ACCOUNT, "湖南妇联", REGION, "", "", "", "")


async def known(units: UnitsOfWork) -> tuple[Contact, Conversation]:
    """Somebody whose conversation has one line of now."""
    contact = a_contact()
    conversation = a_conversation(contact, last_message_at=NOW)
    await keep(units, contact, conversation, a_message(conversation))
    return contact, conversation


async def writes(units: UnitsOfWork, contact: Contact, at: datetime) -> Read:
    """How things stand with her at this moment, kept with what is new."""
    inbound = Inbound(new_id(), contact.mailbox, ACCOUNT, contact.openid, Text("你好"), sent_at=at, received_at=at)
    async with units(reading=True) as uow:
        stood = await read(uow, inbound, HERE, at)
    async with units() as uow:
        await add_new(uow, stood, await again(uow, stood))
        await uow.commit()
    return stood


async def test_after_a_week_the_one_ends_and_another_begins(units: UnitsOfWork) -> None:
    contact, before = await known(units)
    at = NOW + QUIET_ENDS
    stood = await writes(units, contact, at)
    assert (stood.is_new, list(stood.recent)) == (True, [])
    async with units() as uow:
        kept, now = await uow.conversations.get(before.id), await uow.conversations.current(contact.id)
    assert (kept.mode, kept.closed_at) == (Mode.CLOSED, at)
    assert now is not None
    assert (now.id, now.mode, now.opened_at) == (stood.conversation.id, Mode.BOT, at)


async def test_within_the_week_or_with_an_open_case_it_goes_on(units: UnitsOfWork) -> None:
    contact, conversation = await known(units)
    assert (await writes(units, contact, NOW + QUIET_ENDS / 2)).conversation.id == conversation.id
    case = a_case(conversation)
    await keep(units, case)
    assert not (await writes(units, contact, NOW + 4 * QUIET_ENDS)).is_new
    async with units() as uow:
        case.status = CaseStatus.ARCHIVED
        await uow.cases.save(case)
        await uow.commit()
    assert (await writes(units, contact, NOW + 4 * QUIET_ENDS)).is_new
