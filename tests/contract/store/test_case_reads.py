"""What the pages of the office's files are told by both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.case_work import CaseEntry, EntryKind, Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.errors import NotFound
from bot.conversation.figures import Kept, Period, Slice, Tally, Times
from bot.conversation.flows import ReferralKind
from bot.conversation.handoffs import Disposition, HandoffStatus
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Author, new_id
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.case_figures import Rules
from bot.store.case_reads import CaseReads, Wanted
from bot.store.encryption import FernetSealer
from tests.contract.store.entities import NOW, a_case, a_contact, a_conversation, a_handoff, a_message, keep, later

TODAY = date(2026, 3, 20)
NOW_17TH = datetime(2026, 3, 17, 4, tzinfo=UTC)
WAIT_WITHIN = {
    Level.CRITICAL: timedelta(minutes=1),
    Level.HIGH: timedelta(minutes=10),
    Level.NORMAL: timedelta(hours=1),
}
ALL = Scope()
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def by_the_week(day: date) -> bool:
    return day.weekday() < 5


@pytest.fixture
def reads(engine: AsyncEngine, sealer: FernetSealer) -> CaseReads:
    return CaseReads(engine, sealer, Rules(by_the_week, WAIT_WITHIN))


async def kept_cases(units: UnitsOfWork, *changes: dict[str, Any]) -> list[Case]:
    """One person with a case each."""
    found = []
    for change in changes:
        contact = a_contact()
        conversation = a_conversation(contact)
        case = replace(a_case(conversation), **change)
        await keep(units, contact, conversation, case)
        found.append(case)
    return found


def ids(cases: Sequence[Case]) -> list[str]:
    return [case.id for case in cases]


async def test_the_list_is_by_urgency_then_the_newest_and_the_archived_last(
    sql_units: UnitsOfWork, reads: CaseReads
) -> None:
    old, critical, new, done = await kept_cases(
        sql_units,
        {"opened_at": later(1)},
        {"opened_at": later(0), "level": Level.CRITICAL},
        {"opened_at": later(2)},
        {"opened_at": later(3), "level": Level.CRITICAL, "status": CaseStatus.ARCHIVED},
    )
    found = await reads.case_list(ALL, Wanted(), TODAY)
    assert ids(found.cases) == ids([critical, new, old, done])
    assert (found.total, found.pages) == (4, 1)
    assert found.cases[0] == critical


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(status=CaseStatus.ACCEPTED),
        Wanted(topic=Topic.PARENTING),
        Wanted(level=Level.HIGH),
        Wanted(region="430300"),
        Wanted(referral=ReferralKind.MEDIATION),
        Wanted(overdue=True),
        Wanted(must_report=True),
        Wanted(number="000001"),
    ],
)
async def test_each_wish_finds_its_case_and_no_other(sql_units: UnitsOfWork, reads: CaseReads, wanted: Wanted) -> None:
    one, _ = await kept_cases(
        sql_units,
        {
            "status": CaseStatus.ACCEPTED,
            "topic": Topic.PARENTING,
            "level": Level.HIGH,
            "region": "430302",
            "referrals": (ReferralKind.LEGAL_AID, ReferralKind.MEDIATION),
            "due_on": TODAY - timedelta(days=1),
            "report_since": NOW,
        },
        {"due_on": TODAY, "report_since": NOW, "reported_at": NOW, "referrals": (ReferralKind.COUNSELLING,)},
    )
    assert ids((await reads.case_list(ALL, wanted, TODAY)).cases) == [one.id]


async def test_only_what_the_scope_covers_is_there(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    near, far = await kept_cases(sql_units, {"region": "430100"}, {"region": "430300"})
    scope = Scope(regions=frozenset({"430100"}))
    assert ids((await reads.case_list(scope, Wanted(), TODAY)).cases) == [near.id]
    assert (await reads.case_page(scope, near.id)).case == near
    with pytest.raises(NotFound):
        await reads.case_page(scope, far.id)
    figures = await reads.figures(scope, MARCH, Slice(), NOW)
    assert (figures.cases, figures.regions, figures.service.total) == (1, {"430100": 1}, Tally(2))
    assert (await reads.to_do(scope, TODAY + timedelta(days=60))).total == 0
    drilling = await reads.figures(replace(scope, without=frozenset({near.account_id})), MARCH, Slice(), NOW)
    assert (drilling.cases, drilling.service.total) == (0, Tally())


async def test_her_other_cases_stand_beside(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    first, second = a_case(conversation), a_case(conversation, opened_at=later(5))
    await keep(sql_units, contact, conversation, first, second)
    assert ids((await reads.case_page(ALL, first.id)).others) == [second.id]


async def test_the_figures_count_what_happened_in_the_period(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    in_time = {"told_at": later(9), "accepted_at": later(9), "answered_at": later(60 * 24 * 3)}
    answered, _, late, _ = await kept_cases(
        sql_units,
        {**in_time, "referrals": (ReferralKind.LEGAL_AID,), "agency": Agency.COURT, "report_since": NOW},
        {"level": Level.CRITICAL, "report_since": NOW, "reported_at": NOW},
        {"opened_at": NOW - timedelta(days=7)},
        {"opened_at": NOW - timedelta(days=40)},
    )
    plain = {"case_id": answered.id, "contact_id": answered.contact_id, "settled_at": NOW}
    async with sql_units() as uow:
        await uow.visits.add(
            Visit(id=new_id(), planned_on=TODAY, status=VisitStatus.DONE, outcome=Outcome.SAME, **plain)
        )
        talk = await uow.conversations.get(late.conversation_id)
        for status, minutes in ((HandoffStatus.RESOLVED, 2), (HandoffStatus.RESOLVED, 4)):
            ended = {"status": status, "disposition": Disposition.REFERRED, "resolved_at": later(30)}
            await uow.handoffs.add(a_handoff(talk, requested_at=NOW, claimed_at=later(minutes), **ended))
        await uow.commit()
    figures = await reads.figures(ALL, MARCH, Slice(), NOW_17TH)
    assert figures.cases == 3
    assert figures.topics == {"divorce": 3}
    assert figures.levels == {"normal": 2, "critical": 1}
    assert [count for count in figures.by_step.values() if count] == [1, 2]
    assert (figures.referrals, figures.agencies) == ({"legal_aid": 1}, {"court": 1})
    assert figures.reports == {"needed": 2, "done": 1}
    assert (figures.visits, figures.outcomes) == ({"done": 1}, {"same": 1})
    assert figures.deadlines == {"tell": Kept(kept=1, missed=1, running=1), "answer": Kept(kept=1)}
    assert figures.answers.middle == timedelta(days=3)
    assert figures.crossed == {"430100": {"divorce": 3}}
    assert figures.checks == {}
    service = figures.service
    assert service.dispositions == {"referred": 2}
    assert service.waits["high"].count == 2
    assert service.waits["high"].middle == timedelta(minutes=3)
    assert service.waits["critical"] == Times(0)
    assert service.total == Tally(asked=4, called=1)


async def test_what_is_to_be_done_today_stands_apart(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    late, urgent, report, visit, _, _, again = await kept_cases(
        sql_units,
        {"due_on": TODAY - timedelta(days=3)},
        {"due_on": TODAY, "level": Level.CRITICAL},
        {"report_since": NOW, "due_on": TODAY + timedelta(days=9)},
        {"due_on": None},
        {"due_on": TODAY + timedelta(days=1)},
        {"due_on": TODAY, "status": CaseStatus.ARCHIVED},
        {"due_on": TODAY + timedelta(days=9), "status": CaseStatus.REOPENED},
    )
    async with sql_units() as uow:
        await uow.visits.add(Visit(new_id(), visit.id, visit.contact_id, TODAY - timedelta(days=1)))
        await uow.visits.add(Visit(new_id(), report.id, report.contact_id, TODAY + timedelta(days=1)))
        await uow.commit()
    found = await reads.to_do(ALL, TODAY)
    assert ids(found.cases)[:2] == ids([urgent, late])
    assert set(ids(found.cases)) == set(ids([urgent, late, report, visit, again]))
    assert (found.visits, found.total) == ({visit.id: TODAY - timedelta(days=1)}, 5)
    assert (await reads.case_list(ALL, Wanted(today=True), TODAY)).total == 5
    assert (await reads.to_do(Scope(regions=frozenset({"430300"})), TODAY)).cases == ()


async def test_her_own_are_those_in_which_she_had_a_hand(sql_units: UnitsOfWork, reads: CaseReads) -> None:
    written, taken, answered, named, _ = await kept_cases(sql_units, {}, {}, {}, {"handler": "li"}, {})
    async with sql_units() as uow:
        now = later(1)
        entry = CaseEntry(new_id(), written.id, written.contact_id, "li", now, EntryKind.ASSESSED)
        await uow.case_entries.add(entry)
        claimed = {"status": HandoffStatus.CLAIMED, "claimed_by": "li", "claimed_at": now}
        await uow.handoffs.add(a_handoff(await uow.conversations.get(taken.conversation_id), **claimed))
        said = a_message(await uow.conversations.get(answered.conversation_id))
        await uow.messages.add(replace(said, author=Author.OPERATOR, staff_id="li", inbound_key=None))
        await uow.commit()
    assert set(ids((await reads.case_list(ALL, Wanted(staff_id="li"), TODAY)).cases)) == set(
        ids([written, taken, answered, named])
    )
    assert (await reads.case_page(ALL, written.id)).hands == {"li"}


async def test_what_is_to_be_checked_is_archived_unchecked_and_not_erased(
    sql_units: UnitsOfWork, reads: CaseReads
) -> None:
    done = {"status": CaseStatus.ARCHIVED}
    old, new, high, _, gone, _ = await kept_cases(
        sql_units,
        {**done, "opened_at": later(1)},
        {**done, "opened_at": later(2)},
        {**done, "opened_at": later(3), "level": Level.HIGH},
        {**done, "checked_at": NOW, "check_passed": True},
        done,
        {},
    )
    async with sql_units() as uow:
        entry = CaseEntry(new_id(), old.id, old.contact_id, "boss", NOW, EntryKind.STEP, after=CaseStatus.ARCHIVED)
        await uow.case_entries.add(entry)
        await uow.contacts.erase(gone.contact_id)
        await uow.commit()
    found = await reads.to_check(ALL, "boss")
    assert ids(found.cases) == ids([high, old, new])
    assert (found.own, found.total) == ({old.id}, 3)
    assert (await reads.to_check(Scope(regions=frozenset({"430300"})), "boss")).total == 0
    figures = await reads.figures(ALL, MARCH, Slice(), NOW)
    assert figures.checks == {"open": 4, "passed": 1}


async def test_what_did_not_pass_is_to_be_checked_once_it_is_archived_again(
    sql_units: UnitsOfWork, reads: CaseReads
) -> None:
    failed = {"checked_at": NOW, "check_passed": False, "reopened_at": NOW}
    again, _, named = await kept_cases(
        sql_units,
        {**failed, "status": CaseStatus.ARCHIVED, "redone_at": NOW},
        {**failed, "status": CaseStatus.REOPENED},
        {"status": CaseStatus.ARCHIVED, "handler": "boss", "opened_at": later(9)},
    )
    found = await reads.to_check(ALL, "boss")
    assert (ids(found.cases), found.own) == (ids([again, named]), {named.id})
    figures = await reads.figures(ALL, MARCH, Slice(), NOW_17TH)
    assert figures.checks == {"failed": 2, "open": 1}
    assert figures.deadlines["redo"] == Kept(kept=1, running=1)


async def test_what_nobody_touched_for_a_month_is_found_whether_it_is_due_or_not(
    sql_units: UnitsOfWork, reads: CaseReads
) -> None:
    long_ago = datetime(2026, 2, 17, 15, 59, tzinfo=UTC)  # the last minute in Hunan of the 31st day before
    quiet, _, _ = await kept_cases(
        sql_units,
        {"updated_at": long_ago, "status": CaseStatus.ANSWERED},
        {"updated_at": long_ago + timedelta(minutes=1)},
        {"updated_at": long_ago, "status": CaseStatus.ARCHIVED},
    )
    assert ids((await reads.case_list(ALL, Wanted(quiet=True), TODAY)).cases) == [quiet.id]
