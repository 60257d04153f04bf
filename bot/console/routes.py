"""The pages and fragments that operators read."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.console import (
    alerts,
    articles,
    call_backs,
    canned_pages,
    case_checks,
    case_letters,
    case_pages,
    case_reveals,
    drill,
    duty,
    files,
    full_texts,
    letters,
    moves,
    notes,
    passing,
    replies,
    reports,
    reveals,
    roster,
    share_pages,
    talks,
    waiting,
)
from bot.console.alarms import troubles_for
from bot.console.duty import is_on_duty
from bot.console.opening import open_chat, refresh_chat
from bot.console.ports import ConsolePorts, Ports
from bot.console.screens import Chat, Desk, Lists, Names, Troubles
from bot.console.show import pages
from bot.console.wording import ROLES
from bot.conversation.levels import Level
from bot.conversation.staff import CHAT_ROLES, OVERSIGHT_ROLES, Staff
from bot.store.lists import WaitingList
from bot.web.access import Bystander, Visitor
from bot.web.sessions import Visit

routes = APIRouter(include_in_schema=False)

ROOMS = (
    alerts,
    moves,
    passing,
    replies,
    articles,
    files,
    full_texts,
    letters,
    drill,
    duty,
    case_pages,
    case_letters,
    case_checks,
    case_reveals,
    share_pages,
    reports,
    roster,
    talks,
    waiting,
    notes,
    reveals,
    canned_pages,
    call_backs,
)

_TOLD = {
    "none": "现在没有人在等。",
    "released": "已交还智能助手。",
    "transferred": "已转出，等同事接入。",
    "closed": "会话已结束。",
}
_OPEN_PAGE = re.compile("/desk/conversations/([0-9a-f]{32})(?:[?#]|$)")


def install(site: FastAPI, ports: ConsolePorts) -> None:
    """Put the operators' pages on the site."""
    site.state.console = ports
    for room in ROOMS:
        site.include_router(room.routes)
    site.include_router(routes)


@routes.get("/")
async def home(request: Request, visit: Visitor) -> Response:
    """Each role's own start."""
    if visit.staff.role in CHAT_ROLES:
        return RedirectResponse("/desk", 303)
    return pages.show(request, "later.html", None)


@routes.get("/desk")
async def desk(request: Request, visit: Visitor, ports: Ports, told: Annotated[str, Query()] = "") -> Response:
    """The lists, and no conversation yet."""
    visit.staff.check_may_chat()
    return await _desk(request, visit, ports, None, _TOLD.get(told))


@routes.get("/desk/lists")
async def lists(request: Request, visit: Visitor, ports: Ports) -> Response:
    """The left column afresh."""
    visit.staff.check_may_chat()
    beside = _OPEN_PAGE.search(request.headers.get("HX-Current-URL", ""))
    open_id = beside[1] if beside else None
    waiting = await ports.board.glance(visit.staff.scope)
    return pages.show(request, "_lists.html", await _lists(visit.staff, ports, open_id, waiting))


@routes.get("/desk/lists/count")
async def urgent(visit: Bystander, ports: Ports) -> Response:
    """How many urgent ones wait, for the list of rooms; empty where none does."""
    visit.staff.check_may_chat()
    waiting = await ports.board.glance(visit.staff.scope)
    return HTMLResponse(str(waiting.counts.get(Level.CRITICAL) or ""))


@routes.get("/desk/alarms")
async def alarms(request: Request, visit: Visitor, ports: Ports) -> Response:
    """What keeps accounts from working, afresh."""
    visit.staff.check_may_oversee()
    return pages.show(request, "_alarms.html", await _troubles(visit.staff, ports))


@routes.get("/desk/conversations/{conversation_id}")
async def conversation(request: Request, conversation_id: str, visit: Visitor, ports: Ports) -> Response:
    """One conversation beside the lists; that she opened it is written down."""
    visit.staff.check_may_chat()
    chat = await open_chat(conversation_id, visit, ports)
    return await _desk(request, visit, ports, chat, None)


@routes.get("/desk/conversations/{conversation_id}/live")
async def live(
    request: Request, conversation_id: str, visit: Visitor, ports: Ports, proof: Annotated[str, Query()] = ""
) -> Response:
    """The open conversation afresh."""
    visit.staff.check_may_chat()
    chat = await refresh_chat(conversation_id, proof, visit, ports)
    return pages.show(request, "_conversation.html", chat)


async def _desk(request: Request, visit: Visit, ports: ConsolePorts, chat: Chat | None, notice: str | None) -> Response:
    staff = visit.staff
    page = Desk(
        lists=await _lists(staff, ports, chat.id if chat else None, await ports.board.waiting(staff.scope)),
        chat=chat,
        troubles=await _troubles(staff, ports) if staff.role in OVERSIGHT_ROLES else None,
        alerts=await alerts.banner(staff, ports),
        on_duty=is_on_duty(request, visit),
        notice=notice,
        role=ROLES[staff.role],
    )
    return pages.show(request, "desk.html", page)


async def _lists(staff: Staff, ports: ConsolePorts, open_id: str | None, waiting: WaitingList) -> Lists:
    return Lists(
        waiting=waiting,
        own=await ports.board.own(staff.scope, staff.id),
        open_id=open_id,
        now=ports.clock.now(),
        names=Names(ports.accounts, ports.directory),
        pace_ms=ports.board.pace_ms(staff.id),
        board=ports.board,
    )


async def _troubles(staff: Staff, ports: ConsolePorts) -> Troubles:
    return Troubles(await troubles_for(staff, ports), ports.clock.now())
