"""The process that takes turns, delivers, and keeps the queue whole, wired."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from functools import partial

from bot.alerting import Robots
from bot.bootstrap import (
    connect_redis,
    make_sealer,
    make_transcriber,
    rasa_url,
    read_accounts,
    read_directory,
    read_knowledge,
    read_rules,
    redis_up,
    sql_up,
    status_site,
)
from bot.bootstrap.articles import keeping_articles
from bot.bootstrap.reminding import reminding
from bot.bootstrap.watching import make_teller, watching
from bot.conversation.accounts import drills_among
from bot.conversation.clock import SystemClock
from bot.dialogue import RasaDialogue
from bot.feed import RedisFeed
from bot.gateway.api import WeChatApi
from bot.gateway.client import WeChatSender
from bot.gateway.downloads import WeChatMedia
from bot.handoff import LostPorts, WatchPorts
from bot.inbox import RedisInbox
from bot.knowledge import plan_day
from bot.media import Collector, CollectorPorts
from bot.outbox import Courier
from bot.queue import RedisLeases, RedisQueue
from bot.serving import serve
from bot.settings import Settings
from bot.speech import FfmpegConverter
from bot.status import metrics_route, status_routes
from bot.store.engine import create_engine
from bot.store.unit_of_work import SqlUnitOfWork
from bot.tokens import RedisTokenShelf
from bot.turns.erase import Eraser
from bot.turns.lost import Apology
from bot.turns.speaking import check_fixed_articles
from bot.turns.take import TurnPorts
from bot.turns.worker import Worker


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
        robots = Robots()
        for close in (inbox.close, engine.dispose, dialogue.close, api.close, robots.close):
            stack.push_async_callback(close)
        if transcriber is not None:
            stack.push_async_callback(transcriber.close)
        units = partial(SqlUnitOfWork, engine, sealer, drills_among(accounts))
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
        lost = LostPorts(units, queue, feed, RedisLeases(redis), clock, Apology(accounts, knowledge))
        watch = WatchPorts(units, queue, feed, clock, accounts, plan_day)
        teller = make_teller(units, robots, clock, accounts, read_directory(), settings.desk_address)
        works = [
            Worker(f"worker-{os.uname().nodename}-{os.getpid()}", inbox, turns).run,
            Courier(units, inbox, WeChatSender(api), feed, clock, accounts).run,
            Collector(collector).run,
            Eraser(units).run,
            keeping_articles(units, knowledge, clock),
            reminding(units, clock, drills_among(accounts)),
            watching(lost, watch),
            teller.run,
        ]
        pages = status_routes(
            {"redis": lambda: redis_up(redis), "sql": lambda: sql_up(engine)}, {"rasa": dialogue.ready}
        )
        status = status_site([*pages, metrics_route()], settings.worker_status_port)
        await serve([status], works)
