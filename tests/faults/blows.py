"""What can be done to the house and to the world around it, each by its name in the plan."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import psutil

from bot.gateway.errcodes import REACTIONS
from tests.faults.outside import SEND, Outside
from tests.faults.plan import Blow
from tests.faults.records import Struck
from tests.house.house import House

HEALED_WITHIN_S = 420.0
"""Rasa's own start, on a slow day."""

ERRCODES = tuple(sorted(set(REACTIONS) - {0}))
SHORT_ERRCODES = tuple(code for code in ERRCODES if not REACTIONS[code].account_fault)
"""Those after which nothing waits for minutes until somebody has set the account right."""
ERRCODES_AT_ONCE = 4

KINDS = (
    "kill gateway",
    "kill worker",
    "kill rasa",
    "kill redis",
    "kill desk",
    "database locked",
    "sends answered late",
    "answers of sends lost",
    "platform answers 500",
    "platform does not answer",
    "platform refuses",
    "pushes doubled",
    "pushes delayed",
    "pushes reordered",
)
"""Every kind of blow."""

type Effect = Callable[[], AbstractAsyncContextManager[None]]


class Blows:
    """Strikes one house."""

    def __init__(
        self,
        house: House,
        outside: Outside,
        seed: int,
        errcodes: Sequence[int] = ERRCODES,
        freeze_database: Effect | None = None,
    ) -> None:
        """`freeze_database` takes another database than the house's own SQLite away."""
        self._house = house
        self._errcodes = tuple(errcodes)
        self._outside = outside
        self._dice = random.Random(seed)
        self._faults: dict[str, list[dict[str, Any]]] = {}
        self._next: list[int] = []
        self.effects: dict[str, Effect] = {
            **{f"kill {name}": lambda name=name: self._killed(name) for name in _ALIVE},  # type: ignore[misc]
            "database locked": freeze_database or self._sqlite_locked,
            "sends answered late": lambda: self._spoiled({"path": SEND, "delay_s": 3.0, "taken": True, "times": None}),
            "answers of sends lost": lambda: self._spoiled({"path": SEND, "drop": "close", "taken": True, "times": 2}),
            "platform answers 500": lambda: self._spoiled({"path": "*", "status": 500, "times": None}),
            "platform does not answer": lambda: self._spoiled({"path": "*", "drop": "hang", "times": None}),
            "platform refuses": self._refusing,
            "pushes doubled": lambda: self._switched("duplicate", 0.5, 0.0),
            "pushes delayed": lambda: self._switched("delay", 0.5, 0.0),
            "pushes reordered": lambda: self._switched("reorder", 0.5, 0.0),
        }

    async def strike(self, blow: Blow) -> Struck:
        """Let it fall, wait until its time is over and until the house serves again."""
        begun = _now()
        async with self.effects[blow.kind]():
            await asyncio.sleep(0 if blow.kind.startswith("kill") else blow.lasts)
        ended = _now()
        await self._healed(blow.kind)
        return Struck(blow.kind, begun, ended, _now())

    @asynccontextmanager
    async def _killed(self, name: str) -> AsyncIterator[None]:
        process = await asyncio.to_thread(self._find, name)
        process.kill()
        yield
        await asyncio.to_thread(psutil.wait_procs, [process], 10)

    def _find(self, name: str) -> psutil.Process:
        def found() -> psutil.Process | None:
            try:
                return self._house.process(name)
            except (AssertionError, psutil.NoSuchProcess):  # it fell a moment ago
                return None

        process: psutil.Process = self._house.until(found, HEALED_WITHIN_S, f"{name} does not run")
        return process

    @asynccontextmanager
    async def _sqlite_locked(self) -> AsyncIterator[None]:
        lock = sqlite3.connect(
            self._house.home / "niangjia.db", isolation_level=None, timeout=30, check_same_thread=False
        )
        try:
            await asyncio.to_thread(lock.execute, "BEGIN EXCLUSIVE")
            yield
        finally:
            lock.close()

    @asynccontextmanager
    async def _spoiled(self, fault: dict[str, Any]) -> AsyncIterator[None]:
        await self._spoil(f"{fault}", [fault])
        try:
            yield
        finally:
            await self._spoil(f"{fault}", [])

    @asynccontextmanager
    async def _refusing(self) -> AsyncIterator[None]:
        """Each number of the reaction table in its turn, over the run."""
        while len(self._next) < ERRCODES_AT_ONCE:
            self._next += self._dice.sample(self._errcodes, len(self._errcodes))
        codes = [self._next.pop(0) for _ in range(ERRCODES_AT_ONCE)]
        await self._spoil("refused", [{"path": SEND, "errcode": code, "times": 1} for code in codes])
        try:
            yield
        finally:
            await self._spoil("refused", [])

    async def _spoil(self, name: str, faults: list[dict[str, Any]]) -> None:
        self._faults[name] = faults
        await self._outside.switch(fail_calls=[fault for group in self._faults.values() for fault in group])

    @asynccontextmanager
    async def _switched(self, name: str, on: float, off: float) -> AsyncIterator[None]:
        await self._outside.switch(**{name: on})
        try:
            yield
        finally:
            await self._outside.switch(**{name: off})

    async def _healed(self, kind: str) -> None:
        serves = _ALIVE.get(kind.removeprefix("kill "))
        if serves is None:
            return
        async with asyncio.timeout(HEALED_WITHIN_S):
            while not await serves(self._house):  # noqa: ASYNC110 - another program gives no event
                await asyncio.sleep(0.1)


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False


async def _gateway(house: House) -> bool:
    return await _answers(f"{house.gateway}/healthz")


async def _worker(house: House) -> bool:
    return await _answers(f"http://127.0.0.1:{house.ports['WORKER_STATUS']}/healthz")


async def _desk(house: House) -> bool:
    return await _answers(f"{house.desk_site}/healthz")


async def _rasa(house: House) -> bool:
    return await asyncio.to_thread(house.assistant_ready)


async def _redis(house: House) -> bool:
    return await _answers(f"{house.gateway}/readyz")


_ALIVE: dict[str, Callable[[House], Awaitable[bool]]] = {
    "gateway": _gateway,
    "worker": _worker,
    "rasa": _rasa,
    "redis": _redis,
    "desk": _desk,
}


def _now() -> datetime:
    return datetime.now(UTC)
