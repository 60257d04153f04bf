"""What an operator does with a conversation: take, hand back, end."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot import desk, handoff
from bot.console.ports import Ports
from bot.console.show import pages
from bot.conversation.errors import Conflict, Forbidden, HandsFull, StaleVersion
from bot.conversation.handoffs import Disposition
from bot.conversation.staff import Staff
from bot.web.access import Member
from bot.web.errors import Told
from bot.web.pages import by_htmx

routes = APIRouter(include_in_schema=False)

NOT_HERS = "这条会话现在不在您手里，没有做成。请看最新情况。"
_TAKEN = "已被其他同事接走。"
_UNSEEN = "没有做成：她刚刚又来信了，或者这条会话有了变化。请先看一眼，再点一次。"

Seen = Annotated[int | None, Form()]
"""The version that the page showed; see `handoff.close`."""


@routes.post("/desk/next")
async def take_next(request: Request, staff: Member, ports: Ports) -> Response:
    """Take the most urgent conversation and open it."""
    try:
        taken = await handoff.claim_next(staff, ports.handoff)
    except HandsFull:
        raise _full(staff) from None
    if taken is None:
        return pages.notice("现在没有人在等。") if by_htmx(request) else RedirectResponse("/desk?told=none", 303)
    return opened(taken.conversation_id)


@routes.post("/desk/conversations/{conversation_id}/claim")
async def take(conversation_id: str, staff: Member, ports: Ports) -> Response:
    """Take this conversation and open it."""
    try:
        await handoff.claim(conversation_id, staff, ports.handoff)
    except HandsFull:
        raise _full(staff) from None
    except Conflict:
        raise Told(409, _TAKEN) from None
    return opened(conversation_id)


@routes.post("/desk/conversations/{conversation_id}/release")
async def give_back(conversation_id: str, staff: Member, ports: Ports, seen: Seen = None) -> Response:
    """Hand the conversation back to the assistant, and tell the person."""
    await _moved(desk.release(conversation_id, staff, ports, seen))
    return RedirectResponse("/desk?told=released", 303)


@routes.post("/desk/conversations/{conversation_id}/close")
async def end(
    conversation_id: str, staff: Member, ports: Ports, disposition: Annotated[Disposition, Form()], seen: Seen = None
) -> Response:
    """End the conversation, and tell the person."""
    await _moved(desk.close(conversation_id, staff, disposition, ports, seen))
    return RedirectResponse("/desk?told=closed", 303)


def opened(conversation_id: str) -> Response:
    """Show the conversation."""
    return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)


def _full(staff: Staff) -> Told:
    return Told(409, f"您手里已有 {staff.chat_limit} 个会话，满了。先结束、交还或转出一个。紧急的还可以接。")


async def _moved(move: Coroutine[Any, Any, None]) -> None:
    try:
        await move
    except Forbidden:
        raise Told(409, NOT_HERS) from None
    except StaleVersion:
        raise Told(409, _UNSEEN) from None
