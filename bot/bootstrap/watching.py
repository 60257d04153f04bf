"""Keeping the queue whole, taking back what vanished operators held, raising alerts, and telling groups of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import structlog

from bot import handoff
from bot.alerting import Robots, Teller, Wording
from bot.conversation.accounts import Accounts
from bot.conversation.clock import Clock
from bot.conversation.errors import NiangjiaError, NotFound
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.handoff import LostPorts, WatchPorts
from bot.knowledge import Directory, plan_day
from bot.serving import Work

SWEEP_EVERY_S = 2.0

log = structlog.get_logger(__name__)


def watching(lost: LostPorts, watch: WatchPorts) -> Work:
    """Look at all handoffs every two seconds; what one look cannot do does not keep the others from it."""
    looks: Sequence[Callable[[], Awaitable[int]]] = (
        partial(handoff.sweep, watch.units, watch.queue),
        partial(handoff.give_back, lost),
        partial(handoff.watch, watch),
    )

    async def look(stop: asyncio.Event) -> None:
        while not stop.is_set():
            for one in looks:
                try:
                    await one()
                except NiangjiaError as error:
                    log.warning("handoffs not looked at", error=type(error).__name__)
            await asyncio.sleep(SWEEP_EVERY_S)

    return look


def make_teller(
    units: UnitsOfWork, robots: Robots, clock: Clock, accounts: Accounts, directory: Directory, desk_url: str
) -> Teller:
    """What tells groups of staff of alerts, in their words for places and with the names of the roster."""

    def region_name(code: str) -> str:
        try:
            return directory.full_name(code)
        except NotFound:
            return code

    async def on_call(uow: UnitOfWork, account_id: str, region: str, now: datetime) -> list[str]:
        return [one.display_name for one in await handoff.on_call(uow, account_id, region, now, plan_day)]

    async def supervisors(uow: UnitOfWork, account_id: str, region: str, _now: datetime) -> list[str]:
        return [one.display_name for one in await handoff.supervisors(uow, account_id, region)]

    return Teller(units, robots, clock, accounts, Wording(accounts, region_name, desk_url), on_call, supervisors)
