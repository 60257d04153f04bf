"""Looks every few minutes for what is due in the office's files."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress

import structlog

from bot import cases
from bot.conversation.clock import Clock
from bot.conversation.errors import NiangjiaError
from bot.conversation.repositories import UnitsOfWork
from bot.serving import Work

ROUND_EVERY_S = 600.0

log = structlog.get_logger(__name__)


def reminding(units: UnitsOfWork, clock: Clock, drills: Collection[str], every_s: float = ROUND_EVERY_S) -> Work:
    """Work that raises and clears the alerts of cases; several workers may run it."""

    async def remind(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await cases.remind(units, clock, drills)
            except NiangjiaError as error:
                log.warning("round of reminding failed", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(every_s):
                    await stop.wait()

    return remind
