"""Erasing a person in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation.accounts import Consent, Contact
from bot.conversation.call_backs import CallBack
from bot.conversation.case_work import CaseEntry, Visit
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.flows import Flow, Link
from bot.conversation.handoffs import Handoff, HandoffStatus
from bot.conversation.media import Media
from bot.conversation.messages import OPEN_DELIVERIES, Delivery, DeliveryStatus, Message, new_id
from bot.conversation.notes import Note
from bot.conversation.shares import Share, WrongCode
from bot.store.placeholders import ERASED, ERASED_SENDING
from tests.doubles.memory_media import erase_file
from tests.doubles.memory_tables import Erasure, KeptCode, Work


def may_be_erased(work: Work, contact: Contact) -> bool:
    """Whether she asked, has not been erased, and nothing of hers is open."""
    if contact.erase_asked_at is None or work.find(Erasure, contact.id):
        return False
    asked = any(one.contact_id == contact.id and one.status is not HandoffStatus.RESOLVED for one in work.all(Handoff))
    on_file = any(one.contact_id == contact.id and one.status is not CaseStatus.ARCHIVED for one in work.all(Case))
    return not asked and not on_file


def erase_contact(work: Work, contact_id: str) -> None:
    """Take away what names or shows her."""
    contact, now = work.get(Contact, contact_id), datetime.now(UTC)
    for media in _hers(work, Media, contact_id):
        erase_file(work, media)
    for message in _hers(work, Message, contact_id):
        work.save(replace(message, content=ERASED, inbound_key=None, reasons=()))
    for delivery in _hers(work, Delivery, contact_id):
        work.save(_erased(delivery, now))
    for kind in (Consent, Link, Flow, CaseEntry, Visit, Note, CallBack, Share, KeptCode, WrongCode):
        for row in work.all(kind):
            if contact_id in (row.contact_id, getattr(row, "with_contact_id", None)):
                work.remove(row)
    for talk in _hers(work, Conversation, contact_id):
        if talk.mode is not Mode.CLOSED:
            work.save(replace(talk, mode=Mode.CLOSED, owner=None, closed_at=now, version=talk.version + 1))
    nobody = replace(contact, mailbox=new_id(), openid=new_id(), following=False)
    work.save(replace(nobody, window=None, region=None, refusal=None, safe_word=None, name=None, phone=None))
    work.put(Erasure(contact_id))


def _hers[Entity: (Media, Message, Delivery, Conversation)](
    work: Work, kind: type[Entity], contact_id: str
) -> list[Entity]:
    return [entity for entity in work.all(kind) if entity.contact_id == contact_id]


def _erased(delivery: Delivery, now: datetime) -> Delivery:
    nothing = replace(delivery, content=ERASED_SENDING, inbound_key=None, uploaded_id=None, uploaded_until=None)
    if delivery.status in OPEN_DELIVERIES | {DeliveryStatus.HELD}:
        return replace(nothing, status=DeliveryStatus.REFUSED, settled_at=now)
    return nothing
