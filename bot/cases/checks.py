"""A supervisor checks how an archived case was handled."""

from __future__ import annotations

from typing import Any

from bot.cases.handlers import let_go_unless_seen
from bot.cases.working import working
from bot.conversation.case_checks import Check
from bot.conversation.case_work import EntryKind
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.clock import Clock
from bot.conversation.errors import Forbidden
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Staff


async def check(case_id: str, judged: Check, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Keep her judgement where the colleagues concerned see it; what does not pass goes back to who works on it.

    Archived again, it is to be checked again. Raises Forbidden for operators and for who had a hand in the case
    herself (信访工作条例, article 28: whoever is concerned steps back), Conflict unless it is archived and no check has
    passed it, InvalidData (see `Check.check`), and NotFound.
    """
    staff.check_may_oversee()
    judged.check()
    async with working(case_id, staff, units, clock) as work:
        if staff.id in await work.uow.cases.hands(case_id):
            raise Forbidden("nobody checks her own work")
        work.case.keep_check(judged.passed, work.now)
        about: dict[str, Any] = {"marks": judged.marks, "words": judged.words.strip()}
        if not judged.passed:
            about |= {"before": CaseStatus.ARCHIVED, "after": work.case.status}
            await let_go_unless_seen(work.uow, work.case)
        await work.write(EntryKind.CHECKED, "check", **about)
    return work.case
