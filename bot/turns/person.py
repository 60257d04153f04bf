"""What the office knows of a person: written down by an operator, and shown only when asked for."""

from __future__ import annotations

import re

from bot.conversation.accounts import Contact
from bot.conversation.errors import InvalidData
from bot.conversation.events import EventKind
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff import seen_by
from bot.turns.note import BesidePorts
from bot.turns.say import tell_browsers

MAX_NAME = 30
_PHONE = re.compile(r"\+?[\d \-()（）转]{5,30}")


async def write_person(
    conversation_id: str, name: str | None, phone: str | None, staff: Staff, ports: BesidePorts
) -> None:
    """Keep her name and number, None for what stays as it is and "" for what is to be forgotten.

    Raises InvalidData with words for the operator, NotFound outside her scope, StoreUnavailable.
    """
    _check(name, phone)
    now = ports.clock.now()
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        contact = await uow.contacts.get(conversation.contact_id)
        contact.name, contact.phone = name and name.strip(), phone and phone.strip()
        await uow.contacts.save(contact)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "contact.write", contact.id, now))
        await uow.commit()
    await tell_browsers(conversation, ports.feed, EventKind.CONTACT_CHANGED)


async def show_person(conversation_id: str, staff: Staff, ports: BesidePorts) -> Contact:
    """What is known of her, once the audit trail says who asked; raises NotFound outside her scope."""
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        contact = await uow.contacts.get(conversation.contact_id)
        entry = AuditEntry(new_id(), staff.id, "contact.reveal", contact.id, ports.clock.now())
        await uow.audit.append(entry)
        await uow.commit()
    return contact


def _check(name: str | None, phone: str | None) -> None:
    if name is not None and len(name.strip()) > MAX_NAME:
        raise InvalidData(f"称呼最多 {MAX_NAME} 字")
    if phone and phone.strip() and not _PHONE.fullmatch(phone.strip()):
        raise InvalidData("电话只能有数字、空格和 + - ( )，5 到 30 位")
