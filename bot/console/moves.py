"""What an operator does with a conversation: take, hand back, end."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot import handoff
from bot.console.ports import ConsolePorts, Ports
from bot.console.show import pages
from bot.conversation.errors import Conflict, Forbidden, HandsFull, Unavailable
from bot.conversation.handoffs import Disposition, Handoff
from bot.conversation.staff import Staff
from bot.turns.reply import notify
from bot.web.access import Member
from bot.web.errors import Told
from bot.web.pages import by_htmx

log = structlog.get_logger(__name__)

routes = APIRouter(include_in_schema=False)

BACK_TO_BOT = "other/back_to_bot"
CLOSED = "other/conversation_closed"

NOT_HERS = "这条会话现在不在您手里，没有做成。请看最新情况。"
_TAKEN = "已被其他同事接走。"


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
async def give_back(conversation_id: str, staff: Member, ports: Ports) -> Response:
    """Hand the conversation back to the assistant, and tell the person."""
    await _moved(handoff.release(conversation_id, staff, ports.handoff))
    await _tell(conversation_id, BACK_TO_BOT, ports)
    return RedirectResponse("/desk?told=released", 303)


@routes.post("/desk/conversations/{conversation_id}/close")
async def end(
    conversation_id: str, staff: Member, ports: Ports, disposition: Annotated[Disposition, Form()]
) -> Response:
    """End the conversation, and tell the person."""
    await _moved(handoff.close(conversation_id, staff, disposition, ports.handoff))
    await _tell(conversation_id, CLOSED, ports)
    return RedirectResponse("/desk?told=closed", 303)


def opened(conversation_id: str) -> Response:
    """Show the conversation."""
    return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)


def _full(staff: Staff) -> Told:
    return Told(409, f"您手里已有 {staff.chat_limit} 个会话，满了。先结束、交还或转出一个。紧急的还可以接。")


async def _moved(move: Coroutine[Any, Any, Handoff]) -> None:
    try:
        await move
    except Forbidden:
        raise Told(409, NOT_HERS) from None


async def _tell(conversation_id: str, article: str, ports: ConsolePorts) -> None:
    try:
        await notify(conversation_id, article, ports.reply)
    except Unavailable as error:
        # the move itself stands; saying that it failed would make her do it again
        log.error("person not told", conversation_id=conversation_id, error=type(error).__name__)
