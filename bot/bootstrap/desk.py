"""The operators' console and the JSON API, wired into one site."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from bot import api as json_api
from bot import console
from bot.bootstrap import (
    connect_redis,
    make_sealer,
    read_accounts,
    read_directory,
    read_knowledge,
    redis_up,
    sql_up,
)
from bot.bootstrap.articles import keeping_articles
from bot.conversation.alarms import Alarm
from bot.conversation.clock import Clock, SystemClock
from bot.conversation.media import Body
from bot.conversation.ports import Queue, Sealer
from bot.conversation.staff import Scope
from bot.feed import RedisFeed
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from bot.inbox import RedisInbox
from bot.queue import RedisQueue
from bot.serving import Site, serve
from bot.settings import Settings
from bot.status import metrics_route, status_routes
from bot.store import queries, sign_ins
from bot.store.case_reads import CaseReads
from bot.store.engine import create_engine
from bot.store.unit_of_work import SqlUnitOfWork
from bot.tokens import RedisTokenShelf
from bot.web import SitePorts, create_site
from bot.web.live import end_streams


@dataclass(frozen=True, slots=True)
class _Queries:
    """The screens' reads, bound to this database."""

    engine: AsyncEngine
    sealer: Sealer

    async def waiting_list(self, scope: Scope) -> list[queries.ListedConversation]:
        return await queries.waiting_list(self.engine, self.sealer, scope)

    async def my_conversations(self, scope: Scope, staff_id: str) -> list[queries.ListedConversation]:
        return await queries.my_conversations(self.engine, self.sealer, scope, staff_id)

    async def conversation_page(self, scope: Scope, conversation_id: str) -> queries.ConversationPage:
        return await queries.conversation_page(self.engine, self.sealer, scope, conversation_id)

    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body:
        return await queries.media_body(self.engine, self.sealer, scope, media_id, playable=playable)

    async def list_alarms(self, scope: Scope) -> list[Alarm]:
        return await queries.list_alarms(self.engine, scope)


def _site_ports(engine: AsyncEngine, sealer: Sealer, queue: Queue, clock: Clock) -> SitePorts:
    return SitePorts(
        units=partial(SqlUnitOfWork, engine, sealer),
        queue=queue,
        clock=clock,
        sealer=sealer,
        find_session=partial(sign_ins.find_session, engine),
        extend_session=partial(sign_ins.extend_session, engine),
        renew_hash=partial(sign_ins.renew_hash, engine),
    )


async def run_desk(settings: Settings) -> None:
    """Serve the desk until asked to end."""
    sealer, clock, accounts, knowledge = make_sealer(settings), SystemClock(), read_accounts(settings), read_knowledge()
    async with connect_redis(settings) as redis, AsyncExitStack() as stack:
        engine = create_engine(settings.sql_url)
        inbox, api = RedisInbox(redis, sealer), WeChatApi(accounts, RedisTokenShelf(redis, sealer), clock)
        for close in (engine.dispose, inbox.close, api.close):
            stack.push_async_callback(close)
        units, queue, feed = partial(SqlUnitOfWork, engine, sealer), RedisQueue(redis), RedisFeed(redis)
        reads, case_reads, sender = _Queries(engine, sealer), CaseReads(engine, sealer), WeChatSender(api)
        site = create_site(_site_ports(engine, sealer, queue, clock))
        console.install(
            site,
            console.ConsolePorts(
                units=units,
                inbox=inbox,
                queue=queue,
                feed=feed,
                sender=sender,
                clock=clock,
                accounts=accounts,
                knowledge=knowledge,
                directory=read_directory(),
                queries=reads,
                case_reads=case_reads,
            ),
        )
        json_api.install(
            site,
            json_api.ApiPorts(
                units=units,
                inbox=inbox,
                queue=queue,
                feed=feed,
                sender=sender,
                clock=clock,
                accounts=accounts,
                knowledge=knowledge,
                queries=reads,
                case_reads=case_reads,
            ),
        )
        site.router.routes[:0] = [
            *status_routes({"redis": lambda: redis_up(redis), "sql": lambda: sql_up(engine)}),
            metrics_route(),
        ]
        await serve(
            [Site(site, settings.desk_host, settings.desk_port)],
            [end_streams, keeping_articles(units, knowledge, clock)],
        )
