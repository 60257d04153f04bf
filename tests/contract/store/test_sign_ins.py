"""Who is signed in, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli.users import UserPorts, set_active
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Session
from bot.store.sign_ins import extend_session, find_session, renew_hash
from tests.contract.store.entities import NOW, a_member, keep, later
from tests.doubles.clock import SettableClock


async def test_a_session_is_found_with_its_owner_while_it_holds(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    member = a_member("li")
    session = Session("digest", member.id, "csrf", created_at=NOW, expires_at=later(10))
    await keep(sql_units, member)
    async with sql_units() as uow:
        await uow.sessions.add(session)
        await uow.commit()
    async with sql_units() as uow:
        await uow.sessions.end("digest")
        async with asyncio.timeout(30):
            assert await find_session(engine, "digest", later(9)) == (session, member), "nobody waits to be known"
    assert await find_session(engine, "digest", later(10)) is None
    assert await find_session(engine, "other", NOW) is None


async def test_a_session_is_put_off_and_never_brought_forward_or_back(
    sql_units: UnitsOfWork, engine: AsyncEngine
) -> None:
    member = a_member("li")
    await keep(sql_units, member)
    async with sql_units() as uow:
        for digest in ("digest", "other"):
            await uow.sessions.add(Session(digest, member.id, "csrf", created_at=NOW, expires_at=later(10)))
        await uow.commit()
    await extend_session(engine, "digest", later(20))
    await extend_session(engine, "digest", later(15))
    await extend_session(engine, "unknown", later(20))
    found = [await find_session(engine, digest, later(19)) for digest in ("digest", "other", "unknown")]
    assert [one[0].expires_at if one else None for one in found] == [later(20), None, None]


async def test_a_password_hash_is_renewed_and_nothing_else(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    member, other = a_member("li"), a_member("wang")
    await keep(sql_units, member, other)
    await renew_hash(engine, member.id, member.password_hash, "$argon2id$new")
    member.password_hash = "$argon2id$new"
    async with sql_units() as uow:
        assert await uow.staff.all() == [member, other]


async def test_who_is_barred_while_she_changes_her_password_keeps_neither_the_old_one_nor_her_way_in(
    sql_units: UnitsOfWork,
) -> None:
    """Two who write the whole of her row at once: neither undoes what the other one did."""
    member = a_member("li")
    await keep(sql_units, member)
    async with sql_units() as uow:
        await uow.staff.save(replace(await uow.staff.hold(member.id), password_hash="$argon2id$new"))
        barring = asyncio.create_task(set_active("li", False, UserPorts(sql_units, SettableClock(), str)))
        await asyncio.sleep(0.1)  # it has read her by now; what it read is old in a moment
        await uow.commit()
    await barring
    async with sql_units() as uow:
        assert await uow.staff.get(member.id) == replace(member, password_hash="$argon2id$new", active=False)


async def test_the_hash_of_another_password_is_not_replaced(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    member = a_member("li")
    await keep(sql_units, member)
    await renew_hash(engine, member.id, "$argon2id$before", "$argon2id$new")
    await renew_hash(engine, "nobody", "$argon2id$before", "$argon2id$new")
    async with sql_units() as uow:
        assert await uow.staff.all() == [member]
