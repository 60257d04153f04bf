"""What the desk reads of conversations and of the team, bound to one database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.alarms import Alarm
from bot.conversation.call_backs import OverdueCall
from bot.conversation.canned import CannedReply
from bot.conversation.media import Body
from bot.conversation.ports import Sealer
from bot.conversation.roster import Day, Shift
from bot.conversation.staff import Colleague, Scope
from bot.store.call_back_reads import CallBackList, count_call_backs, list_call_backs, overdue_calls
from bot.store.lists import Known, OwnLists, WaitingList, own_lists, waiting_list
from bot.store.planned import planned
from bot.store.queries import ConversationPage, canned_replies, conversation_page, list_alarms, media_body


@dataclass(frozen=True, slots=True)
class DeskReads:
    """Each reads in one snapshot and raises StoreUnavailable; `read_team` is `Team.read`, or reads each time."""

    engine: AsyncEngine
    sealer: Sealer
    read_team: Callable[[], Awaitable[Sequence[Colleague]]]

    async def team(self) -> Sequence[Colleague]:
        """Who may take conversations, and how many each has in hand."""
        return await self.read_team()

    async def planned(self, days: Collection[Day]) -> Sequence[Shift]:
        """The shifts of these days; see `planned`."""
        return await planned(self.engine, days)

    async def waiting_list(self, scope: Scope, limit: int, known: Known | None = None) -> WaitingList:
        """Who waits; see `lists.waiting_list`."""
        return await waiting_list(self.engine, self.sealer, scope, limit, known)

    async def own_lists(self, scope: Scope, staff_id: str, known: Known) -> OwnLists:
        """What one has in hand; see `lists.own_lists`."""
        return await own_lists(self.engine, self.sealer, scope, staff_id, known)

    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage:
        """One conversation; raises NotFound outside the scope."""
        return await conversation_page(self.engine, self.sealer, scope, conversation_id)

    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body:
        """The bytes of a file; raises NotFound outside the scope."""
        return await media_body(self.engine, self.sealer, scope, media_id, playable=playable)

    async def canned_replies(self, staff_id: str) -> Sequence[CannedReply]:
        """Those of the office, and her own."""
        return await canned_replies(self.engine, staff_id)

    async def call_backs(self, scope: Scope, now: datetime) -> CallBackList:
        """Those to be made, and those settled of late."""
        return await list_call_backs(self.engine, self.sealer, scope, now)

    async def overdue_calls(self, scope: Scope, now: datetime) -> Sequence[OverdueCall]:
        """Those that should have been made by now."""
        return await overdue_calls(self.engine, scope, now)

    async def count_call_backs(self, scope: Scope) -> int:
        """How many are to be made."""
        return await count_call_backs(self.engine, scope)

    async def list_alarms(self, scope: Scope) -> Sequence[Alarm]:
        """What keeps accounts from working."""
        return await list_alarms(self.engine, scope)
