"""Who works on a case (经办人): whoever took its first step, or was named."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cases.working import working
from bot.conversation.case_work import EntryKind
from bot.conversation.cases import Case
from bot.conversation.clock import Clock
from bot.conversation.errors import Forbidden, InvalidData
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import OVERSIGHT_ROLES, Staff


async def name_handler(case_id: str, handler: str, staff: Staff, units: UnitsOfWork, clock: Clock) -> Case:
    """Let this colleague work on it from now on.

    Anybody may take it on herself, who works on it may give it away, and who oversees may name anybody. Raises
    Forbidden for others, InvalidData if the colleague would not see it, and NotFound.
    """
    async with working(case_id, staff, units, clock) as work:
        case = work.case
        named = next(iter(await work.uow.staff.some([handler])), None)
        if named is None or not named.looks_after(case.account_id, case.region):
            raise InvalidData("this colleague would not see the case")
        if staff.id != handler and not _may_give(case, staff):
            raise Forbidden("she may only take it on herself")
        case.handler = named.id
        await work.write(EntryKind.HANDLER, "handler", words=named.display_name)
    return case


def takers(case: Case, staff: Staff, everybody: Iterable[Staff]) -> list[Staff]:
    """Whom she may name to work on it instead: she first, the others by their names."""
    seeing = (one for one in everybody if one.looks_after(case.account_id, case.region) and one.id != case.handler)
    named = (one for one in seeing if one.id == staff.id or _may_give(case, staff))
    return sorted(named, key=lambda one: (one.id != staff.id, one.display_name))


async def let_go_unless_seen(uow: UnitOfWork, case: Case) -> None:
    """Whoever left the office, or does not see the case any more, no longer works on it; the caller keeps it."""
    if case.handler is not None:
        found = await uow.staff.some([case.handler])
        if not any(one.looks_after(case.account_id, case.region) for one in found):
            case.handler = None


def _may_give(case: Case, staff: Staff) -> bool:
    return case.handler == staff.id or staff.role in OVERSIGHT_ROLES
