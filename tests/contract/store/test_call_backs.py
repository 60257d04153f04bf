"""What every store promises about calls back, and what the pages read of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.call_backs import AGAIN_WITHIN, SHOWN_SETTLED, CallOutcome, OverdueCall
from bot.conversation.errors import NotFound, StaleVersion
from bot.conversation.levels import Level
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.call_back_reads import count_call_backs, list_call_backs, overdue_calls
from bot.store.desk_tables import call_backs
from bot.store.encryption import FernetSealer
from bot.store.records import record_of
from tests.contract.store.entities import NOW, REGION, a_call_back, a_talk, keep, later


async def test_a_call_back_comes_back_as_it_went(units: UnitsOfWork) -> None:
    asked = a_call_back(await a_talk(units), dialled_by="li", dialled_at=later(2))
    await keep(units, asked)
    async with units() as uow:
        assert await uow.call_backs.get(asked.id) == asked
        with pytest.raises(NotFound):
            await uow.call_backs.get("none")


async def test_hers_are_open_until_they_are_settled(units: UnitsOfWork) -> None:
    talk = await a_talk(units)
    asked = a_call_back(talk)
    settled = a_call_back(talk, outcome=CallOutcome.REACHED, settled_at=later(1), settled_by="li", tries=1)
    other = a_call_back(await a_talk(units))
    await keep(units, asked, settled, other)
    async with units() as uow:
        assert await uow.call_backs.open_of(talk.contact_id) == [asked]
        asked.withdraw(later(2))
        await uow.call_backs.save(asked)
        await uow.commit()
    async with units() as uow:
        assert await uow.call_backs.open_of(talk.contact_id) == []
        assert await uow.call_backs.get(asked.id) == asked
        assert await uow.call_backs.open_of(other.contact_id) == [other]
        with pytest.raises(NotFound):
            await uow.call_backs.save(replace(asked, id="none"))


async def test_those_overdue_are_told_without_her_words(units: UnitsOfWork) -> None:
    asked = a_call_back(await a_talk(units), level=Level.CRITICAL)
    longest = a_call_back(await a_talk(units), due_at=later(30))
    settled = a_call_back(await a_talk(units), outcome=CallOutcome.REACHED, settled_at=later(1), settled_by="li")
    await keep(units, asked, longest, settled, a_call_back(await a_talk(units), due_at=later(90)))
    async with units() as uow:
        assert await uow.call_backs.overdue(later(29)) == []
        first, second = await uow.call_backs.overdue(later(60))
        assert first.id == longest.id
        where = (asked.conversation_id, asked.account_id, asked.region, asked.level, asked.due_at)
        assert second == OverdueCall(asked.id, *where)
        asked.called(None, "li", later(61))
        await uow.call_backs.save(asked)
        await uow.commit()
    async with units() as uow:
        kept = await uow.call_backs.get(asked.id)
        assert (kept.late, kept.first_called_at, kept.due_at) == (True, later(61), later(61) + AGAIN_WITHIN)
        assert [one.id for one in await uow.call_backs.overdue(later(89))] == [longest.id]


async def test_erasure_takes_it_and_nothing_brings_it_back(units: UnitsOfWork) -> None:
    asked = a_call_back(await a_talk(units))
    await keep(units, asked)
    async with units() as uow:
        await uow.contacts.erase(asked.contact_id)
        await uow.commit()
    async with units() as uow:
        with pytest.raises(NotFound):
            await uow.call_backs.get(asked.id)
        with pytest.raises(StaleVersion):
            await uow.call_backs.add(asked)


async def test_neither_the_number_nor_her_words_lie_open(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    asked = a_call_back(await a_talk(sql_units))
    await keep(sql_units, asked)
    async with engine.connect() as connection:
        (row,) = (await connection.execute(sa.select(call_backs))).all()
    told = repr(tuple(row))
    assert asked.phone not in told
    assert asked.words not in told


async def test_the_page_lists_the_open_by_lateness_level_and_age_and_the_settled_of_late(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    talk = await a_talk(sql_units)
    normal = a_call_back(talk, level=Level.NORMAL)
    overdue = a_call_back(talk, level=Level.NORMAL, asked_at=later(7), due_at=later(10))
    late = a_call_back(talk, asked_at=later(5))
    early = a_call_back(talk, asked_at=later(3))
    done = a_call_back(talk, settled_at=later(9), outcome=CallOutcome.REACHED, settled_by="li")
    long_ago = a_call_back(talk, settled_at=later(9) - SHOWN_SETTLED, outcome=CallOutcome.WITHDRAWN)
    await keep(sql_units, normal, overdue, late, early, done, long_ago)
    found = await list_call_backs(engine, sealer, Scope(), later(10))
    assert [one.id for one in found.open] == [overdue.id, early.id, late.id, normal.id]
    assert found.settled == (done,)
    assert await count_call_backs(engine, Scope()) == 4
    assert [one.id for one in await overdue_calls(engine, Scope(), later(10))] == [overdue.id]
    assert [one.id for one in await overdue_calls(engine, Scope(), later(60))][2:] == [overdue.id, normal.id]


@pytest.mark.parametrize(
    ("scope", "number"),
    [
        (Scope(regions=frozenset({"430000"})), 1),
        (Scope(regions=frozenset({REGION})), 1),
        (Scope(regions=frozenset({"430300"})), 0),
        (Scope(accounts=frozenset({"elsewhere"})), 0),
    ],
)
async def test_only_what_the_scope_covers_is_read(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer, scope: Scope, number: int
) -> None:
    await keep(sql_units, a_call_back(await a_talk(sql_units)))
    assert len((await list_call_backs(engine, sealer, scope, NOW)).open) == number
    assert await count_call_backs(engine, scope) == number
    assert len(await overdue_calls(engine, scope, later(60))) == number


async def test_she_reads_in_her_record_what_she_asked_for(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    talk = await a_talk(sql_units)
    await keep(sql_units, a_call_back(talk, tries=2), a_call_back(talk, settled_at=NOW, outcome=CallOutcome.WITHDRAWN))
    text = (await record_of(engine, sealer, talk.contact_id)).text
    told = text.partition("登记的回电\n")[2].splitlines()
    assert [line.partition(" 138")[2] for line in told] == [
        "****0000，明天上午他上班的时候：打过 2 次，还没打通",
        "****0000，明天上午他上班的时候：打过 0 次，您取消了",
    ]


async def test_what_no_key_opens_keeps_nobody_from_the_others(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    talk = await a_talk(sql_units)
    kept, lost = a_call_back(talk), a_call_back(talk)
    await keep(sql_units, kept, lost)
    async with engine.begin() as connection:
        await connection.execute(sa.update(call_backs).where(call_backs.c.id == lost.id).values(content=b"lost"))
    async with sql_units() as uow:
        assert await uow.call_backs.open_of(talk.contact_id) == [kept]
    assert (await list_call_backs(engine, sealer, Scope(), NOW)).open == (kept,)
