"""The schema: what the migrations make is what the tables say, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.content import Picture, Text
from bot.conversation.errors import Conflict, InvalidData, StoreUnavailable
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import AuditEntry
from bot.store import migrate
from bot.store.encryption import FernetSealer
from bot.store.engine import create_blocking_engine, create_engine
from bot.store.failures import our_errors
from bot.store.tables import metadata
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.conftest import DATABASES, MakeDatabase
from tests.contract.store.entities import NOW, a_contact, a_conversation, a_delivery, a_message, keep


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    """A plain connection to a migrated database of each kind."""
    engine = create_blocking_engine(database_url, lock_timeout_s=5)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, empty_database: MakeDatabase) -> str:
    """A database of each kind with nothing in it, not even tables."""
    return empty_database(request.param)


def test_the_migrations_make_the_tables_as_they_are_declared(connection: sa.Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, metadata) == []


def test_the_partial_indexes_are_those_that_are_declared(connection: sa.Connection) -> None:
    """`compare_metadata` does not look at their conditions."""
    dialect = connection.dialect.name
    found = {
        index["name"]: index["dialect_options"][f"{dialect}_where"]
        for table in metadata.tables
        for index in sa.inspect(connection).get_indexes(table)
        if index.get("dialect_options", {}).get(f"{dialect}_where") is not None
    }
    declared = {
        index.name: index.dialect_options[dialect]["where"]
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options[dialect]["where"] is not None
    }
    assert found.keys() == declared.keys()
    for name, condition in declared.items():
        # PostgreSQL words the condition its own way: the codes in it are what counts.
        assert str(found[name]).split("'")[1::2] == str(condition).split("'")[1::2]


def test_an_empty_database_has_no_version_and_gets_the_newest(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.head()
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.head()


async def test_what_the_first_version_kept_is_read_by_the_newest(empty_url: str, sealer: FernetSealer) -> None:
    blocking = create_blocking_engine(empty_url, lock_timeout_s=5)
    with blocking.begin() as connection:
        _upgrade_to("0001", connection)
        for table, values in _first_version_rows(sealer).items():
            columns = [sa.column(name) for name in values]
            connection.execute(sa.insert(sa.table(table, *columns)), values)
    blocking.dispose()
    migrate.upgrade(empty_url)
    engine = create_engine(empty_url)
    async with SqlUnitOfWork(engine, sealer) as uow:
        contact = await uow.contacts.get("c")
        assert (contact.openid, contact.region, contact.erase_asked_at) == ("o-hers", None, None)
        [message] = await uow.messages.recent("t", 9)
        assert message.content == Text("他又打我了")
        old = await uow.deliveries.get("d")
        assert (old.content, old.by_assistant, old.sequence) == (Text("您好，我在听。"), False, 1)
        new = a_delivery(message, content=Picture("file"))
        await uow.deliveries.add(new)
        assert new.sequence == 2
        assert await uow.deliveries.due(NOW, 9) == [old]
    await engine.dispose()


def test_whoever_took_the_first_step_of_an_older_case_works_on_it(empty_url: str, sealer: FernetSealer) -> None:
    engine = create_blocking_engine(empty_url, lock_timeout_s=5)
    with engine.begin() as connection:
        _upgrade_to("0007", connection)
        for table, values in _older_cases(sealer):
            columns = [sa.column(name) for name in values]
            connection.execute(sa.insert(sa.table(table, *columns)), values)
    migrate.upgrade(empty_url)
    with engine.connect() as connection:
        handlers = connection.execute(sa.text("SELECT id, handler FROM cases ORDER BY id")).all()
    engine.dispose()
    assert [tuple(row) for row in handlers] == [("k1", "li"), ("k2", None)]


def _older_cases(sealer: FernetSealer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Two cases as the version before kept them: one on which two colleagues worked, and one that nobody took."""
    moments = [f"2026-03-08 09:30:1{second}.000000" for second in range(4)]
    rows = _first_version_rows(sealer)
    yield "contacts", rows["contacts"]
    yield "conversations", rows["conversations"]
    about = {"contact_id": "c", "conversation_id": "t", "account_id": "hunan", "region": "430100", "topic": "divorce"}
    for case in ("k1", "k2"):
        stands = {"level": "high", "status": "handled", "opened_at": moments[0], "updated_at": moments[3]}
        yield "cases", {**about, **stands, "id": case, "number": case}
    lines = (("n", "note", "boss", 0), ("b", "step", "wang", 2), ("a", "step", "li", 1))
    for name, kind, who, second in lines:
        line = {"id": name, "case_id": "k1", "contact_id": "c", "staff_id": who, "kind": kind}
        yield "case_entries", {**line, "at": moments[second], "content": b""}


