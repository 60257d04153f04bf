"""Stores to test: in memory, in a SQLite file, in a PostgreSQL server that is started for these tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.repositories import UnitsOfWork
from bot.store import migrate
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from bot.store.tables import metadata
from bot.store.unit_of_work import SqlUnitOfWork
from tests.doubles.memory_store import MemoryUnits
from tests.processes.postgres_server import PostgresServer, binaries, running_postgres

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.process)]

MakeDatabase = Callable[[str], str]

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL server."""
    found = binaries()
    if found is None:
        missing = "no PostgreSQL server on this machine: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with running_postgres(found) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("store") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """A migrated PostgreSQL database, to be emptied before each use: to make one for each test takes far longer."""
    url = postgres.create_database("migrated")
    migrate.upgrade(url)
    return url


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> MakeDatabase:
    """Makes a database of a kind with nothing in it, and tells its address."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'empty.db'}"
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.create_database(f"empty_{next(_numbers)}")

    return make


@pytest.fixture
def migrated_database(request: pytest.FixtureRequest, tmp_path: Path) -> MakeDatabase:
    """Makes a database of a kind with empty tables, and tells its address."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "store.db")
            return f"sqlite:///{tmp_path / 'store.db'}"
        url: str = request.getfixturevalue("migrated_postgres")
        _empty(url)
        return url

    return make


def _empty(url: str) -> None:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}".encode())
        # As a replica, so that not even the audit trail refuses.
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY".encode())


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, migrated_database: MakeDatabase) -> str:
    """A database of each kind with empty tables."""
    return migrated_database(request.param)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database of each kind."""
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def sql_units(engine: AsyncEngine, sealer: FernetSealer) -> UnitsOfWork:
    """Units of work on a database of each kind."""
    return partial(SqlUnitOfWork, engine, sealer)


@pytest.fixture(params=["memory", *DATABASES])
async def units(
    request: pytest.FixtureRequest, migrated_database: MakeDatabase, sealer: FernetSealer
) -> AsyncIterator[UnitsOfWork]:
    """Units of work in memory and on a database of each kind."""
    if request.param == "memory":
        yield MemoryUnits()
        return
    engine = create_engine(migrated_database(request.param))
    yield partial(SqlUnitOfWork, engine, sealer)
    await engine.dispose()
