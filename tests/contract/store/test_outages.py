"""A database that does not answer: StoreUnavailable while it lasts, and none the worse afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from functools import partial

import pytest
import sqlalchemy as sa

from bot.conversation.errors import StoreUnavailable
from bot.conversation.repositories import UnitsOfWork
from bot.store import migrate
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.conftest import MakeDatabase
from tests.contract.store.entities import a_contact, keep
from tests.processes.postgres_server import PostgresServer

NOWHERE = ["sqlite:////nowhere/store.db", "postgresql://nobody@/store?host=/nowhere"]


@pytest.mark.parametrize("url", NOWHERE)
async def test_a_database_that_is_not_there(url: str, sealer: FernetSealer) -> None:
    engine = create_engine(url)
    with pytest.raises(StoreUnavailable):
        await SqlUnitOfWork(engine, sealer).__aenter__()
    with pytest.raises(StoreUnavailable):
        await migrate.check_current(engine)
    with pytest.raises(StoreUnavailable):
        migrate.current(url)
    await engine.dispose()
    # The driver's thread still has a word for this loop, and nobody whom we could await for it.
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join)


async def test_a_sqlite_file_that_somebody_keeps_locked(migrated_database: MakeDatabase, sealer: FernetSealer) -> None:
    url = migrated_database("sqlite")
    engine = create_engine(url)
    foreign = sqlite3.connect(sa.make_url(url).database or "", isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        await keep(partial(SqlUnitOfWork, engine, sealer), a_contact())
    foreign.close()
    await keep(partial(SqlUnitOfWork, engine, sealer), a_contact())
    await engine.dispose()


@pytest.mark.process
async def test_postgresql_that_hangs_up(
    postgres: PostgresServer, migrated_database: MakeDatabase, sealer: FernetSealer
) -> None:
    engine = create_engine(migrated_database("postgresql"))
    units: UnitsOfWork = partial(SqlUnitOfWork, engine, sealer)
    contact, never = a_contact(), a_contact()
    await keep(units, contact)

    hang_up = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{engine.url.database}'"
    async with units() as uow:
        await uow.contacts.add(never)
        postgres.execute(hang_up)
        with pytest.raises(StoreUnavailable):
            await uow.contacts.get(contact.id)
        with pytest.raises(StoreUnavailable):
            await uow.commit()
    postgres.execute(hang_up)
    async with units() as uow:
        assert await uow.contacts.get(contact.id) == contact
        assert await uow.contacts.by_mailbox(never.mailbox) is None
    await engine.dispose()
