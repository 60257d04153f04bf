"""What the faces of the desk need: the use cases' ports, and what is read for a screen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.conversation.accounts import Accounts, drills_among
from bot.conversation.alarms import Alarm
from bot.conversation.call_backs import OverdueCall
from bot.conversation.canned import CannedReply
from bot.conversation.clock import Clock
from bot.conversation.figures import Figures, Period, Slice
from bot.conversation.media import Body
from bot.conversation.ports import Feed, Inbox, Queue, Sender
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.roster import Day, Shift
from bot.conversation.staff import Colleague, Scope
from bot.handoff import HandoffPorts
from bot.knowledge import Directory, KnowledgeBase
from bot.papers import Stationery
from bot.store.call_back_reads import CallBackList
from bot.store.case_reads import CaseList, CasePage, ToCheck, ToDo, Wanted
from bot.store.lists import WaitingList
from bot.store.queries import ConversationPage
from bot.store.share_reads import SharedCases
from bot.turns.dead_letters import DeadLetterPorts
from bot.turns.note import BesidePorts
from bot.turns.remind import RemindPorts
from bot.turns.reply import ReplyPorts


class Queries(Protocol):
    """What is read of conversations and of the team; see `store.desk_reads`. All raise StoreUnavailable."""

    async def team(self) -> Sequence[Colleague]: ...
    async def planned(self, days: Collection[Day]) -> Sequence[Shift]: ...
    async def waiting_list(self, scope: Scope, limit: int) -> WaitingList: ...
    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage: ...
    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body: ...
    async def canned_replies(self, staff_id: str) -> Sequence[CannedReply]: ...
    async def call_backs(self, scope: Scope, now: datetime) -> CallBackList: ...
    async def overdue_calls(self, scope: Scope, now: datetime) -> Sequence[OverdueCall]: ...
    async def count_call_backs(self, scope: Scope) -> int: ...
    async def list_alarms(self, scope: Scope) -> Sequence[Alarm]: ...


class CaseReads(Protocol):
    """What is read of the office's files; see `store.case_reads`. All raise StoreUnavailable."""

    async def case_list(self, scope: Scope, wanted: Wanted, today: date, page: int = 1) -> CaseList: ...
    async def case_page(self, scope: Scope, case_id: str) -> CasePage: ...
    async def to_do(self, scope: Scope, today: date) -> ToDo: ...
    async def to_check(self, scope: Scope, staff_id: str) -> ToCheck: ...
    async def figures(self, scope: Scope, period: Period, chosen: Slice, now: datetime) -> Figures: ...


class ShareReads(Protocol):
    """What is read of cases in another city; see `store.share_reads`. Raises StoreUnavailable."""

    async def shared_cases(self, scope: Scope, share_id: str) -> SharedCases: ...


@dataclass(frozen=True, slots=True)
class DeskPorts:
    """What both faces need."""

    units: UnitsOfWork
    inbox: Inbox
    queue: Queue
    feed: Feed
    sender: Sender
    clock: Clock
    accounts: Accounts
    knowledge: KnowledgeBase
    queries: Queries
    case_reads: CaseReads
    share_reads: ShareReads
    stationery: Stationery

    @property
    def directory(self) -> Directory:
        """The offices, by region."""
        return self.knowledge.directory

    @property
    def handoff(self) -> HandoffPorts:
        """For the moves of an operator."""
        served, drills = self.directory, drills_among(self.accounts)
        return HandoffPorts(self.units, self.queue, self.feed, self.clock, self.queries.team, served, drills)

    @property
    def reply(self) -> ReplyPorts:
        """For what is said to a person."""
        return ReplyPorts(self.units, self.feed, self.clock, self.accounts, self.knowledge)

    @property
    def beside(self) -> BesidePorts:
        """For what happens beside the words."""
        return BesidePorts(self.units, self.feed, self.clock)

    @property
    def remind(self) -> RemindPorts:
        """For a notice outside the chat."""
        return RemindPorts(self.units, self.sender, self.clock, self.accounts)

    @property
    def dead_letters(self) -> DeadLetterPorts:
        """For messages that could not be handled."""
        return DeadLetterPorts(self.inbox, self.units, self.clock, self.accounts)
