"""What the operators' screens show, each read in one snapshot, and only what the scope allows."""

from __future__ import annotations

from collections import defaultdict
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.accounts import Consent, SendingWindow
from bot.conversation.alarms import Alarm
from bot.conversation.call_backs import CallBack
from bot.conversation.canned import CannedReply
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.conversations import Conversation
from bot.conversation.flows import Flow
from bot.conversation.handoffs import Handoff
from bot.conversation.masking import masked_name, masked_phone
from bot.conversation.media import Body, Media
from bot.conversation.messages import DeliveryStatus, Message, Route
from bot.conversation.notes import Note
from bot.conversation.ports import Sealer
from bot.conversation.shares import Allowed
from bot.conversation.staff import Scope, area
from bot.store.engine import reading
from bot.store.repositories.alarms import alarm_of, in_order
from bot.store.repositories.call_backs import open_call_back
from bot.store.repositories.canned import canned_for, canned_of
from bot.store.repositories.cases import NEWEST_FIRST, case_of
from bot.store.repositories.consents import consent_of
from bot.store.repositories.contacts import opened_or_none, window_of
from bot.store.repositories.conversations import conversation_of
from bot.store.repositories.flows import readable
from bot.store.repositories.handoffs import handoff_of
from bot.store.repositories.media import body_of, body_query, media_of
from bot.store.repositories.messages import message_of
from bot.store.repositories.notes import notes_query, readable_notes
from bot.store.repositories.shares import allowed_of, allowed_query
from bot.store.tables import (
    cases,
    consents,
    contacts,
    conversations,
    deliveries,
    flows,
    handoffs,
    media,
    messages,
)
from bot.store.transaction import Transaction

