"""Erase who left or asked for it, as soon as no case of hers is open (wechat.md section 2, unsubscribe; PIPL 47)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.conversation.errors import NiangjiaError
from bot.conversation.repositories import UnitsOfWork

log = structlog.get_logger(__name__)

ROUND_EVERY_S = 30.0


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erases for as long as the process lives; several may run."""

    units: UnitsOfWork

    async def run(self, stop: asyncio.Event) -> None:
        """Erase until `stop` is set."""
        while not stop.is_set():
            try:
                await self.erase_due()
            except NiangjiaError as error:
                log.warning("round of erasing failed", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_EVERY_S):
                    await stop.wait()

    async def erase_due(self) -> int:
        """Erase everybody who is due, each in a transaction of her own; returns how many."""
        erased = 0
        while await self._erase_one():
            erased += 1
        return erased

    async def _erase_one(self) -> bool:
        async with self.units() as uow:
            for contact in await uow.contacts.to_erase(limit=1):
                await uow.contacts.erase(contact.id)
                await uow.commit()
                log.info("contact erased", contact_id=contact.id)
                return True
        return False
