"""What the pages of the office's files are told by both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.case_work import Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.errors import NotFound
from bot.conversation.figures import Kept, Period, Times
from bot.conversation.flows import ReferralKind
from bot.conversation.handoffs import Disposition, HandoffStatus
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.case_reads import CaseReads, Wanted
from bot.store.encryption import FernetSealer
from tests.contract.store.entities import NOW, a_case, a_contact, a_conversation, a_handoff, keep, later

TODAY = date(2026, 3, 20)
ALL = Scope()
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def by_the_week(day: date) -> bool:
    return day.weekday() < 5


@pytest.fixture
def reads(engine: AsyncEngine, sealer: FernetSealer) -> CaseReads:
    return CaseReads(engine, sealer)


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
    figures = await reads.figures(scope, MARCH, TODAY, by_the_week)
    assert (figures.cases, figures.regions, figures.conversations) == (1, {"430100": 1}, 2)


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
    figures = await reads.figures(ALL, MARCH, date(2026, 3, 17), by_the_week)
    assert figures.cases == 3
    assert figures.topics == {"divorce": 3}
    assert figures.levels == {"normal": 2, "critical": 1}
    assert figures.months == {"2026-03": 3}
    assert (figures.referrals, figures.agencies) == ({"legal_aid": 1}, {"court": 1})
    assert figures.reports == {"needed": 2, "done": 1}
    assert (figures.visits, figures.outcomes) == ({"done": 1}, {"same": 1})
    assert figures.dispositions == {"referred": 2}
    assert figures.deadlines == {"tell": Kept(kept=1, missed=1, running=1), "answer": Kept(kept=1)}
    assert figures.waits["high"].count == 2
    assert figures.waits["high"].middle == timedelta(minutes=3)
    assert figures.waits["critical"] == Times(0)
    assert figures.answers.middle == timedelta(days=3)
    assert (figures.conversations, figures.by_assistant) == (4, 3)
