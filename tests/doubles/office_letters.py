"""A case that went to the police with a letter, as it stands in its history."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.case_letters import CaseLetter, LetterWords
from bot.conversation.case_work import CaseEntry, EntryKind
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.deadlines import day_of
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork

LETTER = {"to": "某局", "asks": "办理", "facts": "情况", "sender": "妇联", "person": "李", "phone": "12338"}


async def send_on(units: UnitsOfWork, case: Case, now: datetime) -> CaseEntry:
    """Write the step and the letter, and nothing into the audit trail; it returns the letter's line."""
    about = (case.id, case.contact_id, None, now)
    step = CaseEntry(new_id(), *about, EntryKind.STEP, case.status, CaseStatus.FORWARDED, agency=Agency.POLICE)
    kept = CaseLetter(case.number, day_of(now), CaseStatus.FORWARDED, Agency.POLICE, LetterWords(**LETTER))
    letter = CaseEntry(new_id(), *about, EntryKind.LETTER, agency=Agency.POLICE, letter=kept)
    async with units() as uow:
        await uow.case_entries.add(step)
        await uow.case_entries.add(letter)
        await uow.commit()
    return letter
