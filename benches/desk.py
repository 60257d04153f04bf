"""How quick the desk is: taking the next with 5,000 waiting and 50 operators connected, and the lists meanwhile."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from multiprocessing.connection import Connection

import httpx
import psutil
import sqlalchemy as sa
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from benches.running import House, Operator, fill, hire, house
from bot.bootstrap import LOOPBACK
from bot.console.board import QUICKEST_MS
from bot.conversation.handoffs import QueueEntry
from bot.conversation.messages import new_id
from bot.queue import RedisQueue
from bot.store.engine import writing
from bot.store.tables import audit

WAITING = int(os.environ.get("WAITING", "5000"))
OPERATORS = int(os.environ.get("OPERATORS", "50"))
ROUNDS = int(os.environ.get("ROUNDS", "100"))
EVERY_S = 0.25
"""Somebody takes the next one so often: each taking is news to all who are connected."""
CITIES = ("430100", "430200", "430300", "430400", "430500", "430600", "430700", "430800", "430900", "431000")


def main() -> None:
    """Print the table."""
    with house(os.environ.get("DATABASE")) as built:
        asyncio.run(measure(built))


async def measure(built: House) -> None:
    """Fill the office, start its desk, and time it alone and in company."""
    regions = [frozenset({CITIES[number % len(CITIES)]} if number % 5 else ()) for number in range(OPERATORS)]
    operators = await hire(built, regions)
    asked = await fill(built, WAITING)
    redis = Redis.from_url(built.redis_url)
    queue = RedisQueue(redis)
    for one in asked:
        await queue.put(QueueEntry.of(one))
    table = Table("what", "median ms", "95 of 100", "longest", "times its baseline")
    table.title = f"Desk: {OPERATORS} operators, {WAITING} waiting, {built.engine.dialect.name}, {ROUNDS} rounds"
    with built.running("desk") as pids:
        desk = psutil.Process(pids["desk"])
        async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{built.ports['DESK']}", trust_env=False) as client:
            script = "return redis.call('SET', KEYS[1], 1)"
            await _row(table, "baseline: a bare EVAL that writes", lambda: redis.eval(script, 1, "bench"), ROUNDS)
            commit = await _row(table, "baseline: a bare commit of one row", lambda: bare_commit(built), ROUNDS)
            bare = await _row(table, "baseline: GET /healthz", lambda: client.get("/healthz"), ROUNDS)
            province = operators[0]
            await _row(table, "desk's next, nobody else connected", lambda: take_next(client, province), ROUNDS, commit)
            await _row(table, "claim, nobody else connected", lambda: claim(client, province), ROUNDS, commit)
            await _row(table, "desk's list, nobody else", lambda: lists(client, province), ROUNDS, bare)
            await _row(table, "API's queue, nobody else", lambda: waiting(client, province), 10, bare)
            turns = cycle(operators)  # by turns, since a hand that is full would end it
            with company(operators, built.ports["DESK"]) as others:
                desk.cpu_percent()
                await _row(
                    table,
                    f"claim, {OPERATORS} connected",
                    lambda: claim(client, next(turns)),
                    ROUNDS,
                    commit,
                    EVERY_S,
                )
                busy = desk.cpu_percent()
                await _row(
                    table,
                    f"desk's next, {OPERATORS} connected",
                    lambda: take_next(client, next(turns)),
                    ROUNDS,
                    commit,
                    EVERY_S,
                )
                await _row(table, "API's queue meanwhile", lambda: waiting(client, province), 10, bare)
            refreshes = others()
            _add(table, f"desk's list meanwhile ({len(refreshes)} times)", refreshes, bare)
    console = Console(width=120)
    console.print(table)
    console.print(f"Meanwhile the desk used {busy:.0f}% of one core.")
    await redis.aclose()
    await built.engine.dispose()


@contextmanager
def company(operators: Sequence[Operator], port: int) -> Iterator[Callable[[], list[float]]]:
    """Open desks of all these in a process of its own, so that they do not hold up the clock of this one.

    Afterwards what is given back tells how long each of their refreshes took, in ms.
    """
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_sit_down, args=(operators, port, theirs))
    child.start()
    ours.recv()
    times: list[float] = []
    try:
        yield lambda: times
    finally:
        ours.send("go home")
        times += ours.recv()
        child.join()


def _sit_down(operators: Sequence[Operator], port: int, line: Connection) -> None:
    asyncio.run(_sit(operators, port, line))


async def _sit(operators: Sequence[Operator], port: int, line: Connection) -> None:
    browsers = [Browser(operator, port) for operator in operators]
    sitting = [asyncio.create_task(browser.run()) for browser in browsers]
    await asyncio.wait_for(asyncio.gather(*(browser.ready.wait() for browser in browsers)), 60)
    await asyncio.sleep(3)
    for browser in browsers:
        browser.times.clear()
    line.send("all are there")
    await asyncio.to_thread(line.recv)
    for task in sitting:
        task.cancel()
    line.send([one for browser in browsers for one in browser.times])


class Browser:
    """Listens as an open desk does, and fetches the lists again when something happened; `times` in ms."""

    def __init__(self, operator: Operator, port: int) -> None:
        self._operator, self._address = operator, f"http://{LOOPBACK}:{port}"
        self._changed, self._pace_s = asyncio.Event(), QUICKEST_MS / 1000
        self.ready = asyncio.Event()
        self.times: list[float] = []

    async def run(self) -> None:
        """Listen and refresh until cancelled, as live.js does."""
        async with (
            httpx.AsyncClient(base_url=self._address, trust_env=False, timeout=30) as client,
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self._listen(client))
            group.create_task(self._refresh(client))

    async def _listen(self, client: httpx.AsyncClient) -> None:
        async with client.stream("GET", "/events", headers=self._operator.headers) as stream:
            async for line in stream.aiter_lines():
                if line == "event: ready":
                    self.ready.set()
                if line.startswith("event: handoff."):
                    self._changed.set()

    async def _refresh(self, client: httpx.AsyncClient) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(random.random() * (self._pace_s - QUICKEST_MS / 1000))
            self._changed.clear()
            begun = time.perf_counter()
            answer = await client.get("/desk/lists", headers=self._operator.headers)
            answer.raise_for_status()
            self.times.append((time.perf_counter() - begun) * 1000)
            self._pace_s = int(answer.text.partition('data-pace="')[2].partition('"')[0]) / 1000
            await asyncio.sleep(max(0.0, begun + self._pace_s - time.perf_counter()))


async def claim(client: httpx.AsyncClient, operator: Operator) -> None:
    """Take the next one over the API."""
    bearer = {"Authorization": f"Bearer {operator.token}"}
    answer = await client.post("/api/v1/queue/claim", headers=bearer)
    assert answer.status_code == 200, answer.text


async def take_next(client: httpx.AsyncClient, operator: Operator) -> None:
    """Press 接下一个; the page of the conversation is another request."""
    headers = {**operator.headers, "X-CSRF-Token": operator.csrf_token}
    answer = await client.post("/desk/next", headers=headers)
    assert answer.status_code == 303, answer.text
    assert "/conversations/" in answer.headers["location"]


async def lists(client: httpx.AsyncClient, operator: Operator) -> None:
    """The left column of the desk."""
    answer = await client.get("/desk/lists", headers=operator.headers)
    assert answer.status_code == 200, answer.text


async def waiting(client: httpx.AsyncClient, operator: Operator) -> None:
    """The queue over the API."""
    bearer = {"Authorization": f"Bearer {operator.token}"}
    answer = await client.get("/api/v1/queue", headers=bearer, timeout=30)
    assert answer.status_code == 200, answer.text


async def bare_commit(built: House) -> None:
    """What a claim cannot do without: one row that is on the disk."""
    row = {"id": new_id(), "staff_id": "bench", "action": "bench", "target": "bench", "at": sa.func.now()}
    async with writing(built.engine).begin() as connection:
        await connection.execute(sa.insert(audit).values(**row))


async def _row(
    table: Table,
    name: str,
    work: Callable[[], Awaitable[object]],
    rounds: int,
    baseline: float | None = None,
    every_s: float = 0.0,
) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        await work()
        times.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(max(0.0, every_s - (time.perf_counter() - begun)))
    return _add(table, name, times, baseline)


def _add(table: Table, name: str, times: Sequence[float], baseline: float | None) -> float:
    median = statistics.median(times)
    high = statistics.quantiles(times, n=20)[18] if len(times) > 1 else median
    ratio = f"{median / baseline:.1f}" if baseline else "1.0"
    table.add_row(name, f"{median:.2f}", f"{high:.2f}", f"{max(times):.2f}", ratio)
    return median


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
