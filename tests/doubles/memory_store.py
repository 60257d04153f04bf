"""The store in memory: units of work that behave as those of SQL, for the tests of use cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from types import TracebackType
from typing import Self

from bot.conversation.accounts import Consent, Contact
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.alerts import AlertKind
from bot.conversation.articles import ArticleVersion, reference
from bot.conversation.content import Text
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.desk_repositories import Alerts, CallBacks, CannedReplies, Notes, Shares, Shifts
from bot.conversation.errors import StaleVersion
from bot.conversation.flows import Flow, Link
from bot.conversation.handoffs import Handoff, HandoffStatus, Waits
from bot.conversation.levels import Level
from bot.conversation.messages import OPEN_DELIVERIES, Delivery, DeliveryStatus, Exchange, Message
from bot.conversation.repositories import (
    Alarms,
    ArticleVersions,
    AuditTrail,
    CaseEntries,
    Cases,
    Consents,
    Contacts,
    Conversations,
    Deliveries,
    Flows,
    Handoffs,
    Links,
    MediaFiles,
    Messages,
    SecondFactors,
    Sessions,
    StaffMembers,
    Visits,
)
from tests.doubles.memory_alerts import MemoryAlerts, exchange_of, late_ones, waits_by_level
from tests.doubles.memory_call_backs import MemoryCallBacks
from tests.doubles.memory_cases import MemoryCaseEntries, MemoryCases, MemoryVisits
from tests.doubles.memory_desk import MemoryCannedReplies, MemoryNotes, MemoryShifts
from tests.doubles.memory_erasure import erase_contact, may_be_erased
from tests.doubles.memory_media import MemoryMediaFiles
from tests.doubles.memory_shares import MemoryShares
from tests.doubles.memory_staff import MemoryAuditTrail, MemorySecondFactors, MemorySessions, MemoryStaffMembers
from tests.doubles.memory_tables import Memory, Work, key_of


class MemoryUnits(Memory):
    """Begins units of work over one memory: `MemoryUnits()` where `ports.UnitsOfWork` is asked for."""

    def __call__(self, *, reading: bool = False) -> MemoryUnit:
        return MemoryUnit(self, reading=reading)


class MemoryUnit:
    """One unit of work on a snapshot; the first to commit a change of a row wins, the second gets StaleVersion."""

    contacts: Contacts
    conversations: Conversations
    messages: Messages
    deliveries: Deliveries
    media: MediaFiles
    consents: Consents
    alarms: Alarms
    article_versions: ArticleVersions
    handoffs: Handoffs
    cases: Cases
    case_entries: CaseEntries
    visits: Visits
    flows: Flows
    links: Links
    staff: StaffMembers
    sessions: Sessions
    second_factors: SecondFactors
    call_backs: CallBacks
    shares: Shares
    notes: Notes
    canned_replies: CannedReplies
    shifts: Shifts
    alerts: Alerts
    audit: AuditTrail

    def __init__(self, memory: Memory, *, reading: bool = False) -> None:
        self._memory = memory
        self._reading = reading

    async def __aenter__(self) -> Self:
        work = self._work = Work(self._memory)
        self.contacts = MemoryContacts(work)
        self.conversations = MemoryConversations(work)
        self.messages = MemoryMessages(work)
        self.deliveries = MemoryDeliveries(work)
        self.media = MemoryMediaFiles(work)
        self.consents = MemoryConsents(work)
        self.alarms = MemoryAlarms(work)
        self.article_versions = MemoryArticleVersions(work)
        self.handoffs = MemoryHandoffs(work)
        self.cases = MemoryCases(work)
        self.case_entries = MemoryCaseEntries(work)
        self.visits = MemoryVisits(work)
        self.flows = MemoryFlows(work)
        self.links = MemoryLinks(work)
        self.staff = MemoryStaffMembers(work)
        self.sessions = MemorySessions(work)
        self.second_factors = MemorySecondFactors(work)
        self.call_backs = MemoryCallBacks(work)
        self.shares = MemoryShares(work)
        self.notes = MemoryNotes(work)
        self.canned_replies = MemoryCannedReplies(work)
        self.shifts = MemoryShifts(work)
        self.alerts = MemoryAlerts(work)
        self.audit = MemoryAuditTrail(work)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget what was not committed."""

    async def commit(self) -> None:
        if self._reading:
            raise RuntimeError("this unit of work is for reading")
        self._work.commit()


