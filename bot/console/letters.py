"""Messages that could not be handled, for those who look after the whole: tried again, or deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.ports import Ports
from bot.console.screens import Letters, Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.turns.dead_letters import dead_letters, drop, revive
from bot.web.access import Member, Visitor

routes = APIRouter(prefix="/desk/dead-letters", include_in_schema=False)

_TOLD = {"revived": "已放回去再处理一次。还是不行的话，它会再出现在这里。", "dropped": "已删除。"}

Key = Annotated[str, Form(min_length=1, max_length=200)]


@routes.get("")
async def show(request: Request, visit: Visitor, ports: Ports, told: Annotated[str, Query()] = "") -> Response:
    """The list."""
    visit.staff.check_may_oversee()
    page = Letters(
        letters=await dead_letters(visit.staff.scope, ports.dead_letters),
        now=ports.clock.now(),
        names=Names(ports.accounts, ports.directory),
        role=ROLES[visit.staff.role],
        notice=_TOLD.get(told),
    )
    return pages.show(request, "dead_letters.html", page)


@routes.post("/retry")
async def try_again(staff: Member, ports: Ports, key: Key) -> Response:
    """Let a message be taken once more."""
    staff.check_may_oversee()
    await revive([key], staff.id, staff.scope, ports.dead_letters)
    return RedirectResponse("/desk/dead-letters?told=revived", 303)


@routes.post("/drop")
async def delete(staff: Member, ports: Ports, key: Key) -> Response:
    """Delete a message for good."""
    staff.check_may_oversee()
    await drop([key], staff.id, staff.scope, ports.dead_letters)
    return RedirectResponse("/desk/dead-letters?told=dropped", 303)
