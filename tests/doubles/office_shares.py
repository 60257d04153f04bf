"""Somebody who wrote in another city before, and lets this one read her cases there."""

from __future__ import annotations

from bot.conversation.accounts import Contact
from bot.conversation.conversations import Conversation
from bot.conversation.messages import new_id
from bot.conversation.shares import Share
from tests.doubles.office import Office


async def lets_read(office: Office, here: Conversation, there: Conversation | None = None) -> Share:
    """She said yes here; `there` is hers in the other city, a bare contact of the province if there is none."""
    now = office.clock.now()
    before = Contact(new_id(), "hunan", new_id(), "openid", now)
    contact_id = there.contact_id if there else before.id
    share = Share(new_id(), contact_id, now, here.contact_id, used_at=now, agreed_at=now)
    async with office.units() as uow:
        if there is None:
            await uow.contacts.add(before)
        await uow.shares.add(share, new_id())
        await uow.commit()
    return share
