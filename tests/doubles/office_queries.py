"""The store's queries as the sites ask them: bound to a database, or while it is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.alarms import Alarm
from bot.conversation.errors import StoreUnavailable
from bot.conversation.media import Body
from bot.conversation.ports import Sealer
from bot.conversation.staff import Scope
from bot.store import queries
from bot.store.queries import ConversationPage, ListedConversation


@dataclass(frozen=True)
class BoundQueries:
    """The queries of the store, bound to a database."""

    engine: AsyncEngine
    sealer: Sealer

    async def waiting_list(self, scope: Scope) -> Sequence[ListedConversation]:
        return await queries.waiting_list(self.engine, self.sealer, scope)

    async def my_conversations(self, scope: Scope, staff_id: str) -> Sequence[ListedConversation]:
        return await queries.my_conversations(self.engine, self.sealer, scope, staff_id)

    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage:
        return await queries.conversation_page(self.engine, self.sealer, scope, conversation_id)

    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body:
        return await queries.media_body(self.engine, self.sealer, scope, media_id, playable=playable)

    async def list_alarms(self, scope: Scope) -> Sequence[Alarm]:
        return await queries.list_alarms(self.engine, scope)


class AwayQueries:
    """The queries while the database is away."""

    async def waiting_list(self, scope: Scope) -> Sequence[ListedConversation]:
        raise StoreUnavailable("the database does not answer")

    async def my_conversations(self, scope: Scope, staff_id: str) -> Sequence[ListedConversation]:
        raise StoreUnavailable("the database does not answer")

    async def conversation_page(self, scope: Scope, conversation_id: str) -> ConversationPage:
        raise StoreUnavailable("the database does not answer")

    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body:
        raise StoreUnavailable("the database does not answer")

    async def list_alarms(self, scope: Scope) -> Sequence[Alarm]:
        raise StoreUnavailable("the database does not answer")
