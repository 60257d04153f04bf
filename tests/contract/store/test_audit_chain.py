"""The audit trail as a chain, on both databases: whole under many writers, and whoever changes it is found out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.errors import Conflict
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import AuditEntry
from bot.store.audit import walk
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from bot.store.failures import our_errors
from bot.store.tables import audit
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.entities import NOW, a_contact, a_member, keep, later

_TRIGGERS = ("audit_refuse_update", "audit_refuse_delete", "audit_refuse_replace")


async def write_down(units: UnitsOfWork, *actions: str) -> None:
    """These entries, all in one unit of work."""
    async with units() as uow:
        for action in actions:
            await uow.audit.append(AuditEntry(new_id(), "li", action, "t", NOW))
        await uow.commit()


async def tamper(engine: AsyncEngine, *statements: str) -> None:
    """What somebody does who owns the database, and is not stopped by triggers."""
    async with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for trigger in _TRIGGERS:
                await connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {trigger}"))
        else:
            await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await connection.execute(sa.text(statement))


async def test_a_trail_is_whole_and_grows_at_its_end(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    empty = await walk(engine, sealer)
    assert (empty.entries, empty.since, empty.broken, empty.passed, empty.emptied) == (0, None, [], True, False)
    await write_down(sql_units, "one", "two")
    before = await walk(engine, sealer)
    await write_down(sql_units, "three")
    now = await walk(engine, sealer, look_for=before.end)
    assert (now.entries, now.since, now.broken, now.passed, now.emptied) == (3, NOW, [], True, False)
    assert now.end != before.end


async def test_what_is_not_committed_is_not_in_the_trail(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    async with sql_units() as uow:
        await uow.audit.append(AuditEntry("1", "li", "conversation.open", "t", NOW))
    assert (await walk(engine, sealer)).entries == 0


async def test_a_unit_that_commits_twice_writes_each_entry_once(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    async with sql_units() as uow:
        await uow.audit.append(AuditEntry("1", "li", "conversation.open", "t", NOW))
        await uow.commit()
        await uow.audit.append(AuditEntry("2", "li", "conversation.open", "t", later(1)))
        await uow.commit()
    trail = await walk(engine, sealer)
    assert (trail.entries, trail.broken) == (2, [])


async def test_many_writers_at_once_keep_the_chain_whole(
    database_url: str, sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    other = create_engine(database_url)
    others = partial(SqlUnitOfWork, other, sealer)
    contact = a_contact()
    await keep(sql_units, contact)

    async def work(units: UnitsOfWork, turn: int) -> None:
        """Some hold the person before they write, some write before they would."""
        async with units() as uow:
            if turn % 2:
                await uow.contacts.get(contact.id)
            await uow.audit.append(AuditEntry(new_id(), "li", "conversation.open", str(turn), NOW))
            await asyncio.sleep(0)
            if not turn % 2:
                await uow.contacts.save(replace(await uow.contacts.get(contact.id), following=False))
            await uow.commit()

    await asyncio.gather(*(work(units, turn) for units in (sql_units, others) for turn in range(20)))
    await other.dispose()
    trail = await walk(engine, sealer)
    assert (trail.entries, trail.broken) == (40, [])


@pytest.mark.parametrize(
    ("statement", "positions"),
    [
        ("UPDATE audit SET target = 'another' WHERE position = 2", [2]),
        ("UPDATE audit SET staff_id = 'wang' WHERE position = 4", [4]),
        ("UPDATE audit SET hash = NULL WHERE position = 3", [3, 4]),
        ("UPDATE audit SET hash = NULL WHERE position = 4", [4]),
        ("UPDATE audit SET hash = NULL WHERE position < 3", [1, 2, 3]),
        ("UPDATE audit SET hash = NULL", [1, 2, 3, 4]),
        ("UPDATE audit SET hash = ''", [1, 2, 3, 4]),
        ("DELETE FROM audit WHERE position = 2", [3]),
        ("DELETE FROM audit WHERE position = 1", [2]),
        ("UPDATE audit SET position = 5 WHERE position = 2", [3, 5]),
        (
            "INSERT INTO audit (position, id, staff_id, action, target, at, hash)"
            " SELECT 5, 'forged', 'li', 'one', 't', at, hash FROM audit WHERE position = 4",
            [5],
        ),
    ],
)
async def test_whoever_owns_the_database_cannot_change_it_unseen(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer, statement: str, positions: list[int]
) -> None:
    for action in ("one", "two", "three", "four"):
        await write_down(sql_units, action)
    await tamper(engine, statement)
    trail = await walk(engine, sealer)
    assert [one.position for one in trail.broken] == positions


async def test_a_hash_made_without_the_key_is_found_out(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    forger = FernetSealer(["B" * 43 + "="], "another index secret")
    await write_down(sql_units, "one")
    await write_down(partial(SqlUnitOfWork, engine, forger), "forged")
    assert [one.position for one in (await walk(engine, sealer)).broken] == [2]


async def test_what_was_cut_off_at_the_end_is_missed_by_who_noted_the_last_hash(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    await write_down(sql_units, "one", "two", "three")
    noted = (await walk(engine, sealer)).end
    await tamper(engine, "DELETE FROM audit WHERE position > 1")
    trail = await walk(engine, sealer, look_for=noted)
    assert (trail.broken, trail.passed) == ([], False)


async def test_the_trail_goes_on_behind_entries_that_were_robbed_of_their_hash(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    await write_down(sql_units, "one", "two")
    await tamper(engine, "UPDATE audit SET hash = NULL, target = 'another'")
    await write_down(sql_units, "three", "four")
    trail = await walk(engine, sealer)
    assert [(one.position, one.bare) for one in trail.broken] == [(1, True), (2, True)]


async def test_a_trail_that_was_emptied_does_not_pass_for_one_that_never_began(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    await keep(sql_units, a_member("li"))
    await write_down(sql_units, "staff.add")
    assert not (await walk(engine, sealer)).emptied
    await tamper(engine, "DELETE FROM audit")
    assert (await walk(engine, sealer)).emptied


async def test_a_row_cannot_be_replaced_past_the_trigger(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    await write_down(sql_units, "one")
    verb = "INSERT OR REPLACE" if engine.dialect.name == "sqlite" else "INSERT"
    columns = "position, id, staff_id, action, target, at"
    statement = f"{verb} INTO audit ({columns}) SELECT 1, id, '', '', '', at FROM audit"
    with pytest.raises(Conflict), our_errors():
        async with engine.begin() as connection:
            await connection.execute(sa.text(statement))
    async with engine.connect() as connection:
        assert (await connection.execute(sa.select(audit.c.action))).scalars().all() == ["one"]
