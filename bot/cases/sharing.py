"""What the history of a case says of another city that may read it."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.case_work import CaseEntry, EntryKind
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork


async def note_share(uow: UnitOfWork, contact_id: str, words: str, now: datetime) -> None:
    """Write it into her newest case, archived or not, if there is one. Raises StaleVersion if she was erased."""
    case = await uow.cases.open_of(contact_id) or await uow.cases.newest_of(contact_id)
    if case is not None:
        await uow.case_entries.add(CaseEntry(new_id(), case.id, contact_id, None, now, EntryKind.SHARED, words=words))
