"""Messages to people: customer service, typing, templates, subscriptions."""

from typing import Any

from fastapi import APIRouter, Request

from simulator import sending
from simulator.cgi.gate import OK, Body, Caller, Here
from simulator.errors import ApiError
from simulator.sends import read_content

router = APIRouter(prefix="/message")


@router.post("/custom/send")
async def send(here: Here, account: Caller, body: Body, request: Request) -> dict[str, Any]:
    """A customer-service message: shown at once, answered after `slow_sends_s`."""
    person = sending.reachable(here, account, body.get("touser"))
    if body.get("msgtype") == "msgmenu" and here.switches.refuse_msgmenu:
        raise ApiError(40200)
    limit = here.switches.text_limit_bytes
    content = read_content(body, lambda media_id: here.media.get(account.id, media_id), limit)
    context = body.get("aimsgcontext")
    ai = isinstance(context, dict) and context.get("is_ai_msg") == 1
    request.state.bubble = sending.send(here, person, content, ai=ai)
    await here.clock.sleep(here.switches.slow_sends_s)
    return OK


@router.post("/custom/typing")
async def typing(here: Here, account: Caller, body: Body) -> dict[str, Any]:
    """Show the person that somebody is typing, or no longer."""
    if here.switches.refuse_typing:
        raise ApiError(40200)
    person = sending.reachable(here, account, body.get("touser"))
    if body.get("command") not in ("Typing", "CancelTyping"):
        raise ApiError(45072)
    sending.show_typing(here, person, on=body["command"] == "Typing")
    return OK


@router.post("/template/send")
async def send_template(here: Here, account: Caller, body: Body, request: Request) -> dict[str, Any]:
    """A template message; whether it arrived is told by an event."""
    number, request.state.bubble = sending.send_template(here, account, body)
    return {**OK, "msgid": number}


@router.post("/subscribe/bizsend")
async def send_subscription(here: Here, account: Caller, body: Body, request: Request) -> dict[str, Any]:
    """A subscription message, for which the person has given a consent."""
    request.state.bubble = sending.send_subscription(here, account, body)
    return OK
