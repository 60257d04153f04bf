"""Take turns from the inbox for as long as the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from traceback import walk_tb

import structlog
from prometheus_client import Counter

from bot.conversation.errors import Conflict, InvalidData, NotFound, RedisUnavailable, Unavailable
from bot.conversation.ports import Claim, Inbox
from bot.turns.salvage import salvage
from bot.turns.take import TurnPorts, take, unoffer

log = structlog.get_logger(__name__)

TURNS = Counter("niangjia_turns_total", "Messages taken from the inbox, by what became of the turn", ["outcome"])

CONCURRENCY = 16
"""Turns at once in one process; a turn mostly waits for the assistant."""

URGENT_PLACES = 4
"""More of them, kept free for urgent mailboxes: a crowd of slow routine turns must not hold these up."""

ATTEND_EVERY_S = 1.0
CLAIM_WAIT_S = 1.0
EXTEND_EVERY_S = 1.0
"""A quarter of the inbox's lease: two beats may be missed before another worker takes over."""

MAX_TRIES = 5
"""A message that fails so often for a reason of its own goes to the dead letters."""

RETRY_AFTER_S = 1.0
OWN_FAULT_REST_S = 10.0
"""When settings, keys or articles of ours are amiss, they may just be being set right."""

TURN_S = 30.0
"""A turn that hangs (a database that froze) gives its place and its mailbox back after this."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes turns; `name` tells its claims from other workers'."""

    name: str
    inbox: Inbox
    ports: TurnPorts
    _numbers: Iterator[int] = field(default_factory=count, init=False, repr=False)
    """Each claim has a name of its own: a turn whose lease has ended must not take the next one's for its own."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; the turns under way are finished."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._attend(stop))
            group.create_task(self._claims(group, CONCURRENCY, stop, urgent_only=False))
            group.create_task(self._claims(group, URGENT_PLACES, stop, urgent_only=True))

    async def _attend(self, stop: asyncio.Event) -> None:
        """Let gateways know that somebody will answer; without a word for some seconds they stop waiting."""
        while not stop.is_set():
            try:
                await self.inbox.attend(self.name)
            except RedisUnavailable as error:
                log.warning("attendance not told", error=str(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(ATTEND_EVERY_S):
                    await stop.wait()
        with suppress(RedisUnavailable):  # it ends by itself
            await self.inbox.depart(self.name)

    async def _claims(self, group: asyncio.TaskGroup, places: int, stop: asyncio.Event, *, urgent_only: bool) -> None:
        """One asks the inbox for all places: many who ask would all be woken, and but one find something."""
        free = asyncio.Semaphore(places)
        while await free.acquire() and not stop.is_set():
            claim = await self._claim(urgent_only=urgent_only)
            if claim is None:
                free.release()
            else:
                group.create_task(self._take_place(claim, free))

    async def _claim(self, *, urgent_only: bool) -> Claim | None:
        try:
            return await self.inbox.claim(f"{self.name}-{next(self._numbers)}", CLAIM_WAIT_S, urgent_only=urgent_only)
        except RedisUnavailable as error:
            log.warning("inbox away", error=str(error))
            await asyncio.sleep(RETRY_AFTER_S)
            return None

    async def _take_place(self, claim: Claim, free: asyncio.Semaphore) -> None:
        try:
            await self.handle(claim)
        except RedisUnavailable as error:  # the claim runs out, and the message is taken again
            log.warning("inbox away", error=str(error))
        finally:
            free.release()

    async def handle(self, claim: Claim) -> None:
        """Take one claimed message to its end: done, put back, or buried. Raises RedisUnavailable."""
        try:
            async with self._holding(claim):
                async with asyncio.timeout(TURN_S):
                    slot = await take(claim.inbound, self.ports)
                if not await self.inbox.offer_reply(claim.inbound.key, slot) and slot.reply is not None:
                    await unoffer(claim.inbound.key, self.ports)
        except RedisUnavailable:
            raise
        except (Unavailable, TimeoutError) as error:  # a service is away: it is not the message that must go
            await self._excused(claim, error)
        except Exception as error:
            await self._failed(claim, error)
        else:
            TURNS.labels("done").inc()
            await self.inbox.done(claim)

    async def _excused(self, claim: Claim, error: Exception) -> None:
        log.error("turn put back", key=claim.inbound.key, error=type(error).__name__)
        TURNS.labels("put_back").inc()
        await self.inbox.put_back(claim, RETRY_AFTER_S, excused=True)

    async def _failed(self, claim: Claim, error: Exception) -> None:
        log.error(
            "turn failed", key=claim.inbound.key, tries=claim.tries, error=type(error).__name__, place=_place(error)
        )
        if claim.tries < MAX_TRIES:
            TURNS.labels("failed").inc()
            own_fault = isinstance(error, NotFound | InvalidData)
            await self.inbox.put_back(claim, OWN_FAULT_REST_S if own_fault else RETRY_AFTER_S * claim.tries)
            return
        reason = type(error).__name__
        try:
            async with self._holding(claim), asyncio.timeout(TURN_S):
                await salvage(claim.inbound, reason, self.ports)
        except RedisUnavailable:
            raise
        except (Unavailable, Conflict, TimeoutError) as trouble:
            await self._excused(claim, trouble)
            return
        except Exception as trouble:  # it lies among the dead letters all the same, where it is seen
            log.error("nothing salvaged", key=claim.inbound.key, error=type(trouble).__name__, place=_place(trouble))
        TURNS.labels("buried").inc()
        await self.inbox.bury(claim, reason)

    @asynccontextmanager
    async def _holding(self, claim: Claim) -> AsyncIterator[None]:
        beat = asyncio.create_task(self._beat(claim))
        try:
            yield
        finally:
            beat.cancel()
            with suppress(asyncio.CancelledError):
                await beat

    async def _beat(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(EXTEND_EVERY_S)
            try:
                if not await self.inbox.extend(claim):
                    log.warning("claim lost", key=claim.inbound.key)
                    return
            except RedisUnavailable:
                log.warning("claim not extended", key=claim.inbound.key)


def _place(error: Exception) -> str:
    """Where it happened; the message of a foreign error may quote data, so only its type and place are logged."""
    *_, (frame, line) = walk_tb(error.__traceback__)
    return f"{frame.f_globals['__name__']}:{line}"