MOST_EARLIER = 20
"""How many of her conversations before this one are named."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one sending of a message; `errcode` is the platform's answer, None if it never answered."""

    status: DeliveryStatus
    route: Route | None
    errcode: int | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One line of a conversation, its place in it, what became of its sendings, and its picture, voice or video."""

    position: int
    message: Message
    fates: tuple[Fate, ...]
    media: Media | None


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """All that an operator sees of one conversation.

    `handoff` is the latest; `case` is her open file, or else the one of this conversation; `earlier_cases` are her
    others within the scope, the newest first. `contact_region`, `refusal` and `erase_asked_at` are those of the
    contact; `consents` are the notices that she allowed and that were not yet used.
    """

    conversation: Conversation
    contact_name: str
    contact_region: str | None
    following: bool
    refusal: int | None
    erase_asked_at: datetime | None
    window: SendingWindow | None
    consents: tuple[Consent, ...]
    handoff: Handoff | None
    case: Case | None
    earlier_cases: tuple[Case, ...]
    messages: tuple[ShownMessage, ...]
    flows: tuple[Flow, ...] = ()
    """What she answered in guided help in this conversation."""
    hidden_at: datetime | None = None
    """Since when she has turned the chat harmless: somebody may be reading."""
    notes: tuple[Note, ...] = ()
    """What the office noted beside it, in order."""
    allowed: tuple[Allowed, ...] = ()
    """What of hers she lets be read here that another city has."""
    masked_name: str | None = None
    masked_phone: str | None = None
    call_back: CallBack | None = None
    """What she asked for by telephone and is still to be done."""
    earlier: tuple[Conversation, ...] = ()
    """Her conversations before this one within the scope, the newest first."""


async def conversation_page(
    engine: AsyncEngine, sealer: Sealer, scope: Scope, conversation_id: str
) -> ConversationPage:
    """One conversation with its whole history; raises NotFound, also if it is outside the scope."""
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        row = await snapshot.get(_conversation(scope, conversation_id))
        conversation = conversation_of(row)
        case, earlier = await _cases(snapshot, scope, conversation)
        name, phone = (opened_or_none(sealed, sealer, conversation.contact_id) for sealed in (row.name, row.phone))
        return ConversationPage(
            conversation=conversation,
            contact_name=contact_name(conversation.contact_id),
            contact_region=row.contact_region,
            following=row.following,
            refusal=row.refusal,
            erase_asked_at=row.erase_asked_at,
            window=window_of(row),
            consents=await _consents(snapshot, conversation.contact_id),
            handoff=await _latest_handoff(snapshot, conversation_id),
            case=case,
            earlier_cases=earlier,
            messages=await _messages(snapshot, sealer, conversation_id),
            flows=await _flows(snapshot, sealer, conversation_id),
            hidden_at=row.hidden_at,
            allowed=tuple(map(allowed_of, await snapshot.all(allowed_query(conversation.contact_id)))),
            notes=tuple(readable_notes(await snapshot.all(notes_query(conversation_id)), sealer)),
            masked_name=masked_name(name) if name else None,
            masked_phone=masked_phone(phone) if phone else None,
            call_back=await open_call_back(snapshot, sealer, conversation.contact_id),
            earlier=await _earlier(snapshot, scope, conversation),
        )


async def _earlier(snapshot: Transaction, scope: Scope, conversation: Conversation) -> tuple[Conversation, ...]:
    hers = sa.and_(conversations.c.contact_id == conversation.contact_id, within(scope, conversations))
    before = sa.select(conversations).where(hers, conversations.c.opened_at < conversation.opened_at)
    newest = before.order_by(conversations.c.opened_at.desc()).limit(MOST_EARLIER)
    return tuple(map(conversation_of, await snapshot.all(newest)))


async def _flows(snapshot: Transaction, sealer: Sealer, conversation_id: str) -> tuple[Flow, ...]:
    query = sa.select(flows).where(flows.c.conversation_id == conversation_id).order_by(flows.c.begun_at)
    return tuple(readable(await snapshot.all(query), sealer))


async def media_body(engine: AsyncEngine, sealer: Sealer, scope: Scope, media_id: str, *, playable: bool) -> Body:
    """The bytes of a file; with `playable` those for a browser if there are any.

    Raises NotFound, also if its conversation is outside the scope, and InvalidData if no key opens it.
    """
    conversation = (
        sa.select(conversations.c.id)
        .join(media, media.c.conversation_id == conversations.c.id)
        .where(media.c.id == media_id, within(scope, conversations))
    )
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        row = await snapshot.get(body_query(media_id, playable=playable).where(conversation.exists()))
    return await body_of(row, sealer)


async def canned_replies(engine: AsyncEngine, staff_id: str) -> list[CannedReply]:
    """This operator's own, then everybody's, each in the order of their titles."""
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        return [canned_of(row) for row in await snapshot.all(canned_for(staff_id))]


async def list_alarms(engine: AsyncEngine, scope: Scope) -> list[Alarm]:
    """What keeps the accounts of the scope from working, the oldest first; its regions do not matter here."""
    query = in_order()
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        found = [alarm_of(row) for row in await snapshot.all(query)]
    return [alarm for alarm in found if scope.covers_account(alarm.account_id)]


def contact_name(contact_id: str) -> str:
    """What operators call a person whose name nobody asked."""
    return f"来访者 {contact_id[:4].upper()}"


def within(scope: Scope, table: sa.Table) -> sa.ColumnElement[bool]:
    """The row is of the accounts and regions of the scope, as `Scope.covers` has it."""
    conditions: list[sa.ColumnElement[bool]] = []
    if scope.accounts:
        conditions.append(table.c.account_id.in_(sorted(scope.accounts)))
    if scope.without:
        conditions.append(table.c.account_id.not_in(sorted(scope.without)))
    if scope.regions:
        conditions.append(sa.or_(*(table.c.region.startswith(area(code), autoescape=True) for code in scope.regions)))
    return sa.and_(sa.true(), *conditions)


def _conversation(scope: Scope, conversation_id: str) -> sa.Select[Any]:
    window = (contacts.c.window_scene, contacts.c.window_opened_at, contacts.c.window_sent)
    person = (contacts.c.following, contacts.c.refusal, contacts.c.erase_asked_at, contacts.c.hidden_at)
    sealed = (contacts.c.name, contacts.c.phone)
    return (
        sa.select(conversations, *window, *person, *sealed, contacts.c.region.label("contact_region"))
        .join(contacts, contacts.c.id == conversations.c.contact_id)
        .where(conversations.c.id == conversation_id, within(scope, conversations))
    )


async def _latest_handoff(snapshot: Transaction, conversation_id: str) -> Handoff | None:
    query = sa.select(handoffs).where(handoffs.c.conversation_id == conversation_id)
    row = await snapshot.first(query.order_by(handoffs.c.requested_at.desc()).limit(1))
    return None if row is None else handoff_of(row)


async def _cases(
    snapshot: Transaction, scope: Scope, conversation: Conversation
) -> tuple[Case | None, tuple[Case, ...]]:
    """The case that the page is about, and the others."""
    query = sa.select(cases).where(cases.c.contact_id == conversation.contact_id, within(scope, cases))
    hers = [case_of(row) for row in await snapshot.all(query.order_by(*NEWEST_FIRST))]
    on_file = [case for case in hers if case.status is not CaseStatus.ARCHIVED]
    of_this = [case for case in hers if case.conversation_id == conversation.id]
    shown = next(iter(on_file + of_this), None)
    return shown, tuple(case for case in hers if case is not shown)


async def _consents(snapshot: Transaction, contact_id: str) -> tuple[Consent, ...]:
    query = sa.select(consents).where(consents.c.contact_id == contact_id).order_by(consents.c.template_id)
    return tuple(consent_of(row) for row in await snapshot.all(query))


async def _messages(snapshot: Transaction, sealer: Sealer, conversation_id: str) -> tuple[ShownMessage, ...]:
    sendings = sa.select(deliveries).where(deliveries.c.conversation_id == conversation_id)
    fates: defaultdict[str, list[Fate]] = defaultdict(list)
    for row in await snapshot.all(sendings.order_by(deliveries.c.sequence)):
        fates[row.message_id].append(_fate_of(row))
    files = await snapshot.all(sa.select(media).where(media.c.conversation_id == conversation_id))
    brought = {row.message_id: media_of(row) for row in files}
    query = sa.select(messages).where(messages.c.conversation_id == conversation_id).order_by(messages.c.position)
    return tuple(
        ShownMessage(row.position, message_of(row, sealer), tuple(fates[row.id]), brought.get(row.id))
        for row in await snapshot.all(query)
    )


def _fate_of(row: sa.Row[Any]) -> Fate:
    return Fate(
        status=DeliveryStatus(row.status),
        route=row.route and Route(row.route),
        errcode=row.errcode,
        settled_at=row.settled_at,
    )
