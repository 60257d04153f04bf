"""The internet-facing process, wired."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta

from bot.bootstrap import connect_redis, make_sealer, read_accounts, read_rules, redis_up, status_site
from bot.conversation.clock import SystemClock
from bot.gateway import GatewayPorts, Pulse, create_gateway
from bot.inbox import RedisInbox
from bot.serving import Site, serve
from bot.settings import Settings
from bot.status import metrics_route, status_routes


async def run_gateway(settings: Settings) -> None:
    """Verify, store, answer in time; until asked to end."""
    sealer, pulse = make_sealer(settings), Pulse()
    async with connect_redis(settings) as redis, AsyncExitStack() as stack:
        inbox = RedisInbox(redis, sealer)
        stack.push_async_callback(inbox.close)
        ports = GatewayPorts(
            inbox=inbox,
            sealer=sealer,
            rules=read_rules(),
            accounts=read_accounts(settings),
            clock=SystemClock(),
            pulse=pulse,
            fresh=timedelta(seconds=settings.fresh_s),
        )
        app = create_gateway(ports, status_routes({"redis": lambda: redis_up(redis)}))
        status = status_site([metrics_route()], settings.gateway_status_port)
        await serve([Site(app, settings.gateway_host, settings.gateway_port), status], [pulse.run])
