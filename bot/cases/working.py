"""One change of a case: found within the scope, written into its history and the audit trail, kept as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cases.workdays import is_workday
from bot.conversation.case_work import CaseEntry, EntryKind
from bot.conversation.cases import Case
from bot.conversation.clock import Clock
from bot.conversation.deadlines import next_due
from bot.conversation.errors import Forbidden, NotFound
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff


@dataclass(frozen=True, slots=True)
class Work:
    """A case under one member's hands."""

    case: Case
    staff: Staff
    uow: UnitOfWork
    now: datetime

    async def write(self, kind: EntryKind, action: str, entry_id: str | None = None, /, **about: Any) -> CaseEntry:
        """Add a line to the history, and `action` to the audit trail."""
        case = self.case
        entry = CaseEntry(entry_id or new_id(), case.id, case.contact_id, self.staff.id, self.now, kind, **about)
        await self.uow.case_entries.add(entry)
        await self.uow.audit.append(AuditEntry(new_id(), self.staff.id, f"case.{action}", case.id, self.now))
        return entry


@asynccontextmanager
async def working(case_id: str, staff: Staff, units: UnitsOfWork, clock: Clock) -> AsyncIterator[Work]:
    """The case to be changed, kept when the block ends well; raises NotFound outside her scope."""
    now = clock.now()
    async with units() as uow:
        case = await uow.cases.get(case_id)
        try:
            staff.check_may_see(case.account_id, case.region)
        except Forbidden:
            raise NotFound("no such case") from None
        yield Work(case, staff, uow, now)
        case.updated_at = now
        case.due_on = next_due(case, is_workday)
        await uow.cases.save(case)
        await uow.commit()
