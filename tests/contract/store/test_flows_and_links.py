"""What every store promises about guided help: answers come back as they went, links open once, erasure takes both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.conversations import Mode
from bot.conversation.errors import NotFound, StaleVersion
from bot.conversation.flows import Flow, FlowState, Link, Purpose
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork
from tests.contract.store.entities import NOW, a_contact, a_conversation, a_flow, a_talk, keep, later


def a_link(flow: Flow) -> Link:
    return Link(
        id=new_id(),
        digest=new_id(),
        contact_id=flow.contact_id,
        conversation_id=flow.conversation_id,
        purpose=Purpose.PAPERS,
        expires_at=later(60),
        flow_id=flow.id,
    )


async def kept_flow(units: UnitsOfWork) -> Flow:
    flow = a_flow(await a_talk(units))
    await keep(units, flow)
    return flow


async def test_answers_and_payments_come_back_as_they_went(units: UnitsOfWork) -> None:
    flow = await kept_flow(units)
    async with units() as uow:
        assert await uow.flows.get(flow.id) == flow
        assert await uow.flows.of_conversation(flow.conversation_id) == [flow]
        assert await uow.flows.of_conversation("none") == []
        with pytest.raises(NotFound):
            await uow.flows.get("none")


async def test_the_flows_of_a_conversation_come_in_the_order_in_which_they_were_begun(units: UnitsOfWork) -> None:
    first = await kept_flow(units)
    second = replace(first, id=new_id(), begun_at=later(1), updated_at=later(1), state=FlowState.FINISHED)
    async with units() as uow:
        await uow.flows.add(second)
        first.state, first.updated_at = FlowState.LEFT, later(2)
        await uow.flows.save(first)
        await uow.commit()
    async with units() as uow:
        assert await uow.flows.of_conversation(first.conversation_id) == [first, second]


async def test_the_flows_of_a_person_are_those_of_all_her_conversations(units: UnitsOfWork) -> None:
    contact = a_contact()
    before, now = a_conversation(contact, mode=Mode.CLOSED), a_conversation(contact)
    first, second = a_flow(before), a_flow(now, begun_at=later(1))
    await keep(units, contact, before, now, second, first)
    await kept_flow(units)
    async with units() as uow:
        assert await uow.flows.of_contact(contact.id) == [first, second]
        assert await uow.flows.of_conversation(now.id) == [second]


async def test_of_two_who_open_a_link_one_is_too_late(units: UnitsOfWork) -> None:
    link = a_link(await kept_flow(units))
    async with units() as uow:
        await uow.links.add(link)
        await uow.commit()
    opened = replace(link, digest=new_id(), opened_at=later(1))
    async with units() as uow:
        assert await uow.links.by_digest(link.digest) == link
        await uow.links.save(opened)
        await uow.commit()
    async with units() as uow:
        assert await uow.links.by_digest(link.digest) is None
        assert await uow.links.by_digest(opened.digest) == opened
        with pytest.raises(StaleVersion):
            await uow.links.save(replace(link, digest=new_id(), opened_at=later(2)))


async def test_the_safe_word_comes_back_and_goes(units: UnitsOfWork) -> None:
    contact = a_contact(safe_word="白菜多少钱", hidden_at=NOW)
    await keep(units, contact)
    async with units() as uow:
        assert await uow.contacts.get(contact.id) == contact
        contact.safe_word, contact.hidden_at = None, None
        await uow.contacts.save(contact)
        await uow.commit()
    async with units() as uow:
        assert await uow.contacts.by_mailbox(contact.mailbox) == contact


async def test_erasure_takes_answers_and_links(units: UnitsOfWork) -> None:
    flow = await kept_flow(units)
    link = a_link(flow)
    async with units() as uow:
        await uow.links.add(link)
        await uow.commit()
    async with units() as uow:
        await uow.contacts.erase(flow.contact_id)
        await uow.commit()
    async with units() as uow:
        assert await uow.links.by_digest(link.digest) is None
        assert await uow.flows.of_conversation(flow.conversation_id) == []
