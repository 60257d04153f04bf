"""The gateway knows how late it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.gateway.pulse import EVERY_S, Pulse

PATIENCE_S = 60.0


@asynccontextmanager
async def beating() -> AsyncIterator[Pulse]:
    """A pulse that runs."""
    pulse, stop = Pulse(), asyncio.Event()
    running = asyncio.create_task(pulse.run(stop))
    await asyncio.sleep(0)
    yield pulse
    stop.set()
    await running


async def test_who_does_not_run_is_not_late() -> None:
    assert Pulse().late_s() == 0


async def test_a_stall_is_seen_at_once_and_for_a_while_after() -> None:
    async with beating() as pulse:
        time.sleep(EVERY_S + 0.3)  # noqa: ASYNC251 - the stall
        assert pulse.late_s() >= 0.3
        await asyncio.sleep(2 * EVERY_S)
        assert pulse.late_s() >= 0.3


async def test_a_stall_is_forgotten() -> None:
    async with beating() as pulse, asyncio.timeout(PATIENCE_S):
        time.sleep(EVERY_S + 2.0)  # noqa: ASYNC251 - the stall
        while pulse.late_s() >= 2.0:  # noqa: ASYNC110 - time gives no event
            await asyncio.sleep(EVERY_S)
