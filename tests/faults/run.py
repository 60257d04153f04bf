"""One run: the load, the blows, the rest afterwards, and the count."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.settings import TRIAL_FILE, Settings
from tests.faults.blows import ERRCODES, Blows, Effect
from tests.faults.counting import Count, count
from tests.faults.office import Office
from tests.faults.outside import Outside
from tests.faults.plan import Blow, Line, Plan
from tests.faults.reading import Books
from tests.faults.records import Seen
from tests.house.house import House

REST_S = 420.0
"""A delivery whose courier died waits 90 s for its lease; one that the platform put off eight times, four minutes."""

LAST_WORDS = "好的，谢谢"

type Tell = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    plan: Plan
    seen: Seen
    count: Count
    operator_lost: list[str]
    """Replies that the desk took and the store does not have."""
    operator_doubled: list[str]
    rested_s: float

    @property
    def failures(self) -> list[str]:
        """All that must not be, one line each."""
        findings = [
            f"{found.kind}: {found.begun:%H:%M:%S} to {found.ended:%H:%M:%S}, {found.person[:8]}, {found.detail}"
            for found in self.count.failures
        ]
        buried = [f"dead letters: {self.seen.buried}"] if self.seen.buried else []
        lost = [f"operator's reply lost: {words}" for words in self.operator_lost]
        doubled = [f"operator's reply doubled: {words}" for words in self.operator_doubled]
        return [*findings, *buried, *lost, *doubled]


@dataclass(slots=True)
class Run:
    """A plan carried out on a house."""

    plan: Plan
    house: House
    tell: Tell
    errcodes: Sequence[int] = ERRCODES
    freeze_database: Effect | None = None
    _phones: dict[int, asyncio.Task[str]] = field(default_factory=dict)
    _seen: Seen = field(default_factory=Seen)

    async def carry_out(self, seed: int) -> Outcome:
        """Everything, to the count."""
        outside, books = Outside(self.house.phone_site), Books(self._settings())
        office = Office(self.house, seed)
        blows = Blows(self.house, outside, seed, self.errcodes, self.freeze_database)
        begun = time.monotonic()
        working = asyncio.create_task(office.work())
        async with asyncio.TaskGroup() as group:
            group.create_task(self._progress(begun, books))
            for blow in self.plan.blows:
                group.create_task(self._strike(blows, blow, begun))
            await self._speak(outside, begun)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        self.tell("every message is sent, the house comes to rest")
        rested = await self._rest(books, outside)
        for person in await asyncio.to_thread(books.held_people):
            await outside.say(person, LAST_WORDS)
        rested += await self._rest(books, outside)
        await asyncio.to_thread(books.read, self._seen)
        await outside.look(self._seen)
        said = await asyncio.to_thread(books.said_by_operators)
        await outside.close()
        return Outcome(
            self.plan,
            self._seen,
            count(self._seen),
            [words for words in office.taken if not any(text.endswith(words) for text in said)],
            [words for words in (*office.taken, *office.unsure) if sum(text.endswith(words) for text in said) > 1],
            rested,
        )

    def _settings(self) -> Settings:
        """Those of the house."""
        database_url = self.house.env.get("NIANGJIA_DATABASE_URL")
        return Settings(_env_file=self.house.home / TRIAL_FILE, home=self.house.home, database_url=database_url)

    async def _speak(self, outside: Outside, begun: float) -> None:
        """Every line at its time; one person's lines leave her phone in their order."""
        last: dict[int, asyncio.Task[None]] = {}
        for line in self.plan.lines:
            await asyncio.sleep(max(0.0, begun + line.at - time.monotonic()))
            last[line.person] = asyncio.create_task(self._say(outside, line, last.get(line.person)))
        await asyncio.gather(*last.values())

    async def _say(self, outside: Outside, line: Line, before: asyncio.Task[None] | None) -> None:
        if line.person not in self._phones:
            self._phones[line.person] = asyncio.create_task(outside.join())
        openid = await self._phones[line.person]
        if before is not None:
            await before
        if line.menu is not None:
            await outside.tap(openid, line.menu)
        else:
            await outside.say(openid, line.words, cry=line.cry)

    async def _strike(self, blows: Blows, blow: Blow, begun: float) -> None:
        await asyncio.sleep(max(0.0, begun + blow.at - time.monotonic()))
        self.tell(f"{blow.at:6.0f} s  {blow.kind}")
        self._seen.struck.append(await blows.strike(blow))

    async def _progress(self, begun: float, books: Books) -> None:
        while (passed := time.monotonic() - begun) < self.plan.lasts:
            with suppress(Exception):  # the house is being hurt: it may not answer just now
                waiting, undecided = await asyncio.to_thread(books.open_things)
                sent = sum(line.at <= time.monotonic() - begun for line in self.plan.lines)
                self.tell(f"{passed:6.0f} s  {sent} sent, {waiting} in the inbox, {undecided} deliveries open")
            await asyncio.sleep(min(30.0, self.plan.lasts - passed))

    async def _rest(self, books: Books, outside: Outside) -> float:
        begun = time.monotonic()
        while time.monotonic() - begun < REST_S:
            await asyncio.sleep(2)
            if not await outside.pending() and await asyncio.to_thread(books.open_things) == (0, 0):
                break
        return time.monotonic() - begun
