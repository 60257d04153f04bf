"""All who wait in danger, on a page of its own: the desk shows the first of them, and must stay quick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.ports import Ports
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.levels import Level
from bot.handoff.deadlines import DEADLINES
from bot.store.lists import ListedConversation
from bot.web.access import Visitor

routes = APIRouter(prefix="/desk/waiting", include_in_schema=False)

SHOWN = 200


@dataclass(frozen=True, slots=True)
class WaitingScreen:
    """The page; `total` are all who wait at this level, shown or not."""

    rows: tuple[ListedConversation, ...]
    total: int
    now: datetime
    names: Names
    role: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)

    def late(self, row: ListedConversation) -> bool:
        """Whether this one waits too long."""
        return self.now - row.requested_at >= DEADLINES[row.level].waiting


@routes.get("")
async def show(request: Request, visit: Visitor, ports: Ports) -> Response:
    """The urgent ones of the visitor's scope, in the order of the queue."""
    visit.staff.check_may_chat()
    waiting = await ports.queries.waiting_list(visit.staff.scope, SHOWN)
    screen = WaitingScreen(
        rows=tuple(row for row in waiting.rows if row.level is Level.CRITICAL),
        total=waiting.counts.get(Level.CRITICAL, 0),
        now=ports.clock.now(),
        names=Names(ports.accounts, ports.directory),
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "waiting.html", screen)
