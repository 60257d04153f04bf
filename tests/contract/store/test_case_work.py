"""What every store promises about the history of cases and follow-up visits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.case_letters import CaseLetter, LetterWords
from bot.conversation.case_work import CaseEntry, EntryKind, Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.errors import Conflict, NotFound
from bot.conversation.handoffs import HandoffStatus
from bot.conversation.messages import Author, new_id
from bot.conversation.repositories import UnitsOfWork
from bot.store.case_tables import case_entries
from tests.contract.store.entities import (
    NOW,
    a_case,
    a_contact,
    a_conversation,
    a_handoff,
    a_message,
    keep,
    later,
)


async def a_kept_case(units: UnitsOfWork, **changes: object) -> Case:
    contact = a_contact()
    conversation = a_conversation(contact)
    case = a_case(conversation, **changes)
    await keep(units, contact, conversation, case)
    return case


def an_entry(case: Case) -> CaseEntry:
    return CaseEntry(
        id=new_id(),
        case_id=case.id,
        contact_id=case.contact_id,
        staff_id="li",
        at=NOW,
        kind=EntryKind.STEP,
        before=CaseStatus.ACCEPTED,
        after=CaseStatus.FORWARDED,
        agency=Agency.POLICE,
        words="转送的理由",
        day=date(2026, 3, 8),
        marks=("choking", "weapon"),
    )


async def test_a_line_that_is_written_is_known(units: UnitsOfWork) -> None:
    entry = an_entry(await a_kept_case(units))
    async with units() as uow:
        assert not await uow.case_entries.has(entry.id)
        await uow.case_entries.add(entry)
        await uow.commit()
    async with units() as uow:
        assert await uow.case_entries.has(entry.id)


async def test_all_of_a_case_comes_back_as_it_went(units: UnitsOfWork) -> None:
    case = await a_kept_case(units)
    case.advance(CaseStatus.ACCEPTED, later(1))
    case.advance(CaseStatus.FORWARDED, later(2))
    case.advance(CaseStatus.ANSWERED, later(3))
    case.agency, case.due_on, case.extended_at = Agency.COURT, date(2026, 5, 1), later(4)
    case.report_since, case.reported_at = later(5), later(6)
    case.handler, case.reopened_at, case.redone_at = "li", later(7), later(8)
    async with units() as uow:
        await uow.cases.save(case)
        await uow.commit()
    async with units() as uow:
        assert await uow.cases.get(case.id) == case


async def test_the_history_comes_back_in_order_and_is_of_one_case(units: UnitsOfWork) -> None:
    case, other = await a_kept_case(units), await a_kept_case(units)
    first = an_entry(case)
    second = replace(first, id=new_id(), at=later(1), staff_id=None, before=None, after=None, agency=None, day=None)
    async with units() as uow:
        for entry in (second, first, an_entry(other)):
            await uow.case_entries.add(entry)
        await uow.commit()
    async with units() as uow:
        assert await uow.case_entries.of(case.id) == [first, second]


async def test_an_entry_of_no_case_is_refused(units: UnitsOfWork) -> None:
    case = await a_kept_case(units)
    async with units() as uow:
        with pytest.raises(Conflict):
            await uow.case_entries.add(replace(an_entry(case), case_id="none"))


async def test_visits_come_back_by_their_day_and_change(units: UnitsOfWork) -> None:
    case = await a_kept_case(units)
    late = Visit("b", case.id, case.contact_id, date(2026, 4, 2))
    early = Visit("a", case.id, case.contact_id, date(2026, 4, 1))
    async with units() as uow:
        for visit in (late, early):
            await uow.visits.add(visit)
        await uow.commit()
    early.settle(VisitStatus.DONE, Outcome.WORSE, later(9))
    async with units() as uow:
        await uow.visits.save(early)
        await uow.commit()
    async with units() as uow:
        assert await uow.visits.of(case.id) == [early, late]
        assert await uow.visits.get("b") == late
        with pytest.raises(NotFound):
            await uow.visits.get("c")


async def test_erasing_a_person_takes_the_offices_words_about_her(units: UnitsOfWork) -> None:
    case = await a_kept_case(units, status=CaseStatus.ARCHIVED)
    async with units() as uow:
        await uow.case_entries.add(an_entry(case))
        await uow.visits.add(Visit("a", case.id, case.contact_id, date(2026, 4, 1)))
        await uow.commit()
    async with units() as uow:
        await uow.contacts.erase(case.contact_id)
        await uow.commit()
    async with units() as uow:
        assert await uow.case_entries.of(case.id) == []
        assert await uow.visits.of(case.id) == []
        assert (await uow.cases.get(case.id)).number == case.number


async def test_words_and_marks_are_sealed(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    case = await a_kept_case(sql_units)
    async with sql_units() as uow:
        await uow.case_entries.add(an_entry(case))
        await uow.commit()
    async with engine.connect() as connection:
        row = (await connection.execute(sa.select(case_entries))).one()
    assert "转送的理由" not in bytes(row.content).decode(errors="replace")
    assert b"choking" not in bytes(row.content)


async def test_a_letter_comes_back_as_it_was_written_and_is_sealed(units: UnitsOfWork) -> None:
    case = await a_kept_case(units)
    words = LetterWords(
        to="长沙市公安局",
        asks="请核查",
        facts="她说的情况",
        sender="长沙市妇女联合会",
        person="李晓梅",
        phone="12338",
        enclosures=("照片",),
        agreed=True,
        named="王小梅",
    )
    letter = CaseLetter("2026-000001", date(2026, 3, 8), CaseStatus.FORWARDED, Agency.POLICE, words)
    entry = replace(an_entry(case), kind=EntryKind.LETTER, letter=letter)
    async with units() as uow:
        await uow.case_entries.add(entry)
        await uow.commit()
    async with units() as uow:
        assert await uow.case_entries.of(case.id) == [entry]


async def test_the_hands_in_a_case_are_who_wrote_took_or_answered(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    case, other = a_case(conversation, handler="sun"), a_case(conversation)
    handoff = a_handoff(conversation, status=HandoffStatus.CLAIMED, claimed_by="wang", claimed_at=NOW)
    said = a_message(conversation, author=Author.OPERATOR, staff_id="zhao", inbound_key=None)
    await keep(units, contact, conversation, case, other, a_message(conversation), said, handoff)
    entry = an_entry(case)
    async with units() as uow:
        await uow.case_entries.add(entry)
        await uow.case_entries.add(replace(entry, id=new_id(), kind=EntryKind.NOTE, staff_id="boss"))
        await uow.case_entries.add(replace(entry, id=new_id(), kind=EntryKind.REPORT_NEEDED, staff_id=None))
        await uow.commit()
    async with units() as uow:
        assert await uow.cases.hands(case.id) == {"li", "wang", "zhao", "sun"}
        assert await uow.cases.hands(other.id) == {"wang", "zhao"}


async def test_what_presses_is_due_or_to_be_reported_and_on_file(units: UnitsOfWork) -> None:
    day = date(2026, 3, 10)
    due = await a_kept_case(units, due_on=day, opened_at=later(1))
    report = await a_kept_case(units, report_since=NOW, opened_at=later(2))
    await a_kept_case(units, due_on=date(2026, 3, 11))
    await a_kept_case(units, report_since=NOW, reported_at=NOW)
    done = await a_kept_case(units, due_on=day, report_since=NOW, status=CaseStatus.ARCHIVED)
    visits = [
        Visit(new_id(), due.id, due.contact_id, day),
        Visit(new_id(), report.id, report.contact_id, date(2026, 3, 9)),
        Visit(new_id(), due.id, due.contact_id, date(2026, 3, 11)),
        Visit(new_id(), due.id, due.contact_id, day, VisitStatus.REFUSED, None, NOW),
        Visit(new_id(), done.id, done.contact_id, day),
    ]
    async with units() as uow:
        for visit in visits:
            await uow.visits.add(visit)
        await uow.commit()
    async with units() as uow:
        assert await uow.cases.pressing(day) == [due, report]
        assert await uow.visits.pressing(day) == [(visits[1], report), (visits[0], due)]


async def test_a_check_stays_with_the_case(units: UnitsOfWork) -> None:
    case = await a_kept_case(units, status=CaseStatus.ARCHIVED)
    case.keep_check(False, later(9))
    async with units() as uow:
        await uow.cases.save(case)
        await uow.commit()
    async with units() as uow:
        assert await uow.cases.get(case.id) == case


async def test_the_files_of_a_conversation_are_those_on_file_of_this_one_the_newest_first(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation, before = a_conversation(contact), a_conversation(contact, mode=Mode.CLOSED, closed_at=NOW)
    older, newer = (a_case(conversation, opened_at=later(minutes)) for minutes in (1, 2))
    again = a_case(conversation, opened_at=later(-1), status=CaseStatus.REOPENED, reopened_at=later(3))
    archived, elsewhere = a_case(conversation, status=CaseStatus.ARCHIVED), a_case(before)
    await keep(units, contact, before, conversation, older, newer, again, archived, elsewhere)
    async with units() as uow:
        assert await uow.cases.on_file(contact.id, conversation.id) == [newer, older, again]
        assert await uow.cases.on_file("none", conversation.id) == []