class MemoryContacts:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def by_mailbox(self, mailbox: str) -> Contact | None:
        return next((contact for contact in self._work.all(Contact) if contact.mailbox == mailbox), None)

    async def get(self, contact_id: str) -> Contact:
        return self._work.get(Contact, contact_id)

    async def add(self, contact: Contact) -> None:
        self._work.add(contact)

    async def save(self, contact: Contact) -> None:
        kept = self._work.get(Contact, contact.id)
        known = {name: getattr(contact, name) for name in ("name", "phone")}
        known = {name: getattr(kept, name) if value is None else value or None for name, value in known.items()}
        self._work.save(replace(contact, **known))

    async def to_erase(self, limit: int) -> list[Contact]:
        asked = [contact for contact in self._work.all(Contact) if may_be_erased(self._work, contact)]
        return sorted(asked, key=lambda contact: str(contact.erase_asked_at))[:limit]

    async def erase(self, contact_id: str) -> None:
        erase_contact(self._work, contact_id)


class MemoryConversations:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, conversation_id: str) -> Conversation:
        return self._work.get(Conversation, conversation_id)

    async def current(self, contact_id: str) -> Conversation | None:
        hers = (one for one in self._work.all(Conversation) if one.contact_id == contact_id)
        return next((one for one in hers if one.mode is not Mode.CLOSED), None)

    async def add(self, conversation: Conversation) -> None:
        self._work.add(conversation)

    async def save(self, conversation: Conversation) -> None:
        if self._work.get(Conversation, conversation.id).version != conversation.version:
            raise StaleVersion("the conversation changed since it was read")
        committed = self._work.committed_version(conversation.id)
        if committed is not None and committed > conversation.version:
            raise StaleVersion("the conversation changed since it was read")
        saved = copy(conversation)
        saved.version += 1
        self._work.save(saved)
        conversation.version += 1


class MemoryMessages:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, message: Message) -> None:
        self._work.add(message)

    async def by_inbound_key(self, key: str) -> Message | None:
        return next((message for message in self._work.all(Message) if message.inbound_key == key), None)

    async def recent(self, conversation_id: str, limit: int) -> list[Message]:
        said = [message for message in self._work.all(Message) if message.conversation_id == conversation_id]
        return said[max(0, len(said) - limit) :]

    async def exchanges(self, conversation_ids: Collection[str]) -> Mapping[str, Exchange]:
        return {one: exchange_of(await self.recent(one, limit=10_000)) for one in conversation_ids}


class MemoryDeliveries:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, delivery_id: str) -> Delivery:
        return self._work.get(Delivery, delivery_id)

    async def add(self, delivery: Delivery) -> None:
        delivery.sequence = next(self._work.memory.sequences)
        self._work.add(delivery)

    async def save(self, delivery: Delivery) -> None:
        self._work.save(delivery)

    async def for_inbound(self, key: str) -> list[Delivery]:
        return [delivery for delivery in self._in_order() if delivery.inbound_key == key]

    async def due(self, now: datetime, limit: int, *, leaving_out: Collection[str] = ()) -> list[Delivery]:
        first: dict[str, Delivery] = {}
        for delivery in self._in_order():
            if delivery.status in OPEN_DELIVERIES:
                first.setdefault(delivery.contact_id, delivery)
        due = (one for one in first.values() if one.due_at <= now and one.account_id not in leaving_out)
        return sorted(due, key=lambda one: (-self._level(one).rank, one.due_at, one.sequence))[:limit]

    async def any_due(self, now: datetime) -> bool:
        return any(one.status in OPEN_DELIVERIES and one.due_at <= now for one in self._in_order())

    async def following(self, delivery: Delivery) -> list[Delivery]:
        hers = (one for one in self._in_order() if one.contact_id == delivery.contact_id)
        later = (one for one in hers if one.sequence > delivery.sequence and one.status in OPEN_DELIVERIES)
        alike = (DeliveryStatus.PENDING, True, delivery.by_assistant)
        if not isinstance(delivery.content, Text):
            return []
        return list(
            takewhile(lambda one: (one.status, isinstance(one.content, Text), one.by_assistant) == alike, later)
        )

    async def under_way(self, contact_id: str) -> list[Delivery]:
        hers = (delivery for delivery in self._in_order() if delivery.contact_id == contact_id)
        return [delivery for delivery in hers if delivery.status in OPEN_DELIVERIES]

    async def held(self, contact_id: str) -> list[Delivery]:
        hers = (delivery for delivery in self._in_order() if delivery.contact_id == contact_id)
        return [delivery for delivery in hers if delivery.status is DeliveryStatus.HELD]

    def _in_order(self) -> list[Delivery]:
        return sorted(self._work.all(Delivery), key=lambda delivery: delivery.sequence)

    def _level(self, delivery: Delivery) -> Level:
        return self._work.get(Conversation, delivery.conversation_id).level


