"""Opens the database with the settings that our guarantees rest on: SQLite files and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.conversation.errors import InvalidData

BUSY_TIMEOUT_S = 5.0
"""How long a unit of work waits for another one to finish before the store counts as unavailable."""

LINE_TIMEOUT_S = 2 * BUSY_TIMEOUT_S
"""How long it waits behind others of its own process, or for a connection."""

_IMMEDIATE = "begin_immediate"
_LINE = "writers_line"

_SQLITE: Mapping[str, Any] = {
    # Few connections: SQLite has one writer at a time.
    "pool_size": 6,
    "max_overflow": 0,
    "pool_timeout": LINE_TIMEOUT_S,
    # No BEGIN by the driver: it would be a deferred one, and the hook below must choose.
    "connect_args": {"timeout": BUSY_TIMEOUT_S, "isolation_level": None},
}

_POSTGRESQL: Mapping[str, Any] = {
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": LINE_TIMEOUT_S,
    "pool_pre_ping": True,
    "connect_args": {
        "connect_timeout": 5,
        # A server that vanished without a word is given up after 10 s, and not after the kernel's 15 minutes.
        "tcp_user_timeout": 10_000,
        # and one that froze after it took the question, after eleven.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "options": f"-c lock_timeout={BUSY_TIMEOUT_S:.0f}s -c statement_timeout=15s"
        " -c idle_in_transaction_session_timeout=30s",
    },
}

_READING: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}

_LOOKING: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {},
    # Repositories read behind locks of rows, which is no reading to PostgreSQL; and it has no one lock for all.
    "postgresql": {"isolation_level": "READ COMMITTED"},
}

_WRITING: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {_IMMEDIATE: True},
    "postgresql": {"isolation_level": "READ COMMITTED"},
}


def create_engine(database_url: str) -> AsyncEngine:
    """The engine for this address; it connects on first use. Raises InvalidData for another kind of database."""
    url = _url(database_url, sqlite="sqlite+aiosqlite")
    options = _POSTGRESQL
    if url.get_backend_name() == "sqlite":
        options = {**_SQLITE, "execution_options": {_LINE: asyncio.Lock()}}
    # Parameters stay out of error messages: they hold mailboxes, names and digests.
    engine = create_async_engine(url, hide_parameters=True, **options)
    _hook(engine.sync_engine)
    return engine


def create_blocking_engine(database_url: str, lock_timeout_s: float) -> sa.Engine:
    """An engine without pool or event loop, for migrations; raises InvalidData as `create_engine` does."""
    url = _url(database_url, sqlite="sqlite+pysqlite")
    options: dict[str, Any] = {"timeout": lock_timeout_s, "isolation_level": None}
    if url.get_backend_name() == "postgresql":
        options = {"connect_timeout": 5, "options": f"-c lock_timeout={lock_timeout_s:.0f}s"}
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=options)
    _hook(engine)
    return engine.execution_options(**_WRITING[engine.dialect.name])


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, its transactions for reading only: one snapshot, and nobody waits for it."""
    return engine.execution_options(**_READING[engine.dialect.name])


def looking(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, its transactions for units of work that keep nothing: on SQLite no writer waits for them."""
    return engine.execution_options(**_LOOKING[engine.dialect.name])


def writing(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, its transactions for writing."""
    return engine.execution_options(**_WRITING[engine.dialect.name])


def writers_line(engine: AsyncEngine) -> asyncio.Lock | None:
    """Where those of this process who will write wait, in the order in which they came; None where nobody has to.

    SQLite itself lets whoever waits look again after 1 to 100 ms, so that the last to come may be the first.
    """
    options = engine.sync_engine.get_execution_options()
    line: asyncio.Lock | None = options.get(_LINE) if options.get(_IMMEDIATE) else None
    return line


def _url(database_url: str, *, sqlite: str) -> sa.URL:
    try:
        url = sa.make_url(database_url)
    except exc.ArgumentError:
        raise InvalidData("the database address is not a URL") from None
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername=sqlite)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise InvalidData("the database must be a SQLite file or PostgreSQL")


def _hook(engine: sa.Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # In WAL mode the library's usual NORMAL may lose the last commits in a power cut; ours are promises.
    cursor.execute("PRAGMA synchronous = FULL")
    # What is deleted or replaced is overwritten with zeros: the law says erased, not only out of sight.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A deferred transaction that reads first cannot write once another has committed (SQLITE_BUSY_SNAPSHOT), and no
    # timeout helps; one that will write takes the lock at once and waits in line for it.
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
