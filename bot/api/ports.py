"""What the API needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from bot.conversation.accounts import Accounts
from bot.conversation.clock import Clock
from bot.conversation.figures import Figures, Period, Slice
from bot.conversation.media import Body
from bot.conversation.ports import Feed, Inbox, Queue, Sender
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Colleague, Scope
from bot.handoff import HandoffPorts
from bot.knowledge import KnowledgeBase
from bot.papers import Stationery
from bot.store.call_back_reads import CallBackList
from bot.store.case_reads import CaseList, CasePage, Wanted
from bot.store.lists import WaitingList
from bot.store.queries import ConversationPage
from bot.turns.dead_letters import DeadLetterPorts
from bot.turns.note import BesidePorts
from bot.turns.reply import ReplyPorts


class Queries(Protocol):
    """What is read; see `store.queries`."""

    async def team(self) -> Sequence[Colleague]: ...
    async def waiting_list(self, scope: Scope, limit: int) -> WaitingList: ...
    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage: ...
    async def call_backs(self, scope: Scope, settled_since: datetime) -> CallBackList: ...
    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body: ...


class CaseReads(Protocol):
    """What is read of the office's files; see `store.case_reads`."""

    async def case_list(self, scope: Scope, wanted: Wanted, today: date, page: int = 1) -> CaseList: ...
    async def case_page(self, scope: Scope, case_id: str) -> CasePage: ...
    async def figures(self, scope: Scope, period: Period, chosen: Slice, now: datetime) -> Figures: ...


@dataclass(frozen=True, slots=True)
class ApiPorts:
    """What the API needs."""

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
    stationery: Stationery

    @property
    def handoff(self) -> HandoffPorts:
        """For the moves of an operator."""
        return HandoffPorts(self.units, self.queue, self.feed, self.clock, self.queries.team, self.knowledge.directory)

    @property
    def reply(self) -> ReplyPorts:
        """For what is said to a person."""
        return ReplyPorts(self.units, self.feed, self.clock, self.accounts, self.knowledge)

    @property
    def beside(self) -> BesidePorts:
        """For what happens beside the words."""
        return BesidePorts(self.units, self.feed, self.clock)

    @property
    def dead_letters(self) -> DeadLetterPorts:
        """For messages that could not be handled."""
        return DeadLetterPorts(self.inbox, self.units, self.clock, self.accounts)


def _ports(request: Request) -> ApiPorts:
    ports: ApiPorts = request.app.state.api
    return ports


Ports = Annotated[ApiPorts, Depends(_ports)]
