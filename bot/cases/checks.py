"""A supervisor checks how an archived case was handled."""

from __future__ import annotations

from bot.cases.working import working
from bot.conversation.case_checks import Check
from bot.conversation.case_work import EntryKind
from bot.conversation.cases import Case
from bot.conversation.clock import Clock
from bot.conversation.errors import Forbidden
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Staff


async def check(case_id: str, judged: Check, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Keep her judgement where the colleagues concerned see it.

    Raises Forbidden for operators and for who had a hand in the case herself (信访工作条例, article 28: whoever is
    concerned steps back), Conflict unless it is archived and not yet checked, InvalidData (see `Check.check`), and
    NotFound.
    """
    staff.check_may_oversee()
    judged.check()
    async with working(case_id, staff, units, clock) as work:
        if staff.id in await work.uow.cases.hands(case_id):
            raise Forbidden("nobody checks her own work")
        work.case.keep_check(judged.passed, work.now)
        await work.write(EntryKind.CHECKED, "check", marks=judged.marks, words=judged.words.strip())
    return work.case
