"""Open the office's file on a matter, and move it along the workflow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.cases.minors import REPORTED_REASONS
from bot.cases.workdays import is_workday
from bot.cases.working import working
from bot.conversation.case_work import CaseEntry, CaseStep, EntryKind
from bot.conversation.cases import NAMES_AGENCY, Case
from bot.conversation.clock import Clock
from bot.conversation.conversations import Conversation
from bot.conversation.deadlines import day_of, next_due
from bot.conversation.flows import ReferralKind
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import Staff


async def register(uow: UnitOfWork, handoff: Handoff, now: datetime) -> Case:
    """登记: open a file for this handoff, or raise the one that is open for the same conversation.

    Where the reasons speak of harm to a minor, the duty to report it begins.
    """
    case = await uow.cases.open_of(handoff.contact_id)
    if case is None or case.conversation_id != handoff.conversation_id:
        case = await _open(uow, handoff.conversation_id, handoff, now)
    else:
        case.level = Level.highest(case.level, handoff.level)
        case.topic = handoff.topic
        case.updated_at = now
    await _ask_for_report(uow, case, handoff.reasons, now)
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


async def _ask_for_report(uow: UnitOfWork, case: Case, reasons: Iterable[str], now: datetime) -> None:
    found = [reason for reason in reasons if reason in REPORTED_REASONS]
    if found and case.report_since is None:
        case.report_since = now
        words = "；".join(found)
        entry = CaseEntry(new_id(), case.id, case.contact_id, None, now, EntryKind.REPORT_NEEDED, words=words)
        await uow.case_entries.add(entry)


async def advance(case_id: str, step: CaseStep, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Take one step of the workflow.

    Raises IllegalTransition, Conflict if harm to a minor is to be reported first, InvalidData if the step lacks what
    it needs, and NotFound outside her scope.
    """
    async with working(case_id, staff, units, clock) as work:
        case, before = work.case, work.case.status
        today = day_of(work.now)
        step.check(today)
        case.advance(step.status, work.now)
        if step.status in NAMES_AGENCY:
            case.agency = step.agency
        about = {"agency": step.agency, "words": step.words.strip(), "day": step.day}
        await work.write(EntryKind.STEP, step.status, before=before, after=step.status, **about)
    return case
