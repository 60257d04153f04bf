"""Brings the schema up to date, and tells whether it is."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import aclosing, closing, contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.errors import StoreUnavailable
from bot.store.engine import create_blocking_engine, reading
from bot.store.failures import our_errors
from bot.store.transaction import Transaction

_WAIT_FOR_ANOTHER_S = 60.0
"""How long to wait while another process migrates the same database."""

_LOCK_KEY = 12338
"""Names our migrations among the advisory locks of a PostgreSQL database."""


def upgrade(database_url: str) -> None:
    """Bring the schema to its newest version, all or nothing; does nothing if it is there already.

    Several processes may call this at once. Blocks; raises InvalidData for the address and StoreUnavailable.
    """
    with _engine(database_url) as engine:
        _enable_wal(engine)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def current(database_url: str) -> str | None:
    """The version of the schema in this database, None if it is empty; blocks, and raises as `upgrade` does."""
    with _engine(database_url) as engine, engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """The version of the schema that this program needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


async def check_current(engine: AsyncEngine) -> None:
    """Raise StoreUnavailable unless the database answers and its schema is the one that this program needs."""
    query: sa.Select[Any] = sa.select(sa.column("version_num")).select_from(sa.table("alembic_version"))
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        versions = await snapshot.all(query)
    if [row.version_num for row in versions] != [head()]:
        raise StoreUnavailable("the schema of the database is another version's; run niangjia migrate")


@contextmanager
def _engine(database_url: str) -> Iterator[sa.Engine]:
    engine = create_blocking_engine(database_url, _WAIT_FOR_ANOTHER_S)
    try:
        with our_errors():
            yield engine
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    return config


def _enable_wal(engine: sa.Engine) -> None:
    """Let readers and the writer of a SQLite file work side by side; the file remembers it.

    The switch answers "locked" at once, whatever the timeout, when two processes make it together: hence the loop.
    """
    if engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + _WAIT_FOR_ANOTHER_S
    with closing(engine.raw_connection()) as connection:
        while True:
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise StoreUnavailable("the database file stays locked") from None
                time.sleep(0.05)
