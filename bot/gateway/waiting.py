"""The wait for a turn's reply, within the time that the platform grants each request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request

from bot.conversation.ports import Inbox, Slot
from bot.gateway.ports import Timing

LAST_ATTEMPT = 3
"""The platform sends a message three times in all (measured; its page may mean four: wechat.md section 3)."""

LAST_AFTER_S = 9.0
"""From when on a request can only be the last one, whatever we counted: an earlier one may not have reached us."""


class NotYet(Exception):
    """The reply is not ready, and the platform will ask again: this request ends without an answer."""


def is_last(attempt: int, age_s: float) -> bool:
    """Whether the platform asks for this message no more: it was delivered so often, and sent so many seconds ago."""
    return attempt >= LAST_ATTEMPT or age_s >= LAST_AFTER_S


async def slot_in_time(
    request: Request, inbox: Inbox, key: str, last: bool, arrived: float, timing: Timing
) -> Slot | None:
    """The filled slot of this message; None if no reply came and none of its requests is left to carry one.

    `last`: no other request for it follows; `arrived` is when this one may have come, on the loop's clock. Raises
    NotYet, after the platform has given this request up; ClientDisconnect, if it hung up before; RedisUnavailable.
    """
    seen = asyncio.get_running_loop().time()
    slot, closed = None, False
    async with _departure(request) as gone:
        try:
            slot = await _unless(gone, inbox.wait_reply(key, left(arrived, timing.answer_s)))
        finally:
            if slot is None and last:
                closed = await inbox.stop_waiting(key)
        if slot is None and last and not closed:
            slot = await inbox.wait_reply(key, 0)  # it came in this very moment
        if slot is not None and not left(arrived, timing.show_s):
            slot = None  # taken and never confirmed: the next request gets it, or the courier sends it
            if last:  # this one says that no reply follows: a twin of it must not say otherwise
                await inbox.withdraw_reply(key)
        if slot is None and not last:
            # an answer of any kind now would end the retries, and with them the chance of a reply free of quota
            await _unless(gone, asyncio.sleep(left(seen, timing.hold_s)))
            raise NotYet
    return slot


async def slot_at_once(inbox: Inbox, key: str) -> Slot | None:
    """The slot of this message if it is filled already; None ends the wait for good, and its requests.

    Raises RedisUnavailable.
    """
    slot = await inbox.wait_reply(key, 0)
    if slot is None and not await inbox.stop_waiting(key):
        slot = await inbox.wait_reply(key, 0)  # it came in this very moment
    return slot


def left(arrived: float, allowed_s: float) -> float:
    """How much is left of the seconds that a request of then is allowed; 0 if nothing is."""
    return max(0.0, arrived + allowed_s - asyncio.get_running_loop().time())


@asynccontextmanager
async def _departure(request: Request) -> AsyncIterator[asyncio.Task[None]]:
    """A task that ends when the client hangs up; the body must have been read."""
    task = asyncio.create_task(_hang_up(request))
    try:
        yield task
    finally:
        await _ended(task)


async def _hang_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _unless[T](gone: asyncio.Task[None], work: Coroutine[None, None, T]) -> T:
    """What the work returns; raises ClientDisconnect, and drops the work, if the client hangs up before."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise ClientDisconnect
        return task.result()
    finally:
        await _ended(task)


async def _ended(task: asyncio.Task[object]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
