"""What is done in a case between its steps: notes, more time, risk, reports of harm to minors, follow-up visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.cases.working import working
from bot.conversation.case_work import (
    EntryKind,
    Outcome,
    Visit,
    VisitStatus,
    check_words,
    risk_level,
    risk_weight,
)
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.clock import Clock
from bot.conversation.deadlines import day_of, may_extend
from bot.conversation.errors import Conflict, InvalidData, NotFound
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level
from bot.conversation.messages import id_under
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Staff


async def note(case_id: str, words: str, staff: Staff, units: UnitsOfWork, clock: Clock, key: str = "") -> Case:
    """Write something down; raises InvalidData and NotFound.

    The same words sent again under the same `key` are written once: who saw no answer tries again.
    """
    check_words(words, needed=True)
    entry_id = id_under(key, case_id, staff.id, words.strip())
    async with working(case_id, staff, units, clock) as work:
        if not await work.uow.case_entries.has(entry_id):
            await work.write(EntryKind.NOTE, "note", entry_id, words=words.strip())
    return work.case


async def note_request(
    case_id: str, kind: ReferralKind, words: str, staff: Staff, units: UnitsOfWork, clock: Clock
) -> Case:
    """She asked a colleague, not the assistant, for this help.

    Raises Conflict if that is known, InvalidData for too many words, and NotFound.
    """
    check_words(words, needed=False)
    async with working(case_id, staff, units, clock) as work:
        if kind in work.case.referrals:
            raise Conflict("she asked for it already")
        work.case.referrals = (*work.case.referrals, kind)
        await work.write(EntryKind.REFERRED, "referred", marks=(kind,), words=words.strip())
    return work.case


async def extend(case_id: str, reason: str, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Give 30 days more for the answer, once, by leave of the head (信访工作条例, article 34).

    Raises Forbidden for operators, Conflict if there is nothing to extend or the time is over, InvalidData without a
    reason, NotFound.
    """
    staff.check_may_oversee()
    check_words(reason, needed=True)
    async with working(case_id, staff, units, clock) as work:
        case = work.case
        if not may_extend(case, day_of(work.now)):
            raise Conflict("there is no time to extend")
        case.extended_at = work.now
        await work.write(EntryKind.EXTENDED, "extended", words=reason.strip())
    return case


async def need_report(case_id: str, reason: str, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Harm to a minor must be reported; what was archived is taken up again for it.

    Raises Conflict if that is known, InvalidData without a reason, and NotFound.
    """
    check_words(reason, needed=True)
    async with working(case_id, staff, units, clock) as work:
        if work.case.must_report:
            raise Conflict("the report is asked for already")
        work.case.report_since, work.case.reported_at = work.now, None
        about: dict[str, Any] = {"words": reason.strip()}
        if work.case.status is CaseStatus.ARCHIVED:
            work.case.advance(CaseStatus.REOPENED, work.now)
            about |= {"before": CaseStatus.ARCHIVED, "after": work.case.status}
        await work.write(EntryKind.REPORT_NEEDED, "report_needed", **about)
    return work.case


async def report(
    case_id: str, agency: Agency, day: date, number: str, staff: Staff, units: UnitsOfWork, clock: Clock
) -> Case:
    """Harm to a minor was reported to this office on this day, under this number.

    Raises Conflict if nothing is to be reported, InvalidData without a number or for a day to come, and NotFound.
    """
    check_words(number, needed=True)
    async with working(case_id, staff, units, clock) as work:
        if not work.case.must_report:
            raise Conflict("nothing is to be reported")
        if day > day_of(work.now):
            raise InvalidData("the day is still to come")
        work.case.reported_at = work.now
        await work.write(EntryKind.REPORTED, "reported", agency=agency, day=day, words=number.strip())
    return work.case


async def lift_report(case_id: str, reason: str, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Looked into: it need not be reported.

    Raises Forbidden for operators, Conflict if nothing is to be reported, InvalidData without a reason, NotFound.
    """
    staff.check_may_oversee()
    check_words(reason, needed=True)
    async with working(case_id, staff, units, clock) as work:
        if not work.case.must_report:
            raise Conflict("nothing is to be reported")
        work.case.report_since = None
        await work.write(EntryKind.REPORT_LIFTED, "report_lifted", words=reason.strip())
    return work.case


async def assess(
    case_id: str, marks: Iterable[str], words: str, staff: Staff, units: UnitsOfWork, clock: Clock, key: str = ""
) -> Case:
    """Keep what an operator judges of the danger; it may raise the level of the case, never lower it.

    `key` is as for notes. Raises InvalidData for an unknown mark, and NotFound.
    """
    given = tuple(sorted(set(marks)))
    risk_weight(given)
    check_words(words, needed=False)
    entry_id = id_under(key, case_id, staff.id, EntryKind.ASSESSED, *given, words.strip())
    async with working(case_id, staff, units, clock) as work:
        work.case.level = Level.highest(work.case.level, risk_level(given))
        if not await work.uow.case_entries.has(entry_id):
            await work.write(EntryKind.ASSESSED, "assessed", entry_id, marks=given, words=words.strip())
    return work.case


async def plan_visit(
    case_id: str, day: date, words: str, staff: Staff, units: UnitsOfWork, clock: Clock, key: str = ""
) -> Visit:
    """Plan a follow-up visit; `words` say which time and way she chose, and `key` is as for notes.

    Raises InvalidData for a day gone by or without words, Conflict once the case is archived, and NotFound.
    """
    check_words(words, needed=True)
    visit_id = id_under(key, case_id, staff.id, day.isoformat(), words.strip())
    async with working(case_id, staff, units, clock) as work:
        planned = next((one for one in await work.uow.visits.of(case_id) if one.id == visit_id), None)
        if planned is not None:
            return planned
        if work.case.status is CaseStatus.ARCHIVED:
            raise Conflict("the case is archived")
        if day < day_of(work.now):
            raise InvalidData("the day has gone by")
        visit = Visit(visit_id, work.case.id, work.case.contact_id, day)
        await work.uow.visits.add(visit)
        await work.write(EntryKind.VISIT_PLANNED, "visit_planned", day=day, words=words.strip())
    return visit


async def settle_visit(
    case_id: str,
    visit_id: str,
    status: VisitStatus,
    outcome: Outcome | None,
    words: str,
    staff: Staff,
    units: UnitsOfWork,
    clock: Clock,
) -> Visit:
    """The visit took place, she refused it, or it was called off, which `words` explain.

    Raises IllegalTransition, InvalidData, and NotFound.
    """
    check_words(words, needed=status is VisitStatus.CALLED_OFF)
    async with working(case_id, staff, units, clock) as work:
        visit = await work.uow.visits.get(visit_id)
        if visit.case_id != case_id:
            raise NotFound("no such visit of this case")
        visit.settle(status, outcome, work.now)
        await work.uow.visits.save(visit)
        await work.write(EntryKind.VISIT_SETTLED, f"visit_{status}", day=visit.planned_on, words=words.strip())
    return visit
