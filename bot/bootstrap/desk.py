"""The operators' console and the JSON API, wired into one site."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import api as json_api
from bot import console
from bot.bootstrap import (
    DATA,
    connect_redis,
    make_sealer,
    read_accounts,
    read_canned,
    read_directory,
    read_knowledge,
    redis_up,
    sql_up,
)
from bot.bootstrap.articles import keeping_articles
from bot.cases import is_workday
from bot.console.board import Board
from bot.conversation.accounts import drills_among
from bot.conversation.alarms import Alarm
from bot.conversation.canned import CannedReply
from bot.conversation.clock import Clock, SystemClock
from bot.conversation.desk_ports import Leases
from bot.conversation.errors import RedisUnavailable
from bot.conversation.media import Body
from bot.conversation.ports import Queue, Sealer
from bot.conversation.roster import Day, Shift
from bot.conversation.staff import Colleague, Scope
from bot.feed import RedisFeed
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from bot.handoff.deadlines import DEADLINES
from bot.inbox import RedisInbox
from bot.papers import Stationery
from bot.queue import RedisLeases, RedisQueue
from bot.serving import Site, Work, serve
from bot.settings import Settings
from bot.status import metrics_route, status_routes
from bot.store import call_back_reads, lists, queries, sign_ins
from bot.store.alert_reads import AlertReads
from bot.store.case_figures import Rules
from bot.store.case_reads import CaseReads
from bot.store.engine import create_engine
from bot.store.planned import planned
from bot.store.share_reads import ShareReads
from bot.store.team import Team
from bot.store.unit_of_work import SqlUnitOfWork
from bot.tokens import RedisTokenShelf
from bot.web import SitePorts, create_site
from bot.web.live import end_streams

HEAR_EVERY_S = 3.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Queries:
    """The screens' reads, bound to this database."""

    engine: AsyncEngine
    sealer: Sealer
    colleagues: Team

    async def team(self) -> list[Colleague]:
        return await self.colleagues.read()

    async def planned(self, days: Collection[Day]) -> list[Shift]:
        return await planned(self.engine, days)

    async def waiting_list(self, scope: Scope, limit: int, known: lists.Known | None = None) -> lists.WaitingList:
        return await lists.waiting_list(self.engine, self.sealer, scope, limit, known)

    async def own_lists(self, scope: Scope, staff_id: str, known: lists.Known) -> lists.OwnLists:
        return await lists.own_lists(self.engine, self.sealer, scope, staff_id, known)

    async def conversation_page(self, scope: Scope, conversation_id: str) -> queries.ConversationPage:
        return await queries.conversation_page(self.engine, self.sealer, scope, conversation_id)

    async def media_body(self, scope: Scope, media_id: str, *, playable: bool) -> Body:
        return await queries.media_body(self.engine, self.sealer, scope, media_id, playable=playable)

    async def canned_replies(self, staff_id: str) -> list[CannedReply]:
        return await queries.canned_replies(self.engine, staff_id)

    async def call_backs(self, scope: Scope, settled_since: datetime) -> call_back_reads.CallBackList:
        return await call_back_reads.list_call_backs(self.engine, self.sealer, scope, settled_since)

    async def count_call_backs(self, scope: Scope) -> int:
        return await call_back_reads.count_call_backs(self.engine, scope)

    async def list_alarms(self, scope: Scope) -> list[Alarm]:
        return await queries.list_alarms(self.engine, scope)


def _site_ports(
    engine: AsyncEngine, sealer: Sealer, queue: Queue, leases: Leases, clock: Clock, drills: frozenset[str]
) -> SitePorts:
    return SitePorts(
        units=partial(SqlUnitOfWork, engine, sealer),
        queue=queue,
        leases=leases,
        clock=clock,
        sealer=sealer,
        find_session=partial(sign_ins.find_session, engine),
        extend_session=partial(sign_ins.extend_session, engine),
        renew_hash=partial(sign_ins.renew_hash, engine),
        drills=drills,
    )


def _rules() -> Rules:
    return Rules(is_workday, {level: deadlines.waiting for level, deadlines in DEADLINES.items()})


def _hearing(leases: Leases) -> Work:
    async def hear(stop: asyncio.Event) -> None:
        """Who is silent is gone only where a desk could have heard her."""
        while not stop.is_set():
            try:
                await leases.hear()
            except RedisUnavailable as error:
                log.warning("hearing not told", error=str(error))
            await asyncio.sleep(HEAR_EVERY_S)

    return hear


async def run_desk(settings: Settings) -> None:
    """Serve the desk until asked to end."""
    sealer, clock, accounts, knowledge = make_sealer(settings), SystemClock(), read_accounts(settings), read_knowledge()
    async with connect_redis(settings) as redis, AsyncExitStack() as stack:
        engine = create_engine(settings.sql_url)
        inbox, api = RedisInbox(redis, sealer), WeChatApi(accounts, RedisTokenShelf(redis, sealer), clock)
        for close in (engine.dispose, inbox.close, api.close):
            stack.push_async_callback(close)
        units = partial(SqlUnitOfWork, engine, sealer, drills_among(accounts))
        queue, leases, feed = RedisQueue(redis), RedisLeases(redis), RedisFeed(redis)
        stationery = Stationery.open(DATA)
        reads = _Queries(engine, sealer, Team(engine, drills_among(accounts)))
        case_reads, sender = CaseReads(engine, sealer, _rules()), WeChatSender(api)
        board = Board(reads)
        site = create_site(_site_ports(engine, sealer, queue, leases, clock, drills_among(accounts)))
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
                board=board,
                case_reads=case_reads,
                share_reads=ShareReads(engine),
                alert_reads=AlertReads(engine),
                stationery=stationery,
                canned=read_canned(),
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
                stationery=stationery,
            ),
        )
        site.router.routes[:0] = [
            *status_routes({"redis": lambda: redis_up(redis), "sql": lambda: sql_up(engine)}),
            metrics_route(),
        ]
        await serve(
            [Site(site, settings.desk_host, settings.desk_port)],
            [end_streams, keeping_articles(units, knowledge, clock), partial(board.follow, feed), _hearing(leases)],
        )
