"""An open file lies with the office that has her conversation: it moves with it, and nothing else changes."""

from __future__ import annotations

from datetime import datetime

from bot.cases.handlers import let_go_unless_seen
from bot.conversation.case_work import CaseEntry, EntryKind
from bot.conversation.cases import Case
from bot.conversation.handoffs import Handoff
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork
from bot.conversation.staff import AuditEntry, Staff


async def move_along(uow: UnitOfWork, handoff: Handoff, staff: Staff, now: datetime) -> None:
    """Her conversation was handed on: its open files go to the same region, in this unit of work.

    What is archived stays where it was, and what the office has open from another conversation of hers, too. Its
    number, steps and time limits stay. Raises StaleVersion if she was erased.
    """
    for case in await uow.cases.on_file(handoff.contact_id, handoff.conversation_id):
        if await move(uow, case, handoff.region, staff.id, now):
            await uow.cases.save(case)
            await uow.audit.append(AuditEntry(new_id(), staff.id, "case.moved", case.id, now))


async def move(uow: UnitOfWork, case: Case, region: str, staff_id: str | None, now: datetime) -> bool:
    """Whether it lay elsewhere, and so was moved with a line of its history; the caller keeps it."""
    if case.region == region:
        return False
    marks = (case.region, region)
    case.region, case.updated_at = region, now
    await let_go_unless_seen(uow, case)
    entry = CaseEntry(new_id(), case.id, case.contact_id, staff_id, now, EntryKind.MOVED, marks=marks)
    await uow.case_entries.add(entry)
    return True
