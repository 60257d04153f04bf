"""What every store promises to the use cases about handoffs, cases, staff and the audit trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.cases import CaseStatus
from bot.conversation.errors import Conflict, NotFound
from bot.conversation.handoffs import Disposition, Handoff, HandoffStatus
from bot.conversation.levels import Level
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Scope, Session
from tests.contract.store.entities import (
    NOW,
    a_case,
    a_contact,
    a_conversation,
    a_handoff,
    a_member,
    keep,
    later,
)

# --- handoffs -------------------------------------------------------------------------------------------------


async def test_a_handoff_comes_back_as_it_went(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    handoff = a_handoff(conversation)
    await keep(units, contact, conversation, handoff)
    async with units() as uow:
        assert await uow.handoffs.open_of(conversation.id) == handoff
    handoff.status, handoff.disposition = HandoffStatus.RESOLVED, Disposition.REFERRED
    handoff.claimed_by, handoff.claimed_at, handoff.resolved_at = "li", later(1), later(2)
    async with units() as uow:
        await uow.handoffs.save(handoff)
        await uow.commit()
    async with units() as uow:
        assert await uow.handoffs.get(handoff.id) == handoff
        assert await uow.handoffs.open_of(conversation.id) is None
        with pytest.raises(NotFound):
            await uow.handoffs.get("none")


async def test_one_conversation_has_one_unresolved_handoff(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    resolved = a_handoff(conversation, status=HandoffStatus.RESOLVED)
    claimed = a_handoff(conversation, status=HandoffStatus.CLAIMED)
    await keep(units, contact, conversation, resolved, claimed)
    with pytest.raises(Conflict):
        await keep(units, a_handoff(conversation))


async def test_the_waiting_come_by_urgency_and_then_by_time(units: UnitsOfWork) -> None:
    order = [(Level.CRITICAL, 5), (Level.HIGH, 1), (Level.HIGH, 3), (Level.NORMAL, 0)]
    expected: list[Handoff] = []
    for level, minutes in reversed(order):
        contact = a_contact()
        conversation = a_conversation(contact)
        handoff = a_handoff(conversation, level=level, requested_at=later(minutes))
        expected.insert(0, handoff)
        await keep(units, contact, conversation, handoff)
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(units, contact, conversation, a_handoff(conversation, status=HandoffStatus.CLAIMED))
    async with units() as uow:
        assert await uow.handoffs.waiting() == expected


# --- cases ----------------------------------------------------------------------------------------------------


async def test_a_case_comes_back_as_it_went(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    case = a_case(conversation)
    await keep(units, contact, conversation, case)
    case.advance(CaseStatus.ACCEPTED, later(3))
    async with units() as uow:
        await uow.cases.save(case)
        await uow.commit()
    async with units() as uow:
        assert await uow.cases.get(case.id) == case
        with pytest.raises(NotFound):
            await uow.cases.get("none")


async def test_cases_are_numbered_afresh_each_year_in_hunan(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    last_of_the_year = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    openings = [last_of_the_year, last_of_the_year, last_of_the_year + timedelta(minutes=1)]
    cases = [a_case(conversation, opened_at=moment) for moment in openings]
    await keep(units, contact, conversation, *cases)
    assert [case.number for case in cases] == ["2026-000001", "2026-000002", "2027-000001"]


async def test_the_open_case_is_the_newest_that_is_not_archived(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    older, newer = a_case(conversation, opened_at=later(1)), a_case(conversation, opened_at=later(2))
    archived = a_case(conversation, opened_at=later(3), status=CaseStatus.ARCHIVED)
    await keep(units, contact, conversation, newer, older, archived)
    async with units() as uow:
        assert await uow.cases.open_of(contact.id) == newer
        assert await uow.cases.newest_of(contact.id) == archived
        assert await uow.cases.open_of("none") is await uow.cases.newest_of("none") is None


# --- staff, sessions, audit -----------------------------------------------------------------------------------


async def test_staff_are_found_by_name_in_any_case(units: UnitsOfWork) -> None:
    member = a_member("Ängela", scope=Scope(frozenset({"hunan"}), frozenset({"430100", "430200"})))
    await keep(units, member, a_member("bo"))
    async with units() as uow:
        assert await uow.staff.by_username("äNGELA") == member
        assert await uow.staff.by_username("nobody") is None
        assert await uow.staff.get(member.id) == member
        assert [one.username for one in await uow.staff.all()] == ["bo", "Ängela"]
    with pytest.raises(Conflict):
        await keep(units, a_member("ÄNGELA"))


async def test_a_session_holds_until_it_expires_or_ends(units: UnitsOfWork) -> None:
    member = a_member("li")
    session = Session("digest", member.id, "csrf", created_at=NOW, expires_at=later(10))
    await keep(units, member)
    async with units() as uow:
        await uow.sessions.add(session)
        await uow.commit()
    async with units() as uow:
        assert await uow.sessions.find("digest", later(9)) == session
        assert await uow.sessions.find("digest", later(10)) is None
        assert await uow.sessions.find("other", NOW) is None
        await uow.sessions.end("digest")
        await uow.sessions.end("other")
        await uow.commit()
    async with units() as uow:
        assert await uow.sessions.find("digest", NOW) is None


async def test_a_member_of_staff_is_changed_in_place(units: UnitsOfWork) -> None:
    member = a_member("li")
    await keep(units, member, a_member("wang"))
    member.active, member.password_hash = False, "$argon2id$new"
    async with units() as uow:
        await uow.staff.save(member)
        await uow.commit()
    async with units() as uow:
        assert await uow.staff.get(member.id) == member
        assert [one.active for one in await uow.staff.all()] == [False, True]
        with pytest.raises(NotFound):
            await uow.staff.save(a_member("zhou"))


async def test_all_sessions_of_one_member_of_staff_end_at_once(units: UnitsOfWork) -> None:
    li, wang = a_member("li"), a_member("wang")
    await keep(units, li, wang)
    async with units() as uow:
        for digest, member in (("one", li), ("two", li), ("three", wang)):
            await uow.sessions.add(Session(digest, member.id, "csrf", created_at=NOW, expires_at=later(10)))
        await uow.commit()
    async with units() as uow:
        await uow.sessions.end_all(li.id)
        await uow.commit()
    async with units() as uow:
        found = [await uow.sessions.find(digest, NOW) for digest in ("one", "two", "three")]
    assert [session.staff_id if session else None for session in found] == [None, None, wang.id]


async def test_all_sessions_but_one_of_one_member_of_staff_end_at_once(units: UnitsOfWork) -> None:
    li, wang = a_member("li"), a_member("wang")
    await keep(units, li, wang)
    async with units() as uow:
        for digest, member in (("one", li), ("two", li), ("three", wang)):
            await uow.sessions.add(Session(digest, member.id, "csrf", created_at=NOW, expires_at=later(10)))
        await uow.commit()
    async with units() as uow:
        await uow.sessions.end_all(li.id, but="two")
        await uow.commit()
    async with units() as uow:
        found = [await uow.sessions.find(digest, NOW) for digest in ("one", "two", "three")]
    assert [session.staff_id if session else None for session in found] == [None, li.id, wang.id]


async def test_who_drills_is_known_as_long_as_her_sign_in_holds(units: UnitsOfWork) -> None:
    li, wang = a_member("li"), a_member("wang")
    await keep(units, li, wang)
    async with units() as uow:
        for digest, member, until in (("one", li, 10), ("two", li, 20), ("three", wang, 10)):
            await uow.sessions.add(Session(digest, member.id, "csrf", created_at=NOW, expires_at=later(until)))
        await uow.sessions.drill("one", on=True)
        await uow.sessions.drill("unknown", on=True)
        await uow.commit()
    async with units() as uow:
        assert await uow.sessions.drilling(later(9)) == {li.id}
        assert await uow.sessions.drilling(later(10)) == frozenset()
        found = await uow.sessions.find("one", NOW)
        assert found is not None
        assert found.drilling
        await uow.sessions.drill("one", on=False)
        assert await uow.sessions.drilling(NOW) == frozenset()


async def test_a_session_of_nobody_is_refused(units: UnitsOfWork) -> None:
    async with units() as uow:
        with pytest.raises(Conflict):
            await uow.sessions.add(Session("digest", "nobody", "csrf", created_at=NOW, expires_at=later(10)))


async def test_an_audit_entry_is_appended_once(units: UnitsOfWork) -> None:
    entry = AuditEntry("1", "li", "conversation.opened", "conversation:1", NOW)
    async with units() as uow:
        await uow.audit.append(entry)
        await uow.commit()
    async with units() as uow:
        with pytest.raises(Conflict):
            await _append(uow, entry)


async def _append(uow: UnitOfWork, entry: AuditEntry) -> None:
    await uow.audit.append(entry)
    await uow.commit()
