"""The pages that people open by one-time links, wired."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial

from bot.bills import Merchants
from bot.bootstrap import DATA, make_sealer, sql_up
from bot.conversation.clock import SystemClock
from bot.guidance import GuidancePorts
from bot.pages import PagesPorts, create_pages
from bot.papers import Stationery
from bot.serving import Site, serve
from bot.settings import Settings
from bot.status import status_routes
from bot.store.engine import create_engine
from bot.store.records import record_of
from bot.store.unit_of_work import SqlUnitOfWork


async def run_pages(settings: Settings) -> None:
    """Serve the pages until asked to end."""
    sealer = make_sealer(settings)
    async with AsyncExitStack() as stack:
        engine = create_engine(settings.sql_url)
        stack.push_async_callback(engine.dispose)
        ports = PagesPorts(
            guidance=GuidancePorts(partial(SqlUnitOfWork, engine, sealer), SystemClock()),
            sealer=sealer,
            merchants=Merchants.parse((DATA / "merchants.yml").read_text(encoding="utf-8")),
            stationery=Stationery.open(DATA),
            record_of=partial(record_of, engine, sealer),
            secure=settings.pages_address.startswith("https://"),
        )
        site = create_pages(ports)
        site.router.routes[:0] = status_routes({"sql": lambda: sql_up(engine)})
        await serve([Site(site, settings.pages_host, settings.pages_port, settings.proxy_list)])
