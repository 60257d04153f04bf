"""Messages that could not be handled, for supervisors and administrators."""

from __future__ import annotations

from fastapi import APIRouter

from bot.api.models import LetterKeys, LetterView, Moved
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.turns.dead_letters import dead_letters, drop, revive
from bot.web.access import Caller

routes = APIRouter(prefix=f"{ROOT}/dead-letters", tags=["dead letters"], responses=problems(401, 403, 503))


@routes.get("")
async def show_letters(visit: Caller, ports: Ports) -> list[LetterView]:
    """Those of the caller's scope, the oldest first."""
    visit.staff.check_may_oversee()
    return [LetterView.of(letter) for letter in await dead_letters(visit.staff.scope, ports.dead_letters)]


@routes.post("/retry", responses=problems(404, 422))
async def try_again(asked: LetterKeys, visit: Caller, ports: Ports) -> Moved:
    """Let these be taken once more; 404, and nothing changes, if one is not there."""
    visit.staff.check_may_oversee()
    return Moved(moved=await revive(asked.keys, visit.staff.id, visit.staff.scope, ports.dead_letters))


@routes.post("/drop", responses=problems(404, 422))
async def delete(asked: LetterKeys, visit: Caller, ports: Ports) -> Moved:
    """Delete these for good; 404, and nothing changes, if one is not there."""
    visit.staff.check_may_oversee()
    return Moved(moved=await drop(asked.keys, visit.staff.id, visit.staff.scope, ports.dead_letters))
