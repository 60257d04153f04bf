"""Open the office's file on a matter, and move it along the workflow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.cases.minors import REPORTED_REASONS
from bot.cases.moving import move
from bot.cases.workdays import is_workday
from bot.cases.working import Work, working
from bot.conversation.case_work import CaseEntry, CaseStep, EntryKind, VisitStatus
from bot.conversation.cases import NAMES_AGENCY, OURS, Case, CaseStatus
from bot.conversation.clock import Clock
from bot.conversation.conversations import Conversation
from bot.conversation.deadlines import day_of, next_due
from bot.conversation.errors import Conflict
from bot.conversation.flows import ReferralKind
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import Staff

_AND = "；"


async def register(uow: UnitOfWork, handoff: Handoff, now: datetime) -> Case:
    """登记: open a file for this handoff, or raise the one that is open for the same conversation, and take it along.

    Where the reasons speak of harm to a minor, the duty to report it begins.
    """
    case = await uow.cases.open_of(handoff.contact_id)
    if case is None or case.conversation_id != handoff.conversation_id:
        case = await _open(uow, handoff.conversation_id, handoff, now)
    else:
        await _raise(uow, case, handoff, now)
        await move(uow, case, handoff.region, None, now)
    await _ask_for_report(uow, case, handoff, now)
    await uow.cases.save(case)
    return case


async def refer(uow: UnitOfWork, conversation: Conversation, kind: ReferralKind, now: datetime) -> Case:
    """登记: note in the file of this conversation what she asks the office to arrange; open one if there is none."""
    case = await uow.cases.open_of(conversation.contact_id)
    if case is None or case.conversation_id != conversation.id:
        case = await _open(uow, conversation.id, conversation, now)
    if kind not in case.referrals:
        case.referrals = (*case.referrals, kind)
        case.updated_at = now
        await _write(uow, case, EntryKind.REFERRED, now, marks=(kind,))
        await uow.cases.save(case)
    return case


async def _open(uow: UnitOfWork, conversation_id: str, matter: Handoff | Conversation, now: datetime) -> Case:
    case = Case(
        id=new_id(),
        contact_id=matter.contact_id,
        conversation_id=conversation_id,
        account_id=matter.account_id,
        region=matter.region,
        topic=matter.topic,
        level=matter.level,
        opened_at=now,
        updated_at=now,
    )
    case.due_on = next_due(case, is_workday)
    await uow.cases.add(case)
    return case


async def _raise(uow: UnitOfWork, case: Case, handoff: Handoff, now: datetime) -> None:
    was = case.level, case.topic
    case.level, case.topic = Level.highest(case.level, handoff.level), handoff.topic
    case.updated_at = now
    if (case.level, case.topic) != was:
        await _write(uow, case, EntryKind.HEARD, now, marks=(case.level, case.topic))


async def _ask_for_report(uow: UnitOfWork, case: Case, handoff: Handoff, now: datetime) -> None:
    """What was heard in this asking begins the duty once: what was looked into, and lifted, does not come back."""
    found = [reason for reason in handoff.reasons if reason in REPORTED_REASONS]
    if not found:
        return
    noted = [
        entry.words
        for entry in await uow.case_entries.of(case.id)
        if entry.kind is EntryKind.REPORT_NEEDED and entry.staff_id is None and entry.at >= handoff.requested_at
    ]
    new = [reason for reason in found if not any(reason in words.split(_AND) for words in noted)]
    if new:
        if not case.must_report:
            case.report_since, case.reported_at = now, None
        await _write(uow, case, EntryKind.REPORT_NEEDED, now, words=_AND.join(new))


async def _write(uow: UnitOfWork, case: Case, kind: EntryKind, now: datetime, **about: Any) -> None:
    """A line of what nobody of the staff did."""
    await uow.case_entries.add(CaseEntry(new_id(), case.id, case.contact_id, None, now, kind, **about))


async def advance(case_id: str, step: CaseStep, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Take one step of the workflow.

    Whoever takes the first one works on the case from then on. Raises IllegalTransition, Conflict if somebody else
    moved it, or harm to a minor is to be reported or a visit to be made before it is archived, InvalidData if the step
    lacks what it needs, and NotFound outside her scope.
    """
    async with working(case_id, staff, units, clock) as work:
        case, before = work.case, work.case.status
        step.check(case, day_of(work.now))
        if step.status is CaseStatus.ARCHIVED:
            await _check_visits(work)
        case.advance(step.status, work.now, step.day)
        case.handler = case.handler or staff.id
        if step.status in NAMES_AGENCY | OURS:
            case.agency = step.agency
        about = {"agency": step.agency, "words": step.words.strip(), "day": step.day}
        await work.write(EntryKind.STEP, step.status, before=before, after=step.status, **about)
    return case


async def _check_visits(work: Work) -> None:
    """Raise Conflict while a visit that she was promised is still to be made."""
    if any(visit.status is VisitStatus.PLANNED for visit in await work.uow.visits.of(work.case.id)):
        raise Conflict("a visit is still to be made")
