"""Being on duty: the switch, and the word of every open page that keeps an operator present."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import RedirectResponse, Response

from bot.console.ports import ConsolePorts, Ports
from bot.conversation.errors import RedisUnavailable
from bot.conversation.staff import CHAT_ROLES, Role
from bot.web.access import Bystander, Visitor, door_of, keep_cookie, mark_of
from bot.web.live import stream
from bot.web.sessions import Visit, still_holds

log = structlog.get_logger(__name__)

routes = APIRouter(include_in_schema=False)

_COOKIE = "niangjia_duty"
_ON, _OFF = "on", "off"


def is_on_duty(request: Request, visit: Visit) -> bool:
    """As she set the switch in this browser since she signed in; before that, operators are on duty, others are not.

    What a colleague set who sat here before her says nothing of her.
    """
    kept, default = request.cookies.get(_COOKIE), _ON if visit.staff.role is Role.OPERATOR else _OFF
    set_by_her = (duty for duty in (_ON, _OFF) if kept == mark_of(visit.session, duty))
    return next(set_by_her, default) == _ON


@routes.post("/desk/duty")
async def switch_duty(request: Request, visit: Visitor, ports: Ports, duty: Annotated[str, Form()] = "") -> Response:
    """Turn the switch; the page is loaded afresh and its stream with it."""
    visit.staff.check_may_chat()
    on = duty == _ON and not visit.drilling
    await (ports.queue.arrive if on else ports.queue.leave)(visit.staff.id)
    response = RedirectResponse("/desk", 303)
    keep_cookie(request, response, _COOKIE, mark_of(visit.session, _ON if on else _OFF))
    return response


@routes.get("/desk/here")
async def here(request: Request, visit: Bystander, ports: Ports) -> Response:
    """A page of hers is open, and while she is on duty she is present, on whichever page she works.

    Asked by every page every 20 s, because a connection outlives a computer that is shut.
    """
    if visit.staff.role in CHAT_ROLES and is_on_duty(request, visit) and not visit.drilling:
        await _arrive(visit, ports)
    return Response(status_code=204)


@routes.get("/events")
async def events(
    request: Request, visit: Visitor, ports: Ports, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """What changes in her scope, as it happens."""
    visit.staff.check_may_chat()
    door = door_of(request)

    async def beat() -> bool:
        return await still_holds(visit, door)

    return stream(ports.feed, visit.staff.scope, last_event_id or None, beat, ports.clock)


async def who_is_there(ports: ConsolePorts) -> frozenset[str] | None:
    """The ids of those who are on duty with a page open; None where nobody can say."""
    try:
        return await ports.queue.present()
    except RedisUnavailable as error:
        log.warning("who is there is not known", error=str(error))
        return None


async def _arrive(visit: Visit, ports: ConsolePorts) -> None:
    try:
        await ports.queue.arrive(visit.staff.id)
    except RedisUnavailable as error:
        log.warning("presence not kept", staff_id=visit.staff.id, error=str(error))
