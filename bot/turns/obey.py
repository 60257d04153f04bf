"""What she did without saying anything: she left, took back a permission, or answered about notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from bot.conversation.accounts import Consent, Contact
from bot.conversation.content import (
    AccountClosed,
    ConsentRevoked,
    NoticeSettled,
    Silent,
    SubscriptionAnswered,
    Unfollowed,
)
from bot.conversation.conversations import Conversation
from bot.conversation.media import MediaKind
from bot.conversation.repositories import UnitOfWork

log = structlog.get_logger(__name__)

PLACES = "206"
_FILES = {"204": (MediaKind.VOICE,), "207": (MediaKind.IMAGE, MediaKind.VIDEO)}
"""The platform's numbers of what she may take back (wechat.md section 2, source S7); the others we never had."""

NO_CONSENT = 43101
"""She refused notices, or none is left (wechat.md section 5)."""


async def obey(uow: UnitOfWork, contact: Contact, conversation: Conversation, content: Silent, at: datetime) -> None:
    """Do what she decided when the message came (`at`); the caller saves the contact."""
    match content:
        case Unfollowed() | AccountClosed():
            contact.following, contact.window = False, None
            contact.erase_asked_at = contact.erase_asked_at or at
            await uow.consents.end(contact.id)
        case ConsentRevoked(items=items):
            await _forget(uow, contact, conversation, items)
        case SubscriptionAnswered(template_id=template_id, allowed=allowed):
            known = await uow.consents.get(contact.id, template_id)
            left = (known.left if known else 0) + 1 if allowed else 0
            await uow.consents.save(Consent(contact.id, template_id, left, at))
        case NoticeSettled(template_id=template_id, errcode=errcode):
            log.info("notice settled", contact_id=contact.id, errcode=errcode)
            known = await uow.consents.get(contact.id, template_id)
            if errcode == NO_CONSENT and known is not None:
                await uow.consents.save(replace(known, left=0, updated_at=at))


async def _forget(uow: UnitOfWork, contact: Contact, conversation: Conversation, items: tuple[str, ...]) -> None:
    """Places at once; files unless an open case or a waiting call for help may need them as evidence."""
    if PLACES in items:
        contact.region = None
    kinds = [kind for item in items for kind in _FILES.get(item, ())]
    if not kinds:
        return
    if await uow.cases.open_of(contact.id) or await uow.handoffs.open_of(conversation.id):
        log.info("files kept for an open case", contact_id=contact.id)
    else:
        await uow.media.erase(contact.id, kinds)