def _upgrade_to(version: str, connection: sa.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _first_version_rows(sealer: FernetSealer) -> dict[str, dict[str, Any]]:
    """What the first version wrote of one person."""
    moment = "2026-03-08 09:30:15.123456"
    hers = {"contact_id": "c", "account_id": "hunan"}
    return {
        "contacts": {
            "id": "c",
            "account_id": "hunan",
            "mailbox": "m",
            "openid": sealer.seal(b"o-hers"),
            "first_seen_at": moment,
            "following": True,
            "window_sent": 0,
        },
        "conversations": {
            **hers,
            "id": "t",
            "region": "430100",
            "opened_at": moment,
            "mode": "bot",
            "level": "high",
            "topic": "other",
            "version": 0,
        },
        "messages": {
            "id": "s",
            "conversation_id": "t",
            "contact_id": "c",
            "author": "contact",
            "content": sealer.seal('{"kind": "text", "text": "他又打我了"}'.encode()),
            "at": moment,
            "articles": "[]",
        },
        "deliveries": {
            **hers,
            "id": "d",
            "message_id": "s",
            "conversation_id": "t",
            "text": sealer.seal("您好，我在听。".encode()),
            "status": "pending",
            "due_at": moment,
            "created_at": moment,
            "attempts": 0,
        },
    }


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    engine = create_blocking_engine(empty_url, lock_timeout_s=5)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE audit (id INTEGER)"))
    with pytest.raises(StoreUnavailable):
        migrate.upgrade(empty_url)
    assert sa.inspect(engine).get_table_names() == ["audit"]
    engine.dispose()


@pytest.mark.process
def test_two_processes_may_migrate_at_once(empty_url: str) -> None:
    program = "import sys; from bot.store.migrate import upgrade; upgrade(sys.argv[1])"
    processes = [subprocess.Popen([sys.executable, "-c", program, empty_url]) for _ in range(2)]
    assert [process.wait(timeout=50) for process in processes] == [0, 0]
    assert migrate.current(empty_url) == migrate.head()


async def test_a_database_is_ready_when_its_schema_is_current(empty_url: str) -> None:
    engine = create_engine(empty_url)
    with pytest.raises(StoreUnavailable):
        await migrate.check_current(engine)
    migrate.upgrade(empty_url)
    await migrate.check_current(engine)
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = 'other'"))
    with pytest.raises(StoreUnavailable):
        await migrate.check_current(engine)
    await engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'nothing'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_the_database_refuses_to_change_the_audit_trail(
    sql_units: UnitsOfWork, engine: AsyncEngine, statement: str
) -> None:
    if engine.dialect.name == "sqlite" and statement.startswith("TRUNCATE"):
        return  # SQLite has no such statement
    async with sql_units() as uow:
        await uow.audit.append(AuditEntry("1", "li", "conversation.opened", "conversation:1", NOW))
        await uow.commit()
    with pytest.raises(Conflict), our_errors():
        async with engine.begin() as connection:
            await connection.execute(sa.text(statement))
    async with engine.connect() as connection:
        assert (await connection.execute(sa.text("SELECT action FROM audit"))).scalars().all() == [
            "conversation.opened"
        ]


async def test_neither_words_nor_openids_are_stored_in_clear(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    contact = a_contact(openid="o-secret-openid")
    conversation = a_conversation(contact)
    message = a_message(conversation, "secret words")
    await keep(sql_units, contact, conversation, message, a_delivery(message, content=Text("secret answer")))
    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                assert "secret" not in str([bytes(value) if isinstance(value, bytes) else value for value in row])


async def test_a_moment_without_zone_is_refused(sql_units: UnitsOfWork) -> None:
    async with sql_units() as uow:
        with pytest.raises(InvalidData):
            await uow.contacts.add(a_contact(first_seen_at=NOW.replace(tzinfo=None)))
