"""What a person lets this city read of her cases in another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from bot import desk
from bot.console.ports import Ports
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.store.share_reads import SharedCases
from bot.web.access import Visitor

routes = APIRouter(prefix="/desk/shares", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SharedScreen:
    """Her cases in the other city."""

    shared: SharedCases
    now: datetime
    names: Names
    role: str


@routes.get("/{share_id}")
async def show_shared(
    request: Request, share_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], visit: Visitor, ports: Ports
) -> Response:
    """Her cases in the other city; that they were read is written down, here and in their history there."""
    visit.staff.check_may_chat()
    shared = await desk.open_shared(share_id, visit.staff, ports)
    names = Names(ports.accounts, ports.directory)
    screen = SharedScreen(shared, ports.clock.now(), names, ROLES[visit.staff.role])
    return pages.show(request, "shared_cases.html", screen)
