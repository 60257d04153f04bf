"""The process that takes turns, delivers, and keeps the queue whole, wired."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from functools import partial

import structlog

from bot import handoff
from bot.bootstrap import (
    connect_redis,
    make_sealer,
    make_transcriber,
    rasa_url,
    read_accounts,
    read_knowledge,
    read_rules,
    redis_up,
    sql_up,
    status_site,
)
from bot.bootstrap.articles import keeping_articles
from bot.conversation.clock import SystemClock
from bot.conversation.errors import Unavailable
from bot.conversation.ports import Queue
from bot.conversation.repositories import UnitsOfWork
from bot.dialogue import RasaDialogue
from bot.feed import RedisFeed
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from bot.gateway.downloads import WeChatMedia
from bot.inbox import RedisInbox
from bot.media import Collector, CollectorPorts
from bot.outbox import Courier
from bot.queue import RedisQueue
from bot.serving import Work, serve
from bot.settings import Settings
from bot.speech import FfmpegConverter
from bot.status import metrics_route, status_routes
from bot.store.engine import create_engine
from bot.store.unit_of_work import SqlUnitOfWork
from bot.tokens import RedisTokenShelf
from bot.turns.erase import Eraser
from bot.turns.speaking import check_fixed_articles
from bot.turns.take import TurnPorts
from bot.turns.worker import Worker

SWEEP_EVERY_S = 2.0

log = structlog.get_logger(__name__)


async def run_worker(settings: Settings) -> None:
    """Takes turns, delivers, collects what people sent, erases who asked for it, and keeps the queue whole."""
    sealer, clock, accounts, rules = make_sealer(settings), SystemClock(), read_accounts(settings), read_rules()
    knowledge = read_knowledge()
    check_fixed_articles(knowledge)
    async with connect_redis(settings) as redis, AsyncExitStack() as stack:
        inbox, queue, feed = RedisInbox(redis, sealer), RedisQueue(redis), RedisFeed(redis)
        engine = create_engine(settings.sql_url)
        dialogue = RasaDialogue.connect(rasa_url(settings))
        api = WeChatApi(accounts, RedisTokenShelf(redis, sealer), clock)
        transcriber = make_transcriber(settings)
        for close in (inbox.close, engine.dispose, dialogue.close, api.close):
            stack.push_async_callback(close)
        if transcriber is not None:
            stack.push_async_callback(transcriber.close)
        units = partial(SqlUnitOfWork, engine, sealer)
        turns = TurnPorts(
            units=units,
            dialogue=dialogue,
            queue=queue,
            feed=feed,
            clock=clock,
            accounts=accounts,
            knowledge=knowledge,
            rules=rules,
            inbox=inbox,
            listens=transcriber is not None,
            pages_url=settings.pages_address,
        )
        collector = CollectorPorts(
            units=units,
            source=WeChatMedia(api),
            converter=FfmpegConverter(),
            transcriber=transcriber,
            inbox=inbox,
            feed=feed,
            clock=clock,
            rules=rules,
        )
        works = [
            Worker(f"worker-{os.uname().nodename}-{os.getpid()}", inbox, turns).run,
            Courier(units, inbox, WeChatSender(api), feed, clock, accounts).run,
            Collector(collector).run,
            Eraser(units).run,
            keeping_articles(units, knowledge, clock),
            _sweeping(units, queue),
        ]
        pages = status_routes(
            {"redis": lambda: redis_up(redis), "sql": lambda: sql_up(engine)}, {"rasa": dialogue.ready}
        )
        status = status_site([*pages, metrics_route()], settings.worker_status_port)
        await serve([status], works)


def _sweeping(units: UnitsOfWork, queue: Queue) -> Work:
    async def sweep(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await handoff.sweep(units, queue)
            except Unavailable as error:
                log.warning("sweep failed", error=type(error).__name__)
            await asyncio.sleep(SWEEP_EVERY_S)

    return sweep
