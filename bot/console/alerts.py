"""What somebody must see to at once: a banner above the desk, and a page."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.alert_screens import BANNER_ROWS, AlertBanner, AlertsScreen, rows_of
from bot.console.ports import ConsolePorts, Ports
from bot.console.screens import Names
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.staff import Staff
from bot.web.access import Visitor

routes = APIRouter(prefix="/desk/alerts", include_in_schema=False)

LOOK_BACK = timedelta(hours=12)
"""A shift: what somebody lost before it is nothing that she comes back to."""

_A_DAY = timedelta(days=1)


@routes.get("")
async def show(request: Request, visit: Visitor, ports: Ports) -> Response:
    """All alerts of her scope: what, where, since when, and whether the groups were told."""
    visit.staff.check_may_chat()
    now, scope = ports.clock.now(), visit.staff.scope
    board = await ports.alert_reads.board(scope, visit.staff.id, now - LOOK_BACK)
    screen = AlertsScreen(
        standing=rows_of(board.standing, ports.accounts, now),
        total=board.total,
        over=rows_of(await ports.alert_reads.over(scope, now - _A_DAY), ports.accounts, now),
        now=now,
        names=Names(ports.accounts, ports.directory),
        role=ROLES[visit.staff.role],
    )
    return pages.show(request, "alerts.html", screen)


@routes.get("/banner")
async def show_banner(request: Request, visit: Visitor, ports: Ports) -> Response:
    """The banner afresh."""
    visit.staff.check_may_chat()
    return pages.show(request, "_alerts.html", await banner(visit.staff, ports))


async def banner(staff: Staff, ports: ConsolePorts) -> AlertBanner:
    """What she should know of now."""
    now = ports.clock.now()
    board = await ports.alert_reads.board(staff.scope, staff.id, now - LOOK_BACK)
    return AlertBanner(
        rows=rows_of(board.standing[:BANNER_ROWS], ports.accounts, now),
        total=board.total,
        given_back=board.given_back,
        reopened=board.reopened,
        now=now,
        names=Names(ports.accounts, ports.directory),
    )