class MemoryConsents:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, contact_id: str, template_id: str) -> Consent | None:
        hers = (one for one in self._work.all(Consent) if one.contact_id == contact_id)
        return next((one for one in hers if one.template_id == template_id), None)

    async def save(self, consent: Consent) -> None:
        if consent.left > 0:
            self._work.put(consent)
        else:
            self._work.remove(consent)

    async def end(self, contact_id: str) -> None:
        for consent in self._work.all(Consent):
            if consent.contact_id == contact_id:
                self._work.remove(consent)


class MemoryAlarms:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def raise_(self, account_id: str, kind: AlarmKind, detail: str, at: datetime) -> None:
        alarm = Alarm(account_id, kind, detail, since=at, seen_at=at)
        known = self._work.find(Alarm, key_of(alarm))
        self._work.put(alarm if known is None else replace(known, seen_at=at))

    async def clear(self, account_id: str, kind: AlarmKind) -> None:
        for alarm in self._work.all(Alarm):
            if (alarm.account_id, alarm.kind) == (account_id, kind):
                self._work.remove(alarm)

    async def all(self) -> list[Alarm]:
        return sorted(self._work.all(Alarm), key=lambda one: (one.since, one.account_id, one.kind, one.detail))


class MemoryArticleVersions:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def keep(self, versions: Iterable[ArticleVersion]) -> None:
        for one in versions:
            if self._work.find(ArticleVersion, one.reference) is None:
                self._work.put(one)

    async def get(self, key: str, version: str) -> ArticleVersion:
        return self._work.get(ArticleVersion, reference(key, version))

    async def of(self, key: str) -> list[ArticleVersion]:
        mine = sorted((one for one in self._work.all(ArticleVersion) if one.key == key), key=lambda one: one.version)
        return sorted(mine, key=lambda one: one.first_seen_at, reverse=True)


class MemoryHandoffs:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, handoff_id: str) -> Handoff:
        return self._work.get(Handoff, handoff_id)

    async def open_of(self, conversation_id: str) -> Handoff | None:
        asked = (one for one in self._work.all(Handoff) if one.conversation_id == conversation_id)
        return next((one for one in asked if one.status is not HandoffStatus.RESOLVED), None)

    async def in_hand(self, staff_id: str) -> int:
        claimed = (one for one in self._work.all(Handoff) if one.status is HandoffStatus.CLAIMED)
        return sum(one.claimed_by == staff_id for one in claimed)

    async def claimed(self) -> list[Handoff]:
        claimed = (one for one in self._work.all(Handoff) if one.status is HandoffStatus.CLAIMED)
        return sorted(claimed, key=lambda one: str(one.claimed_at))

    async def critical(self) -> list[Handoff]:
        return [one for one in await self.waiting() if one.level is Level.CRITICAL]

    async def late(
        self, before: Mapping[Level, datetime], kind: AlertKind, without: Collection[str], limit: int
    ) -> list[Handoff]:
        return late_ones(self._work, before, kind, without, limit)

    async def waits(self, without: Collection[str]) -> Mapping[Level, Waits]:
        return waits_by_level(self._work, without)

    async def waiting(self) -> list[Handoff]:
        waiting = (one for one in self._work.all(Handoff) if one.status is HandoffStatus.WAITING)
        return sorted(waiting, key=lambda one: (-one.level.rank, one.requested_at))

    async def add(self, handoff: Handoff) -> None:
        self._work.add(handoff)

    async def save(self, handoff: Handoff) -> None:
        self._work.save(handoff)


class MemoryFlows:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, flow_id: str) -> Flow:
        return self._work.get(Flow, flow_id)

    async def of_conversation(self, conversation_id: str) -> list[Flow]:
        hers = [flow for flow in self._work.all(Flow) if flow.conversation_id == conversation_id]
        return sorted(hers, key=lambda flow: flow.begun_at)

    async def of_contact(self, contact_id: str) -> list[Flow]:
        hers = [flow for flow in self._work.all(Flow) if flow.contact_id == contact_id]
        return sorted(hers, key=lambda flow: flow.begun_at)

    async def add(self, flow: Flow) -> None:
        self._work.add(flow)

    async def save(self, flow: Flow) -> None:
        self._work.save(flow)


class MemoryLinks:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def by_digest(self, digest: str) -> Link | None:
        return next((link for link in self._work.all(Link) if link.digest == digest), None)

    async def add(self, link: Link) -> None:
        self._work.add(link)

    async def save(self, link: Link) -> None:
        if self._work.get(Link, link.id).opened_at is not None:
            raise StaleVersion("the link was opened")
        self._work.save(link)
