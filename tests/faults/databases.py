"""The database behind the house: its own SQLite, or a PostgreSQL server that can be frozen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import psutil

from tests.faults.blows import Effect
from tests.processes.postgres_server import binaries, running_postgres


@contextmanager
def postgresql() -> Iterator[tuple[str, Effect]]:
    """A server up until the block ends: the address of a database, and what takes the server away for a while."""
    found = binaries()
    if found is None:
        raise SystemExit("no PostgreSQL server on this machine: run `make test-system`")
    with running_postgres(found) as server:
        yield server.create_database("faults"), _frozen


@asynccontextmanager
async def _frozen() -> AsyncIterator[None]:
    """Every process of the server stands still: nothing is refused, nothing comes."""
    processes = [child for child in psutil.Process().children(recursive=True) if child.name() == "postgres"]
    try:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # its client has gone, and so did it
                process.resume()
