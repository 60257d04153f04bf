"""The worker's looks at the office of a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import handoff
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.conversations import Conversation
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork
from bot.handoff import LostPorts, WatchPorts
from bot.knowledge import plan_day
from tests.doubles.office import ACCOUNTS, Office


async def look(office: Office) -> None:
    """The worker looks once."""
    ports = WatchPorts(office.units, office.queue, office.feed, office.clock, ACCOUNTS, plan_day)
    await handoff.watch(ports)


async def vanish(office: Office) -> None:
    """Everybody's page is silent for a minute, and the worker sees it."""

    async def say_nothing(uow: UnitOfWork, conversation: Conversation, now: object) -> None:
        """The words to her have tests of their own."""

    ports = LostPorts(office.units, office.queue, office.feed, office.leases, office.clock, say_nothing)
    for _ in range(13):
        office.clock.advance(timedelta(seconds=5))
        await office.leases.hear()
        await handoff.give_back(ports)


async def raised(office: Office, **changes: object) -> Alert:
    now = office.clock.now()
    alert = Alert(new_id(), AlertKind.CASE_OVERDUE, new_id(), "changsha", "430100", now - timedelta(days=3), now)
    alert = replace(alert, **changes)  # type: ignore[arg-type]
    async with office.units() as uow:
        await uow.alerts.raise_(alert)
        await uow.commit()
    return alert
