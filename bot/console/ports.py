"""What the operators' pages need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from bot.console.board import Board
from bot.conversation.accounts import Accounts
from bot.conversation.alarms import Alarm
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
from bot.store.alert_reads import AlertBoard, ShownAlert
from bot.store.call_back_reads import CallBackList
from bot.store.case_reads import CaseList, CasePage, ToCheck, ToDo, Wanted
from bot.store.queries import ConversationPage
from bot.store.share_reads import SharedCases
from bot.turns.dead_letters import DeadLetterPorts
from bot.turns.note import BesidePorts
from bot.turns.remind import RemindPorts
from bot.turns.reply import ReplyPorts


class Queries(Protocol):
    """What is read for the screens; see `store.queries`."""

    async def team(self) -> Sequence[Colleague]: ...
    async def planned(self, days: Collection[Day]) -> Sequence[Shift]: ...
    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage: ...
    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body: ...
    async def canned_replies(self, staff_id: str) -> Sequence[CannedReply]: ...
    async def call_backs(self, scope: Scope, settled_since: datetime) -> CallBackList: ...
    async def count_call_backs(self, scope: Scope) -> int: ...
    async def list_alarms(self, scope: Scope) -> Sequence[Alarm]: ...


class CaseReads(Protocol):
    """What is read of the office's files; see `store.case_reads`."""

    async def case_list(self, scope: Scope, wanted: Wanted, today: date, page: int = 1) -> CaseList: ...
    async def case_page(self, scope: Scope, case_id: str) -> CasePage: ...
    async def to_do(self, scope: Scope, today: date) -> ToDo: ...
    async def to_check(self, scope: Scope, staff_id: str) -> ToCheck: ...
    async def figures(self, scope: Scope, period: Period, chosen: Slice, now: datetime) -> Figures: ...


class AlertReads(Protocol):
    """What is read of alerts; see `store.alert_reads`."""

    async def board(self, scope: Scope, staff_id: str, since: datetime) -> AlertBoard: ...
    async def over(self, scope: Scope, since: datetime) -> Sequence[ShownAlert]: ...


class ShareReads(Protocol):
    """What is read of cases in another city; see `store.share_reads`."""

    async def shared_cases(self, scope: Scope, share_id: str) -> SharedCases: ...


@dataclass(frozen=True, slots=True)
class ConsolePorts:
    """What the operators' pages need."""

    units: UnitsOfWork
    inbox: Inbox
    queue: Queue
    feed: Feed
    sender: Sender
    clock: Clock
    accounts: Accounts
    knowledge: KnowledgeBase
    directory: Directory
    queries: Queries
    board: Board
    case_reads: CaseReads
    share_reads: ShareReads
    alert_reads: AlertReads
    stationery: Stationery
    canned: Sequence[CannedReply]
    """Those that came with the system."""

    @property
    def handoff(self) -> HandoffPorts:
        """For the moves of an operator."""
        return HandoffPorts(self.units, self.queue, self.feed, self.clock, self.queries.team, self.directory)

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


def _ports(request: Request) -> ConsolePorts:
    ports: ConsolePorts = request.app.state.console
    return ports


Ports = Annotated[ConsolePorts, Depends(_ports)]
