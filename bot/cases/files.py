"""Open the office's file on a matter, and move it along the workflow."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.cases import Case, CaseStatus
from bot.conversation.clock import Clock
from bot.conversation.errors import Forbidden, NotFound
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff


async def register(uow: UnitOfWork, handoff: Handoff, now: datetime) -> Case:
    """登记: open a file for this handoff, or raise the one that is open for the same conversation."""
    case = await uow.cases.open_of(handoff.contact_id)
    if case is not None and case.conversation_id == handoff.conversation_id:
        case.level = Level.highest(case.level, handoff.level)
        case.topic = handoff.topic
        case.updated_at = now
        await uow.cases.save(case)
        return case
    case = Case(
        id=new_id(),
        contact_id=handoff.contact_id,
        conversation_id=handoff.conversation_id,
        account_id=handoff.account_id,
        region=handoff.region,
        topic=handoff.topic,
        level=handoff.level,
        opened_at=now,
        updated_at=now,
    )
    await uow.cases.add(case)
    return case


async def advance(case_id: str, status: CaseStatus, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Take one step of the workflow; raises IllegalTransition, and NotFound outside her scope."""
    now = clock.now()
    async with units() as uow:
        case = await uow.cases.get(case_id)
        try:
            staff.check_may_see(case.account_id, case.region)
        except Forbidden:
            raise NotFound("no such case") from None
        case.advance(status, now)
        await uow.cases.save(case)
        await uow.audit.append(AuditEntry(new_id(), staff.id, f"case.{status}", case.id, now))
        await uow.commit()
    return case
