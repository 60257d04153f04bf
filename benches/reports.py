"""How much a report costs: a year and a month of a province, and how long the desk's loop is held up meanwhile."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
import yaml
from cryptography.fernet import Fernet
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from benches.running import REGIONS
from bot import cases
from bot.conversation.figures import Period, Slice
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import new_id
from bot.conversation.staff import Scope
from bot.handoff.deadlines import DEADLINES
from bot.store import migrate
from bot.store.case_figures import Rules
from bot.store.case_reads import CaseReads
from bot.store.desk_tables import call_backs
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from bot.store.tables import cases as cases_table
from bot.store.tables import contacts, conversations, handoffs

TALKS = int(os.environ.get("TALKS", "60000"))
YEARS = int(os.environ.get("YEARS", "2"))
"""So many talks a year, for so many years, of which the last is reported."""
ROUNDS = int(os.environ.get("ROUNDS", "5"))
LAST = date(2026, 12, 31)
NOW = datetime(2027, 1, 5, 4, tzinfo=UTC)
PERIODS = {"a year": Period(date(2026, 1, 1), LAST), "a month": Period(date(2026, 12, 1), LAST)}
_BATCH = 5000

type Rows = dict[sa.Table, list[dict[str, Any]]]


def main() -> None:
    """Print the table."""
    with TemporaryDirectory(prefix="nj-bench-") as folder:
        address = os.environ.get("DATABASE") or f"sqlite:///{Path(folder) / 'niangjia.db'}"
        migrate.upgrade(address)
        asyncio.run(measure(address))


async def measure(address: str) -> None:
    """Fill the database and time the reports."""
    engine = create_engine(address)
    await fill(engine)
    rules = Rules(cases.is_workday, {level: one.waiting for level, one in DEADLINES.items()})
    reads = CaseReads(engine, FernetSealer([Fernet.generate_key().decode()], "b" * 48), rules)
    table = Table("what", "CPU ms, least", "CPU ms, most", "wall ms, least", "loop held up ms, least")
    table.title = f"Reports: {TALKS} conversations a year, {YEARS} years, {engine.dialect.name}, {ROUNDS} rounds"
    for name, period in PERIODS.items():
        taken = [await timed(reads, period) for _ in range(ROUNDS)]
        cpu, wall, held = zip(*taken, strict=True)
        table.add_row(f"the report of {name}", *(f"{ms:.0f}" for ms in (min(cpu), max(cpu), min(wall), min(held))))
    Console(width=120).print(table)
    await engine.dispose()


async def timed(reads: CaseReads, period: Period) -> tuple[float, float, float]:
    """CPU of this process and wall time, and the longest that another task had to wait for the loop; all in ms."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - begun - 0.001)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.01)
    longest, cpu, begun = 0.0, time.process_time(), time.perf_counter()
    figures = await reads.figures(Scope(), period, Slice(), NOW)
    spent = (time.process_time() - cpu, time.perf_counter() - begun, longest)
    ticking.cancel()
    assert figures.service.total.asked
    return spent[0] * 1000, spent[1] * 1000, spent[2] * 1000


async def fill(engine: AsyncEngine) -> None:
    """Talks of every region, topic and level; every fourth with a person, most of those with a case."""
    chance = random.Random(12338)
    places = [str(one["code"]) for one in yaml.safe_load(REGIONS.read_text(encoding="utf-8"))["regions"]]
    for _ in range(YEARS * TALKS // _BATCH):
        rows: Rows = {table: [] for table in (contacts, conversations, handoffs, cases_table, call_backs)}
        for _ in range(_BATCH):
            at = NOW - timedelta(days=5, hours=4) - chance.random() * timedelta(days=365 * YEARS)
            _talk(rows, chance, chance.choice(places), at)
        async with engine.begin() as connection:
            for table, made in rows.items():
                await connection.execute(sa.insert(table), made)


def _talk(rows: Rows, chance: random.Random, region: str, at: datetime) -> None:
    level = chance.choices(list(Level), (10, 4, 1))[0]
    shared = {"account_id": "bench", "region": region, "level": level, "topic": chance.choice(list(Topic))}
    contact, talk = new_id(), new_id()
    hers = {"contact_id": contact, "conversation_id": talk, **shared}
    known = {"account_id": "bench", "mailbox": contact, "openid": b"-", "following": True, "window_sent": 0}
    rows[contacts].append({"id": contact, "first_seen_at": at, **known})
    about = {"contact_id": contact, "opened_at": at, "mode": "bot", "version": 0}
    rows[conversations].append({"id": talk, **about, **shared})
    if chance.random() < 0.25:
        rows[handoffs].append({"id": new_id(), **hers, **_asking(chance, at)})
        if chance.random() < 0.8:
            rows[cases_table].append({"id": new_id(), "number": new_id(), **hers, **_case(chance, at)})
    if chance.random() < 0.02:
        rows[call_backs].append({"id": new_id(), **hers, **_call(chance, at)})


def _asking(chance: random.Random, at: datetime) -> dict[str, Any]:
    taken = at + chance.random() * timedelta(minutes=40)
    ended = {"status": "resolved", "disposition": "answered", "resolved_at": taken + timedelta(hours=1)}
    moments = {"requested_at": at, "queued_at": at, "claimed_at": taken, "answered_at": taken + timedelta(minutes=1)}
    return {"reasons": ["本人要求人工"], "claimed_by": "li", **moments, **ended}


def _case(chance: random.Random, at: datetime) -> dict[str, Any]:
    days: Iterator[datetime] = (at + chance.random() * timedelta(days=span) for span in (20, 10, 60))
    told, routed, answered = days
    moments = {"opened_at": at, "updated_at": answered, "told_at": told, "accepted_at": told, "answered_at": answered}
    status, kinds = chance.choice(("accepted", "answered", "archived")), chance.choice(([], ["legal_aid"]))
    return {"status": status, "referrals": kinds, "agency": "police", "routed_at": routed, **moments}


def _call(chance: random.Random, at: datetime) -> dict[str, Any]:
    made = {"first_called_at": at + chance.random() * timedelta(days=2), "settled_at": at + timedelta(days=2)}
    return {"content": b"-", "asked_at": at, "due_at": at + timedelta(days=1), "tries": 1, "outcome": "reached", **made}


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
