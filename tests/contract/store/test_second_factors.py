"""The codes beside passwords: kept, replaced, ended, and their secret sealed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.errors import Conflict
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import SecondFactor
from bot.store.tables import second_factors
from tests.contract.store.entities import NOW, a_member, keep

STEP = 59_000_000


async def save(units: UnitsOfWork, factor: SecondFactor) -> None:
    async with units() as uow:
        await uow.second_factors.save(factor)
        await uow.commit()


async def test_a_second_factor_comes_back_as_it_went_until_it_is_ended(units: UnitsOfWork) -> None:
    member = a_member("li")
    await keep(units, member)
    factor = SecondFactor(member.id, "JBSWY3DPEHPK3PXP", NOW)
    used = replace(factor, confirmed=True, last_step=STEP, recovery=("one", "two"))
    for kept in (factor, used):
        await save(units, kept)
        async with units() as uow:
            assert await uow.second_factors.of(member.id) == kept
            assert await uow.second_factors.of("other") is None
    async with units() as uow:
        await uow.second_factors.end(member.id)
        await uow.second_factors.end("other")
        await uow.commit()
    async with units() as uow:
        assert await uow.second_factors.of(member.id) is None


async def test_a_second_factor_of_nobody_is_refused(units: UnitsOfWork) -> None:
    with pytest.raises(Conflict):
        await save(units, SecondFactor("nobody", "JBSWY3DPEHPK3PXP", NOW))


async def test_the_secret_is_sealed(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    member = a_member("li")
    await keep(sql_units, member)
    await save(sql_units, SecondFactor(member.id, "JBSWY3DPEHPK3PXP", NOW))
    async with engine.connect() as connection:
        kept = (await connection.execute(sa.select(second_factors.c.secret))).scalar_one()
    assert b"JBSWY3DPEHPK3PXP" not in kept


async def test_one_code_given_twice_at_once_is_used_once(sql_units: UnitsOfWork) -> None:
    member = a_member("li")
    await keep(sql_units, member)
    await save(sql_units, SecondFactor(member.id, "JBSWY3DPEHPK3PXP", NOW, confirmed=True))

    async def give() -> bool:
        async with sql_units() as uow:
            factor = await uow.second_factors.of(member.id)
            assert factor is not None
            await asyncio.sleep(0)
            if factor.last_step >= STEP:
                return False
            await uow.second_factors.save(replace(factor, last_step=STEP))
            await uow.commit()
            return True

    assert sorted(await asyncio.gather(*(give() for _ in range(5)))) == [False] * 4 + [True]
