"""What every store promises about sharing between cities and about drills, and what the pages read of shares."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.accounts import Contact
from bot.conversation.case_work import CaseEntry, EntryKind
from bot.conversation.cases import Agency, CaseStatus
from bot.conversation.errors import NotFound, StaleVersion
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.shares import Share, WrongCode
from bot.conversation.staff import Scope
from bot.store.desk_tables import shares, wrong_codes
from bot.store.encryption import FernetSealer
from bot.store.queries import conversation_page
from bot.store.share_reads import ShareReads
from tests.contract.store.entities import NOW, a_case, a_contact, a_conversation, keep, later

CODE = "ACDE3467"
EVERYWHERE = Scope()


async def two_of_her(units: UnitsOfWork) -> tuple[Contact, Contact]:
    """The same person on two accounts."""
    here, there = a_contact(account_id="changsha"), a_contact(account_id="xiangtan")
    for contact in (here, there):
        await keep(units, contact, a_conversation(contact))
    return here, there


async def given(units: UnitsOfWork, contact: Contact, code: str = CODE) -> Share:
    """A code of hers that she may carry."""
    share = Share(new_id(), contact.id, NOW)
    async with units() as uow:
        await uow.shares.add(share, code)
        await uow.commit()
    return share


async def agreed(units: UnitsOfWork, here: Contact, there: Contact) -> Share:
    """She let the other city read."""
    share = await given(units, here)
    share.use(there.id, later(1))
    share.agree(later(2))
    async with units() as uow:
        await uow.shares.save(share)
        await uow.commit()
    return share


async def test_a_share_comes_back_as_it_went(units: UnitsOfWork) -> None:
    here, there = await two_of_her(units)
    share = await given(units, here)
    async with units() as uow:
        assert await uow.shares.by_code(CODE) == share
        assert await uow.shares.by_code(CODE[::-1]) is None
        assert await uow.shares.given(here.id) == [share]
        assert await uow.shares.taken(there.id) == []
        share.use(there.id, later(1))
        await uow.shares.save(share)
        await uow.commit()
    async with units() as uow:
        assert await uow.shares.get(share.id) == share
        assert await uow.shares.by_code(CODE) is None
        assert await uow.shares.taken(there.id) == [share]
        with pytest.raises(NotFound):
            await uow.shares.get(new_id())


async def test_what_is_ended_is_neither_given_nor_taken(units: UnitsOfWork) -> None:
    here, there = await two_of_her(units)
    share = await agreed(units, here, there)
    async with units() as uow:
        share.end(later(3))
        await uow.shares.save(share)
        assert await uow.shares.given(here.id) == []
        assert await uow.shares.taken(there.id) == []
        await uow.commit()


async def test_wrong_codes_are_counted_for_each_person_since_then(units: UnitsOfWork) -> None:
    here, there = await two_of_her(units)
    async with units() as uow:
        for contact, minutes in ((here, 1), (here, 5), (there, 5)):
            await uow.shares.note_wrong_code(WrongCode(new_id(), contact.id, later(minutes)))
        assert await uow.shares.wrong_codes(here.id, later(2)) == 1
        assert await uow.shares.wrong_codes(here.id, NOW) == 2
        await uow.commit()


@pytest.mark.parametrize("side", [0, 1])
async def test_erasing_her_on_either_side_ends_it(units: UnitsOfWork, side: int) -> None:
    both = await two_of_her(units)
    share = await agreed(units, *both)
    async with units() as uow:
        await uow.shares.note_wrong_code(WrongCode(new_id(), both[side].id, NOW))
        await uow.commit()
    async with units() as uow:
        await uow.contacts.erase(both[side].id)
        await uow.commit()
    async with units() as uow:
        assert await uow.shares.wrong_codes(both[side].id, NOW) == 0
        with pytest.raises(NotFound):
            await uow.shares.get(share.id)


async def test_who_was_erased_gets_no_code(units: UnitsOfWork) -> None:
    here, _ = await two_of_her(units)
    async with units() as uow:
        await uow.contacts.erase(here.id)
        await uow.commit()
    async with units() as uow:
        with pytest.raises(StaleVersion):
            await uow.shares.add(Share(new_id(), here.id, NOW), CODE)


async def test_of_a_code_only_a_keyed_digest_is_kept_until_it_is_used(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    here, there = await two_of_her(sql_units)
    share = await given(sql_units, here)
    async with engine.connect() as connection:
        assert (await connection.execute(sa.select(shares.c.code_digest))).scalar_one() == sealer.tag(
            f"share {CODE}".encode()
        )
    share.use(there.id, later(1))
    async with sql_units() as uow:
        await uow.shares.save(share)
        await uow.commit()
    async with engine.connect() as connection:
        assert (await connection.execute(sa.select(shares.c.code_digest))).scalar_one() is None
        assert (await connection.execute(sa.select(sa.func.count()).select_from(wrong_codes))).scalar_one() == 0


async def test_the_other_city_reads_cases_and_steps_without_their_words(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    here, there = a_contact(account_id="changsha"), a_contact(account_id="xiangtan")
    talk = a_conversation(here)
    reading = a_conversation(there, region="430300")
    case = a_case(talk, account_id="changsha")
    await keep(sql_units, here, talk, case)
    await keep(sql_units, there, reading)
    step = CaseEntry(
        id=new_id(),
        case_id=case.id,
        contact_id=here.id,
        staff_id=None,
        at=later(5),
        kind=EntryKind.STEP,
        before=CaseStatus.ACCEPTED,
        after=CaseStatus.FORWARDED,
        agency=Agency.POLICE,
        words="她说的话",
    )
    async with sql_units() as uow:
        await uow.case_entries.add(step)
        await uow.case_entries.add(replace(step, id=new_id(), kind=EntryKind.NOTE, after=None, agency=None))
        await uow.commit()
    share = await agreed(sql_units, here, there)
    found = await ShareReads(engine).shared_cases(EVERYWHERE, share.id)
    assert (found.share, found.account_id, found.conversation_id) == (share, "changsha", reading.id)
    ((read, steps),) = found.cases
    assert read.id == case.id
    assert [(one.at, one.status, one.agency) for one in steps] == [(later(5), CaseStatus.FORWARDED, Agency.POLICE)]
    assert "她说的话" not in repr(found)
    page = await conversation_page(engine, sealer, EVERYWHERE, reading.id)
    assert [(one.share_id, one.account_id) for one in page.allowed] == [(share.id, "changsha")]
    assert (await conversation_page(engine, sealer, EVERYWHERE, talk.id)).allowed == ()


async def test_nobody_reads_outside_her_scope_or_without_her_leave(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    here, there = await two_of_her(sql_units)
    reads = ShareReads(engine)
    asked = await given(sql_units, here, CODE[::-1])
    asked.use(there.id, later(1))
    async with sql_units() as uow:
        await uow.shares.save(asked)
        await uow.commit()
    share = await agreed(sql_units, here, there)
    wrong = (
        Scope(frozenset({"changsha"})),
        Scope(regions=frozenset({"430300"})),
        Scope(without=frozenset({"xiangtan"})),
    )
    for scope in wrong:
        with pytest.raises(NotFound):
            await reads.shared_cases(scope, share.id)
    with pytest.raises(NotFound):
        await reads.shared_cases(EVERYWHERE, asked.id)
    assert (await reads.shared_cases(Scope(frozenset({"xiangtan"})), share.id)).cases == ()
    share.end(later(3))
    async with sql_units() as uow:
        await uow.shares.save(share)
        await uow.commit()
    with pytest.raises(NotFound):
        await reads.shared_cases(EVERYWHERE, share.id)
