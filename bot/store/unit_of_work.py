"""One transaction with all its repositories."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.desk_repositories import Alerts, CallBacks, CannedReplies, Notes, Shares, Shifts
from bot.conversation.ports import Sealer
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
from bot.store.engine import looking, writing
from bot.store.repositories.alarms import SqlAlarms
from bot.store.repositories.alerts import SqlAlerts
from bot.store.repositories.articles import SqlArticleVersions
from bot.store.repositories.audit import SqlAuditTrail
from bot.store.repositories.call_backs import SqlCallBacks
from bot.store.repositories.canned import SqlCannedReplies
from bot.store.repositories.case_work import SqlCaseEntries, SqlVisits
from bot.store.repositories.cases import SqlCases
from bot.store.repositories.consents import SqlConsents
from bot.store.repositories.contacts import SqlContacts
from bot.store.repositories.conversations import SqlConversations
from bot.store.repositories.deliveries import SqlDeliveries
from bot.store.repositories.flows import SqlFlows, SqlLinks
from bot.store.repositories.handoffs import SqlHandoffs
from bot.store.repositories.media import SqlMediaFiles
from bot.store.repositories.messages import SqlMessages
from bot.store.repositories.notes import SqlNotes
from bot.store.repositories.second_factors import SqlSecondFactors
from bot.store.repositories.shares import SqlShares
from bot.store.repositories.shifts import SqlShifts
from bot.store.repositories.staff import SqlSessions, SqlStaffMembers
from bot.store.transaction import Transaction


class SqlUnitOfWork:
    """Implements `ports.UnitOfWork`; it may write, so on SQLite only one is under way at a time."""

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

    def __init__(
        self, engine: AsyncEngine, sealer: Sealer, drills: frozenset[str] = frozenset(), *, reading: bool = False
    ) -> None:
        """`drills` are the accounts whose cases are none; see `repositories.UnitsOfWork` for `reading`."""
        self._engine = looking(engine) if reading else writing(engine)
        self._reading = reading
        self._sealer = sealer
        self._drills = drills

    async def __aenter__(self) -> Self:
        """Begin; raises StoreUnavailable."""
        transaction = self._transaction = await Transaction.begin(self._engine)
        self.contacts = SqlContacts(transaction, self._sealer)
        self.conversations = SqlConversations(transaction)
        self.messages = SqlMessages(transaction, self._sealer)
        self.deliveries = SqlDeliveries(transaction, self._sealer)
        self.media = SqlMediaFiles(transaction, self._sealer)
        self.consents = SqlConsents(transaction)
        self.alarms = SqlAlarms(transaction)
        self.article_versions = SqlArticleVersions(transaction)
        self.handoffs = SqlHandoffs(transaction)
        self.cases = SqlCases(transaction, self._drills)
        self.case_entries = SqlCaseEntries(transaction, self._sealer)
        self.visits = SqlVisits(transaction)
        self.flows = SqlFlows(transaction, self._sealer)
        self.links = SqlLinks(transaction)
        self.staff = SqlStaffMembers(transaction)
        self.sessions = SqlSessions(transaction)
        self.second_factors = SqlSecondFactors(transaction, self._sealer)
        self.call_backs = SqlCallBacks(transaction, self._sealer)
        self.shares = SqlShares(transaction, self._sealer)
        self.notes = SqlNotes(transaction, self._sealer)
        self.canned_replies = SqlCannedReplies(transaction)
        self.shifts = SqlShifts(transaction)
        self.alerts = SqlAlerts(transaction)
        self.audit = self._trail = SqlAuditTrail(transaction, self._sealer)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what was not committed is undone."""
        await self._transaction.aclose()

    async def commit(self) -> None:
        """Keep everything; raises Conflict after a refused row, and StoreUnavailable."""
        if self._reading:
            raise RuntimeError("this unit of work is for reading")
        await self._trail.write()
        await self._transaction.commit()
