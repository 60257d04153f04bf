"""The operators' console and the JSON API, wired into one site."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
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
    read_knowledge,
    redis_up,
    sql_up,
)
from bot.bootstrap.articles import keeping_articles
from bot.cases import is_workday
from bot.console.board import Board
from bot.conversation.accounts import drills_among
from bot.conversation.clock import Clock, SystemClock
from bot.conversation.desk_ports import Leases, Tries
from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import Queue, Sealer
from bot.feed import RedisFeed
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from bot.handoff.deadlines import DEADLINES
from bot.inbox import RedisInbox
from bot.papers import Stationery
from bot.queue import RedisLeases, RedisQueue, RedisTries
from bot.serving import Site, Work, serve
from bot.settings import Settings
from bot.status import metrics_route, status_routes
from bot.store import sign_ins
from bot.store.alert_reads import AlertReads
from bot.store.case_figures import Rules
from bot.store.case_reads import CaseReads
from bot.store.desk_reads import DeskReads
from bot.store.engine import create_engine
from bot.store.share_reads import ShareReads
from bot.store.team import Team
from bot.store.unit_of_work import SqlUnitOfWork
from bot.tokens import RedisTokenShelf
from bot.web import Door, create_site
from bot.web.attempts import Attempts
from bot.web.live import end_streams

HEAR_EVERY_S = 3.0

log = structlog.get_logger(__name__)


def _door(
    engine: AsyncEngine,
    sealer: Sealer,
    queue: Queue,
    leases: Leases,
    tries: Tries,
    clock: Clock,
    drills: frozenset[str],
) -> Door:
    return Door(
        units=partial(SqlUnitOfWork, engine, sealer),
        queue=queue,
        leases=leases,
        clock=clock,
        sealer=sealer,
        find_session=partial(sign_ins.find_session, engine),
        extend_session=partial(sign_ins.extend_session, engine),
        renew_hash=partial(sign_ins.renew_hash, engine),
        attempts=Attempts(tries, sealer),
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
        reads = DeskReads(engine, sealer, Team(engine, drills_among(accounts)).read)
        board = Board(reads)
        tries = RedisTries(redis, clock)
        site = create_site(_door(engine, sealer, queue, leases, tries, clock, drills_among(accounts)))
        ports = console.ConsolePorts(
            units=units,
            inbox=inbox,
            queue=queue,
            feed=feed,
            sender=WeChatSender(api),
            clock=clock,
            accounts=accounts,
            knowledge=knowledge,
            queries=reads,
            case_reads=CaseReads(engine, sealer, _rules()),
            stationery=Stationery.open(DATA),
            board=board,
            share_reads=ShareReads(engine),
            alert_reads=AlertReads(engine),
            canned=read_canned(),
        )
        console.install(site, ports)
        json_api.install(site, ports)
        site.router.routes[:0] = [
            *status_routes({"redis": lambda: redis_up(redis), "sql": lambda: sql_up(engine)}),
            metrics_route(),
        ]
        await serve(
            [Site(site, settings.desk_host, settings.desk_port, settings.proxy_list)],
            [end_streams, keeping_articles(units, knowledge, clock), partial(board.follow, feed), _hearing(leases)],
        )
