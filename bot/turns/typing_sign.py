"""She sees for a moment that somebody is writing to her."""

from __future__ import annotations

from bot.conversation.ports import Sender
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Staff
from bot.handoff import check_owner, seen_by


async def show_typing(conversation_id: str, staff: Staff, units: UnitsOfWork, sender: Sender) -> None:
    """Show the person that this operator is writing; she must hold the conversation.

    What the platform says to it changes nothing. Raises Forbidden, NotFound, StoreUnavailable.
    """
    async with units(reading=True) as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        check_owner(conversation, staff)
        contact = await uow.contacts.get(conversation.contact_id)
    if contact.following:
        await sender.typing(contact.account_id, contact.openid)
