"""The store's queries as the sites ask them: bound to a database, or while it is away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.alarms import Alarm
from bot.conversation.canned import CannedReply
from bot.conversation.errors import StoreUnavailable
from bot.conversation.media import Body
from bot.conversation.ports import Sealer
from bot.conversation.roster import Day, Shift
from bot.conversation.staff import Colleague, Scope
from bot.store import call_back_reads, lists, queries
from bot.store.call_back_reads import CallBackList
from bot.store.lists import Known, OwnLists, WaitingList
from bot.store.planned import planned
from bot.store.queries import ConversationPage
from bot.store.team import read_team


@dataclass(frozen=True)
class BoundQueries:
    """The queries of the store, bound to a database."""

    engine: AsyncEngine
    sealer: Sealer
    drills: frozenset[str] = frozenset()

    async def team(self) -> Sequence[Colleague]:
        return await read_team(self.engine, self.drills)

    async def planned(self, days: Collection[Day]) -> Sequence[Shift]:
        return await planned(self.engine, days)

    async def waiting_list(self, scope: Scope, limit: int, known: Known | None = None) -> WaitingList:
        return await lists.waiting_list(self.engine, self.sealer, scope, limit, known)

    async def own_lists(self, scope: Scope, staff_id: str, known: Known) -> OwnLists:
        return await lists.own_lists(self.engine, self.sealer, scope, staff_id, known)

    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage:
        return await queries.conversation_page(self.engine, self.sealer, scope, conversation_id)

    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body:
        return await queries.media_body(self.engine, self.sealer, scope, media_id, playable=playable)

    async def canned_replies(self, staff_id: str) -> Sequence[CannedReply]:
        return await queries.canned_replies(self.engine, staff_id)

    async def call_backs(self, scope: Scope, settled_since: datetime) -> CallBackList:
        return await call_back_reads.list_call_backs(self.engine, self.sealer, scope, settled_since)

    async def count_call_backs(self, scope: Scope) -> int:
        return await call_back_reads.count_call_backs(self.engine, scope)

    async def list_alarms(self, scope: Scope) -> Sequence[Alarm]:
        return await queries.list_alarms(self.engine, scope)


class AwayQueries:
    """The queries while the database is away."""

    async def team(self) -> Sequence[Colleague]:
        raise StoreUnavailable("the database does not answer")

    async def planned(self, days: Collection[Day]) -> Sequence[Shift]:
        raise StoreUnavailable("the database does not answer")

    async def waiting_list(self, scope: Scope, limit: int, known: Known | None = None) -> WaitingList:
        raise StoreUnavailable("the database does not answer")

    async def own_lists(self, scope: Scope, staff_id: str, known: Known) -> OwnLists:
        raise StoreUnavailable("the database does not answer")

    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage:
        raise StoreUnavailable("the database does not answer")

    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body:
        raise StoreUnavailable("the database does not answer")

    async def canned_replies(self, staff_id: str) -> Sequence[CannedReply]:
        raise StoreUnavailable("the database does not answer")

    async def call_backs(self, scope: Scope, settled_since: datetime) -> CallBackList:
        raise StoreUnavailable("the database does not answer")

    async def count_call_backs(self, scope: Scope) -> int:
        raise StoreUnavailable("the database does not answer")

    async def list_alarms(self, scope: Scope) -> Sequence[Alarm]:
        raise StoreUnavailable("the database does not answer")
