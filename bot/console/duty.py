"""Being on duty: the switch, and the stream that keeps an operator present while her page is open."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.ports import ConsolePorts, Ports
from bot.conversation.errors import RedisUnavailable
from bot.conversation.staff import Role, Staff
from bot.web.access import Bystander, Visitor, door_of
from bot.web.live import stream
from bot.web.sessions import SESSION_LIFE, Visit, still_holds

log = structlog.get_logger(__name__)

routes = APIRouter(include_in_schema=False)

_COOKIE = "niangjia_duty"
_ON, _OFF = "on", "off"


def is_on_duty(request: Request, staff: Staff) -> bool:
    """As she set the switch in this browser; before that, operators are on duty and the others are not."""
    default = _ON if staff.role is Role.OPERATOR else _OFF
    return request.cookies.get(_COOKIE, default) == _ON


@routes.post("/desk/duty")
async def switch_duty(request: Request, visit: Visitor, ports: Ports, duty: Annotated[str, Form()] = "") -> Response:
    """Turn the switch; the page is loaded afresh and its stream with it."""
    visit.staff.check_may_chat()
    on = duty == _ON and not visit.drilling
    await (ports.queue.arrive if on else ports.queue.leave)(visit.staff.id)
    response = RedirectResponse("/desk", 303)
    response.set_cookie(
        _COOKIE,
        _ON if on else _OFF,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


@routes.get("/desk/here")
async def here(visit: Bystander) -> Response:
    """A page of hers is open: asked by every page every 20 s, because a connection outlives a computer that is shut."""
    return Response(status_code=204)


@routes.get("/events")
async def events(
    request: Request, visit: Visitor, ports: Ports, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """What changes in her scope, as it happens; while it is open and she is on duty, she is present."""
    visit.staff.check_may_chat()
    on_duty, door = is_on_duty(request, visit.staff) and not visit.drilling, door_of(request)

    async def beat() -> bool:
        if on_duty:
            await _arrive(visit, ports)
        return await still_holds(visit, door)

    return stream(ports.feed, visit.staff.scope, last_event_id or None, beat, ports.clock)


async def _arrive(visit: Visit, ports: ConsolePorts) -> None:
    try:
        await ports.queue.arrive(visit.staff.id)
    except RedisUnavailable as error:
        log.warning("presence not kept", staff_id=visit.staff.id, error=str(error))
